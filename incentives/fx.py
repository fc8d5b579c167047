"""Exchange rates: savings at the budget rate, apart from the effect of the currency.

A rate is units of the foreign currency for one of the base currency (quote per base). Amounts are
rounded after the conversion, and two currencies are never summed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from secondsource.core import inputs
from secondsource.core.money import round_half_up
from secondsource.core.provenance import Method

MOST_PRICE = Decimal("1e9")
MOST_QUANTITY = 10**9
METHOD = Method(name="Saving at budget rate, exchange rate apart")


@dataclass(frozen=True, kw_only=True)
class CurrencySplit:
    """Price effect at the budget rate, exchange-rate effect, and their sum, in the base
    currency.
    """

    price_saving: Decimal
    fx_effect: Decimal
    total: Decimal
    method: Method = METHOD


def currency_split(
    *,
    baseline: Decimal,
    new_price: Decimal,
    budget_rate: Decimal,
    actual_rate: Decimal,
    qty: int,
    places: int = 2,
) -> CurrencySplit:
    """Split a saving of a purchase in a foreign currency.

    ``baseline`` is in the base currency, ``new_price`` in the foreign one, rates in foreign units
    for one base unit, above 0. The two effects sum to the total to the last minor unit.
    """
    base = inputs.decimal("baseline", baseline, low=0, high=MOST_PRICE)
    foreign = inputs.decimal("new_price", new_price, low=0, high=MOST_PRICE)
    budget, actual = _rate("budget_rate", budget_rate), _rate("actual_rate", actual_rate)
    quantity = inputs.integer("qty", qty, high=MOST_QUANTITY)
    price = round_half_up((base - foreign / budget) * quantity, places)
    total = round_half_up((base - foreign / actual) * quantity, places)
    return CurrencySplit(price_saving=price, fx_effect=total - price, total=total)


def _rate(field: str, value: Decimal) -> Decimal:
    return inputs.decimal(field, value, low="0.000001", high="1000000")
