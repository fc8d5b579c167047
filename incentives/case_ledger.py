"""The ledger of one case: its lines in sections, its sums, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from incentives import savings, totals
from incentives.house_rules import SavingsPolicy
from incentives.ledger import (
    PoolBase,
    baseline_of,
    pool_base,
    received_for,
    window_of,
    without_rate,
)
from incentives.models import Baseline, ClosedMonth, SavingLine
from parts.house_rules import CompanyPolicy
from qualification.economics import costs
from qualification.economics.costs import CostTotal
from qualification.models import Case
from secondsource.core import clock, policies
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months, months_between
from secondsource.core.formats import day, money_exact, number
from secondsource.core.money import minor_units, round_half_up

_FORESEEN = (SavingLine.Origin.AGREEMENT, SavingLine.Origin.FORECAST)


@dataclass(frozen=True)
class Section:
    """Lines under a heading."""

    label: str
    note: str
    lines: list[SavingLine]


@dataclass(frozen=True, kw_only=True)
class CaseLedger:
    """What the page, the API and the negotiation show of a case's savings.

    ``band`` is inside, below or above the usual savings; None where nothing is realised.
    """

    case: Case
    baseline: Baseline | None
    base: PoolBase
    cost: CostTotal
    sections: list[Section]
    months: list[totals.MonthTotals]
    leakage: list[totals.MonthLeakage]
    pct: Decimal | None
    band: str | None
    unpriced: int
    without_rate: int
    currency: str

    @property
    def window(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of the savings window."""
        found = window_of(self.baseline)
        return (found[0], found[1] - dt.timedelta(days=1)) if found else None

    @property
    def missing(self) -> list[str]:
        """What keeps figures incomplete, in sentences."""
        told = [problem for problem in self.base.problems if self.baseline is not None]
        if self.unpriced:
            told.append(f"Receipts without a price are not counted: {self.unpriced}.")
        if self.without_rate:
            told.append(
                "Receipts in a currency without a budget rate of their year are not counted:"
                f" {self.without_rate}."
            )
        return told

    @property
    def after_rebate(self) -> Decimal:
        """Validated savings after lost rebates."""
        return self.base.validated - self.base.rebate_lost

    @property
    def validated_in_words(self) -> str:
        """When and by whom lines were validated last; empty before."""
        found = [line for one in self.sections for line in one.lines if line.validated_at]
        if not found:
            return ""
        last = max(found, key=lambda line: line.validated_at or clock.now())
        by = f" by {last.validated_by.name}" if last.validated_by else ""
        return f"Validated {day(last.validated_at)}{by}, finance, not in the team"

    @property
    def cost_off(self) -> Decimal:
        """The project cost as it is subtracted."""
        return -self.base.project_cost

    @property
    def cost_in_words(self) -> str:
        """``154 working hours $12,012.00, laboratory $3,042.00``."""
        told = [
            f"{number(one.hours)} {one.label.lower()} {self._money(one.amount)}"
            if one.hours
            else f"{one.label.lower()} {self._money(one.amount)}"
            for one in self.cost.kinds
        ]
        return ", ".join(told) or "none logged"

    def _money(self, amount: Decimal | None) -> str:
        if amount is None:
            return "without exchange rate"
        return money_exact(round_half_up(amount, minor_units(self.currency)), self.currency)

    def amounts(self) -> dict[str, Decimal]:
        """Sums of what is realised and not validated, apart, and foreseen, by section."""
        return {
            one.label: sum((line.amount for line in one.lines), Decimal(0)) for one in self.sections
        }

    @property
    def chart(self) -> Any:
        """Forecast, contracted, realised and validated by month."""
        return totals.chart(self.months, self.currency)


def lines_of(case: Case) -> Any:
    """The lines of a case with what is shown of them, the oldest first."""
    return SavingLine.objects.filter(case=case).listed().order_by("month", "id")


