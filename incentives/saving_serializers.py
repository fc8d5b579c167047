"""Serializers of the ledger."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from incentives.models import SavingLine
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape

_MOST_LINES = 1000


class SavingShape(RecordShape):
    """A line of the ledger; prices and amounts are absent for callers who do not see prices."""

    hides = "incentives.savingline"
    case = fields.Text(source="case.key")
    source: Any = serializers.SerializerMethodField()
    mpn = serializers.SerializerMethodField()
    month = fields.Day()
    earned_in = fields.Day()
    kind = fields.Word(choices=SavingLine.Kind.choices)
    stage = fields.Word(choices=SavingLine.Stage.choices)
    origin = fields.Word(choices=SavingLine.Origin.choices)
    baseline_price = fields.Money("baseline_price", allow_null=True)
    paid_price = fields.Money("paid_price", allow_null=True)
    quantity = fields.DecimalText(allow_null=True)
    returned = fields.DecimalText()
    amount = fields.Money("amount", places=3)
    fx_effect = fields.Money("fx_effect", places=3, allow_null=True)
    market_effect = fields.Money("market_effect", places=3, allow_null=True)
    reason = fields.Text()
    evidence = fields.Text()
    corrects = serializers.SerializerMethodField()
    validated_by = serializers.SerializerMethodField()
    validated_at = fields.Moment(allow_null=True)
    validation_note = fields.Text()

    def get_source(self, line: SavingLine) -> str | None:
        """The id of the source."""
        return line.source.key if line.source else None

    def get_mpn(self, line: SavingLine) -> str | None:
        """The manufacturer part number of the source."""
        return line.source.manufacturer_part.mpn if line.source else None

    def get_corrects(self, line: SavingLine) -> str | None:
        """The id of the line that this one corrects."""
        return line.corrects.key if line.corrects else None

    def get_validated_by(self, line: SavingLine) -> str | None:
        """The address of the person."""
        return line.validated_by.email if line.validated_by else None


class EntryInput(Input):
    """What every entered line says."""

    hides = "incentives.savingline"
    month = fields.Day()
    reason = fields.Text(max_length=300)
    evidence = fields.Text(max_length=500)


class AvoidanceInput(EntryInput):
    """A cost that was avoided against a would-be price; both prices have one currency."""

    source: Any = serializers.UUIDField()
    offered = fields.DecimalText(low=0, high=1_000_000_000, places=6)
    paid = fields.DecimalText(low=0, high=1_000_000_000, places=6)
    currency = fields.Currency()
    quantity = fields.DecimalText(low=0, high=1_000_000_000, places=4)


class ShortageInput(EntryInput):
    """A shortage that was avoided."""

    source: Any = serializers.UUIDField(required=False)
    amount = fields.Money("amount", places=None)


class RebateInput(EntryInput):
    """A rebate that was lost, as a positive amount."""

    source: Any = serializers.UUIDField()
    amount = fields.Money("amount", places=None)


class LinesInput(Input):
    """Lines by their ids, and a reason; more than one line needs it."""

    lines = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=_MOST_LINES
    )
    reason = fields.Text(max_length=300, required=False, allow_blank=True)


class BaselineShape(RecordShape):
    """The frozen baseline of a case."""

    hides = "incentives.baseline"
    case = fields.Text(source="case.key")
    source: Any = fields.Text(source="source.key")
    mpn = fields.Text(source="source.manufacturer_part.mpn")
    basis = fields.Text()
    price = fields.Money("price")
    price_on = fields.Day()
    volume = fields.DecimalText(allow_null=True)
    evidence = fields.Text()
    frozen_at = fields.Moment()
    superseded_at = fields.Moment(allow_null=True)
    window_start = fields.Day(allow_null=True)
    window_months = fields.Whole()
    index: Any = fields.Text(source="index.code", allow_null=True)
    linked_share = fields.DecimalText(allow_null=True)
    index_base = fields.DecimalText(allow_null=True)
    index_base_on = fields.Day(allow_null=True)


class BaselineInput(Input):
    """The price that was paid when the case opened, with its evidence.

    ``linked_share`` of it (a fraction) follows ``index``, by its code.
    """

    hides = "incentives.baseline"
    source: Any = serializers.UUIDField()
    price = fields.Money("price")
    price_on = fields.Day()
    volume = fields.DecimalText(required=False, low=0, high=1_000_000_000, places=4)
    evidence = fields.Text(max_length=500)
    window_months = fields.Whole(required=False, min_value=6, max_value=24)
    index = fields.Text(max_length=40, required=False)
    linked_share = fields.DecimalText(required=False, low=0, high=1, places=4)


class PoolBaseShape(Shape):
    """Validated hard savings of a case in its window, net of rebates lost and project cost."""

    hides = "incentives.poolbase"
    validated = fields.Money("validated", places=3)
    rebate_lost = fields.Money("rebate_lost", places=3)
    project_cost = fields.Money("project_cost", places=3)
    net = fields.Money("net", places=3)
    window_start = fields.Day(allow_null=True)
    window_end = fields.Day(allow_null=True)
    lines = fields.Whole()
    problems = fields.Texts()
    computed_at = fields.Moment()


class MonthShape(RecordShape):
    """A closed month."""

    month = fields.Day()
    closed_at = fields.Moment()
    note = fields.Text()


class MonthInput(Input):
    """A month that is over, by its first day."""

    month = fields.Day()
    note = fields.Text(max_length=300, required=False, allow_blank=True)


class ClosingStarted(serializers.Serializer[Any]):
    """Where to follow the closing."""

    job = serializers.URLField()


class BudgetRateShape(RecordShape):
    """What a unit of ``currency`` is planned to be worth in ``quote`` in a year."""

    year = fields.Whole()
    currency = fields.Text()
    quote = fields.Text()
    rate = fields.DecimalText()


class BudgetRateInput(Input):
    """A rate of a year, in the company's currency."""

    year = fields.Whole(min_value=2000, max_value=2100)
    currency = fields.Currency()
    rate = fields.DecimalText(low=0, high=1_000_000, places=12)


