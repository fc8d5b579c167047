"""Data of the executive page: stored figures, the roadmap, decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F, Prefetch
from django.urls import reverse

from parts.views import chips
from qualification import guards
from qualification.consequences import in_words
from qualification.models import Case, GatePassage, TriggerBreach
from qualification.models.cases import GATES, State
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import charts, clock, formats
from secondsource.core.calendar import add_months
from secondsource.core.charts import Bar, Chart, Gantt, Lane, Series
from secondsource.workspace import aggregates
from secondsource.workspace.kpis import parts_url
from secondsource.workspace.models import CompanyFigures

ROADMAP_ROWS = 14
MOST_ALARMS = 5
MOST_BARS = 8
#: As ``aggregates.SEGMENTS``, and the words of ``parts.counts`` that list the parts of each.
STATES = [
    Series("No approved source", "f-warn"),
    Series("Single source, nothing started", "f-bad"),
    Series("Single source, in qualification", "f-alt"),
    Series("Two or more", "f-0"),
]
_WORDS = ("none", "single_idle", "single_underway", "multiple")


Row = tuple[str, list[float], str]


def spend_by_state(row: CompanyFigures, *, sees_prices: bool) -> Chart | None:
    """Spend of each category by how many sources count; None without any spend.

    Readers without prices get no bar of a single part's spend; what is withheld is one bar, so that
    the chart adds up to the figures above it. Categories beyond the largest are one bar *others*.
    """
    hidden = [] if sees_prices else aggregates.hidden(row.by_category)
    known = [item for item in row.by_category if item["known"]]
    rows = [_bar(item["category"], [item]) for item in known if item not in hidden]
    if not rows:
        return None
    worst = max(rows, key=_single)
    if len(rows) > MOST_BARS:
        rest = [item for item in known if item not in hidden][MOST_BARS - 1 :]
        rows = [*rows[: MOST_BARS - 1], _bar(f"{len(rest)} others", rest)]
    withheld = [item for item in hidden if item["known"]]
    why = ""
    if withheld:
        rows.append((f"{len(withheld)} withheld", _rest(row, rows), ""))
        why = f" {len(withheld)} withheld: a bar of its own would show one part's spend."
    money = partial(formats.money_short, currency=row.currency)
    return charts.stacked(
        [(name, values, money(_single((name, values, "")))) for name, values, _ in rows],
        STATES,
        sentence=f"{worst[0]} has the largest single-source spend, {money(_single(worst))}.{why}",
        first="Category",
        links=[_links(paths) for _, _, paths in rows],
    )


def _bar(name: str, items: Sequence[aggregates.Category]) -> Row:
    """A name, the sums of these categories by state, and their paths."""
    values = [sum(float(item.get(state, 0)) for item in items) for state in aggregates.SEGMENTS]
    return name, values, ",".join(item.get("path", "") for item in items)


def _rest(row: CompanyFigures, rows: Sequence[Row]) -> list[float]:
    """The totals minus the bars, by state."""
    none, single = row.no_source_spend or 0, row.single_source_spend or 0
    underway, whole = row.single_source_underway or 0, row.spend_12m or 0
    totals = [none, single - underway, underway, whole - none - single]
    shown = [sum(values[state] for _, values, _ in rows) for state in range(len(totals))]
    return [max(0.0, float(total) - bars) for total, bars in zip(totals, shown, strict=True)]


def _links(paths: str) -> list[str]:
    """Links from a bar and its pieces to lists; a withheld bar has none."""
    if not paths:
        return [""] * (len(STATES) + 1)
    return [parts_url(sources=word, categories=paths) for word in ("counted", *_WORDS)]


def _single(row: Row) -> Decimal:
    """Spend with a single source, with and without a case."""
    return Decimal(str(row[1][1])) + Decimal(str(row[1][2]))


def roadmap(user: User) -> tuple[Gantt | None, int]:
    """Open cases as lanes from their first gate on; and how many are open in all.

    Ordered by spend for readers with prices only, as the order alone compares prices.
    """
    open_cases = Case.objects.open().visible_to(user).exclude(state=State.DRAFT)
    total = open_cases.count()
    spend = F("part__figures__spend_12m").desc(nulls_last=True)
    order = [spend, "number"] if user.has_perm("accounts.see_prices") else ["number"]
    cases = (
        open_cases.with_list_columns()
        .prefetch_related(Prefetch("passages", GatePassage.objects.order_by("id")))
        .order_by(*order)[:ROADMAP_ROWS]
    )
    today = clock.business_day()
    lanes = [_lane(case, today) for case in cases]
    if not lanes:
        return None, 0
    starts = [bar.start for lane in lanes for bar in lane.bars]
    start = min([*starts, add_months(today, -3)]).replace(day=1)
    end = add_months(today, 7).replace(day=1)
    return charts.gantt(
        lanes, start=max(start, add_months(today, -9)), end=end, today=today,
        name_label="Incumbent → alternate",
    ), total  # fmt: skip


def _lane(case: Case, today: dt.date) -> Lane:
    figures = case.part.figures
    name = f"{figures.incumbent_mpn or case.part.ipn} → {case.source.manufacturer_part.mpn}"
    return Lane(
        name=name,
        url=reverse("case_detail", args=[case.key]),
        marks=chips.pips(figures),
        bars=_bars(case, list(case.passages.all()), today),
        note=_note(case),
    )


def _note(case: Case) -> str:
    if case.state == State.ON_HOLD:
        return "on hold"
    return "" if case.due_date or case.state == State.TRANSITION else "no due date"


def _bars(case: Case, passages: Sequence[GatePassage], today: dt.date) -> list[Bar]:
    planned, due = _planned(case, today), max(today, case.due_date or today)
    bars = []
    for passage in passages:
        start = clock.day_of(passage.entered_at)
        if passage.left_at is not None:
            bars.append(Bar(start, clock.day_of(passage.left_at), "done", in_words(passage.gate)))
            continue
        final = passage.gate == State.TRANSITION
        until = add_months(start, 3) if final else next((bar.start for bar in planned), due)
        kind = "final" if final else "now"
        bars.append(Bar(start, max(until, start), kind, in_words(passage.gate)))
    return [*bars, *planned]


def _planned(case: Case, today: dt.date) -> list[Bar]:
    """The gates ahead until the due date of approval: only that day is planned.

    The gate where the case is and those ahead get equal shares of the days that are left.
    """
    here = guards.gate_of(case)
    if not case.due_date or case.due_date <= today or here not in GATES[:-1]:
        return []
    ahead = GATES[GATES.index(here) + 1 : -1]
    days = (case.due_date - today).days / (len(ahead) + 1)
    cuts = [today + dt.timedelta(round(days * index)) for index in range(1, len(ahead) + 2)]
    names = [in_words(gate) for gate in ahead]
    return [Bar(a, b, "plan", name) for a, b, name in zip(cuts, cuts[1:], names, strict=False)]


def alarms(user: User) -> list[TriggerBreach]:
    """Breached triggers that hold the ramp of a case that this person sees, the latest first."""
    cases = Case.objects.visible_to(user)
    found = TriggerBreach.objects.filter(
        ended_at=None, transition__ended_on=None, transition__case__in=cases.values("pk")
    )
    return list(
        found.select_related("transition__case__source__manufacturer_part__manufacturer").order_by(
            "-breached_at", "-pk"
        )[:MOST_ALARMS]
    )


def decisions(user: User) -> list[dict[str, Any]]:
    """Gates where only the signature of this person is missing."""
    cases = (
        Case.objects.filter(state__in=GATES, sponsor=user)
        .with_list_columns()
        .prefetch_related("sign_offs__signed_by", "checklist")
    )
    return [
        {
            "title": f"{case.key} waits for your signature",
            "text": f"{case.source.manufacturer_part.mpn}, gate {case.get_state_display()}",
            "url": reverse("case_detail", args=[case.key]),
        }
        for case in cases
        if _only_sponsor_missing(case)
    ]


def _only_sponsor_missing(case: Case) -> bool:
    return guards.missing_signatures(case, State(case.state)) == [Function.SPONSOR]