def read(case: Case) -> CaseLedger:
    """The ledger of a case now."""
    baseline, base = baseline_of(case), pool_base(case)
    lines = SavingLine.objects.filter(case=case)
    pct = totals.share_of_baseline(lines)
    rules, _ = policies.active(SavingsPolicy)
    unpriced, rateless = _uncounted(case, baseline, base.currency)
    return CaseLedger(
        case=case, baseline=baseline, base=base, cost=costs.actual(case),
        sections=_sections(list(lines_of(case)), baseline),
        months=totals.by_month(lines),
        leakage=totals.leakage(lines, ClosedMonth.objects.values_list("month", flat=True)),
        pct=pct, band=None if pct is None else savings.band(min(pct, Decimal(100)), policy=rules),
        unpriced=unpriced, without_rate=rateless, currency=base.currency,
    )  # fmt: skip


def _sections(lines: Iterable[SavingLine], baseline: Baseline | None) -> list[Section]:
    stage, hard = SavingLine.Stage, SavingLine.HARD
    settled, open_ones, apart, foreseen = [], [], [], []
    for line in lines:
        if line.kind not in hard:
            apart.append(line)
        elif line.stage in (stage.VALIDATED, stage.REVERSED):
            settled.append(line)
        elif line.stage == stage.REALISED:
            open_ones.append(line)
        else:
            foreseen.append(line)
    found = [
        Section("Validated by finance", _window_in_words(baseline), by_months(settled)),
        Section("Realised, not validated yet", "finance validates closed months only", open_ones),
        Section("Apart", "never in a bonus base", apart),
        Section("Foreseen", "not counted until receipts show it", by_months(foreseen)),
    ]
    return [section for section in found if section.lines]


def by_months(lines: Iterable[SavingLine]) -> list[SavingLine]:
    """The lines, months in a row that are alike as one with their sums, ``until`` and ``months``.

    Alike are computed lines of a source with the same prices, kind and reason; of those that are
    foreseen the amount is the same too.
    """
    runs: list[list[SavingLine]] = []
    last: dict[tuple[Any, ...], list[SavingLine]] = {}
    for line in lines:
        key = (line.source_id, line.kind, line.stage, line.baseline_price, line.paid_price,
               line.reason, line.currency,
               line.amount if line.origin in _FORESEEN else None)  # fmt: skip
        run = last.get(key)
        if run is not None and _follows(run[-1], line):
            run.append(line)
        else:
            last[key] = [line]
            runs.append(last[key])
    return [_as_one(run) for run in runs]


def _follows(before: SavingLine, line: SavingLine) -> bool:
    own = all(
        one.origin in (SavingLine.Origin.RECEIPTS, *_FORESEEN) and one.earned_in == one.month
        for one in (before, line)
    )
    return own and line.month == add_months(before.month, 1)


def _as_one(run: list[SavingLine]) -> SavingLine:
    if len(run) == 1:
        return run[0]
    one: Any = copy(run[0])
    one.until, one.months, one.evidence = run[-1].month, len(run), ""
    for name in ("quantity", "returned", "amount"):
        if getattr(one, name) is not None:
            setattr(one, name, sum((getattr(line, name) for line in run), Decimal(0)))
    for name in ("fx_effect", "market_effect"):
        effects = [getattr(line, name) for line in run]
        known = None not in effects
        setattr(one, name, sum(filter(None, effects), Decimal(0)) if known else None)
    return one


def _window_in_words(baseline: Baseline | None) -> str:
    found = window_of(baseline)
    if found is None or baseline is None:
        return ""
    first, end = found
    today = clock.business_day()
    last = end - dt.timedelta(days=1)
    told = f"window {day(first)} – {day(last)}"
    if first <= today < end:
        told += f", month {months_between(first, today) + 1} of {baseline.window_months}"
    return told


def _uncounted(case: Case, baseline: Baseline | None, currency: str) -> tuple[int, int]:
    """Receipts since the opening without a price, and those without a budget rate."""
    if baseline is None:
        return 0, 0
    counts = received_for(case, baseline).aggregate(
        unpriced=Count("pk", filter=Q(unit_price=None)),
        without_rate=Count("pk", filter=without_rate(currency)),
    )
    return counts["unpriced"], counts["without_rate"]


def company_currency() -> str:
    """The currency of the ledger."""
    return policies.active(CompanyPolicy)[0].currency


def may(case: Case, actor: Actor) -> dict[str, bool]:
    """What the reader may do in the ledger of the case."""
    return {
        "may_write": actor.may("incentives.write_saving", case),
        "may_validate": actor.may("incentives.validate_saving", case),
    }
