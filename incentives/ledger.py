"""What the ledger says of a case: the base of its bonus pool."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, DecimalField, Func, Q, Sum, Value
from django.db.models.functions import Cast, TruncMonth

from incentives.models import Baseline, BudgetRate, SavingLine
from incentives.querysets import COUNTED, REBATE
from incentives.savings import savings_window
from parts.house_rules import CompanyPolicy
from qualification.economics import costs
from qualification.models import Case, Rollback
from qualification.models.cases import State
from secondsource.core import clock, policies
from secondsource.core.formats import month_name
from secondsource.core.money import minor_units, round_half_up
from suppliers.models import Receipt


@dataclass(frozen=True, kw_only=True)
class PoolBase:
    """The validated hard savings of a case in its window, and what is subtracted from them.

    ``net`` = ``validated`` - ``rebate_lost`` - ``project_cost``; it may be negative.
    ``window_end`` is the day after the last. ``problems`` say why a figure is incomplete; nothing
    is paid while there is one.
    """

    validated: Decimal
    rebate_lost: Decimal
    project_cost: Decimal
    net: Decimal
    currency: str
    window_start: dt.date | None
    window_end: dt.date | None
    lines: int
    computed_at: dt.datetime
    problems: tuple[str, ...] = ()


def baseline_of(case: Case) -> Baseline | None:
    """The baseline of a case; None if there is none."""
    found = Baseline.objects.filter(case=case, superseded_at=None)
    return found.select_related(
        "case", "index", "source__manufacturer_part__manufacturer", "entered_by"
    ).first()


def window_of(baseline: Baseline | None) -> tuple[dt.date, dt.date] | None:
    """First day of the savings window and the day after its last; None before it begins.

    While a case is rolled back, its window ends before the day of the rollback.
    """
    if baseline is None or baseline.window_start is None:
        return None
    first, end = savings_window(first_receipt=baseline.window_start, months=baseline.window_months)
    if baseline.case.state == State.ROLLED_BACK:
        rollbacks = Rollback.objects.filter(transition__case=baseline.case_id)
        moment = rollbacks.order_by("decided_at").values_list("decided_at", flat=True).last()
        if moment is not None:
            day = clock.day_of(moment)
            end = min(end, max(day, first + dt.timedelta(days=1)))
    return first, end


def pool_base(case: Case) -> PoolBase:
    """The base of the bonus pool of a case, from its validated lines and actual costs now."""
    currency = policies.active(CompanyPolicy)[0].currency
    places = minor_units(currency)
    baseline = baseline_of(case)
    window = window_of(baseline)
    lines = SavingLine.objects.filter(COUNTED, case=case, kind__in=SavingLine.HARD)
    other = sorted(set(lines.exclude(currency=currency).values_list("currency", flat=True)))
    lines = lines.filter(currency=currency)
    if window is not None:
        lines = lines.filter(earned_in__gte=window[0].replace(day=1), earned_in__lt=window[1])
    sums = lines.aggregate(
        saved=Sum("amount", filter=~REBATE), lost=Sum("amount", filter=REBATE), lines=Count("pk")
    )
    validated = round_half_up(sums["saved"] or Decimal(0), places)
    lost = round_half_up(-(sums["lost"] or Decimal(0)), places)
    cost = costs.actual(case)
    known = sum((one.amount for one in cost.kinds if one.amount is not None), Decimal(0))
    spent = round_half_up(known, places)
    return PoolBase(
        validated=validated,
        rebate_lost=lost,
        project_cost=spent,
        net=validated - lost - spent,
        currency=currency,
        window_start=window[0] if window else None,
        window_end=window[1] if window else None,
        lines=sums["lines"],
        computed_at=clock.now(),
        problems=tuple(_problems(case, baseline, currency, cost.unknown, other)),
    )


def received_for(case: Case, baseline: Baseline) -> Any:
    """Production receipts of the two sources since the case opened."""
    opened = clock.day_of(case.opened_at)
    return Receipt.objects.standing().filter(
        source__in=(baseline.source_id, case.source_id), received_date__gte=opened,
        purpose=Receipt.Purpose.PRODUCTION,
    )  # fmt: skip


def without_rate(currency: str) -> Q:
    """Receipts with a price in a currency without a budget rate of their year."""
    known = Q(currency=currency)
    for code, year in BudgetRate.objects.filter(quote=currency).values_list("currency", "year"):
        known |= Q(currency=code, received_date__year=year)
    return ~known & Q(unit_price__isnull=False)


def _left_out(case: Case, baseline: Baseline | None, currency: str) -> list[str]:
    """Currencies of receipts in the window that no line counts, because no budget knows them."""
    window = window_of(baseline)
    if baseline is None or window is None:
        return []
    found = received_for(case, baseline).filter(
        without_rate(currency), received_date__gte=window[0], received_date__lt=window[1]
    )
    return sorted(set(found.order_by().values_list("currency", flat=True)))


def without_index(case: Case, baseline: Baseline | None) -> list[dt.date]:
    """Months with priced receipts in the window that no line counts, for want of an index value."""
    if baseline is None or baseline.index_id is None:
        return []
    found = received_for(case, baseline).filter(unit_price__isnull=False)
    if window := window_of(baseline):
        found = found.filter(received_date__gte=window[0], received_date__lt=window[1])
    month = Cast(TruncMonth("received_date"), DateField())
    at = Func(
        Value(baseline.price), baseline.index_id, Value(baseline.linked_share),
        Value(baseline.index_base), month,
        function="incentives_indexed", output_field=DecimalField(),
    )  # fmt: skip
    months = found.order_by().annotate(month=month, at=at)
    return sorted(set(months.filter(at=None).values_list("month", flat=True)))


def _problems(
    case: Case,
    baseline: Baseline | None,
    currency: str,
    unknown: tuple[str, ...],
    other: list[str],
) -> list[str]:
    told = []
    if baseline is None:
        told.append(f"{case.key} has no baseline.")
    if unknown:
        told.append(f"There is no exchange rate for costs in {', '.join(unknown)}.")
    if left := _left_out(case, baseline, currency):
        told.append(f"Receipts in {', '.join(left)} have no budget rate of their year.")
    if months := without_index(case, baseline):
        told.append(
            f"{baseline.index} has no value of the three months up to"  # type: ignore[union-attr]
            f" {', '.join(month_name(month) for month in months)}."
        )
    if other:
        told.append(f"Lines in {', '.join(other)} are not counted.")
    return told
