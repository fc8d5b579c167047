"""Findings of money, incentives and supply risk."""

from __future__ import annotations

from typing import Any

from secondsource.core import formats
from secondsource.workspace.calculators.answers.findings import NOT_ENOUGH, Finding, Teller
from secondsource.workspace.calculators.answers.quality import counted
from secondsource.workspace.calculators.answers.words import (
    Answer,
    beside,
    figure,
    many,
    money,
    pct,
    per_cent,
    whole,
)

_PER_CENT = f"{formats.THIN_SPACE}%"


def _joint(a: Answer, i: Answer) -> Finding:
    if a["reduction_factor"] is None:
        return Finding("A source that never fails cannot be made better.")
    gain = a["reduction_factor"]
    text = f"Both are down with {pct(a['p_both_down'])}"
    if gain < 1.05:
        return Finding(f"{text}: the second source gains nothing.", "bad")
    return Finding(f"{text}, {figure(gain)} times rarer than one source alone.")


def _composite(a: Answer, i: Answer) -> Finding:
    if a["veto"]:
        return Finding("High by veto: single source and its discontinuance is announced.", "bad")
    if a["score"] is None:
        return Finding(
            f"Not rated: only {pct(a['coverage'], 0)} of the weights are known.",
            NOT_ENOUGH,
            "Further factors would decide it; a missing one is not 0.",
        )
    tone = {"high": "bad", "medium": "warn", "low": "good"}[a["band"]]
    values = (a.get("policy") or {}).get("values", {})
    edges = [values[name] for name in ("medium_from", "high_from") if name in values]
    score = max([figure(a["score"]), *(beside(a["score"], edge)[0] for edge in edges)], key=len)
    return Finding(f"{score} of 100: {a['band']}.", tone)


def _hhi(a: Answer, i: Answer) -> Finding:
    single = a["hhi"] >= 9999
    equal = figure(a["effective_n"])
    return Finding(
        f"HHI {figure(a['hhi'], 0)}: as good as {equal} equal source{'' if equal == '1' else 's'}.",
        "bad" if single else "",
        "At its worst level all volume hangs on one." if single else "Read it as a trend.",
    )


def _lead_time(a: Answer, i: Answer) -> Finding:
    text = (
        f"The first of two orders arrives after {figure(a['E_first'], 1)} days on average, the "
        f"full kit after {figure(a['E_last'], 1)}; one source alone takes "
        f"{figure(a['mean_incumbent'], 1)}."
    )
    return Finding(text, note="The first lot helps only if it is big enough.")


def _safety_stock(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"Keep {many(round(a['ss']), 'unit')} of safety stock and reorder at "
        f"{whole(a['reorder_point'])}.",
        note="For a cycle service level, which is not a fill rate.",
    )


def _impact(a: Answer, i: Answer) -> Finding:
    if a["performance_impact"] == 0:
        return Finding("Nothing is lost until recovery.", "good")
    return Finding(f"{money(a['performance_impact'])} of margin are lost until recovery.", "bad")


def _rei(a: Answer, i: Answer) -> Finding:
    worst = max(a["PI"], key=lambda name: a["PI"][name])
    if not a["PI"][worst]:
        return Finding("No node loses anything: each survives until it recovers.", "good")
    return Finding(
        f"{worst} hurts most: {money(a['PI'][worst])} of margin.",
        note="Suppliers state the time to recover too short; look at ±30 %.",
    )


def _survive(a: Answer, i: Answer) -> Finding:
    if a["TTS_wk"] is None:
        return Finding("The stock never runs out: the alternate carries the demand.", "good")
    if a["at_risk"] is None:
        text = f"The line runs for {figure(a['TTS_wk'])} weeks."
        return Finding(text, note="Give the time to recover to see what is lost.")
    lasts, recovery = beside(a["TTS_wk"], i["TTR_wk"])
    text = f"The line runs for {lasts} weeks"
    if a["at_risk"]:
        lost = formats.apart(a["lost_units"], 0, formats.number, 0)[0]
        return Finding(
            f"{text}, recovery takes {recovery}: {lost} units are lost.",
            "bad",
        )
    return Finding(f"{text}, longer than recovery takes.", "good")


def _avoidance(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"Hard saving {money(a['hard'], i)}; avoidance {money(a['avoidance'], i)}, apart.",
        note="The two are never added, and only the hard saving can feed a pool.",
    )


def _fx(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"The price saved {formats.money(a['price_saving_eur'], 'EUR', 2)}, the currency "
        f"{formats.money(a['fx_effect_eur'], 'EUR', 2)}; together "
        f"{formats.money(a['total_eur'], 'EUR', 2)}."
    )


def _reduction(a: Answer, i: Answer) -> Finding:
    target = (a.get("policy") or {}).get("values", {}).get("cost_reduction_pct", "5")
    met = "meets" if a["target_5_met"] else "misses"
    saved, wanted = beside(a["pct"], target)
    return Finding(
        f"{saved}{_PER_CENT} less at the same volume and mix: {met} the target of "
        f"{wanted}{_PER_CENT}.",
        "good" if a["target_5_met"] else "warn",
    )


