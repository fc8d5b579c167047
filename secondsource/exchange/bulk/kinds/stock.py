"""Stock of parts: what lies on the shelf, is on order, is kept for safety."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secondsource.core import clock
from secondsource.exchange.bulk import heads
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.kinds.part_figures import QUANTITY, PartFiguresKind
from secondsource.exchange.bulk.staging import Stage


class Stock(PartFiguresKind):
    """Changes parts that are there; a number that nobody knows is an error."""

    name, label, noun = "stock", "Stock", ("stock of a part", "stocks of parts")
    help = "One row a part: its IPN and how many are in stock, on order, kept for safety."
    columns = (
        heads.ipn(required=True),
        Column("stock_qty", "In stock", QUANTITY, heads.STOCK, example="1250", asked=True),
        Column("open_order_qty", "On order", QUANTITY, heads.ON_ORDER, example="4000"),
        Column("safety_stock", "Safety stock", QUANTITY, heads.SAFETY_STOCK, example="500"),
        heads.as_of("stock_as_of"),
    )  # fmt: skip
    one_of = (("stock_qty", "open_order_qty", "safety_stock"),)
    values = {
        "stock_qty": "s.stock_qty",
        "open_order_qty": "s.open_order_qty",
        "safety_stock": "s.safety_stock",
        "stock_as_of": "s.stock_as_of",
    }
    also = {"stock_source": "CASE WHEN s.stock_as_of IS NOT NULL THEN {origin} END"}
    quantities = ("stock_qty", "open_order_qty", "safety_stock")
    not_negative = ("open_order_qty", "safety_stock")

    def check(self, stage: Stage) -> None:
        super().check(stage)
        stage.sql(
            "UPDATE {s} s SET stock_as_of = %s FROM parts_part p WHERE p.id = s.part_id"
            " AND s.stock_as_of IS NULL AND"
            " (s.stock_qty IS NOT NULL AND s.stock_qty IS DISTINCT FROM p.stock_qty"
            "  OR s.open_order_qty IS NOT NULL"
            "  AND s.open_order_qty IS DISTINCT FROM p.open_order_qty)",
            (clock.business_day(),),
        )

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((stock, ordered),) = stage.fetch(
            "SELECT sum(stock_qty), sum(open_order_qty) FROM {s} WHERE NOT bad"
        )
        return {"In stock": stock, "On order": ordered}
