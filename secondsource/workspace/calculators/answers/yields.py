"""Findings of sample sizes, yields and the pilot verdict."""

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
    figure,
    many,
    p_value,
    pct,
    points,
)


def _success_run(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"Test {many(a['n'], 'unit')} without a failure to show a reliability of {pct(i['R'])} "
        f"with {pct(i['C'])} confidence.",
        note="One failure on the way, and this plan has shown nothing.",
    )


def _plan(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"Test {many(a['n'], 'unit')}: with up to {many(i['allowed_failures'], 'failure')} they "
        f"show a reliability of {pct(i['R'])} with {pct(i['C'])} confidence."
    )


def _size(a: Answer, i: Answer) -> Finding:
    return Finding(
        f"Build {many(a['n'], 'new unit')} against {many(a['n_incumbent'], 'incumbent unit')} to "
        f"show that a yield of {pct(i['p_both'])} is not worse by "
        f"{points(i['margin']).lstrip('+')}."
    )


def _zero_failure(a: Answer, i: Answer) -> Finding:
    confidence = pct(a["method"]["confidence"])
    return Finding(
        f"{many(i.get('fails', 0), 'failure')} in {many(i['n'], 'unit')} show a failure "
        f"probability below {pct(a['p_upper'])} with {confidence} confidence, "
        f"{figure(a['dppm'])} a million.",
        note="This bound is all that the sample shows; no failure is not 0 a million.",
    )


def _interval(a: Answer, i: Answer) -> Finding:
    low, high = a["two_sided"]
    return Finding(
        f"{formats.number(i['pass'])} of {formats.number(i['n'])} good is {pct(a['point'])}; the "
        f"true yield lies between {pct(low)} and {pct(high)}, and at least at "
        f"{pct(a['one_sided_lower_95'])} with 95 % one-sided confidence."
    )


def _fisher(a: Answer, i: Answer) -> Finding:
    p = a["p_two_sided"]
    if p < LEVEL:
        return Finding(f"The failure counts differ: {chance(p)}, {BELOW}.", "warn")
    return Finding(
        f"A difference is not shown: {chance(p)}, {ABOVE}.",
        note="That is no proof that they are equal.",
    )


def _two_proportion(a: Answer, i: Answer) -> Finding:
    if not a["enough"]:
        return Finding(
            "Not enough data: no unit failed, or none was good, so nothing can be compared.",
            NOT_ENOUGH,
            "Units of both kinds would decide it.",
        )
    p = a["p_two_sided"]
    if p < LEVEL:
        return Finding(f"The yields differ: z {figure(a['z'])}, {chance(p)}, {BELOW}.", "warn")
    return Finding(
        f"A difference is not shown: z {figure(a['z'])}, {chance(p)}, {ABOVE}.",
        note="That is no proof that the yields are the same; ask for non-inferiority.",
    )


def _noninferiority(a: Answer, i: Answer) -> Finding:
    values = {**(a.get("policy") or {}).get("values", {}), **i}
    margin, p = points(values["margin"]), p_value(a["p_one_sided"], values.get("alpha"))
    if a["noninferior"]:
        return Finding(
            f"Shown: the new yield is less than {margin.lstrip('+')} below the incumbent's "
            f"(z {figure(a['z'])}, p {p}).",
            "good",
        )
    return Finding(
        f"Not shown that the new yield is less than {margin.lstrip('+')} below the incumbent's "
        f"(z {figure(a['z'])}, p {p}).",
        NOT_ENOUGH,
        "More units, or a margin that was wider from the start, would decide it.",
    )


def _difference(low: str, high: str, middle: str) -> Teller:
    def tell(a: Answer, i: Answer) -> Finding:
        lowest, margin = points(a[low]), ""
        if a["noninferior"] is not None:
            lowest, margin = formats.apart(a[low], -i["margin"], points, 2)
            margin = margin.lstrip(formats.MINUS)
        between = f"between {lowest} and {points(a[high])}"
        text = f"New less incumbent: {points(a[middle])}, {between}."
        if a["noninferior"] is None:
            return Finding(text)
        if a["noninferior"]:
            return Finding(f"{text} Not worse by {margin}.", "good")
        return Finding(f"{text} Not worse by {margin} is not shown.", NOT_ENOUGH)

    return tell


def _stratified(a: Answer, i: Answer) -> Finding:
    if a["se_sato"] is None or a["lower"] is None:
        return Finding(
            "Not enough data: an arm has no failure in any model, so the variance proves nothing.",
            NOT_ENOUGH,
            "The pilot verdict then takes Farrington–Manning on the summed counts.",
        )
    crude = points(a["pooled_naive_rd"])
    found = _difference("lower", "upper", "rd")(a, i)
    return Finding(found.text, found.tone, f"Thrown together without models it would be {crude}.")


def _common(a: Answer, i: Answer) -> Finding:
    if a["chi2_no_corr"] is None:
        return Finding(
            "Not enough data: no model has both good and failed units in it.", NOT_ENOUGH
        )
    p = a["p_homogeneity"]
    least = a["policy"]["values"]["heterogeneity_p"]
    apart = p is not None and p < least
    pooled = "Do not pool the models" if apart else "The models may be pooled"
    than = f"below {figure(least)}" if apart else f"not below {figure(least)}"
    told = "" if p is None else f" (p {p_value(p, least)} that they share one effect, {than})"
    known = a["p_no_corr"] < LEVEL
    effect = (
        f"differs ({chance(a['p_no_corr'])}, {BELOW})"
        if known
        else (f"is not shown to differ ({chance(a['p_no_corr'])}, {ABOVE})")
    )
    return Finding(f"{pooled}{told}; within them the new source {effect}.", "warn" if apart else "")


_VERDICTS = {
    "pass": ("good", "Pass: every model reaches its floor."),
    "fail": ("bad", "Fail."),
    "not_enough_data": (NOT_ENOUGH, "Not enough data."),
}


def _pilot(a: Answer, i: Answer) -> Finding:
    tone, text = _VERDICTS[a["verdict"]]
    needs = [
        f"{m['model']} needs {many(m['good_units_to_decide'], 'more good unit')}"
        for m in a["models"]
        if m["good_units_to_decide"]
    ]
    if a["verdict"] == "not_enough_data" and needs:
        text += f" {', '.join(needs)}."
    return Finding(text, tone, " ".join(a["reasons"]))


FINDINGS: dict[str, Teller] = {
    "success-run": _success_run,
    "binomial-plan": _plan,
    "noninferiority-size": _size,
    "zero-failure-bound": _zero_failure,
    "clopper-pearson": _interval,
    "fisher-exact": _fisher,
    "two-proportion-z": _two_proportion,
    "farrington-manning": _noninferiority,
    "newcombe": _difference("lower", "upper", "difference"),
    "mh-risk-difference": _stratified,
    "cmh": _common,
    "pilot-verdict": _pilot,
}
