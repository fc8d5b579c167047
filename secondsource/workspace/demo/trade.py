"""Two years of orders and receipts of the demonstration's assortment, and what is on order.

What follows from them is resolved with everything else at the end.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from secondsource.core import audit, clock, traces
from secondsource.core.bulk import insert_rows, take_ids
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.assortment import Item
from secondsource.workspace.demo.people import Cast
from suppliers.models import OrderLine, Receipt, ReceiptBatch

SEED = 9_203
MONTHS = 24
#: Every so many parts has no receipts: its spend comes from an offer.
WITHOUT = 19
#: Manufacturers whose last months are later, or worse, than the ones before.
LATER, WORSE = ("PAWPAW", "BRIAR"), ("GUAVA",)
ORDER = ("id", "source_id", "supplier_id", "po", "line", "ordered_on", "ordered_qty", "agreed_date",
         "unit_price", "currency")  # fmt: skip
RECEIPT = ("source_id", "supplier_id", "order_line_id", "po", "received_date", "received_qty",
           "rejected_qty", "lot", "date_code", "unit_price", "currency")  # fmt: skip


def build_trade(items: list[Item], cast: Cast, *, today: dt.date) -> None:
    """Order lines and receipts by a statement each, as an extract of the ERP brings them."""
    buyer, origin = cast["procurement"], "ERP extract of two years"
    bought = [one for place, one in enumerate(items) if place % WITHOUT]
    lots = list(_lots(bought, random.Random(SEED), today))
    orders = [*lots, *_on_order(bought, random.Random(SEED + 1), today)]
    ids = take_ids(OrderLine, len(orders))
    traces.attribute(buyer, origin)
    insert_rows(
        OrderLine, ORDER,
        [(pk, *(lot[name] for name in ORDER[1:])) for pk, lot in zip(ids, orders, strict=True)],
        created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    rows = [{**lot, "order_line_id": pk} for pk, lot in zip(ids, lots, strict=False)]
    rows += [_returned(row) for row in rows if row["rejected_qty"] and row["is_returned"]]
    batch = ReceiptBatch.objects.create(origin=origin, rows=len(rows), actor_id=buyer.user_id)
    insert_rows(
        Receipt, RECEIPT, [[row[name] for name in RECEIPT] for row in rows],
        batch_id=batch.pk, actor_id=buyer.user_id, created_at=clock.now(),
    )  # fmt: skip
    _tell(bought, rows, buyer, origin)


def _lots(items: list[Item], dice: random.Random, today: dt.date) -> Iterator[dict[str, Any]]:
    """The receipts of the incumbents: passives come by the quarter, the others by the month."""
    number = 20_000
    for one in items:
        every = 3 if one.series.category == "passives" else 1
        maker = one.series.makers[0]
        for back in range(MONTHS - dice.randint(0, every - 1), 0, -every):
            number += 1
            came = add_months(today, -back) + dt.timedelta(days=dice.randint(2, 20))
            late = _lateness(dice, back, maker)
            quantity = max(1, one.month * every * dice.randint(86, 112) // 100)
            yield {
                **_order(one, number, quantity, came - dt.timedelta(days=late), back, dice),
                "received_date": min(came, today - dt.timedelta(days=1)),
                "received_qty": quantity, "rejected_qty": _rejected(dice, back, maker, quantity),
                "lot": f"{one.number(0)[:7]}-{came:%y%W}{number % 10}",
                "date_code": f"{came - dt.timedelta(days=40):%y%W}",
                "is_returned": dice.random() < 0.5,
            }  # fmt: skip


def _order(
    one: Item, number: int, quantity: int, agreed: dt.date, back: int, dice: random.Random
) -> dict[str, Any]:
    """A line of an order; prices fell by a few per cent over the two years."""
    price = one.prices[0] * (1000 + 2 * back) / 1000 * Decimal(dice.randint(990, 1010)) / 1000
    ordered = agreed - dt.timedelta(days=one.series.lead_days + dice.randint(-9, 9))
    source = one.sources[0]
    return {
        "source_id": source.pk, "supplier_id": source.manufacturer_part.manufacturer_id,
        "po": f"PO-{number}", "line": "10", "ordered_qty": quantity, "agreed_date": agreed,
        "ordered_on": min(ordered, clock.business_day() - dt.timedelta(days=2)),
        "unit_price": price.quantize(Decimal("0.000001")), "currency": "USD",
    }  # fmt: skip


def _on_order(items: list[Item], dice: random.Random, today: dt.date) -> Iterator[dict[str, Any]]:
    """What is on order of semiconductors and the like; a few lines are late."""
    for number, one in enumerate(items, 40_000):
        if one.series.category != "passives":
            agreed = today + dt.timedelta(days=dice.choice((-9, 6, 12, 18, 25, 33, 41, 54, 68)))
            quantity = max(1, one.month * dice.randint(80, 140) // 100)
            yield _order(one, number, quantity, agreed, 0, dice)


def _lateness(dice: random.Random, back: int, maker: str) -> int:
    """Days after the agreed day: most lots are in time, some late, a few very late."""
    if maker in LATER and back <= 3 and dice.random() < 0.6:
        return dice.randint(5, 24)
    luck = dice.random()
    if luck < 0.86:
        return -dice.randint(0, 4)
    return dice.randint(1, 6) if luck < 0.96 else dice.randint(7, 19)


def _rejected(dice: random.Random, back: int, maker: str, quantity: int) -> int:
    """Rejected pieces: none of most lots, some hundred of a million of the others."""
    worse = maker in WORSE and back <= 3
    if dice.random() > (0.5 if worse else 0.07):
        return 0
    return max(1, quantity * dice.randint(2, 12) * (4 if worse else 1) // 10_000)


def _returned(row: dict[str, Any]) -> dict[str, Any]:
    """The rejected pieces of a lot, sent back within two weeks."""
    return {
        **row, "received_qty": -row["rejected_qty"], "rejected_qty": 0,
        "received_date": min(
            row["received_date"] + dt.timedelta(days=12), clock.business_day()
        ),
    }  # fmt: skip


def _tell(items: list[Item], rows: list[dict[str, Any]], buyer: Any, origin: str) -> None:
    """A line on the timeline of every source."""
    sums: dict[int, list[int]] = {}
    for row in rows:
        held = sums.setdefault(row["source_id"], [0, 0])
        held[0], held[1] = held[0] + 1, held[1] + row["received_qty"]
    told = [
        (one.sources[0], {"rows": sums[one.sources[0].pk][0],
                          "quantity": str(sums[one.sources[0].pk][1])})
        for one in items
    ]  # fmt: skip
    audit.record_all("suppliers.receipts.recorded", told, buyer, note=origin)
