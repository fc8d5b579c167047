"""Totals of the ledger by month and stage, and what leaks between contract and receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from incentives import savings
from incentives.models import SavingLine
from incentives.querysets import CONTRACTED, COUNTED, FORESEEN, HARD, REALISED
from secondsource.core import charts, clock
from secondsource.core.charts import Chart, Series
from secondsource.core.formats import money, month_name
from secondsource.core.money import minor_units, round_half_up, two_digits

STAGES = ("forecast", "contracted", "realised", "validated")
#: The colours never change their meaning: what counts is green.
SERIES = (
    Series("Forecast", "f-0"),
    Series("Contracted", "f-5"),
    Series("Realised", "f-alt"),
    Series("Validated", "f-good"),
)
_ZERO = Decimal(0)


@dataclass(frozen=True)
class MonthTotals:
    """Hard savings of a month by stage. *Realised* includes what is validated."""

    month: dt.date
    forecast: Decimal
    contracted: Decimal
    realised: Decimal
    validated: Decimal
    lines: int

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The sums in the order of ``STAGES``."""
        return self.forecast, self.contracted, self.realised, self.validated


def _sum(condition: Q) -> Any:
    return Coalesce(Sum("amount", filter=condition), _ZERO)


def by_month(lines: Any, *, rounded: bool = False) -> list[MonthTotals]:
    """Hard savings by the month in which they count.

    ``rounded``: with two significant digits, and without months of a single line.
    """
    rows = (
        lines.filter(HARD)
        .order_by("month")
        .values("month")
        .annotate(
            forecast=_sum(FORESEEN), contracted=_sum(CONTRACTED), realised=_sum(REALISED),
            validated=_sum(COUNTED), lines=Count("pk"),
        )
    )  # fmt: skip
    found = [MonthTotals(**row) for row in rows]
    if not rounded:
        return found
    return [_rounded(one) for one in found if one.lines > 1]


def before_today(lines: Any) -> Any:
    """Lines as they were last night, for readers without prices: a change tells no price."""
    midnight = dt.datetime.combine(clock.business_day(), dt.time(), settings.COMPANY_TIME_ZONE)
    return lines.filter(updated_at__lt=midnight)


def _rounded(one: MonthTotals) -> MonthTotals:
    sums = {name: two_digits(value) for name, value in zip(STAGES, one.values, strict=True)}
    return replace(one, **sums)  # type: ignore[arg-type]


def in_all(months: Iterable[MonthTotals]) -> dict[str, Decimal]:
    """The sum of each stage."""
    found = dict.fromkeys(STAGES, _ZERO)
    for one in months:
        for name, value in zip(STAGES, one.values, strict=True):
            found[name] += value
    return found


def chart(months: list[MonthTotals], currency: str) -> Chart | None:
    """Forecast, contracted, realised and validated of each month; None without lines."""
    if not months:
        return None
    sums = in_all(months)
    sentence = (
        f"{money(sums['validated'], currency)} validated of {money(sums['realised'], currency)}"
        f" realised, {money(sums['contracted'], currency)} contracted and"
        f" {money(sums['forecast'], currency)} forecast,"
        f" {month_name(months[0].month)} to {month_name(months[-1].month)}."
    )
    return charts.columns(
        [(f"{one.month:%b %y}", [float(value) for value in one.values]) for one in months],
        SERIES,
        sentence=sentence,
        first="Month",
        table=[
            [month_name(one.month), *(money(value, currency) for value in one.values)]
            for one in months
        ],
    )


@dataclass(frozen=True)
class MonthLeakage:
    """Contracted less realised of a closed month, by cause; exchange rates are apart."""

    month: dt.date
    contracted: Decimal
    realised: Decimal
    price: Decimal
    volume: Decimal
    fx: Decimal

    @property
    def total(self) -> Decimal:
        """What was contracted and not realised."""
        return self.contracted - self.realised


def leakage(lines: Any, closed: Iterable[dt.date]) -> list[MonthLeakage]:
    """Leakage of closed months, over the sources with a contracted line, the latest first."""
    rows = (
        lines.filter(HARD, month__in=list(closed), source__isnull=False)
        .filter(CONTRACTED | Q(origin=SavingLine.Origin.RECEIPTS))
        .order_by("-month", "case_id", "source_id")
        .values("month", "case_id", "source_id", "stage", "baseline_price", "paid_price",
                "quantity", "amount", "fx_effect", "currency")
    )  # fmt: skip
    pairs: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for row in rows:
        key = (row["month"], row["case_id"], row["source_id"])
        side = "contracted" if row["stage"] == SavingLine.Stage.CONTRACTED else "realised"
        pairs.setdefault(key, {})[side] = row
    found: dict[dt.date, list[Decimal]] = {}
    for (month, *_), sides in pairs.items():
        if "contracted" not in sides:
            continue
        sums = found.setdefault(month, [_ZERO] * 5)
        for place, value in enumerate(_leak(sides["contracted"], sides.get("realised"))):
            sums[place] += value
    return [MonthLeakage(month, *sums) for month, sums in found.items()]


def _leak(contract: dict[str, Any], got: dict[str, Any] | None) -> tuple[Decimal, ...]:
    """Contracted, realised, price, volume, FX of a source and month."""
    one = savings.leaked(
        unit=contract["baseline_price"] - contract["paid_price"],
        contracted_qty=contract["quantity"],
        received=(got["quantity"] if got else None) or _ZERO,
        realised=got["amount"] if got else _ZERO,
        places=minor_units(contract["currency"]),
    )
    fx = (got["fx_effect"] if got else None) or _ZERO
    return one.contracted, one.realised, one.price, one.volume, fx


def share_of_baseline(lines: Any) -> Decimal | None:
    """Hard realised savings in per cent of what the same units cost at the baseline."""
    sums = lines.filter(HARD & REALISED, baseline_price__isnull=False).aggregate(
        saved=Sum("amount"), spent=Sum(F("baseline_price") * F("quantity"))
    )
    if not sums["spent"] or sums["spent"] <= 0:
        return None
    return round_half_up(100 * sums["saved"] / sums["spent"], 2)
