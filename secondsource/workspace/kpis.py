"""The figures at the top of the executive page, each with its coverage and its list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from incentives import team_kpi
from parts.counts import listed
from secondsource.core import charts, clock, formats, policies
from secondsource.workspace.house_rules import TargetPolicy
from secondsource.workspace.models import CompanyFigures


def parts_url(**query: str) -> str:
    """The list of parts with these filters."""
    return f"{reverse('part_list')}?{urlencode(query)}"


def cases_url(**query: str | int) -> str:
    """The list of cases with these filters."""
    return f"{reverse('case_list')}?{urlencode(query)}"


def fact(count: int, words: str, url: str = "", tone: str = "") -> dict[str, str]:
    """A line below a figure: ``6 in qualification``, linked to the list of these."""
    return {"text": f"{formats.number(count)} {words}", "url": url, "tone": tone}


def kpis(
    row: CompanyFigures, *, sees_exposure: bool, sees_prices: bool, sees_savings: bool
) -> list[dict[str, Any]]:
    """The figures; money and savings only for those who see them."""
    first = _single_spend(row, sees_prices) if sees_exposure else _single_parts(row)
    savings = [_reduction()] if sees_savings else []
    return [first, _conversions(row), *savings, _cover(row)]


def counts(row: CompanyFigures) -> list[dict[str, Any]]:
    """How many parts count in how many sources, with the list behind each."""
    return listed(
        {
            "none": row.no_source_parts,
            "none_underway": row.no_source_underway_parts,
            "single": row.single_source_parts,
            "single_underway": row.single_source_underway_parts,
            "multiple": row.several_parts,
            "unknown": row.several_unknown_parts,
            "left_out": row.left_out_parts,
        }
    )


def _single_parts(row: CompanyFigures) -> dict[str, Any]:
    return {
        "label": "Single-source parts",
        "value": formats.number(row.single_source_parts),
        "url": parts_url(sources="single"),
        "unit": f"of {formats.number(row.parts)}",
        "facts": [
            fact(
                row.single_source_underway_parts,
                "of them in qualification",
                parts_url(sources="single_underway"),
            ),
        ],
    }


def _single_spend(row: CompanyFigures, sees_prices: bool) -> dict[str, Any]:
    known = row.spend_12m is not None
    spend = row.single_source_spend or Decimal(0)
    share = spend / row.spend_12m if row.spend_12m else None
    underway = formats.money_short(row.single_source_underway or Decimal(0), row.currency)
    whole = formats.money_short(row.spend_12m, row.currency)
    single = fact(row.single_source_parts, "single-source parts", parts_url(sources="single"))
    started = fact(
        row.single_source_underway_parts,
        f"in qualification, {underway}",
        parts_url(sources="single_underway"),
    )
    return {
        "label": "Single-source spend",
        "value": formats.money_short(spend, row.currency) if known else "–",
        "url": parts_url(sources="single") if known else "",
        "unit": f"{formats.percent(share, 1)} of {whole}" if known else "not known yet",
        "facts": [*_coverage(row, sees_prices), single, started],
        "note": _as_of(row),
    }


def _coverage(row: CompanyFigures, sees_prices: bool) -> list[dict[str, str]]:
    """How many parts the sums cover, with a link to the parts that are missing."""
    counted = row.spend_parts_known + row.spend_parts_missing
    share = Decimal(row.spend_parts_known) / counted if counted else None
    targets, _ = policies.active(TargetPolicy)
    low = share is not None and share < Decimal(str(targets.low_coverage))
    words = "part" if row.spend_parts_known == 1 else "parts"
    part, _ = (formats.MISSING, "") if share is None else formats.apart(share, 1, formats.percent)
    text = f"{words} with known spend ({part})"
    facts = [fact(row.spend_parts_known, text, tone="warn" if low else "")]
    facts[0]["text"] = f"Of {facts[0]['text']}"
    if row.spend_parts_missing:
        url = parts_url(sources="counted", spend="missing") if sees_prices else ""
        facts.append(fact(row.spend_parts_missing, "to complete", url))
    if row.unpriced_receipts:
        url = parts_url(sources="counted", spend="unpriced") if sees_prices else ""
        one = row.unpriced_receipts == 1
        words = f"{'receipt' if one else 'receipts'} without price"
        facts.append(fact(row.unpriced_receipts, words, url))
    return facts


def _as_of(row: CompanyFigures) -> str:
    """The date of rounded sums; exact sums are current."""
    return f"As of {formats.moment(row.money_as_of)}, rounded." if row.money_rounded else ""


def _conversions(row: CompanyFigures) -> dict[str, Any]:
    sentence = f"{row.conversions} of {row.conversions_target} conversions closed this year"
    chart = charts.blocks(
        row.conversions, row.conversions_target, pending=row.cases_in_transition, sentence=sentence
    )
    in_transition = fact(
        row.cases_in_transition, "in transition, not counted", cases_url(state="transition")
    )
    return {
        "label": "Conversions closed",
        "value": formats.number(row.conversions),
        "url": cases_url(converted=clock.business_day().year),
        "unit": f"of {row.conversions_target} this year",
        "chart": chart.svg,
        "facts": [*_awaiting_receipt(row), in_transition],
        "note": "A conversion counts after its first production receipt.",
    }


def _awaiting_receipt(row: CompanyFigures) -> list[dict[str, str]]:
    """How many closed cases do not count yet, of this and earlier years."""
    waiting = row.cases_awaiting_receipt
    if not waiting:
        return []
    words = "waits for its first receipt" if waiting == 1 else "wait for their first receipt"
    return [fact(waiting, f"closed, {words}", cases_url(awaits_receipt="true"))]


def cost_reduction() -> tuple[Decimal | None, Decimal | None, Decimal]:
    """Per cent of this year's baselines that all cases saved, and are foreseen to; the target."""
    target = Decimal(str(policies.active(TargetPolicy)[0].cost_reduction_pct))
    reached, foreseen = team_kpi.of_company(clock.business_day().year, target) or (None, None)
    return reached, foreseen, target


def _reduction() -> dict[str, Any]:
    reached, foreseen, target = cost_reduction()
    tile = {
        "label": "Material cost reduction",
        "url": f"{reverse('kpi')}?year={clock.business_day().year}",
        "value": "–",
        "unit": f"of {formats.number(target, 1)} % this year",
        "note": "Realised savings ÷ what the same units cost at their baselines.",
    }
    if reached is None or foreseen is None:
        return tile | {"note": "Appears with the first realised saving of the year."}
    value, wanted = formats.apart(reached, target, formats.number, 1)
    forecast, _ = formats.apart(foreseen, target, formats.number, 1)
    return tile | {
        "value": f"{value} %",
        "unit": f"of {wanted} % this year",
        "facts": [{"text": f"{forecast} % with what is contracted"}],
    }


def _cover(row: CompanyFigures) -> dict[str, Any]:
    unknown = fact(
        row.cover_unknown,
        "more with unknown cover or lead time",
        parts_url(cover="unknown"),
    )
    return {
        "label": "Parts short on cover",
        "value": formats.number(row.short_on_cover),
        "url": parts_url(cover="short"),
        "unit": "single source, under half cover",
        "facts": [unknown],
    }
