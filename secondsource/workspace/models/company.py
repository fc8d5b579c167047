"""The row of the company's figures."""

from __future__ import annotations

import datetime as dt

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class CompanyFigures(models.Model):
    """Figures over everything, computed by a job; null is missing, never zero.

    ``nightly`` holds the columns of money as of the nightly job, and ``computed_at``. Readers
    without prices see these, so that their own changes do not show a price.

    Money is in ``currency``, the company's. Counts and sums are over the ``parts`` that are bought
    and used. Sums cover ``spend_parts_known`` of them; ``unpriced_receipts`` are in no sum. Of
    ``several_parts``, ``several_unknown_parts`` count only with sources of unknown independence.
    """

    untraced = "computed"

    key = models.CharField(max_length=20, primary_key=True, default="company")
    currency = models.CharField(max_length=3)
    parts = models.PositiveIntegerField()
    left_out_parts = models.PositiveIntegerField(default=0, db_default=0)
    no_source_parts = models.PositiveIntegerField(default=0, db_default=0)
    no_source_underway_parts = models.PositiveIntegerField(default=0, db_default=0)
    single_source_parts = models.PositiveIntegerField()
    single_source_underway_parts = models.PositiveIntegerField(default=0, db_default=0)
    several_parts = models.PositiveIntegerField(default=0, db_default=0)
    several_unknown_parts = models.PositiveIntegerField(default=0, db_default=0)
    spend_12m = models.DecimalField(max_digits=24, decimal_places=2, null=True, blank=True)
    no_source_spend = models.DecimalField(max_digits=24, decimal_places=2, null=True, blank=True)
    single_source_spend = models.DecimalField(
        max_digits=24, decimal_places=2, null=True, blank=True
    )
    single_source_underway = models.DecimalField(
        max_digits=24, decimal_places=2, null=True, blank=True
    )
    spend_parts_known = models.PositiveIntegerField(default=0, db_default=0)
    spend_parts_missing = models.PositiveIntegerField()
    unpriced_receipts = models.PositiveIntegerField(default=0, db_default=0)
    open_cases = models.PositiveIntegerField()
    cases_in_transition = models.PositiveIntegerField()
    cases_awaiting_receipt = models.PositiveIntegerField(default=0, db_default=0)
    conversions = models.PositiveIntegerField()
    conversions_target = models.PositiveIntegerField()
    short_on_cover = models.PositiveIntegerField()
    cover_unknown = models.PositiveIntegerField()
    by_category = models.JSONField(default=list)
    computed_at = models.DateTimeField()
    policy_version = models.PositiveIntegerField(default=0)
    nightly = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    #: For a reader (``aggregates.figures_for``): when the sums were computed, and whether rounded.
    money_as_of: dt.datetime
    money_rounded = False

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(key="company"), name="company_one_row")
        ]

    def __str__(self) -> str:
        return self.key
