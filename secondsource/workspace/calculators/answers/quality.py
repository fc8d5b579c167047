"""Findings of failure modes, part approval, component qualification and the scorecard."""

from __future__ import annotations

from collections import Counter

from secondsource.core import formats
from secondsource.workspace.calculators.answers.findings import NOT_ENOUGH, Finding, Teller
from secondsource.workspace.calculators.answers.words import (
    Answer,
    date,
    figure,
    many,
    pct,
    per_cent,
    word,
)

_PRIORITY = {
    "H": ("bad", "High: define an action, or record why the controls are adequate."),
    "M": ("warn", "Medium: an action should be taken, or the reason why not recorded."),
    "L": ("good", "Low: an action could be taken."),
}


def _priority(a: Answer, i: Answer) -> Finding:
    tone, text = _PRIORITY[a["action_priority"]]
    note = "A priority for action, not a level of accepted risk."
    if "revised" not in a:
        return Finding(text, tone, note)
    after = a["revised"]["action_priority"]
    if a["severity_changed"]:
        note = "Severity moved: only a change of the design or the chain of effects may do that."
    return Finding(f"{text} After the action: {after}.", tone, note)


def _elements(a: Answer, i: Answer) -> Finding:
    parts = [
        f"{many(a['count_S'], 'element')} to submit",
        f"{formats.number(a['count_R'])} to retain",
    ]
    if a["count_star"]:
        parts.append(f"{formats.number(a['count_star'])} on request, as the customer defines")
    return Finding(f"Level {i['level']}: {', '.join(parts)}.")


_COUNTED = {
    "accept": "acceptable",
    "conditional": "conditional, ask the customer",
    "reject": "not acceptable",
    "inside": "inside the band",
    "below": "below the band",
    "above": "above the band",
}


def counted(good: str) -> Teller:
    """Counts the words of a list of verdicts; all of the good one is good."""

    def tell(a: Answer, i: Answer) -> Finding:
        found: Counter[str] = Counter(a["value"])
        text = ", ".join(f"{n} {_COUNTED.get(name, word(name))}" for name, n in found.items())
        return Finding(f"{text[:1].upper()}{text[1:]}.", "good" if set(found) == {good} else "warn")

    return tell


def _declarations(a: Answer, i: Answer) -> Finding:
    names = [name for name, value in a.items() if isinstance(value, list)]
    over = [n for n in names if "exceeds" in a[n]]
    duty = [n for n in names if "art33_duty" in a[n]]
    told = [f"{', '.join(over)} above the RoHS limit" if over else "",
            "the supplier must tell about an SVHC (REACH Art. 33)" if duty else ""]  # fmt: skip
    text = "; ".join(part for part in told if part)
    if not text:
        return Finding("Every value complies; a limit that is just met complies.", "good")
    return Finding(f"{text[:1].upper()}{text[1:]}.", "bad" if over else "warn")


def _last_buy(a: Answer, i: Answer) -> Finding:
    if a["qty"] == 0:
        return Finding("Nothing to buy: stock and open orders cover the rest.", "good")
    return Finding(
        f"Buy {many(a['qty'], 'unit')} to cover {figure(i['months'])} months at a service level "
        f"of {pct(a['method']['confidence'])}."
    )


def _floor_life(a: Answer, i: Answer) -> Finding:
    return Finding("Hours out of the dry bag at 30 °C and 60 % relative humidity.")


def _floor_left(a: Answer, i: Answer) -> Finding:
    if a["must_bake"]:
        over = f" {figure(a['overrun_h'])} h over." if a["overrun_h"] else ""
        return Finding(f"Bake before use: the floor life is used up.{over}", "bad")
    if a["remaining_h"] is None:
        return Finding("Unlimited: this level needs no dry bag.", "good")
    return Finding(f"{figure(a['remaining_h'])} h are left before the parts must be baked.", "good")


def _change(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"Answer by {date(a['ack_due'])}; changed product not before "
        f"{date(a['earliest_first_ship_of_changed'])}.",
        note="Without an answer in time the change counts as accepted (J-STD-046).",
    )


