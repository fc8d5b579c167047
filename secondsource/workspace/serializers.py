"""Shapes of API resources that read several apps."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.models import Category
from parts.models.catalogue import RiskClass
from parts.serializers import CategoryShape
from qualification.models import Case
from qualification.sop_serializers import CategorySopShape, SopsOfCategoryShape
from qualification.sops import nearest
from secondsource.accounts.visibility import sees
from secondsource.core.api import fields
from secondsource.core.api.serializers import Shape
from secondsource.workspace import aggregates
from secondsource.workspace.models import CompanyFigures
from suppliers.models import Source
from suppliers.serializers import ManufacturerPartRef, SourceShape

_MONEY = aggregates.SEGMENTS
_SHOWN = ("category", "known", *_MONEY)


class CategoryWithSopsShape(CategoryShape):
    """A category; ``sop`` is what a new case of each risk class takes over, null for none."""

    knows_reader = True  # the SOPs in force are read once for all rows
    sop = serializers.SerializerMethodField()

    @extend_schema_field(SopsOfCategoryShape)
    def get_sop(self, category: Category) -> dict[str, Any]:
        """By risk class."""
        found = self.context["sops"]
        taken = {one: nearest(found, category, one) for one in RiskClass.values}
        return {one: sop and CategorySopShape(sop).data for one, sop in taken.items()}


class CreditedShape(serializers.Serializer[Any]):
    """A person with their functions in the case; null for a former colleague who was erased."""

    person = fields.Text(source="email", allow_null=True)
    functions = fields.Texts()


class CreditShape(serializers.Serializer[Any]):
    """The case that first approved a source, its day, and who brought the source in by it."""

    case = fields.Text()
    on = fields.Day()
    people = CreditedShape(many=True)


class SourceOfPart(SourceShape):
    """A source with the case that works on it, and who brought it in."""

    case = serializers.SerializerMethodField()
    credit = serializers.SerializerMethodField()

    @extend_schema_field(CreditShape(allow_null=True))
    def get_credit(self, source: Source) -> dict[str, Any] | None:
        """Null for a source that no case approved."""
        found = getattr(source, "credit", None)
        return None if found is None else CreditShape(found).data

    def get_case(self, source: Source) -> str | None:
        """Its key, null without a case."""
        number = getattr(source, "case_number", None)
        return Case(number=number).key if number else None


class HelperShape(serializers.Serializer[Any]):
    """A second source: what it delivers from which week on, or why it does not count.

    ``capacity_wk`` null is no known limit, ``quantity`` null no cap.
    """

    mpn = fields.Text()
    counts = serializers.SerializerMethodField()
    why_not = fields.Text()
    lead_wk = fields.Number(source="alternate.lead_wk", default=None, allow_null=True)
    capacity_wk = fields.Number(source="alternate.capacity_wk", default=None, allow_null=True)
    quantity = fields.Number(source="alternate.quantity", default=None, allow_null=True)

    def get_counts(self, helper: Any) -> bool:
        """Whether it delivers when the first source is down."""
        return helper.alternate is not None


class LastingShape(serializers.Serializer[Any]):
    """``tts_wk`` null: the stock never runs out; ``lost_units`` null without a recovery."""

    tts_wk = fields.Number(allow_null=True)
    lost_units = fields.Number(allow_null=True)
    at_risk = fields.Flag(allow_null=True)


class SurvivalShape(Shape):
    """The first source down: what lasts how long. Exact figures, not rounded for show.

    ``alone`` is the stock without help, ``now`` with approved second sources, ``later`` also with
    those in qualification, null where they change nothing. ``recovery_site`` states the recovery;
    empty, it is the default for ``recovery_kind``.
    """

    stock_qty = fields.DecimalText(source="stock")
    demand_wk = fields.DecimalText(source="per_week")
    down = fields.Text(source="down.manufacturer_part.mpn", default=None, allow_null=True)
    recovery_wk = fields.Number(source="recovery.weeks", default=None, allow_null=True)
    recovery_site = fields.Text(source="recovery.site", default="")
    recovery_kind = fields.Text(source="recovery.kind", default="")
    alternates = HelperShape(source="helpers", many=True)
    in_qualification = HelperShape(source="underway", many=True)
    alone = LastingShape()
    now = LastingShape()
    later = LastingShape(allow_null=True)


class CategorySpend(serializers.Serializer[Any]):
    """Spend of a category's parts by how many sources stand behind them, company currency."""

    category = fields.Text()
    known = fields.Whole()
    none = fields.DecimalText(required=False)
    single = fields.DecimalText(required=False)
    underway = fields.DecimalText(required=False)
    several = fields.DecimalText(required=False)


