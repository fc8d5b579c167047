"""Findings of measured parameters and of reliability."""

from __future__ import annotations

from secondsource.core import formats
from secondsource.workspace.calculators.answers.findings import (
    ABOVE,
    BELOW,
    LEVEL,
    NOT_ENOUGH,
    Finding,
    Teller,
    chance,
)
from secondsource.workspace.calculators.answers.words import (
    Answer,
    beside,
    figure,
    many,
    p_value,
    pct,
)

INITIAL_STUDY = 100
"""Readings of an initial process study, AIAG PPAP, 4th ed. 2006, 2.2.11."""


def _confidence(a: Answer) -> str:
    return pct(a["method"]["confidence"])


def _capability(a: Answer, i: Answer) -> Finding:
    if not a["enough"]:
        return Finding(
            "Not enough data: the values do not vary, so no index can be given.",
            NOT_ENOUGH,
            "Values with a finer resolution would decide it.",
        )
    outside = " The mean lies outside the limits." if a["Ppk"] < 0 else ""
    known = f", at least {figure(a['Ppk_lower'])} with 95 % confidence" if a["Ppk_lower"] else ""
    return Finding(
        f"Ppk {_index(a['Ppk'])} over {many(len(i['data']), 'value')}{known}.{outside}",
        "bad" if a["Ppk"] < 1.33 else "warn" if a["Ppk"] <= 1.67 else "good",
        " ".join(_cautions(a, i)),
    )


def _index(ppk: float) -> str:
    """An index with the digits that tell it from both of its bounds."""
    return max((beside(ppk, bound)[0] for bound in (1.33, 1.67)), key=len)


def _cautions(a: Answer, i: Answer) -> list[str]:
    """What an index does not say by itself."""
    few = len(i["data"]) < INITIAL_STUDY
    told = [f"An initial study takes at least {INITIAL_STUDY} values (PPAP)."] if few else []
    stable = ["Cp and Cpk hold for a stable process only."] if a["Cpk"] is not None else []
    return told + stable


def _bound(name: str, given: str) -> Teller:
    def tell(a: Answer, i: Answer) -> Finding:
        return Finding(
            f"{name} {figure(i[given])} seen on {many(i['n'], 'value')}: the true one is at least "
            f"{figure(a['lower'])} with {_confidence(a)} confidence."
        )

    return tell


def _welch(a: Answer, i: Answer) -> Finding:
    if not a["enough"]:
        return Finding("Not enough data: the values of both do not vary.", NOT_ENOUGH)
    if a["p"] < LEVEL:
        return Finding(
            f"The means differ by {figure(a['diff'])}: {chance(a['p'])}, {BELOW}.", "warn"
        )
    return Finding(
        f"A difference of {figure(a['diff'])} is seen but not shown: {chance(a['p'])}, {ABOVE}.",
        note="That is no proof that the means are the same; ask for equivalence.",
    )


def _tost(a: Answer, i: Answer) -> Finding:
    if not a["enough"]:
        return Finding("Not enough data: the values of both do not vary.", NOT_ENOUGH)
    low, high = a["interval"]
    ends = beside(low, i["low"]), beside(high, i["high"])
    inside = f"the interval {ends[0][0]} to {ends[1][0]}"
    limits = f"{ends[0][1]} to {ends[1][1]}"
    if a["equivalent"]:
        return Finding(f"Equivalent: {inside} lies inside {limits}.", "good")
    return Finding(
        f"Equivalence is not shown: {inside} leaves {limits} (p {p_value(a['p'])}).",
        NOT_ENOUGH,
        "More values would narrow the interval.",
    )


def _arrhenius(a: Answer, i: Answer) -> Finding:
    if a["decelerating"]:
        return Finding(
            f"The stress is colder than the use: a factor of {figure(a['AF'])}, slower.", "warn"
        )
    return Finding(
        f"One hour at {figure(i['Tstress_C'])} °C counts for {figure(a['AF'])} hours at "
        f"{figure(i['Tuse_C'])} °C.",
        note="Junction temperatures. One factor never mixes mechanisms.",
    )


def _conversions(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"Together {figure(a['sum_fit'])} FIT: of a million in the field "
        f"{figure(a['ppm_per_year'])} fail in a year.",
        note="MTBF is a rate turned over, not a life.",
    )


def _stress(a: Answer, i: Answer) -> Finding:
    failures = many(i["fails"], "failure")
    return Finding(
        f"With {failures} the failure rate in use is below {figure(a['fit'])} FIT with "
        f"{_confidence(a)} confidence.",
        note="A bound, not an estimate: without failures the rate is still not 0."
        if i["fails"] == 0
        else "",
    )


def _mtbf(a: Answer, i: Answer) -> Finding:
    point = (
        f"; the point estimate is {figure(a['mtbf_point'])} h"
        if a["mtbf_point"] is not None
        else "; without a failure there is no point estimate"
    )
    return Finding(
        f"The MTBF is at least {figure(a['mtbf_lower'])} h with {_confidence(a)} confidence"
        f"{point}.",
        note="MTBF is not life.",
    )


def _demo(a: Answer, i: Answer) -> Finding:
    devices = many(a["devices_for_1000h"], "device")
    return Finding(
        f"{formats.number(a['device_hours'], 0)} device-hours with at most "
        f"{many(i.get('allowed_failures', 0), 'failure')} show it: {devices} for 1,000 h."
    )


FINDINGS: dict[str, Teller] = {
    "capability": _capability,
    "ppk-bound": _bound("Ppk", "Ppk"),
    "cp-bound": _bound("Cp", "Cp"),
    "cpl-bound": _bound("An index of", "index"),
    "welch": _welch,
    "tost": _tost,
    "arrhenius": _arrhenius,
    "fit-conversions": _conversions,
    "htol-fit": _stress,
    "mtbf": _mtbf,
    "mtbf-demo": _demo,
}
