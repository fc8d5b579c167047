"""What a part costs us in twelve months, and what that figure rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from secondsource.core import inputs

Basis = Literal["receipts", "offer", "standard_cost"]


@dataclass(frozen=True, kw_only=True)
class Spend:
    """Yearly spend in one currency and its basis; both None when nothing tells (missing, not 0)."""

    amount: Decimal | None
    basis: Basis | None


def yearly_spend(
    *,
    receipts: Sequence[tuple[Decimal, Decimal]],
    demand: Decimal | None = None,
    best_offer: Decimal | None = None,
    standard_cost: Decimal | None = None,
) -> Spend:
    """Σ quantity × price of 12 months of receipts; else demand × best valid offer; else × standard
    cost; else missing. Prices are in one currency; quantities of returns are negative.
    """
    if receipts:
        pairs = [
            (
                inputs.decimal(f"receipts.{i}.0", quantity),
                inputs.decimal(f"receipts.{i}.1", price, low=0),
            )
            for i, (quantity, price) in enumerate(receipts)
        ]
        return Spend(amount=sum((q * p for q, p in pairs), Decimal(0)), basis="receipts")
    if demand is None:
        return Spend(amount=None, basis=None)
    wanted = inputs.decimal("demand", demand, low=0)
    prices: tuple[tuple[Basis, Decimal | None], ...] = (
        ("offer", best_offer),
        ("standard_cost", standard_cost),
    )
    for basis, price in prices:
        if price is not None:
            return Spend(amount=wanted * inputs.decimal(basis, price, low=0), basis=basis)
    return Spend(amount=None, basis=None)
