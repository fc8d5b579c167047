"""Total cost of ownership of one unit. Compare sources at one Incoterm, currency date and volume.

The composition is our own: price + freight + duty + carrying + quality + qualification + risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from secondsource.core import inputs
from secondsource.core.money import PRICE_PLACES, round_half_up
from secondsource.core.provenance import Method

DutyBasis = Literal["cif", "fob"]
MOST_PRICE = Decimal("1e9")


@dataclass(frozen=True, kw_only=True)
class TotalCost:
    """Cost of one unit and its parts, in the currency of the inputs, to six places.

    ``tco`` is rounded from the exact sum and can differ from the sum of the parts by some
    millionths.
    """

    price: Decimal
    freight: Decimal
    duty: Decimal
    carrying: Decimal
    quality: Decimal
    qualification: Decimal
    risk: Decimal
    tco: Decimal
    method: Method


def total_cost(
    *,
    price: Decimal,
    freight: Decimal = Decimal(0),
    duty_rate: Decimal = Decimal(0),
    duty_basis: DutyBasis = "cif",
    carry_rate: Decimal = Decimal(0),
    days_held: int = 0,
    quality_cost_rate: Decimal = Decimal(0),
    qualification_cost: Decimal = Decimal(0),
    amortise_units: int | None = None,
    risk_premium: Decimal = Decimal(0),
) -> TotalCost:
    """The total cost of a unit from price, freight and rates.

    Duty on price + freight (``cif``, European Union) or price (``fob``, United States); carrying on
    price + freight + duty for ``days_held`` of 365; quality (inspection, scrap, rework, field) as a
    rate on the price; qualification spread over ``amortise_units``. Rates are fractions, 0 to 10.
    """
    price = _amount("price", price)
    freight = _amount("freight", freight)
    cif = inputs.choice("duty_basis", duty_basis, ("cif", "fob")) == "cif"
    duty = _rate("duty_rate", duty_rate) * (price + freight if cif else price)
    days = inputs.integer("days_held", days_held, high=3650)
    carrying = _rate("carry_rate", carry_rate) * (price + freight + duty) * days / 365
    quality = _rate("quality_cost_rate", quality_cost_rate) * price
    qualification = _amortised(qualification_cost, amortise_units)
    risk = _amount("risk_premium", risk_premium)
    total = price + freight + duty + carrying + quality + qualification + risk
    return TotalCost(
        price=price,
        freight=freight,
        duty=round_half_up(duty, PRICE_PLACES),
        carrying=round_half_up(carrying, PRICE_PLACES),
        quality=round_half_up(quality, PRICE_PLACES),
        qualification=round_half_up(qualification, PRICE_PLACES),
        risk=risk,
        tco=round_half_up(total, PRICE_PLACES),
        method=Method(name=f"Unit cost sum, duty on {duty_basis.upper()}", design_choice=True),
    )


def _amount(field: str, value: Decimal) -> Decimal:
    return inputs.decimal(field, value, low=0, high=MOST_PRICE)


def _rate(field: str, value: Decimal) -> Decimal:
    return inputs.decimal(field, value, low=0, high=10)


def _amortised(cost: Decimal, units: int | None) -> Decimal:
    cost = inputs.decimal("qualification_cost", cost, low=0, high=Decimal("1e12"))
    if units is None:
        if cost:
            inputs.refuse("amortise_units", "missing", "must be given with a qualification cost")
        return Decimal(0)
    return cost / inputs.integer("amortise_units", units, low=1)
