"""Savings in the trade's words: hard and avoided, negotiated and shifted, forecast and realised.

Hard saving = (baseline - price paid) × quantity received. Avoidance is shown apart and never added.
Unit prices are exact decimals of one currency; amounts are rounded half up when they are posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from incentives.house_rules import SavingsPolicy
from secondsource.core import inputs
from secondsource.core.calendar import add_months
from secondsource.core.money import PRICE_PLACES, round_apart, round_half_up
from secondsource.core.provenance import Method

BandWord = Literal["below", "inside", "above"]
DEFAULTS = SavingsPolicy()
LEAST_PRICE = Decimal("0.000001")
MOST_PRICE = Decimal("1e9")
MOST_QUANTITY = 10**9
METHOD = Method(name="Savings in CAPS/ISM vocabulary")
BAND_METHOD = Method(name="Band of usual savings", design_choice=True)


@dataclass(frozen=True, kw_only=True)
class PriceVariance:
    """(actual - standard) × quantity, exact; negative is favourable."""

    ppv: Decimal
    favourable: bool
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class SavingsSplit:
    """Negotiated with the incumbent and shifted to the second source; the parts sum to the
    total.
    """

    negotiated: Decimal
    volume_shift: Decimal
    total: Decimal
    pct: Decimal
    in_band: bool
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class Avoidance:
    """Hard saving against the last price paid, avoidance against the documented would-be price."""

    hard: Decimal
    avoidance: Decimal
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class Realised:
    """Forecast for 12 months and what receipts brought; the percentage is None where the forecast
    saves nothing.
    """

    annualised: Decimal
    realised: Decimal
    realisation_pct: Decimal | None
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class CostReduction:
    """Reduction in per cent at constant volume and mix, two decimals, and whether it meets 5 %."""

    pct: Decimal
    target_met: bool
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class Leakage:
    """Contracted less realised of a closed month: by price above contract, and by volume
    elsewhere.
    """

    contracted: Decimal
    realised: Decimal
    price: Decimal
    volume: Decimal
    total: Decimal
    method: Method = METHOD


def price_variance(*, standard: Decimal, actual: Decimal, qty: int) -> PriceVariance:
    """Purchase price variance of a received quantity."""
    quantity = _quantity("qty", qty)
    ppv = (_price("actual", actual) - _price("standard", standard)) * quantity
    return PriceVariance(ppv=ppv, favourable=ppv < 0)


def savings_split(
    *,
    baseline: Decimal,
    incumbent_new: Decimal,
    second: Decimal,
    qty: int,
    second_share: Decimal,
    places: int = 2,
    policy: SavingsPolicy = DEFAULTS,
) -> SavingsSplit:
    """(b - p_inc)·Q·(1 - w) and (b - p_second)·Q·w against a baseline above 0.

    ``second_share`` is a fraction 0 to 1. A total outside the band of 5 to 15 % is reviewed, not an
    error.
    """
    base = inputs.decimal("baseline", baseline, low=LEAST_PRICE, high=MOST_PRICE)
    share = inputs.decimal("second_share", second_share, low=0, high=1)
    quantity = inputs.integer("qty", qty, low=1, high=MOST_QUANTITY)
    kept, moved = quantity * (1 - share), quantity * share
    negotiated = round_half_up((base - _price("incumbent_new", incumbent_new)) * kept, places)
    shifted = round_half_up((base - _price("second", second)) * moved, places)
    exact = 100 * (negotiated + shifted) / (base * quantity)
    edges = (policy.band_low_pct, policy.band_high_pct)
    return SavingsSplit(
        negotiated=negotiated,
        volume_shift=shifted,
        total=negotiated + shifted,
        pct=round_apart(exact, min(edges, key=lambda edge: abs(exact - edge))),
        in_band=band(exact, policy=policy) == "inside",
    )


def cost_avoidance(
    *, last_paid: Decimal, market_offer: Decimal, paid: Decimal, qty: int, places: int = 2
) -> Avoidance:
    """Both figures of one purchase; they are never added, and only the hard one can feed a pool."""
    quantity = _quantity("qty", qty)
    price = _price("paid", paid)
    return Avoidance(
        hard=round_half_up((_price("last_paid", last_paid) - price) * quantity, places),
        avoidance=round_half_up((_price("market_offer", market_offer) - price) * quantity, places),
    )


def realised_savings(
    *,
    baseline: Decimal,
    contract_price: Decimal,
    annual_forecast: int,
    receipts: Sequence[tuple[int, Decimal]],
    places: int = 2,
) -> Realised:
    """Annualised = Δ × forecast; realised = Σ (baseline - actual) × quantity over receipts.

    Returns have a negative quantity; receipts above the baseline subtract. At most 100 000
    receipts.
    """
    base = _price("baseline", baseline)
    planned = (base - _price("contract_price", contract_price)) * _quantity(
        "annual_forecast", annual_forecast
    )
    rows = _receipts(receipts)
    gained = sum(((base - price) * quantity for quantity, price in rows), Decimal(0))
    return Realised(
        annualised=round_half_up(planned, places),
        realised=round_half_up(gained, places),
        realisation_pct=round_half_up(100 * gained / planned, 2) if planned > 0 else None,
    )


def cost_reduction(
    *, baseline_spend: Decimal, current_spend: Decimal, target_pct: Decimal = Decimal(5)
) -> CostReduction:
    """Reduction of spend at the same volume and mix; the baseline is 0.000001 or more."""
    before = inputs.decimal("baseline_spend", baseline_spend, low=LEAST_PRICE)
    after = inputs.decimal("current_spend", current_spend, low=0)
    exact = 100 * (before - after) / before
    return CostReduction(pct=round_apart(exact, target_pct), target_met=exact >= target_pct)


def indexed_baseline(
    *,
    baseline: Decimal,
    index_then: Decimal,
    index_now: Decimal,
    linked_share: Decimal = Decimal(1),
) -> Decimal:
    """The baseline of goods that follow an index: baseline × (1 - share + share × now ÷ then).

    ``then`` is the index at the freezing, ``share`` the part of the price that follows it. Both
    values above 0; the price keeps six places. The ledger does the same in SQL
    (``incentives_indexed``).
    """
    base = _price("baseline", baseline)
    share = inputs.decimal("linked_share", linked_share, low=0, high=1)
    then = inputs.decimal("index_then", index_then, above=0, high=MOST_PRICE)
    now = inputs.decimal("index_now", index_now, above=0, high=MOST_PRICE)
    return round_half_up(base * (then - share * then + share * now) / then, PRICE_PLACES)


def band(pct: Decimal, *, policy: SavingsPolicy = DEFAULTS) -> BandWord:
    """Where a saving in per cent lies against the band of 5 to 15 %, both ends inside."""
    value = inputs.decimal("pct", pct, low=-1_000_000, high=100)
    if value < policy.band_low_pct:
        return "below"
    return "above" if value > policy.band_high_pct else "inside"


def savings_window(
    *, first_receipt: date, months: int = DEFAULTS.window_months, policy: SavingsPolicy = DEFAULTS
) -> tuple[date, date]:
    """First day of the window and the day after its last: from the first production receipt at the
    new price on, 6 to 24 calendar months. Only validated months inside it feed a pool.
    """
    span = inputs.integer("months", months, low=policy.window_least, high=policy.window_most)
    return first_receipt, add_months(first_receipt, span)


def leakage(
    *,
    baseline: Decimal,
    contract_price: Decimal,
    contracted_qty: int,
    receipts: Sequence[tuple[int, Decimal]],
    places: int = 2,
) -> Leakage:
    """Contracted - realised of a closed month, split so that price and volume sum to it.

    Price: receipts above the contract price. Volume: contracted units that were bought elsewhere.
    Exchange-rate effects are kept apart.
    """
    base, price = _price("baseline", baseline), _price("contract_price", contract_price)
    planned_qty = _quantity("contracted_qty", contracted_qty)
    rows = _receipts(receipts)
    return leaked(
        unit=base - price,
        contracted_qty=Decimal(planned_qty),
        received=Decimal(sum(quantity for quantity, _ in rows)),
        realised=sum(((base - paid) * quantity for quantity, paid in rows), Decimal(0)),
        places=places,
    )


def leaked(
    *, unit: Decimal, contracted_qty: Decimal, received: Decimal, realised: Decimal, places: int
) -> Leakage:
    """As ``leakage``, where the saving of the receipts is known; ``unit`` is that of the contract.

    Quantities may have decimals.
    """
    contracted = round_half_up(unit * contracted_qty, places)
    posted = round_half_up(realised, places)
    volume = round_half_up(unit * (contracted_qty - received), places)
    return Leakage(
        contracted=contracted,
        realised=posted,
        price=contracted - posted - volume,
        volume=volume,
        total=contracted - posted,
    )


def _price(field: str, value: Decimal) -> Decimal:
    return inputs.decimal(field, value, low=0, high=MOST_PRICE)


def _quantity(field: str, value: int) -> int:
    return inputs.integer(field, value, high=MOST_QUANTITY)


def _receipts(receipts: Sequence[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    rows = []
    for i, row in enumerate(inputs.sequence("receipts", receipts, least=0, most=inputs.MAX_SERIES)):
        quantity, price = inputs.sequence(f"receipts.{i}", row, least=2, most=2)
        rows.append(
            (
                inputs.integer(f"receipts.{i}.0", quantity, low=-MOST_QUANTITY, high=MOST_QUANTITY),
                _price(f"receipts.{i}.1", price),
            )
        )
    return rows
