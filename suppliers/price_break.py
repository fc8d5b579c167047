"""The cheapest order by price breaks, minimum quantity and packing multiple."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from secondsource.core import inputs
from secondsource.core.money import round_half_up
from secondsource.core.provenance import Method

BreakType = Literal["all_units", "incremental"]
MOST_BREAKS = 50
MOST_PRICE = Decimal("1e9")


@dataclass(frozen=True, kw_only=True)
class CheapestOrder:
    """The cheapest order that covers the need; ``unit_price`` is the tier price reached."""

    order_qty: int
    cost: Decimal
    excess: int
    unit_price: Decimal
    method: Method


def cheapest_order(
    *,
    need: int,
    breaks: Sequence[tuple[int, Decimal]],
    break_type: BreakType = "all_units",
    moq: int = 1,
    multiple: int = 1,
    places: int = 2,
) -> CheapestOrder:
    """Choose the order with the least total among the need and every higher break.

    Each is raised to the minimum order quantity, rounded up to the multiple and priced at its tier.
    Ties go to fewer units.

    ``breaks`` are (quantity, unit price), quantities rising from 1 or more, at most 50. In an
    ``all_units`` ladder the tier's price holds for every unit, in an ``incremental`` one only for
    the units above its break. The lowest break is the least quantity that can be bought.
    """
    need = inputs.integer("need", need, low=1)
    moq = inputs.integer("moq", moq, low=1)
    multiple = inputs.integer("multiple", multiple, low=1)
    kind = inputs.choice("type", break_type, ("all_units", "incremental"))
    ladder = _ladder(breaks)
    least = max(need, moq, ladder[0][0])
    wanted = {least, *(quantity for quantity, _ in ladder if quantity > least)}
    options = sorted(-(-quantity // multiple) * multiple for quantity in wanted)
    price = _all_units if kind == "all_units" else _incremental
    quantity = min(options, key=lambda q: (price(q, ladder), q))
    return CheapestOrder(
        order_qty=quantity,
        cost=round_half_up(price(quantity, ladder), places),
        excess=quantity - need,
        unit_price=_tier(quantity, ladder),
        method=Method(name=f"Price breaks, {kind.replace('_', ' ')}"),
    )


def unit_price(quantity: int, breaks: Sequence[tuple[int, Decimal]]) -> Decimal:
    """The tier price of a quantity; refused below the lowest break."""
    ladder = _ladder(breaks)
    quantity = inputs.integer("quantity", quantity, low=ladder[0][0])
    return _tier(quantity, ladder)


@dataclass(frozen=True, kw_only=True)
class UnitPrice:
    """The cost of a unit in an order of ``order_qty``; ``converted`` is None without a rate."""

    order_qty: int
    unit_price: Decimal
    converted: Decimal | None


def price_of(
    *,
    quantity: Decimal | int | None,
    breaks: Sequence[tuple[int, Decimal]],
    break_type: BreakType = "all_units",
    moq: int = 1,
    multiple: int = 1,
    rate: Decimal | None = Decimal(1),
    day: dt.date | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> UnitPrice | None:
    """The unit price of the least order that covers ``quantity``.

    None outside the validity, and where the order is below the lowest break. The order is not
    below the minimum order quantity and is rounded up to the multiple; no larger order is chosen
    because it would cost less (``cheapest_order``). A unit of an ``incremental`` ladder costs the
    average of the order. ``rate``: one unit of the offer's currency in the wanted one. ``day`` is a
    business day; None ignores validity.
    """
    if day and ((valid_from and day < valid_from) or (valid_to and day > valid_to)):
        return None
    ladder = _ladder(breaks)
    order = math.ceil(max(Decimal(quantity or 0), Decimal(moq)) / multiple) * multiple
    if order < ladder[0][0]:
        return None
    total = (_all_units if break_type == "all_units" else _incremental)(
        order, [step for step in ladder if step[0] <= order]
    )
    price = total / order
    return UnitPrice(
        order_qty=order, unit_price=price, converted=None if rate is None else price * rate
    )


def _ladder(breaks: Sequence[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    ladder = []
    for i, step in enumerate(inputs.sequence("breaks", breaks, most=MOST_BREAKS)):
        quantity, price = inputs.sequence(f"breaks.{i}", step, least=2, most=2)
        ladder.append(
            (
                inputs.integer(f"breaks.{i}.0", quantity, low=1),
                inputs.decimal(f"breaks.{i}.1", price, low=0, high=MOST_PRICE),
            )
        )
    for i in range(1, len(ladder)):
        if ladder[i][0] <= ladder[i - 1][0]:
            inputs.refuse(f"breaks.{i}.0", "not_rising", f"must be above {ladder[i - 1][0]}")
    return ladder


def _tier(quantity: int, ladder: list[tuple[int, Decimal]]) -> Decimal:
    return [price for least, price in ladder if least <= quantity][-1]


def _all_units(quantity: int, ladder: list[tuple[int, Decimal]]) -> Decimal:
    return quantity * _tier(quantity, ladder)


def _incremental(quantity: int, ladder: list[tuple[int, Decimal]]) -> Decimal:
    ends = [least - 1 for least, _ in ladder[1:]] + [quantity]
    starts = [0] + [least - 1 for least, _ in ladder[1:]]
    total = Decimal(0)
    for start, end, (_, price) in zip(starts, ends, ladder, strict=True):
        total += max(0, min(end, quantity) - start) * price
    return total
