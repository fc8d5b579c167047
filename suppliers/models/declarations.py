"""What a manufacturer declares about substances and minerals in a part."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from secondsource.core.models import Record, change_history, words_known
from suppliers.models.manufacturer_parts import ManufacturerPart


@words_known
class Declaration(Record):
    """The present declaration of a manufacturer part for one scheme; the history keeps others.

    ``exemption_expires``: the first day on which an exemption of RoHS ends. ``list_date``: the date
    of the candidate list of REACH that was compared with.
    """

    class Scheme(models.TextChoices):
        ROHS = "rohs", "RoHS"
        REACH = "reach", "REACH"
        CONFLICT_MINERALS = "conflict_minerals", "conflict minerals"

    class Status(models.TextChoices):
        COMPLIANT = "compliant"
        EXEMPT = "exempt", "compliant by exemption"
        NON_COMPLIANT = "non_compliant", "not compliant"
        NO_SVHC = "no_svhc", "no SVHC above 0.1 %"
        SVHC = "svhc", "SVHC above 0.1 %"
        CONFORMANT = "conformant", "all smelters conformant"
        UNRESOLVED = "unresolved", "smelters not resolved"

    manufacturer_part = models.ForeignKey(  # the constraint declaration_once has an index
        ManufacturerPart, models.CASCADE, related_name="declarations", db_index=False
    )
    scheme = models.CharField(max_length=17, choices=Scheme)
    status = models.CharField(max_length=13, choices=Status)
    document = models.CharField(max_length=200)
    exemption = models.CharField(max_length=60, blank=True, default="")
    exemption_expires = models.DateField(null=True, blank=True)
    list_date = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer_part", "scheme"], name="declaration_once"
            ),
            models.CheckConstraint(
                condition=Q(scheme="rohs", status__in=["compliant", "exempt", "non_compliant"])
                | Q(scheme="reach", status__in=["no_svhc", "svhc"])
                | Q(scheme="conflict_minerals", status__in=["conformant", "unresolved"]),
                name="declaration_status_of_scheme",
            ),
            models.CheckConstraint(
                condition=~Q(status="exempt")
                | ~Q(exemption="") & Q(exemption_expires__isnull=False),
                name="declaration_exemption_ends",
            ),
            models.CheckConstraint(
                condition=~Q(scheme="reach") | Q(list_date__isnull=False),
                name="declaration_names_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.status}"
