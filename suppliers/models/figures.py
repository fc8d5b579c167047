"""Computed columns of suppliers."""

from __future__ import annotations

from django.db import models

from suppliers.models.companies import Supplier


class SupplierFigures(models.Model):
    """Counts and sums of one company, with when they were computed; every company has a row.

    Sources are of its manufacturer parts; ``candidate_sources`` wait for an approval or for a new
    one. ``single_parts``: parts whose only counted source is one of its parts. ``spend_12m`` is the
    spend with it in the company's currency. Null means missing, never zero.
    """

    untraced = "computed"

    supplier = models.OneToOneField(
        Supplier, models.CASCADE, primary_key=True, related_name="figures"
    )
    approved_sources = models.PositiveIntegerField(default=0, db_default=0)
    candidate_sources = models.PositiveIntegerField(default=0, db_default=0)
    single_parts = models.PositiveIntegerField(default=0, db_default=0)
    open_cases = models.PositiveIntegerField(default=0, db_default=0)
    spend_12m = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    last_receipt = models.DateField(null=True, blank=True)
    lead_wk = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            *(
                models.Index(fields=[name, "supplier"], name=f"supplier_by_{short}")
                for name, short in (
                    ("approved_sources", "approved"),
                    ("candidate_sources", "candidates"),
                    ("single_parts", "single"),
                    ("open_cases", "cases"),
                    ("spend_12m", "spend"),
                    ("last_receipt", "receipt"),
                    ("lead_wk", "lead"),
                )
            ),
            *(
                models.Index(
                    models.F(name).desc(nulls_last=True),
                    models.F("supplier").desc(),
                    name=f"supplier_by_{short}_falling",
                )
                for name, short in (
                    ("spend_12m", "spend"), ("last_receipt", "receipt"), ("lead_wk", "lead"),
                )
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"figures of {self.supplier_id}"
