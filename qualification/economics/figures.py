"""The six figures of a business case: saving, cost, payback, NPV, exposure, time to survive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from qualification import business_case
from qualification.economics import basis
from qualification.economics.facts import MONTHS, CaseFacts, Survival
from secondsource.core.calendar import add_months
from secondsource.core.errors import Reason
from secondsource.core.money import round_half_up, two_digits

#: Fields that rest on hidden prices and on hidden margins.
OF_PRICES = ("saving", "saving_basis", "payback_months", "pays_back", "npv")
OF_MARGINS = ("exposure_before", "exposure_after")
OF_COSTS = ("one_time_cost", "payback_months", "pays_back", "npv")


@dataclass(frozen=True, kw_only=True)
class CaseFigures:
    """The six figures of a day with their inputs and basis; None = not known.

    ``saving`` is of a year. ``pays_back`` is False if the saving never covers the cost.
    ``exposure_*`` is the margin lost while the first source is down, ``lost_*`` are the pieces.
    ``survival_*`` are weeks, at most the ``recovery_wk`` until the first source delivers again.
    ``basis`` is a sentence for each figure. The exposure covers ``products``.
    """

    day: dt.date
    currency: str
    saving: Decimal | None
    saving_basis: str
    one_time_cost: Decimal | None
    payback_months: Decimal | None
    pays_back: bool | None
    npv: Decimal | None
    exposure_before: Decimal | None
    exposure_after: Decimal | None
    lost_before: Decimal | None
    lost_after: Decimal | None
    survival_before: Decimal | None
    survival_after: Decimal | None
    recovery_wk: Decimal | None
    share: Decimal
    discount_rate: Decimal
    horizon_months: int
    effort_hours: Decimal
    products: int
    basis: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For a stored version."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: _plain(value) for name, value in values.items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> CaseFigures:
        """The figures of a stored version."""
        return cls(**{one.name: _typed(one.name, values[one.name]) for one in fields(cls)})

    def differs(self, other: CaseFigures) -> bool:
        """Whether one of the six figures is another, apart from the day and the basis."""
        return any(getattr(self, name) != getattr(other, name) for name in _COMPARED)


_COMPARED = (
    "currency", "saving", "one_time_cost", "payback_months", "npv", "exposure_before",
    "exposure_after", "survival_before", "survival_after",
)  # fmt: skip
_AS_THEY_ARE = {"currency", "saving_basis", "pays_back", "horizon_months", "products", "basis"}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(name: str, value: Any) -> Any:
    if value is None or name in _AS_THEY_ARE:
        return value
    return dt.date.fromisoformat(value) if name == "day" else Decimal(value)


def calculate(facts: CaseFacts, *, rounded: bool = False) -> CaseFigures:
    """The six figures; ``rounded`` for readers without prices or margins."""
    if rounded:
        facts = facts.in_two_digits()
    saving, kind = expected_saving(facts)
    saving = _shown(saving, rounded=rounded)
    cost = one_time_cost(facts)
    months, pays_back = _payback(cost, saving)
    return CaseFigures(
        day=facts.day,
        currency=facts.currency,
        saving=saving,
        saving_basis=kind,
        one_time_cost=cost,
        payback_months=months,
        pays_back=pays_back,
        npv=_shown(_npv(facts, cost, saving), rounded=rounded),
        exposure_before=_shown(_exposure(facts, facts.before), rounded=rounded),
        exposure_after=_shown(_exposure(facts, facts.after), rounded=rounded),
        lost_before=_lost(facts.before),
        lost_after=_lost(facts.after),
        survival_before=_weeks(facts, facts.before),
        survival_after=_weeks(facts, facts.after),
        recovery_wk=_one_place(facts.recovery_wk),
        share=facts.share,
        discount_rate=facts.discount_rate,
        horizon_months=facts.horizon_months,
        effort_hours=facts.planned.hours,
        products=facts.products,
        basis=basis.sentences(facts, kind, until(facts), rounded=rounded),
    )


def expected_saving(facts: CaseFacts) -> tuple[Decimal | None, str]:
    """The saving of a year and its basis: ``given``, ``offers``, ``spend`` or '' if not known."""
    if facts.inputs.saving_per_year is not None:
        return facts.given_saving, "given"
    if facts.unit_saving is not None and facts.demand is not None:
        return facts.unit_saving * facts.demand * facts.share, "offers"
    if facts.spend is not None and facts.incumbent is not None:
        return facts.spend * facts.saving_rate, "spend"
    return None, ""


def one_time_cost(facts: CaseFacts) -> Decimal | None:
    """The planned cost; 0 only where somebody said why there is none."""
    if not facts.planned.kinds:
        return Decimal(0) if facts.inputs.no_cost_reason else None
    total = facts.planned.amount
    return None if total is None else round_half_up(total)


def until(facts: CaseFacts) -> dt.date:
    """The last day of the horizon. A year after 29 February ends on 28 February."""
    return add_months(facts.day, facts.horizon_months)


def missing(facts: CaseFacts) -> list[Reason]:
    """Every reason why a sponsor could not sign on these facts."""
    return [reason for reason in (_cost_reason(facts), _saving_reason(facts),
                                  _exposure_reason(facts)) if reason]  # fmt: skip


def _saving_reason(facts: CaseFacts) -> Reason | None:
    saving, _ = expected_saving(facts)
    if saving is not None:
        return None
    if facts.inputs.saving_per_year is not None:
        detail = f"No exchange rate turns the saving in {facts.inputs.currency} into"
        return Reason("no_rate", f"{detail} {facts.currency}.", "Enter it in another currency.")
    return Reason(
        "saving_unknown",
        "The expected saving is not known: its offers, demand or spend are missing.",
        "Enter the saving of a year, or the offers.",
    )


def _cost_reason(facts: CaseFacts) -> Reason | None:
    if one_time_cost(facts) is not None:
        return None
    if facts.planned.unknown:
        codes = ", ".join(facts.planned.unknown)
        detail = f"No exchange rate turns costs in {codes} into {facts.currency}."
        return Reason("no_rate", detail, "Plan them in another currency, or add the rate.")
    return Reason(
        "no_costs", "No one-time cost is planned.", "Plan the costs, or say why there are none."
    )


def _exposure_reason(facts: CaseFacts) -> Reason | None:
    if _lost(facts.before) is not None or facts.inputs.exposure_note:
        return None
    return Reason(
        "exposure_unknown",
        "The exposure is not known: stock, demand or an approved source is missing.",
        "Add them on the part's page, or describe the exposure.",
    )


def _shown(amount: Decimal | None, *, rounded: bool) -> Decimal | None:
    """To the cent, or to two significant digits."""
    if amount is None:
        return None
    return round_half_up(two_digits(amount) if rounded else amount)


def _payback(cost: Decimal | None, saving: Decimal | None) -> tuple[Decimal | None, bool | None]:
    if cost is None or saving is None:
        return None, None
    if cost == 0:
        return Decimal(0), True
    months = business_case.payback_months(
        one_time_cost=float(cost), net_saving_per_month=float(saving / MONTHS)
    )
    return (None, False) if months is None else (_one_place(months), True)


def _npv(facts: CaseFacts, cost: Decimal | None, saving: Decimal | None) -> Decimal | None:
    if cost is None or saving is None:
        return None
    found = business_case.monthly_value(
        cost=float(cost),
        monthly=float(saving / MONTHS),
        months=facts.horizon_months,
        annual_rate=float(facts.discount_rate),
    )
    return Decimal(str(found.npv))


def _exposure(facts: CaseFacts, found: Survival | None) -> Decimal | None:
    """Margin of the weeks in which pieces are lost."""
    if found is None or found.lost is None or facts.margin_wk is None or not facts.per_week:
        return None
    weeks = Decimal(str(found.lost)) / facts.per_week
    return weeks * facts.margin_wk


def _lost(found: Survival | None) -> Decimal | None:
    if found is None or found.lost is None:
        return None
    return round_half_up(Decimal(str(found.lost)), 0)


def _weeks(facts: CaseFacts, found: Survival | None) -> Decimal | None:
    if found is None:
        return None
    known = [weeks for weeks in (found.weeks, facts.recovery_wk) if weeks is not None]
    return _one_place(min(known, default=None))


def _one_place(value: float | None) -> Decimal | None:
    return None if value is None else round_half_up(Decimal(str(value)), 1)
