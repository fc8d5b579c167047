"""What a reader sees of the figures of a business case, and of its costs."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from qualification.economics.facts import CaseFacts, read
from qualification.economics.figures import (
    OF_COSTS,
    OF_MARGINS,
    OF_PRICES,
    CaseFigures,
    calculate,
)
from qualification.models import BusinessCase, BusinessCaseVersion, Case
from qualification.rules import in_team
from secondsource.accounts.visibility import sees
from secondsource.core.actors import Actor
from secondsource.core.money import two_digits


@dataclass(frozen=True)
class Sight:
    """What a reader sees: sums of money, their exact value, margins, project cost."""

    sums: bool
    prices: bool
    margins: bool
    costs: bool


def sight(actor: Actor, case: Case) -> Sight:
    """Project cost is seen by everybody with prices and by the case's own people."""
    sums, prices = sees(actor, "exposure"), sees(actor, "prices")
    own = actor.user is not None and in_team(actor.user, case)
    return Sight(sums, prices, sees(actor, "margins"), costs=sums and (prices or own))


def sees_costs(actor: Actor, case: Case) -> bool:
    """Whether the reader sees planned and actual cost of this case."""
    return sight(actor, case).costs


@dataclass(frozen=True)
class SeenFigures:
    """Figures as a reader sees them; ``hidden`` names the fields that are left out."""

    figures: CaseFigures
    hidden: frozenset[str]
    rounded: bool


def seen(exact: CaseFigures, rounded: CaseFigures, view: Sight) -> SeenFigures:
    """The figures of this reader.

    An exposure over a single product is its margin, so it is hidden from readers without margins.
    """
    found = exact if view.prices else rounded
    margins = exact if view.margins else rounded
    margin_fields: dict[str, Any] = {name: getattr(margins, name) for name in OF_MARGINS}
    found = replace(found, **margin_fields)
    hidden: set[str] = set()
    if not view.sums:
        hidden |= {*OF_PRICES, *OF_MARGINS, *OF_COSTS}
    if not view.margins and exact.products < 2:
        hidden |= {*OF_MARGINS}
    if not view.costs:
        hidden |= {*OF_COSTS, "effort_hours"}
    nothing: dict[str, Any] = {name: _NOTHING.get(name) for name in hidden}
    found = replace(found, **nothing)
    kept = {name: text for name, text in found.basis.items() if not _about(name) & hidden}
    return SeenFigures(replace(found, basis=kept), frozenset(hidden), not view.prices)


_NOTHING: dict[str, Any] = {"saving_basis": "", "effort_hours": 0}
#: The basis of a figure → the field that it explains. The exposure's basis names pieces alone.
_FIELD_OF = {"saving": "saving", "one_time_cost": "one_time_cost", "npv": "npv",
             "payback": "payback_months"}  # fmt: skip


def _about(name: str) -> set[str]:
    return {_FIELD_OF[name]} if name in _FIELD_OF else set()


def today(facts: CaseFacts, view: Sight) -> SeenFigures:
    """Today's figures for a reader."""
    exact, rounded = calculate(facts), calculate(facts, rounded=True)
    return seen(exact, rounded, view)


def version(stored: BusinessCaseVersion, view: Sight) -> SeenFigures:
    """The figures of a signed version for a reader.

    Versions of earlier releases kept a saving that was entered as it was; it is rounded here too.
    """
    exact, rounded = (CaseFigures.from_json(one) for one in (stored.exact, stored.rounded))
    saving, npv = _two_digits(rounded.saving), _two_digits(rounded.npv)
    return seen(exact, replace(rounded, saving=saving, npv=npv), view)


def inputs(row: BusinessCase, actor: Actor) -> BusinessCase:
    """The inputs as an actor sees them: without prices the saving has two digits."""
    if sees(actor, "prices"):
        return row
    shown = copy.copy(row)
    shown.saving_per_year = _two_digits(row.saving_per_year)
    return shown


def _two_digits(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else two_digits(amount)


def for_actor(case: Case, actor: Actor) -> SeenFigures:
    """Today's figures of a case for an actor."""
    return today(read(case), sight(actor, case))
