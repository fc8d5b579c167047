"""The shared target of a team and a year: what it reached, its pace, and its other figures.

A case is of the teams of its lead. Nothing here is by person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum

from incentives.house_rules import KpiPolicy
from incentives.kpi import Attainment, shared_kpi
from incentives.models import KpiTarget, SavingLine
from incentives.querysets import CONTRACTED, HARD, REALISED
from incentives.savings import cost_reduction
from qualification.economics import facts
from qualification.figures import conversions
from qualification.models import Case, Transition
from secondsource.accounts.models import Team
from secondsource.core import clock, policies
from secondsource.core.formats import apart, number, percent
from secondsource.core.money import round_half_up
from suppliers.models import Receipt

#: Conversions whose cover is computed for a page.
MOST_COVERED = 20
_NONE = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class TeamKpi:
    """A team's year.

    ``pct`` is the material cost reduction at the received volume and mix. ``pace`` is the mean
    attainment against the part of the year that has passed; ``waiting`` are cases that closed in
    the year and wait for their first receipt, ``due`` transitions that end in it. ``dppm`` is None
    without receipts, ``weeks`` without a part whose cover grew by a known time; ``endless`` are the
    parts that ran out before their conversion and never do now.
    """

    team: Team
    year: int
    target: KpiTarget | None
    conversions_target: int
    pct_target: Decimal
    conversions: int
    waiting: int
    due: int
    pct: Decimal
    pct_forecast: Decimal
    attained: Attainment
    elapsed: Decimal
    received: Decimal
    rejected: Decimal
    weeks: float | None
    endless: int

    @property
    def forecast(self) -> int:
        """Conversions by the end of the year, if receipts come and transitions close in time."""
        return self.conversions + self.waiting + self.due

    @property
    def on_pace(self) -> bool:
        """Whether the attainment is at least the part of the year that has passed."""
        return self.attained.met or self.attained.team >= self.elapsed

    @property
    def shown(self) -> tuple[str, str]:
        """The attainment and what it is compared with: all, or the part of the year, told apart."""
        return apart(self.attained.team, Decimal(1) if self.on_pace else self.elapsed, percent)

    @property
    def will_meet(self) -> bool:
        """Whether the forecast reaches both targets."""
        return not self.missed

    @property
    def missed(self) -> str:
        """Which targets the forecast misses: ``conversions and cost``."""
        found = []
        if self.forecast < self.conversions_target:
            found.append("conversions")
        if self.pct_forecast < self.pct_target:
            found.append("cost")
        return " and ".join(found)

    @property
    def cover(self) -> str:
        """``7 weeks, 1 part never runs out``; empty if nothing is known."""
        found = [] if self.weeks is None else [f"{number(self.weeks)} weeks"]
        if self.endless:
            told = "part never runs" if self.endless == 1 else "parts never run"
            found.append(f"{self.endless} {told} out")
        return ", ".join(found)

    @property
    def dppm(self) -> Decimal | None:
        """Rejected units of a million received from the alternates that the team brought in."""
        if not self.received:
            return None
        return round_half_up(1_000_000 * self.rejected / self.received, 0)


def of_year(year: int, teams: Sequence[Team] | None = None) -> list[TeamKpi]:
    """The year of these teams, or of all, by their names."""
    chosen = list(Team.objects.order_by("name")) if teams is None else list(teams)
    rules, _ = policies.active(KpiPolicy)
    targets = {one.team_id: one for one in KpiTarget.objects.filter(year=year, team__in=chosen)}
    cases = _cases_by_team(chosen)
    done, waiting = _converted(year), _awaiting_receipt(year)
    ending = _ending(year)
    sums = _sums(year)
    quality = _quality(year)
    found = []
    for team in chosen:
        own = cases.get(team.pk, set())
        target = targets.get(team.pk)
        wanted = target.conversions if target else rules.conversions
        wanted_pct = target.cost_reduction_pct if target else rules.cost_reduction_pct
        pct, foreseen = _reduction([sums[pk] for pk in own if pk in sums], wanted_pct)
        converted = sorted(own & done)
        weeks, endless = _cover_gained(converted[:MOST_COVERED])
        found.append(
            TeamKpi(
                team=team, year=year, target=target, conversions_target=wanted,
                pct_target=wanted_pct, conversions=len(converted), waiting=len(own & waiting),
                due=len(own & ending - done), pct=pct, pct_forecast=foreseen,
                attained=shared_kpi(
                    conversions=len(converted), cost_reduction_pct=max(pct, Decimal(-1000)),
                    conversions_target=wanted, cost_target_pct=wanted_pct,
                ),
                elapsed=_elapsed(year),
                received=sum((quality.get(pk, (_NONE, _NONE))[0] for pk in own), _NONE),
                rejected=sum((quality.get(pk, (_NONE, _NONE))[1] for pk in own), _NONE),
                weeks=weeks,
                endless=endless,
            )
        )  # fmt: skip
    return found


def _cases_by_team(teams: Sequence[Team]) -> dict[int, set[int]]:
    rows = Case.objects.filter(lead__teams__in=teams).values_list("lead__teams", "pk")
    found: dict[int, set[int]] = {}
    for team_id, case_id in rows:
        found.setdefault(team_id, set()).add(case_id)
    return found


def _converted(year: int) -> set[int]:
    return set(conversions(year=year).values_list("pk", flat=True))


def _awaiting_receipt(year: int) -> set[int]:
    return set(Case.objects.awaiting_receipt(year).values_list("pk", flat=True))


def _ending(year: int) -> set[int]:
    """Cases whose transition runs and has its last hold point in the year."""
    runs = Transition.objects.filter(started_on__isnull=False, ended_on=None)
    ends = runs.exclude(hold_points__due__year__gt=year).filter(hold_points__due__year=year)
    return set(ends.values_list("case_id", flat=True))


def _sums(year: int) -> dict[int, tuple[Decimal, Decimal, Decimal, Decimal]]:
    """Saved and spent at the baseline, realised and contracted for months to come, by case."""
    this_month = clock.business_day().replace(day=1)
    ahead = CONTRACTED & Q(month__gt=this_month)
    spend = F("baseline_price") * F("quantity")
    rows = (
        SavingLine.objects.filter(HARD, month__year=year)
        .filter(Q(baseline_price__isnull=False) | REALISED)
        .order_by()
        .values_list("case_id")
        .annotate(
            saved=Sum("amount", filter=REALISED), spent=Sum(spend, filter=REALISED),
            more=Sum("amount", filter=ahead), more_spent=Sum(spend, filter=ahead),
        )
    )  # fmt: skip
    return {pk: tuple(value or _NONE for value in values) for pk, *values in rows}  # type: ignore[misc]


def of_company(year: int, target: Decimal) -> tuple[Decimal, Decimal] | None:
    """The cost reduction over all cases in per cent, now and foreseen; None before a receipt."""
    rows = list(_sums(year).values())
    return _reduction(rows, target) if any(spent > 0 for _, spent, _, _ in rows) else None


def _reduction(
    rows: Sequence[tuple[Decimal, Decimal, Decimal, Decimal]], target: Decimal
) -> tuple[Decimal, Decimal]:
    """The cost reduction in per cent now, and with what is contracted for the rest of the year.

    What misses the target is not rounded to it.
    """
    saved, spent, more, more_spent = (
        sum((row[place] for row in rows), _NONE) for place in range(4)
    )
    return _pct(saved, spent, target), _pct(saved + more, spent + more_spent, target)


def _pct(saved: Decimal, spent: Decimal, target: Decimal) -> Decimal:
    if spent <= 0:
        return _NONE
    now = max(spent - saved, _NONE)
    return cost_reduction(baseline_spend=spent, current_spend=now, target_pct=target).pct


def _quality(year: int) -> dict[int, tuple[Decimal, Decimal]]:
    """Received and rejected production units of each case's alternate in the year."""
    received = Receipt.objects.standing().filter(
        purpose=Receipt.Purpose.PRODUCTION, received_qty__gt=0, received_date__year=year,
        source__cases__isnull=False,
    )  # fmt: skip
    rows = received.order_by().values_list("source__cases").annotate(
        units=Sum("received_qty"), bad=Sum("rejected_qty")
    )  # fmt: skip
    return {pk: (units, bad) for pk, units, bad in rows}


