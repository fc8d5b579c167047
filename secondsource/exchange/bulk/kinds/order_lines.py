"""Lines of purchase orders: what is ordered of a source, promised for when, still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from secondsource.core import clock
from secondsource.exchange.bulk import cells, heads
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.records import RecordKind
from secondsource.exchange.bulk.references import (
    find_companies,
    find_order_lines,
    find_sources,
    price_of_one,
    refuse_fractions,
    refuse_money,
    refuse_other_sources,
    refuse_placeholders,
    scope_sql,
)
from secondsource.exchange.bulk.staging import Stage
from suppliers.models import OrderLine, Source
from suppliers.services import CANCELLED
from suppliers.signals import sources_changed

QUANTITY = cells.Number(18, 4)


class OrderLines(RecordKind):
    """Found by supplier, order and line; a line keeps its source."""

    name, label, noun = "order_lines", "Order lines", ("order line", "order lines")
    permission = "suppliers.write_orderline"
    help = "One row a line of a purchase order, with the part by IPN, MPN, or both."
    columns = (
        Column("po", "Order", cells.Text(60), heads.PO, required=True, example="4500017"),
        Column("line", "Line", cells.Text(20), heads.PO_LINE, required=True, example="10"),
        heads.ipn(help="With the MPN when the part has several sources."),
        heads.mpn(),
        heads.manufacturer(),
        heads.supplier(help="Who delivers; without it the manufacturer."),
        Column("ordered_qty", "Ordered quantity", QUANTITY, heads.ORDERED, required=True,
               example="5000", asked=True),
        Column("agreed_date", "Agreed date", cells.Date(), heads.AGREED, example="2026-03-31",
               missed=True,
               help="For when the supplier promised it; on-time delivery is measured by it."),
        Column("ordered_on", "Ordered on", cells.Date(), heads.ORDERED_ON, example="2026-01-15"),
        Column("open_qty", "Open quantity", QUANTITY, heads.OPEN, example="2000",
               missed=True,
               help="What has not arrived yet; without it, ordered less received."),
        Column("open_as_of", "Open as of", cells.Date(), heads.AS_OF, example="2026-03-01"),
        *heads.price(),
    )  # fmt: skip
    one_of = (("ipn", "mpn"),)
    ids = ("supplier_id", "order_line_id", "source_id")
    model = OrderLine
    key = "t.id = s.order_line_id"
    unique, unique_words = ("po", "line", "supplier_id"), "order and line"
    values = {
        "ordered_on": "s.ordered_on",
        "ordered_qty": "s.ordered_qty",
        "agreed_date": "s.agreed_date",
        "open_given": "s.open_qty",
        "open_as_of": "s.open_as_of",
        "unit_price": "s.unit_price",
        "currency": "s.currency",
    }
    initial = {
        "source_id": "s.source_id",
        "supplier_id": "s.supplier_id",
        "po": "s.po",
        "line": "s.line",
    }

    def find(self, stage: Stage) -> None:
        price_of_one(stage, ["unit_price"])
        find_companies(stage, column="supplier", into="supplier_id")
        find_order_lines(stage)
        find_sources(stage)
        stage.sql(
            "UPDATE {s} s SET supplier_id = m.manufacturer_id FROM suppliers_source o"
            " JOIN suppliers_manufacturerpart m ON m.id = o.manufacturer_part_id"
            " WHERE o.id = s.source_id AND s.supplier_id IS NULL AND s.supplier IS NULL"
        )
        refuse_placeholders(stage, "supplier")
        stage.sql(
            "UPDATE {s} s SET order_line_id = o.id FROM suppliers_orderline o"
            " WHERE s.order_line_id IS NULL AND o.supplier_id = s.supplier_id"
            " AND o.po = s.po AND o.line = s.line"
        )

    def check(self, stage: Stage) -> None:
        visible, params = scope_sql(Source.objects.visible_to(stage.actor.user))
        stage.refuse(
            "line", "taken", "This order and line cannot be used here.",
            "EXISTS (SELECT FROM suppliers_orderline o WHERE o.id = s.order_line_id"
            f" AND o.source_id NOT IN ({visible}))", params,
        )  # fmt: skip
        stage.refuse(
            "line", "cancelled", CANCELLED,
            "EXISTS (SELECT FROM suppliers_orderline o WHERE o.id = s.order_line_id"
            " AND o.cancelled_on IS NOT NULL) AND s.open_qty IS DISTINCT FROM 0",
        )  # fmt: skip
        stage.refuse_duplicates(self.unique, self.unique_words)
        refuse_other_sources(stage, "This order line is on record for another source.")
        stage.refuse(
            "ipn" if stage.has("ipn") else "mpn", "no_part", "Name the part.",
            "s.order_line_id IS NULL AND s.ipn IS NULL AND s.mpn IS NULL",
        )  # fmt: skip
        stage.refuse("ordered_qty", "not_positive", "More than 0 is ordered.", "s.ordered_qty <= 0")
        stage.refuse(
            "open_qty", "above_ordered", "Open is 0 to the ordered quantity.",
            "s.open_qty < 0 OR s.open_qty > s.ordered_qty",
        )  # fmt: skip
        tomorrow = clock.business_day() + dt.timedelta(days=1)
        for name in ("ordered_on", "open_as_of"):
            stage.refuse(
                name, "in_future", "This date has not come yet.", f"s.{name} > %s", [tomorrow]
            )
        refuse_money(stage)
        refuse_fractions(
            stage, ("ordered_qty", "open_qty"), part="o.id = s.source_id",
            tables="JOIN suppliers_source o ON o.part_id = p.id",
        )  # fmt: skip
        self._date_open(stage)

    def _date_open(self, stage: Stage) -> None:
        """A told open quantity is as of today unless a day is given; a day alone says nothing."""
        stage.sql("UPDATE {s} SET open_as_of = NULL WHERE open_qty IS NULL")
        stage.sql(
            "UPDATE {s} s SET open_as_of = COALESCE("
            " (SELECT o.open_as_of FROM suppliers_orderline o WHERE o.id = s.order_line_id"
            "  AND o.open_given = s.open_qty), %s)"
            " WHERE s.open_qty IS NOT NULL AND s.open_as_of IS NULL",
            (clock.business_day(),),
        )

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((ordered,),) = stage.fetch("SELECT sum(ordered_qty) FROM {s} WHERE NOT bad")
        return {"Pieces ordered": ordered}

    def tell(self, stage: Stage) -> None:
        _tell(stage.fetch(
            "SELECT DISTINCT o.part_id FROM {s} s JOIN suppliers_source o ON o.id = s.source_id"
            " WHERE s.act IN ('c', 'u')"
        ))  # fmt: skip

    def before_undo(self, created: list[int], changed: list[int]) -> None:
        lines = OrderLine.objects.filter(pk__in=[*created, *changed])
        self._parts = list(lines.values_list("source__part_id").distinct())

    def after_undo(self, created: list[int], changed: list[int]) -> None:
        _tell(self._parts)


def _tell(rows: list[tuple[Any, ...]]) -> None:
    if rows:
        sources_changed.send(sender=Source, part_ids={part for (part,) in rows})