def _discontinuance(a: Answer, i: Answer) -> Finding:
    short = [
        f"the {what} is {many(a[name], 'day')} too early"
        for what, name in (
            ("last-time buy", "ltb_days_short"),
            ("last shipment", "lts_days_short"),
        )
        if a[name]
    ]
    if short:
        text = " and ".join(short)
        return Finding(f"{text[:1].upper()}{text[1:]}: ask for more time.", "bad")
    if a["ltb_ok"] is None and a["lts_ok"] is None:
        return Finding(
            f"Last-time buy not before {date(a['earliest_last_time_buy'])}, last shipment not "
            f"before {date(a['earliest_last_time_ship'])}."
        )
    return Finding("The notice leaves the time that the standard asks for.", "good")


def _dppm(a: Answer, i: Answer) -> Finding:
    if not a["enough"]:
        return Finding("No data: nothing was received, which is not 0 defects.", NOT_ENOUGH)
    if not i["defective"]:
        return Finding(
            f"No defect among {formats.number(i['received'])}: with 95 % one-sided confidence not "
            f"above {figure(a['upper95_one_sided'])} a million.",
            note="The bound is all that the quantity shows; no defect is not 0 a million.",
        )
    return Finding(
        f"{figure(a['dppm'])} defective a million; with 95 % one-sided confidence not above "
        f"{figure(a['upper95_one_sided'])}."
    )


def _acceptance(a: Answer, i: Answer) -> Finding:
    if a["lar_pct"] is None:
        return Finding("No data: no lot was inspected.", NOT_ENOUGH)
    return Finding(f"{per_cent(a['lar_pct'])} of {many(i['inspected'], 'lot')} were accepted.")


def _delivery(a: Answer, i: Answer) -> Finding:
    if a["otd"] is None:
        return Finding("No data: no line is due yet.", NOT_ENOUGH)
    return Finding(
        f"{pct(a['otd'], 1)} of {many(a['due_lines'], 'line')} on time, {pct(a['otif'], 1)} on "
        "time and in full.",
        note="Open lines past their date count as late.",
    )


def _standing(a: Answer, i: Answer) -> Finding:
    last, hold = a["value"][-1], a["hold"][-1]
    moved = next((n for n, v in enumerate(a["value"], 1) if v != i["start"]), None)
    text = f"{last.capitalize()} after {many(len(a['value']), 'month')}"
    text += f", first moved in month {moved}." if moved else ", not moved."
    return Finding(
        f"{text} Orders are on hold." if hold else text,
        "bad"
        if hold or last in ("phase-out", "disqualified")
        else "warn"
        if last == "probation"
        else "",
    )


def _score(a: Answer, i: Answer) -> Finding:
    if a["total"] is None:
        return Finding("No data: no category has a score.", NOT_ENOUGH)
    missing = "" if a["coverage"] > 0.999 else " The missing categories are left out, not 0."
    return Finding(
        f"{figure(a['total'])} of 100, from {pct(a['coverage'], 0)} of the weights.{missing}"
    )


def _freight(a: Answer, i: Answer) -> Finding:
    part = "with the fuel's upstream part" if a["scope"] == "wtw" else "direct"
    return Finding(f"{figure(a['kg'])} kg CO₂e, {part}.")


def _distance(a: Answer, i: Answer) -> Finding:
    return Finding(f"{figure(a['km'], 0)} km over the Earth's surface.")


def _footprint(a: Answer, i: Answer) -> Finding:
    return Finding(f"{figure(a['kg_per_unit'])} kg CO₂e a unit on our dock.")


FINDINGS: dict[str, Teller] = {
    "action-priority": _priority,
    "ppap-elements": _elements,
    "process-index": counted("accept"),
    "production-run": counted("ok"),
    "declarations": _declarations,
    "last-time-buy": _last_buy,
    "msl-floor-life": _floor_life,
    "msl-remaining": _floor_left,
    "pcn-timeline": _change,
    "pdn-timeline": _discontinuance,
    "dppm": _dppm,
    "lot-acceptance": _acceptance,
    "otd-otif": _delivery,
    "standing": _standing,
    "supplier-score": _score,
    "freight": _freight,
    "haversine": _distance,
    "pcf": _footprint,
    "rba-recognition": counted("platinum"),
}