def _elapsed(year: int) -> Decimal:
    """The part of the year that has passed."""
    today = clock.business_day()
    if today.year != year:
        return Decimal(int(today.year > year))
    days = (dt.date(year, 12, 31) - dt.date(year, 1, 1)).days + 1
    return round_half_up(Decimal((today - dt.date(year, 1, 1)).days + 1) / days, 4)


def _cover_gained(case_ids: Sequence[int]) -> tuple[float | None, int]:
    """Weeks that converted sources add to the time to survive of their parts; parts without end.

    A part that never runs out adds no weeks: it is counted apart.
    """
    gained, endless = [], 0
    for case in Case.objects.filter(pk__in=case_ids).with_list_columns():
        read = facts.read(case)
        before, after = read.before, read.after
        if before is None or after is None or before.weeks is None:
            continue
        if after.weeks is None:
            endless += 1
        else:
            gained.append(after.weeks - before.weeks)
    return (sum(gained) if gained else None), endless


def years() -> list[int]:
    """The years that can be chosen: those with a line or a target, and this one."""
    found = set(SavingLine.objects.order_by().values_list("month__year", flat=True).distinct())
    found |= set(KpiTarget.objects.order_by().values_list("year", flat=True).distinct())
    return sorted(found | {clock.business_day().year}, reverse=True)
