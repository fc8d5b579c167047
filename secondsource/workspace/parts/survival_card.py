"""The card of the part page about the time to survive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlencode

from qualification.survival import Helper, PartSurvival
from secondsource.core import formats
from secondsource.core.charts import Chart
from secondsource.workspace.survival_chart import survival_chart
from suppliers import cover
from suppliers.models import Source

_KINDS = {"fab": "a wafer fab", "assembly": "an assembly plant", "test": "a test house"}


@dataclass(frozen=True)
class SurvivalCard:
    """Head, drawing and sentences of the card; ``query`` hands its figures to the calculator."""

    head: str
    chart: Chart
    verdict: str
    missed: bool
    lines: list[str]
    query: str


def card(found: PartSurvival) -> SurvivalCard:
    """The card of a part."""
    if found.down is None or found.recovery is None:
        return _without_source(found)
    lines = [_delivers(helper, found) for helper in found.counting]
    if found.counting and found.missing and found.now.tts_wk == found.alone.tts_wk:
        lines.append(f"That does not lengthen the {_weeks(found.alone.tts_wk)}.")
    if found.later:
        coming = [helper for helper in found.underway if helper.alternate]
        lines += [_delivers(helper, found, "once approved") for helper in coming]
    lines += [f"{helper.mpn} is not counted: {helper.why_not}." for helper in found.left_out]
    lines.append(_recovery(found))
    lasts, recovery = _against_recovery(found)
    return SurvivalCard(
        head=f"{lasts} of {recovery} weeks to recovery",
        chart=_chart(found),
        verdict=_verdict(found),
        missed=bool(found.missing),
        lines=lines,
        query=_query(found),
    )


def _query(found: PartSurvival) -> str:
    """Inputs of the calculator of the time to survive."""
    given: dict[str, object] = {"inventory": found.stock, "demand_wk": float(found.per_week)}
    if found.recovery:
        given["TTR_wk"] = found.recovery.weeks
    for n, helper in enumerate(found.counting):
        values = vars(helper.alternate)
        given |= {f"alternates.{n}.{k}": v for k, v in values.items() if v is not None}
    return urlencode(given)


def _without_source(found: PartSurvival) -> SurvivalCard:
    lasts = found.alone.tts_wk or 0.0
    said = f"The stock lasts {_weeks(lasts)}"
    chart = survival_chart(
        [("stock", _weeks(lasts), found.alone.stretches)], max(lasts, 1.0) * 1.25, sentence=said
    )
    verdict = f"{said}. No source is approved, so nothing follows it."
    return SurvivalCard(_weeks(lasts), chart, verdict, missed=False, lines=[], query=_query(found))


def _weeks(weeks: float | None) -> str:
    return "for ever" if weeks is None else f"{_figure(weeks)} weeks"


def _figure(value: float) -> str:
    shown = formats.number(value, 1)
    return shown.removesuffix(".0")


def _against_recovery(found: PartSurvival) -> tuple[str, str]:
    """Weeks that it lasts, at most until recovery, beside the recovery."""
    assert found.recovery is not None
    back = found.recovery.weeks
    if found.now.tts_wk is None or found.now.tts_wk >= back:
        return _figure(back), _figure(back)
    shown = formats.apart(found.now.tts_wk, back, formats.number, 1)
    return shown[0].removesuffix(".0"), shown[1].removesuffix(".0")


def _pieces(found: cover.SurvivalTime) -> str:
    lost = found.lost_units or 0.0
    return f"{_whole(lost)} pieces lost" if lost else "lasts"


def _whole(pieces: float) -> str:
    """Whole pieces; what is lost is at least one."""
    return formats.number(max(1, math.floor(pieces + 0.5)))


def _verdict(found: PartSurvival) -> str:
    assert found.down is not None
    name = found.down.manufacturer_part.mpn
    first = f"the incumbent {name}" if found.down.role == Source.Role.INCUMBENT else name
    if not found.missing:
        what = "Stock and alternates last" if found.counting else "The stock lasts"
        return f"{what} until {first} is back."
    missed = f"{_whole(found.missing)} pieces until {first} is back"
    return f"At {formats.number(found.per_week, 0)} a week the line misses {missed}."


def _delivers(helper: Helper, found: PartSurvival, when: str = "") -> str:
    one = helper.alternate
    assert one is not None
    rate = "any quantity, as no capacity is on record"
    if one.capacity_wk is not None:
        need = formats.number(found.per_week, 0)
        rate = f"at most {formats.number(one.capacity_wk, 0)} of {need} a week"
    if one.quantity is not None:
        rate += f", {formats.number(one.quantity, 0)} pieces in all"
    said = f", {when}," if when else ""
    return f"{helper.mpn}{said} delivers from week {_figure(one.lead_wk)}, its lead time: {rate}."


def _recovery(found: PartSurvival) -> str:
    back = found.recovery
    assert back is not None
    weeks = _figure(back.weeks)
    if back.site:
        return f"Recovery: {weeks} weeks, as {back.site} states."
    return f"Recovery: {weeks} weeks, the default for {_KINDS[back.kind]}."


def _chart(found: PartSurvival) -> Chart:
    assert found.recovery is not None
    names = [helper.mpn for helper in found.counting]
    first = "stock alone" if names else "now"
    rows = [(first, _pieces(found.alone), found.alone.stretches)]
    if names:
        rows.append((f"with {_listed(names)}", _pieces(found.now), found.now.stretches))
    if found.later:
        coming = [helper.mpn for helper in found.underway if helper.alternate]
        rows.append(
            (f"with {_listed(coming)}, once approved", _pieces(found.later), found.later.stretches)
        )
    lasts, recovery = _against_recovery(found)
    said = f"Lasts {lasts} of {recovery} weeks to recovery, {_pieces(found.now)}"
    return survival_chart(rows, found.recovery.weeks, sentence=said)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