#: For who sees the targets of teams.
SAVED = ("cost_reduction_pct", "cost_reduction_forecast_pct", "cost_reduction_target_pct")


class ExecutiveShape(Shape):
    """The company's figures as the executive page shows them; null is missing, never zero.

    Counts and sums are over ``parts``, those that are bought and used; sums of money cover
    ``spend_parts_known`` of them.
    Readers without prices get sums of last night (``money_as_of``), rounded to two significant
    digits (``money_rounded``).
    """

    hides = "workspace.companyfigures"
    knows_reader = True

    currency = fields.Text()
    parts = fields.Whole()
    left_out_parts = fields.Whole()
    no_source_parts = fields.Whole()
    no_source_underway_parts = fields.Whole()
    single_source_parts = fields.Whole()
    single_source_underway_parts = fields.Whole()
    several_parts = fields.Whole()
    several_unknown_parts = fields.Whole()
    spend_12m = fields.Money("spend_12m", places=2, allow_null=True, required=False)
    no_source_spend = fields.Money("no_source_spend", places=2, allow_null=True, required=False)
    single_source_spend = fields.Money(
        "single_source_spend", places=2, allow_null=True, required=False
    )
    single_source_underway = fields.Money(
        "single_source_underway", places=2, allow_null=True, required=False
    )
    spend_parts_known = fields.Whole()
    spend_parts_missing = fields.Whole()
    unpriced_receipts = fields.Whole()
    open_cases = fields.Whole()
    cases_in_transition = fields.Whole()
    cases_awaiting_receipt = fields.Whole()
    conversions = fields.Whole()
    conversions_target = fields.Whole()
    cost_reduction_pct = fields.DecimalText(allow_null=True, required=False)
    cost_reduction_forecast_pct = fields.DecimalText(allow_null=True, required=False)
    cost_reduction_target_pct = fields.DecimalText(required=False)
    short_on_cover = fields.Whole()
    cover_unknown = fields.Whole()
    by_category = serializers.SerializerMethodField()
    computed_at = fields.Moment()
    money_as_of = fields.Moment()
    money_rounded = fields.Flag(read_only=True)
    policy_version = fields.Whole()

    def to_representation(self, row: CompanyFigures) -> dict[str, Any]:
        """Leave out what was not read, and sums when one of them covers a single part."""
        shown = super().to_representation(row)
        if not hasattr(row, "cost_reduction_pct"):
            shown = {name: value for name, value in shown.items() if name not in SAVED}
        if not self._prices and aggregates.tells_one(row.by_category):
            shown = {name: value for name, value in shown.items() if name not in aggregates.TOTALS}
        return shown

    @property
    def _prices(self) -> bool:
        return sees(self.context["actor"], "prices")

    @extend_schema_field(CategorySpend(many=True))
    def get_by_category(self, row: CompanyFigures) -> list[dict[str, Any]]:
        """Categories; without the right to prices, sums over a single part are left out."""
        hidden = [] if self._prices else aggregates.hidden(row.by_category)
        return [
            {
                name: value
                for name, value in item.items()
                if name in _SHOWN and (item not in hidden or name not in _MONEY)
            }
            for item in row.by_category
        ]


class CompareCell(serializers.Serializer[Any]):
    """A source's value and how it stands against requirement and incumbent."""

    value = fields.Text()
    verdict = fields.Text()
    note = fields.Text()


class CompareRow(serializers.Serializer[Any]):
    """A parameter over all sources, in their order."""

    group = fields.Text()
    parameter = fields.Text(source="label")
    required = fields.Text()
    cells = CompareCell(many=True)


class ComparedSource(serializers.Serializer[Any]):
    """A column of the comparison."""

    id = fields.Text(source="key")
    manufacturer_part = ManufacturerPartRef()
    role = fields.Text()
    status = fields.Text()


class CompareShape(serializers.Serializer[Any]):
    """A part's sources side by side."""

    part = fields.Text()
    sources = ComparedSource(many=True)
    rows = CompareRow(many=True)
