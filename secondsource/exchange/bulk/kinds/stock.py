"""Stock of parts: what lies on the shelf, is on order, is kept for safety."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parts.models import Part
from parts.signals import parts_changed
from secondsource.exchange.bulk import cells, words
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.records import RecordKind
from secondsource.exchange.bulk.references import find_parts
from secondsource.exchange.bulk.staging import Stage

QUANTITY = cells.Number(18, 4)


class Stock(RecordKind):
    """Changes parts that are there; a number that nobody knows is an error."""

    name, label, noun = "stock", "Stock", ("part's stock", "parts' stock")
    permission = "parts.write_part"
    help = "One row a part: our part number and how many are in stock, on order, kept for safety."
    columns = (
        Column("ipn", "Our part number", cells.Code(), words.IPN, required=True,
               example="470-00019"),
        Column("stock_qty", "In stock", QUANTITY, words.STOCK, example="1250"),
        Column("open_order_qty", "On order", QUANTITY, words.ON_ORDER, example="4000"),
        Column("safety_stock", "Safety stock", QUANTITY, words.SAFETY_STOCK, example="500"),
    )  # fmt: skip
    one_of = (("stock_qty", "open_order_qty", "safety_stock"),)
    ids = ("part_id",)
    model = Part
    creates = False
    key = "t.id = s.part_id"
    unique, unique_words = ("ipn",), "part"
    values = {
        "stock_qty": "s.stock_qty",
        "open_order_qty": "s.open_order_qty",
        "safety_stock": "s.safety_stock",
    }

    def find(self, stage: Stage) -> None:
        find_parts(stage)

    def check(self, stage: Stage) -> None:
        stage.refuse_duplicates(self.unique, self.unique_words)
        for name in ("open_order_qty", "safety_stock"):
            stage.refuse(name, "negative", "This cannot be below zero.", f"s.{name} < 0")
        given = ", ".join(f"s.{name}" for name in self.values)
        stage.refuse(
            "stock_qty", "nothing_given", "The row names a part and no quantity.",
            f"COALESCE({given}) IS NULL AND NOT EXISTS"
            " (SELECT FROM import_problem p WHERE p.row = s.row)",
        )  # fmt: skip

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((stock,),) = stage.fetch("SELECT sum(stock_qty) FROM {s} WHERE NOT bad")
        return {"Pieces in stock": stock}

    def tell(self, stage: Stage) -> None:
        touched = {pk for (pk,) in stage.fetch("SELECT part_id FROM {s} WHERE act = 'u'")}
        if touched:
            parts_changed.send(sender=Part, part_ids=touched)

    def after_undo(self, created: list[int], changed: list[int]) -> None:
        if changed:
            parts_changed.send(sender=Part, part_ids=set(changed))
