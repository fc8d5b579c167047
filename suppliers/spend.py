"""The yearly spend of a part and its basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from secondsource.core import inputs

Basis = Literal["receipts", "offer", "standard_cost"]


@dataclass(frozen=True, kw_only=True)
class Spend:
    """Yearly spend in one currency and its basis; both None when missing.

    ``unpriced`` receipts are not in the sum.
    """

    amount: Decimal | None
    basis: Basis | None
    unpriced: int = 0


def yearly_spend(
    *,
    receipts: Sequence[tuple[Decimal, Decimal | None]],
    demand: Decimal | None = None,
    best_offer: Decimal | None = None,
    standard_cost: Decimal | None = None,
) -> Spend:
    """Σ quantity × price of 12 months of receipts; else demand × best valid offer; else × standard
    cost; else missing. Prices are in one currency, None where not known; quantities of returns are
    negative.
    """
    pairs = [
        (
            inputs.decimal(f"receipts.{i}.0", quantity),
            inputs.decimal(f"receipts.{i}.1", price, low=0),
        )
        for i, (quantity, price) in enumerate(receipts)
        if price is not None
    ]
    unpriced = len(receipts) - len(pairs)
    if pairs:
        amount = sum((quantity * price for quantity, price in pairs), Decimal(0))
        return Spend(amount=amount, basis="receipts", unpriced=unpriced)
    if demand is None:
        return Spend(amount=None, basis=None, unpriced=unpriced)
    wanted = inputs.decimal("demand", demand, low=0)
    prices: tuple[tuple[Basis, Decimal | None], ...] = (
        ("offer", best_offer),
        ("standard_cost", standard_cost),
    )
    for basis, price in prices:
        if price is not None:
            amount = wanted * inputs.decimal(basis, price, low=0)
            return Spend(amount=amount, basis=basis, unpriced=unpriced)
    return Spend(amount=None, basis=None, unpriced=unpriced)
