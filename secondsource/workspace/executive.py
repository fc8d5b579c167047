"""What the executive page shows: stored figures, the roadmap, what waits for a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils.safestring import SafeString

from qualification import guards
from qualification.models import Case, GatePassage
from qualification.models.cases import GATES, State
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import charts, clock, formats
from secondsource.core.calendar import add_months
from secondsource.core.charts import Bar, Chart, Gantt, Lane, Series
from secondsource.core.templatetags.ui import pips
from secondsource.workspace import aggregates
from secondsource.workspace.models import CompanyFigures

ROADMAP_ROWS = 10
MOST_BARS = 8
STATES = [
    Series("Single, no case", "f-bad"),
    Series("Single, in qualification", "f-alt"),
    Series("Two or more", "f-0"),
]


def kpis(row: CompanyFigures, *, sees_exposure: bool) -> list[dict[str, Any]]:
    """The four figures, each with what it is compared with; money only for those who see it."""
    return [_single_source(row, sees_exposure), _conversions(row), _reduction(), _cover(row)]


def _single_source(row: CompanyFigures, sees_exposure: bool) -> dict[str, Any]:
    counted = f"{formats.number(row.single_source_parts)} of {formats.number(row.parts)} parts"
    if not sees_exposure:
        return {"label": "Single-source parts", "value": formats.number(row.single_source_parts),
                "unit": f"of {formats.number(row.parts)}"}  # fmt: skip
    if row.spend_12m is None or row.single_source_spend is None:
        return {"label": "Single-source spend", "value": "–", "unit": "not known yet",
                "note": f"{counted}. Needs receipts, offers or standard costs."}  # fmt: skip
    share = row.single_source_spend / row.spend_12m if row.spend_12m else None
    underway = formats.money_short(row.single_source_underway or Decimal(0), row.currency)
    whole = formats.money_short(row.spend_12m, row.currency)
    return {
        "label": "Single-source spend",
        "value": formats.money_short(row.single_source_spend, row.currency),
        "unit": f"{formats.percent(share, 1)} of {whole}",
        "note": f"{counted}. {underway} of it in qualification.{_as_of(row)}",
    }


def _as_of(row: CompanyFigures) -> str:
    """How old rounded sums are; exact ones are those of now."""
    return f" As of {formats.moment(row.money_as_of)}, rounded." if row.money_rounded else ""


def _conversions(row: CompanyFigures) -> dict[str, Any]:
    sentence = f"{row.conversions} of {row.conversions_target} conversions closed this year"
    chart = charts.blocks(
        row.conversions, row.conversions_target, pending=row.cases_in_transition, sentence=sentence
    )
    return {
        "label": "Conversions closed",
        "value": formats.number(row.conversions),
        "unit": f"of {row.conversions_target} this year",
        "chart": chart.svg,
        "note": f"{row.cases_in_transition} in transition, not counted. "
        "A conversion counts with its first production receipt.",
    }


def _reduction() -> dict[str, Any]:
    return {
        "label": "Material cost reduction",
        "value": "–",
        "unit": "not measured",
        "note": "Appears once finance has validated savings.",
    }


def _cover(row: CompanyFigures) -> dict[str, Any]:
    return {
        "label": "Parts short on cover",
        "value": formats.number(row.short_on_cover),
        "unit": "single source, under half cover",
        "note": f"Cover or lead time unknown for {formats.number(row.cover_unknown)} more.",
    }


def spend_by_state(row: CompanyFigures, *, sees_prices: bool) -> Chart | None:
    """Spend of each category by how many sources stand behind it; None without any spend.

    Those who do not see prices get no bar that would tell a single part's spend. What has no bar
    of its own stands as *Others*.
    """
    rows, hidden = [], [] if sees_prices else aggregates.hidden(row.by_category)
    for item in row.by_category:
        if not item["known"] or item in hidden:
            continue
        values = [float(item[name]) for name in ("single", "underway", "several")]
        rows.append((item["category"], values))
    if not rows:
        return None
    worst, bars = max(rows, key=_single), rows
    if len(rows) > MOST_BARS:
        rest = rows[MOST_BARS - 1 :]
        others = [sum(one[1][state] for one in rest) for state in range(len(STATES))]
        bars = [*rows[: MOST_BARS - 1], (f"{len(rest)} others", others)]
    money = partial(formats.money_short, currency=row.currency)
    kept_back = len([item for item in hidden if item["known"]])
    why = f" {kept_back} left out, whose bars would tell one part's spend." if kept_back else ""
    return charts.stacked(
        [(name, values, money(_single((name, values)))) for name, values in bars],
        STATES,
        sentence=f"{worst[0]} has the largest single-source spend, {money(_single(worst))}.{why}",
        first="Category",
    )


def _single(row: tuple[str, list[float]]) -> Decimal:
    """What one source stands behind, with and without a case."""
    return Decimal(str(row[1][0])) + Decimal(str(row[1][1]))


def roadmap(user: User) -> tuple[Gantt | None, int]:
    """Open cases as lanes from their first gate on; and how many are open in all.

    By spend for those who see prices: its order alone would tell the others which part costs more.
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
    marks = ["approved"] * figures.approved_sources + ["half"] * figures.underway_sources
    name = f"{figures.incumbent_mpn or case.part.ipn} → {case.source.manufacturer_part.mpn}"
    return Lane(
        name=name,
        url=reverse("case_detail", args=[case.key]),
        marks=pips(marks[:3]) if marks else SafeString(""),
        bars=_bars(case, list(case.passages.all()), today),
        note=_note(case),
    )


def _note(case: Case) -> str:
    if case.state == State.ON_HOLD:
        return "on hold"
    return "" if case.due_date or case.state == State.TRANSITION else "no due date"


def _bars(case: Case, passages: Sequence[GatePassage], today: dt.date) -> list[Bar]:
    bars = []
    for passage in passages:
        start = passage.entered_at.date()
        if passage.left_at is not None:
            bars.append(Bar(start, passage.left_at.date(), "done", State(passage.gate).label))
            continue
        final = passage.gate == State.TRANSITION
        until = add_months(start, 3) if final else today
        kind = "final" if final else "now"
        bars.append(Bar(start, max(until, start), kind, _capital(State(passage.gate).label)))
    return [*bars, *_planned(case, today)]


def _planned(case: Case, today: dt.date) -> list[Bar]:
    """The gates ahead until the due date of approval, evenly spread: only that day is planned."""
    here = guards.gate_of(case)
    if not case.due_date or case.due_date <= today or here not in GATES[:-1]:
        return []
    ahead = GATES[GATES.index(here) + 1 : -1] or (here,)
    days = (case.due_date - today).days / len(ahead)
    cuts = [today + dt.timedelta(round(days * index)) for index in range(len(ahead) + 1)]
    names = [f"{_capital(gate.label)}, evenly spread" for gate in ahead]
    return [Bar(a, b, "plan", name) for a, b, name in zip(cuts, cuts[1:], names, strict=False)]


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def decisions(user: User) -> list[dict[str, Any]]:
    """Gates that wait for this person's signature alone: what nobody else can do now."""
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
