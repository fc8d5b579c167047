"""A sentence for each of the six figures: its basis."""

from __future__ import annotations

import datetime as dt

from qualification.economics.facts import CaseFacts
from secondsource.core.formats import change, day, money_exact, number, percent
from suppliers import price_facts


def sentences(facts: CaseFacts, kind: str, until: dt.date, *, rounded: bool) -> dict[str, str]:
    """The basis by figure; ``rounded`` names no price."""
    return {
        "saving": _SAVING[kind](facts, rounded),
        "one_time_cost": _cost(facts),
        "payback": "One-time cost ÷ saving of a month, not discounted.",
        "npv": (
            f"{facts.horizon_months} months to {day(until)} at {percent(facts.discount_rate, 1)} a"
            " year, each saving at its month's end."
        ),
        "exposure": _exposure(facts),
        "survival": _survival(facts),
    }


def _given(facts: CaseFacts, rounded: bool) -> str:
    told = "Entered by the team in place of the proposal."
    if facts.given_saving is None:
        return f"{told} There is no exchange rate for {facts.inputs.currency}."
    return told


def _offers(facts: CaseFacts, rounded: bool) -> str:
    prices = facts.incumbent_price.price, facts.candidate_price.price
    pieces = f"{number(facts.demand, 0)} {facts.candidate.part.unit} a year"
    rest = f"× {pieces} × {percent(facts.share)} share"
    if rounded:
        difference = change(price_facts.relative(prices[1], prices[0]))
        return f"The candidate's offer against the incumbent's ({difference}) {rest}."
    shown = " − ".join(money_exact(price, facts.currency) for price in prices)
    return f"({shown}) {rest}, by the best offers of {day(facts.day)}."


def _spend(facts: CaseFacts, rounded: bool) -> str:
    return (
        f"{percent(facts.saving_rate)} of the spend of 12 months, until incumbent and candidate"
        " both have a valid offer."
    )


def _unknown(facts: CaseFacts, rounded: bool) -> str:
    lacks = []
    if facts.incumbent is not None and facts.incumbent_price.price is None:
        lacks.append(f"no valid offer of {facts.incumbent.manufacturer_part.mpn}")
    if facts.candidate_price.price is None:
        lacks.append(f"no valid offer of {facts.candidate.manufacturer_part.mpn}")
    if facts.demand is None:
        lacks.append("no demand")
    if facts.spend is None:
        lacks.append("no spend")
    text = ", ".join(lacks) or "no incumbent to compare with"
    return f"Not known: {text} on record."


_SAVING = {"given": _given, "offers": _offers, "spend": _spend, "": _unknown}


def _cost(facts: CaseFacts) -> str:
    total = facts.planned
    if not total.kinds:
        return facts.inputs.no_cost_reason or "No cost is planned."
    if total.unknown:
        return f"There is no exchange rate for {', '.join(total.unknown)}."
    hours = f" with {number(total.hours)} working hours" if total.hours else ""
    kinds = len(total.kinds)
    return f"Planned costs of {kinds} {'kind' if kinds == 1 else 'kinds'}{hours}."


def _exposure(facts: CaseFacts) -> str:
    if facts.before is None or facts.before.lost is None or facts.after is None:
        return (
            facts.inputs.exposure_note
            or "Not known: stock, demand or an approved source is missing."
        )
    pieces = " → ".join(number(one.lost or 0, 0) for one in (facts.before, facts.after))
    told = f"{pieces} {facts.candidate.part.unit} missed until the first source is back"
    if facts.without_margin:
        return f"{told}; {', '.join(facts.without_margin[:3])} without margin on record."
    if facts.margin_wk is None:
        return f"{told}; no product with a volume uses the part."
    return f"{told}, at the margin of the {_products(facts.products)} built with them."


def _products(count: int) -> str:
    return "product" if count == 1 else f"{count} products"


def _survival(facts: CaseFacts) -> str:
    if facts.before is None:
        what = "stock" if facts.stock is None else "demand"
        return f"Not known: no {what} on record."
    told = f"Stock {number(facts.stock, 0)}, need {number(facts.per_week, 0)} a week"
    if facts.recovery_wk is None:
        return f"{told}; no other source is approved."
    return f"{told}; the first source is back after {number(facts.recovery_wk, 1)} weeks."