class IndexShape(RecordShape):
    """A market index that baselines may follow."""

    code = fields.Text()
    name = fields.Text()
    publisher = fields.Text()
    unit = fields.Text()


class IndexInput(Input):
    """An index, by a code such as ``LME-CU``."""

    code = fields.Text(max_length=40)
    name = fields.Text(max_length=120)
    publisher = fields.Text(max_length=120)
    unit = fields.Text(max_length=40)


class IndexValueShape(RecordShape):
    """The value of an index on a day, with the document that shows it."""

    index: Any = fields.Text(source="index.code")
    day = fields.Day()
    value = fields.DecimalText()
    evidence = fields.Text()


class IndexValueInput(Input):
    """The value of an index on a day."""

    index = fields.Text(max_length=40)
    day = fields.Day()
    value = fields.DecimalText(low=0, high=1_000_000_000, places=6)
    evidence = fields.Text(max_length=300)


class TargetShape(RecordShape):
    """The target of a team and a year."""

    team = fields.Text(source="team.code")
    year = fields.Whole()
    conversions = fields.Whole()
    cost_reduction_pct = fields.DecimalText()


class TargetInput(Input):
    """What a team wants to reach in a year, the same for all functions."""

    team = fields.Text(max_length=40)
    year = fields.Whole(min_value=2000, max_value=2100)
    conversions = fields.Whole(min_value=1, max_value=1000)
    cost_reduction_pct = fields.DecimalText(low=0, high=100, places=2)


class KpiShape(Shape):
    """What a team reached in a year. ``attainment`` is from 0 to 1.

    ``cover_gained_wk`` is without the ``parts_never_out``, which ran out before their conversion.
    """

    team = fields.Text(source="team.code")
    year = fields.Whole()
    conversions = fields.Whole()
    conversions_awaiting_receipt = fields.Whole(source="waiting")
    conversions_target = fields.Whole()
    conversions_forecast = fields.Whole(source="forecast")
    cost_reduction_pct = fields.DecimalText(source="pct")
    cost_reduction_target_pct = fields.DecimalText(source="pct_target")
    cost_reduction_forecast_pct = fields.DecimalText(source="pct_forecast")
    attainment = fields.DecimalText(source="attained.team")
    met = fields.Flag(source="attained.met")
    elapsed = fields.DecimalText()
    on_pace = fields.Flag()
    forecast_meets = fields.Flag(source="will_meet")
    escapes_dppm = fields.DecimalText(source="dppm", allow_null=True)
    cover_gained_wk = fields.Number(source="weeks", allow_null=True)
    parts_never_out = fields.Whole(source="endless")
