"""What arrived: facts, only ever added; what is on record already is recognised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from secondsource.core.errors import Reason
from secondsource.exchange.bulk import cells, heads
from secondsource.exchange.bulk.kind import Column, Counts, Kind
from secondsource.exchange.bulk.references import (
    find_companies,
    find_order_lines,
    find_sources,
    find_sources_of_orders,
    price_of_one,
    refuse_fractions,
    refuse_money,
    refuse_other_sources,
)
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.models import Import
from suppliers import services as suppliers
from suppliers.models import Receipt, ReceiptBatch, Source
from suppliers.services.receipt_rules import MOST_TIMES_USUAL, USUAL_MONTHS
from suppliers.signals import receipt_recorded, sources_changed

QUANTITY = cells.Number(18, 4)
PURPOSE = cells.Choice(
    words={
        "production": ("serie", "series", "mass production", "mp"),
        "pilot": ("pilot build", "prototype", "sample", "muster", "nullserie"),
    }
)

#: ``Receipt.digest`` of a staged row: with source and day what makes two receipts the same.
_DIGEST = """md5(COALESCE(s.po, '') || chr(31) || COALESCE(s.lot, '') || chr(31)
 || COALESCE(s.reference, '') || chr(31) || CASE WHEN COALESCE(s.reference, '') = ''
    THEN COALESCE(s.date_code, '') || chr(31) || s.received_qty::text ELSE '' END
 || chr(31) || COALESCE(s.supplier_id::text, '') || chr(31)
 || COALESCE(s.order_line_id::text, ''))::uuid"""
#: A receipt ``r`` of a batch ``b`` that counts: as ``Receipt.objects.standing()``.
_STANDING = """b.taken_back_at IS NULL AND r.corrects_id IS NULL
 AND NOT EXISTS (SELECT FROM suppliers_receipt c
                  WHERE c.corrects_id = r.id AND c.corrects_id IS NOT NULL)"""
#: Of more rows than this no quantity is compared with the usual one.
MOST_LOOKED_AT = 20_000
#: Good rows with the number that each gets, 0 for those that stand already.
_NEW = f"""
FROM (
    SELECT n.*, CASE WHEN n.k > COALESCE(k.standing, 0)
                     THEN COALESCE(k.last, 0) + n.k - COALESCE(k.standing, 0) ELSE 0 END AS nth
      FROM (SELECT d.*, row_number() OVER (PARTITION BY source_id, received_date, digest
                                           ORDER BY row) AS k
              FROM (SELECT s.*, {_DIGEST} AS digest FROM import_stage s WHERE NOT s.bad) d) n
      LEFT JOIN import_known k USING (source_id, received_date, digest)
) x
"""  # noqa: S608 (names of this module)


class Receipts(Kind):
    """The k-th equal row of a file is on record when k of them stand; else it is added.

    So a file that is sent twice doubles nothing, and what came twice on a day is not lost.
    """

    name, label, noun = "receipts", "Receipts", ("receipt", "receipts")
    permission = "suppliers.write_receipt"
    help = "One row an arrival. The source is named by order and line, or by IPN and MPN."
    undo_words = (
        "Receipts are facts: they stay on record, marked as taken back, and count nowhere any more."
    )
    columns = (
        Column("received_date", "Received on", cells.Date(), heads.RECEIVED_ON, required=True,
               example="2026-03-28"),
        Column("received_qty", "Received quantity", QUANTITY, heads.RECEIVED, required=True,
               example="5000", help="Enter a return as −100.", asked=True),
        heads.ipn(help="With the MPN when the part has several sources."),
        heads.mpn(),
        heads.manufacturer(),
        heads.supplier(help="Who delivered."),
        Column("po", "Order", cells.Text(60), heads.PO, example="4500017"),
        Column("line", "Line", cells.Text(20), heads.PO_LINE, example="10",
               help="With the order: names the order line on record, and so the source."),
        Column("rejected_qty", "Rejected quantity", QUANTITY, heads.REJECTED, example="0",
               missed=True),
        Column("lot", "Lot", cells.Text(60), heads.LOT, example="GD2631-A"),
        Column("reference", "Goods receipt number", cells.Text(80), heads.REFERENCE,
               example="5000123456/1", help="Tells two equal arrivals of one day apart."),
        Column("date_code", "Date code", cells.Text(20), heads.DATE_CODE, example="2612"),
        Column("purpose", "Purpose", PURPOSE, heads.PURPOSE, example="production",
               help="production or pilot; production unless it says so."),
        *heads.price(),
    )  # fmt: skip
    one_of = (("ipn", "mpn", "line"),)
    ids = ("supplier_id", "order_line_id", "source_id")

    def find(self, stage: Stage) -> None:
        price_of_one(stage, ["unit_price"])
        find_companies(stage, column="supplier", into="supplier_id")
        if stage.has("line"):
            find_order_lines(stage)
        if stage.has("po") and stage.has("ipn"):
            find_sources_of_orders(stage)
        find_sources(stage)

    def check(self, stage: Stage) -> None:
        if stage.has("line"):
            refuse_other_sources(stage, "The order line is of another source.")
        stage.refuse(
            "line" if stage.has("line") else "mpn", "no_source",
            "Name an order line on record, or the part.",
            "s.source_id IS NULL AND s.ipn IS NULL AND s.mpn IS NULL",
        )  # fmt: skip
        stage.refuse("received_qty", "zero", "A receipt of nothing is none.", "s.received_qty = 0")
        stage.refuse(
            "rejected_qty", "above_received", "Rejected is 0 to received.",
            "s.rejected_qty < 0 OR (s.received_qty > 0 AND s.rejected_qty > s.received_qty)",
        )  # fmt: skip
        tomorrow = clock.business_day() + dt.timedelta(days=1)
        stage.refuse(
            "received_date", "in_future", "This date has not come yet.", "s.received_date > %s",
            [tomorrow],
        )  # fmt: skip
        refuse_money(stage)
        refuse_fractions(
            stage, ("received_qty", "rejected_qty"), part="o.id = s.source_id",
            tables="JOIN suppliers_source o ON o.part_id = p.id",
        )  # fmt: skip
        self._check_returns(stage)
        self._remark_on_quantities(stage)
        if stage.has("reference"):
            stage.remark(
                "equal_arrivals",
                "Rows that repeat an earlier one, goods receipt number and all: {n}. Each counts as"
                " an arrival of its own; take it out of the file if it is none.",
                "s.reference IS NOT NULL AND EXISTS (SELECT FROM {s} o"
                " WHERE (o.source_id, o.received_date, o.reference, o.received_qty)"
                " = (s.source_id, s.received_date, s.reference, s.received_qty)"
                " AND o.lot IS NOT DISTINCT FROM s.lot AND o.row < s.row)",
            )
        if stage.has("line"):
            stage.remark(
                "no_order_line",
                "Rows that name an order line which is not on record: {n}. They keep its number.",
                "s.line IS NOT NULL AND s.order_line_id IS NULL AND s.source_id IS NOT NULL",
            )

    def _check_returns(self, stage: Stage) -> None:
        """No more is returned than stands received of a source or lot, on record and here."""
        ((some,),) = stage.fetch("SELECT EXISTS (SELECT FROM {s} WHERE received_qty < 0)")
        if not some:
            return
        self._know(stage)
        returned = "(SELECT source_id FROM {s} WHERE received_qty < 0)"
        stage.sql("DROP TABLE IF EXISTS import_left")
        stage.sql(
            "CREATE TEMP TABLE import_left ON COMMIT DROP AS"  # noqa: S608 (constants)
            " SELECT source_id, lot, sum(quantity) AS quantity FROM ("
            "  SELECT r.source_id, r.lot, r.received_qty AS quantity FROM suppliers_receipt r"
            f"   LEFT JOIN suppliers_receiptbatch b ON b.id = r.batch_id WHERE {_STANDING}"
            f"   AND r.source_id IN {returned} UNION ALL"
            f"  SELECT x.source_id, COALESCE(x.lot, ''), x.received_qty {_NEW}"
            f"   WHERE x.nth > 0 AND x.source_id IN {returned}) q"
            " GROUP BY GROUPING SETS ((source_id, lot), (source_id))"
        )
        stage.refuse(
            "received_qty", "above_received", "More than was received of this source or lot.",
            "s.received_qty < 0 AND EXISTS (SELECT FROM import_left l"
            " WHERE l.source_id = s.source_id AND l.quantity < 0"
            " AND CASE WHEN l.lot IS NOT NULL THEN l.lot <> '' AND l.lot = s.lot"
            " ELSE NOT EXISTS (SELECT FROM import_left o WHERE o.source_id = l.source_id"
            " AND o.lot <> '' AND o.quantity < 0) END)",
        )  # fmt: skip

    def _remark_on_quantities(self, stage: Stage) -> None:
        """Files that people write are small; what looks mistyped in them is counted."""
        ((rows,),) = stage.fetch("SELECT count(*) FROM {s}")
        if rows > MOST_LOOKED_AT:
            return
        since = add_months(clock.business_day(), -USUAL_MONTHS)
        stage.remark(
            "unusual_quantity",
            f"Rows with more than {MOST_TIMES_USUAL} times the usual receipt of their source:"
            " {n}. Check them before you import.",
            f"s.received_qty > {MOST_TIMES_USUAL} * (SELECT"  # noqa: S608 (constants)
            " percentile_disc(0.5) WITHIN GROUP"
            " (ORDER BY r.received_qty) FROM suppliers_receipt r"
            f" LEFT JOIN suppliers_receiptbatch b ON b.id = r.batch_id WHERE {_STANDING}"
            " AND r.source_id = s.source_id AND r.received_qty > 0 AND r.received_date > %s)",
            [since],
        )

    def classify(self, stage: Stage) -> Counts:
        """Which good rows stand already: equal ones are counted, so k of them find k."""
        self._know(stage)
        ((new, rows),) = stage.fetch(f"SELECT count(*) FILTER (WHERE nth > 0), count(*) {_NEW}")
        return Counts(created=new, unchanged=rows - new)

    def _know(self, stage: Stage) -> None:
        """Receipts of these sources and days: how many equal ones stand, and the last number."""
        stage.sql("DROP TABLE IF EXISTS import_known")
        stage.sql(
            "CREATE TEMP TABLE import_known ON COMMIT DROP AS"  # noqa: S608 (constants)
            " SELECT r.source_id, r.received_date, r.digest,"
            f" count(*) FILTER (WHERE {_STANDING}) AS standing, max(r.nth) AS last"
            " FROM suppliers_receipt r LEFT JOIN suppliers_receiptbatch b ON b.id = r.batch_id"
            " WHERE r.received_date BETWEEN (SELECT min(received_date) FROM {s} WHERE NOT bad)"
            "  AND (SELECT max(received_date) FROM {s} WHERE NOT bad)"
            " AND r.source_id IN (SELECT source_id FROM {s} WHERE NOT bad)"
            " GROUP BY r.source_id, r.received_date, r.digest"
        )
        stage.sql("ANALYZE import_known")

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((received, rejected, sources),) = stage.fetch(
            "SELECT sum(received_qty), sum(rejected_qty), count(DISTINCT source_id)"
            " FROM {s} WHERE NOT bad"
        )
        return {"Pieces received": received, "Pieces rejected": rejected, "Sources": sources}

    def write(self, stage: Stage, imported: Import) -> Counts:
        self._know(stage)
        batch = ReceiptBatch.objects.create(
            ref=imported.public_id, origin=stage.origin, actor_id=stage.actor.user_id
        )
        # In the order of the key's index: entries anywhere in it would take twice as long.
        batch.rows = stage.sql(
            "INSERT INTO suppliers_receipt (source_id, order_line_id, supplier_id, po,"
            " received_date, received_qty, rejected_qty, lot, reference, date_code, unit_price,"
            " currency, purpose, nth, batch_id, actor_id)"
            " SELECT source_id, order_line_id, supplier_id, COALESCE(po, ''), received_date,"
            " received_qty, COALESCE(rejected_qty, 0), COALESCE(lot, ''),"
            " COALESCE(reference, ''), COALESCE(date_code, ''), unit_price,"
            " COALESCE(currency, ''), COALESCE(purpose, 'production'), nth, %s, %s"
            f" {_NEW} WHERE nth > 0 ORDER BY source_id, received_date, digest",
            (batch.pk, stage.actor.user_id),
        )
        batch.save(update_fields=["rows"])
        if batch.rows:
            self._follow(stage, batch)
        return Counts(created=batch.rows, unchanged=stage.good - batch.rows)

    def _follow(self, stage: Stage, batch: ReceiptBatch) -> None:
        """A line on the timeline of every source, and what the receipts change."""
        stage.sql("DROP TABLE IF EXISTS import_received")
        stage.sql(
            "CREATE TEMP TABLE import_received ON COMMIT DROP AS"
            " SELECT source_id, count(*) AS rows, sum(received_qty) AS quantity"
            " FROM suppliers_receipt WHERE batch_id = %s GROUP BY source_id",
            (batch.pk,),
        )
        actor = stage.actor
        stage.sql(
            "INSERT INTO core_event (at, actor_id, job, origin, action, subject_type, subject_id,"
            " subject_key, note, data) SELECT %s, %s, %s, %s, 'suppliers.receipts.recorded',"
            " 'suppliers.source', o.id, o.public_id::text, %s, jsonb_build_object("
            " 'rows', r.rows, 'quantity', r.quantity::text)"
            " FROM import_received r JOIN suppliers_source o ON o.id = r.source_id ORDER BY o.id",
            (clock.now(), actor.user_id, actor.job, actor.origin, stage.origin),
        )
        touched = stage.fetch(
            "SELECT o.id, o.part_id FROM import_received r"
            " JOIN suppliers_source o ON o.id = r.source_id"
        )
        receipt_recorded.send(
            sender=Receipt, source_ids={source for source, _ in touched}, actor=actor
        )
        sources_changed.send(sender=Source, part_ids={part for _, part in touched}, actor=actor)

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        batch = ReceiptBatch.objects.filter(ref=imported.public_id).first()
        return suppliers.reasons_against_taking_back(batch) if batch else []

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        batch = ReceiptBatch.objects.get(ref=imported.public_id)
        suppliers.take_back_batch(
            batch=batch, actor=actor, reason=f"undo of import {imported.name}"
        )