def _variance(a: Answer, i: Answer) -> Finding:
    tone = "good" if a["favourable"] else ""
    told = "favourable" if a["favourable"] else "not favourable"
    return Finding(f"{money(a['ppv'], i)} against standard, {told}.", tone)


def _realised(a: Answer, i: Answer) -> Finding:
    text = f"Receipts brought {money(a['realised'], i)}"
    if a["realisation_pct"] is None:
        return Finding(f"{text}; the forecast saves nothing.")
    return Finding(
        f"{text}, {per_cent(a['realisation_pct'])} of the forecast of {money(a['annualised'], i)}.",
        note="No bonus is paid on a forecast.",
    )


def _split(a: Answer, i: Answer) -> Finding:
    text = f"{money(a['total'], i)} saved, {per_cent(a['pct'])}."
    if a["in_5_15_band"]:
        return Finding(text)
    return Finding(text, "warn", "Outside the usual band: reviewed, not refused.")


def _npv(a: Answer, i: Answer) -> Finding:
    back = a["discounted_payback_years"]
    told = "never paid back" if back is None else f"paid back after {figure(back)} years"
    worth = "Worth it" if a["npv"] > 0 else "Not worth it"
    return Finding(
        f"{worth}: {money(float(a['npv']))} today, {told}.", "good" if a["npv"] > 0 else "bad"
    )


def _npv_monthly(a: Answer, i: Answer) -> Finding:
    worth = "Worth it" if a["npv"] > 0 else "Not worth it"
    return Finding(f"{worth}: {money(float(a['npv']))} today.", "good" if a["npv"] > 0 else "bad")


def _payback(a: Answer, i: Answer) -> Finding:
    if a["months"] is None:
        return Finding("Never: nothing is saved.", "bad")
    return Finding(f"Paid back after {figure(a['months'])} months.")


def _order(a: Answer, i: Answer) -> Finding:
    text = f"Order {whole(a['order_qty'])} for {money(a['cost'], i)}"
    extra = f", {whole(a['excess'])} more than needed." if a["excess"] else "."
    return Finding(f"{text} at {money(a['unit_price'], i)}{extra}")


def _sourcing(a: Answer, i: Answer) -> Finding:
    parts = ", ".join(f"{whole(x)} from source {n}" for n, x in enumerate(a["x"], 1))
    return Finding(f"Least cost {money(a['cost'])}: {parts}.")


def _tco(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"A unit costs {money(a['tco'], i)}, the price being {money(_bare(i['price']), i)}."
    )


def _bare(value: object) -> object:
    return value["amount"] if isinstance(value, dict) else value


def _pool(a: Answer, i: Answer) -> Finding:
    if formats.is_missing(a["pool"]) or float(a["pool"]) == 0:
        carried = float(a["carried_forward"])
        if carried:
            return Finding(
                f"No pool: {money(a['carried_forward'], i)} are carried forward.", "warn"
            )
        return Finding("No pool: nothing was saved, or less than nothing.", "warn")
    held = f", {money(a['held'], i)} held back" if float(a["held"]) else ""
    return Finding(f"The pool is {money(a['pool'], i)}{held}; its parts sum to the cent.")


def _clawback(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"{money(a['clawback'], i)} come back; the pool on corrected savings is "
        f"{money(a['new_pool'], i)}.",
        note="Netted against later payouts; nobody falls below zero without consent.",
    )


def _kpi(a: Answer, i: Answer) -> Finding:
    if a["met"]:
        return Finding("Both targets are met: 100 %.", "good")
    targets = i.get("target") or _targets(a)
    cost = beside(i["material_cost_reduction_pct"], targets[1])
    return Finding(
        f"The team is at {pct(a['team'])}, not met: {formats.number(i['conversions'])} of "
        f"{many(targets[0], 'conversion')}, cost {cost[0]} of {cost[1]}{_PER_CENT} lower.",
        "warn",
    )


def _targets(a: Answer) -> tuple[Any, Any]:
    values = a["policy"]["values"]
    return values["conversions"], values["cost_reduction_pct"]


FINDINGS: dict[str, Teller] = {
    "beta-factor": _joint,
    "composite-risk": _composite,
    "hhi": _hhi,
    "lead-time": _lead_time,
    "safety-stock": _safety_stock,
    "performance-impact": _impact,
    "rei": _rei,
    "time-to-survive": _survive,
    "cost-avoidance": _avoidance,
    "fx-split": _fx,
    "material-cost-reduction": _reduction,
    "ppv": _variance,
    "realised-savings": _realised,
    "savings-band": counted("inside"),
    "savings-split": _split,
    "npv": _npv,
    "npv-monthly": _npv_monthly,
    "payback": _payback,
    "price-break": _order,
    "sourcing-split": _sourcing,
    "tco": _tco,
    "bonus-pool": _pool,
    "clawback": _clawback,
    "shared-kpi": _kpi,
}
