"""How an alternate is introduced, and in which lots it was built in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from parts.models import BomRevision, Part, Product
from qualification.models.cases import Case
from qualification.querysets import WithdrawableQuerySet
from secondsource.accounts.models import Plant
from secondsource.core.models import Record, change_history, words_known
from suppliers.models import Source


@words_known
class Introduction(Record):
    """How the alternate comes in: change notice, cut-in by day or serial, run-out of old stock."""

    class CutIn(models.TextChoices):
        DATE = "date"
        SERIAL = "serial"

    case = models.OneToOneField(Case, models.PROTECT, related_name="introduction")
    change_notice = models.CharField(max_length=60, blank=True, default="")
    cut_in = models.CharField(max_length=6, choices=CutIn, default=CutIn.DATE)
    cut_in_on = models.DateField(null=True, blank=True)
    cut_in_serial = models.CharField(max_length=40, blank=True, default="")
    run_out_quantity = models.PositiveIntegerField(null=True, blank=True)
    run_out_by = models.DateField(null=True, blank=True)
    run_out_done_on = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(run_out_done_on__isnull=True) | Q(run_out_quantity__isnull=False),
                name="introduction_runs_out_something",
            )
        ]

    def __str__(self) -> str:
        return self.change_notice or f"introduction of {self.case_id}"


class IntroducedRevision(Record):
    """The revision of a product's bill of material in which the alternate comes in."""

    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="revisions")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    revision = models.ForeignKey(BomRevision, models.PROTECT, related_name="+")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["product_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["introduction", "product"], name="introduced_once_a_product"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.revision_id}"

    @property
    def case(self) -> Case:
        """The case of the introduction."""
        return self.introduction.case


def serial_range() -> Any:
    """The serials of a row as a range with both ends."""
    return Func(
        F("serial_from"), F("serial_to"), Value("[]"), function="int8range",
        output_field=BigIntegerRangeField(),
    )  # fmt: skip


#: The rows whose serials exclude each other.
_NUMBERED = Q(withdrawn_at__isnull=True, serial_from__isnull=False)


class AsBuilt(Record):
    """A lot of a product into which units of a source were built; a fact that is only withdrawn.

    Serials are a prefix and a range of numbers. The database holds that no serial of a product has
    two sources of one part, nor lies in two lots.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="as_built")
    plant = models.ForeignKey(Plant, models.PROTECT, null=True, blank=True, related_name="+")
    lot = models.CharField(max_length=60)
    serial_prefix = models.CharField(max_length=20, blank=True, default="")
    serial_from = models.BigIntegerField(null=True, blank=True)
    serial_to = models.BigIntegerField(null=True, blank=True)
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="built_in")
    part_lot = models.CharField(max_length=60, blank=True, default="")
    quantity = models.PositiveIntegerField()
    failed = models.PositiveIntegerField(null=True, blank=True)
    built_on = models.DateField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField(max_length=300, blank=True, default="", editable=False)
    history = change_history()
    objects = WithdrawableQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(lot="") & Q(quantity__gt=0), name="as_built_has_lot_and_units"
            ),
            models.CheckConstraint(
                condition=Q(failed__isnull=True) | Q(failed__lte=F("quantity")),
                name="as_built_failed_within_units",
            ),
            models.CheckConstraint(
                condition=Q(serial_from__isnull=True, serial_to__isnull=True)
                | Q(serial_from__gte=0, serial_to__gte=F("serial_from")),
                name="as_built_serials_in_order",
            ),
            ExclusionConstraint(
                name="serial_of_one_source",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    ("part", RangeOperators.EQUAL),
                    ("serial_prefix", RangeOperators.EQUAL),
                    (serial_range(), RangeOperators.OVERLAPS),
                    ("source", RangeOperators.NOT_EQUAL),
                ],
                condition=_NUMBERED,
            ),
            ExclusionConstraint(
                name="serial_in_one_lot",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    ("serial_prefix", RangeOperators.EQUAL),
                    (serial_range(), RangeOperators.OVERLAPS),
                    ("lot", RangeOperators.NOT_EQUAL),
                ],
                condition=_NUMBERED,
            ),
        ]
        indexes = [
            models.Index(fields=["source", "built_on"], name="as_built_by_source"),
            models.Index(fields=["built_on", "id"], name="as_built_by_day"),
            models.Index(fields=["lot", "id"], name="as_built_by_lot"),
            models.Index(fields=["part_lot", "id"], name="as_built_by_part_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} lot {self.lot}"

    @property
    def serials(self) -> str:
        """``KC-000120 to KC-000240``; '' without serials."""
        if self.serial_from is None or self.serial_to is None:
            return ""
        first, last = (f"{self.serial_prefix}{n}" for n in (self.serial_from, self.serial_to))
        return first if first == last else f"{first} to {last}"
