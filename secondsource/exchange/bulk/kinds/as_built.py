"""Lots of products with the source that was built in: what a containment asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parts.models import Product
from qualification.models import AsBuilt
from qualification.serial_claims import claims
from qualification.services import built_imports
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.exchange.bulk import cells, heads
from secondsource.exchange.bulk.kind import Column, Counts, Kind
from secondsource.exchange.bulk.references import find_sources, scope_sql
from secondsource.exchange.bulk.removal import note_made
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.models import Import, ImportedRow

_WHOLE = cells.Number(9, 0)
#: The rows with serials, and what others claim of them.
_SERIALS, _CLAIMED = "import_serial", "import_claim"
#: The letters before the number of a serial.
_PREFIX = "COALESCE(regexp_replace(s.serial_from, '[0-9]+$', ''), '')"
#: A standing lot ``t`` with the part of row ``s``.
_ON_RECORD = f"""
 EXISTS (SELECT FROM qualification_asbuilt t
  WHERE t.withdrawn_at IS NULL AND t.product_id = s.product_id AND t.source_id = s.source_id
    AND t.lot = s.lot AND t.part_lot = COALESCE(s.part_lot, '') AND t.built_on = s.built_on
    AND t.plant_id IS NOT DISTINCT FROM s.plant_id AND t.serial_prefix = {_PREFIX}
    AND t.serial_from IS NOT DISTINCT FROM s.first_id {{counts}})
"""  # noqa: S608 (constants)
_KNOWN = _ON_RECORD.format(counts="")
#: One that is the same as row ``s``.
_SAME = _ON_RECORD.format(
    counts="AND t.quantity = s.quantity AND t.failed IS NOT DISTINCT FROM s.failed"
    " AND t.serial_to IS NOT DISTINCT FROM s.last_id"
)


class LotsBuilt(Kind):
    """A row a lot. What is on record already is recognised, so a file sent twice adds nothing."""

    name, label, noun = "as_built", "Lots built", ("lot", "lots")
    permission = "qualification.write_case"
    help = "One row a lot of a product, with the source that was built in, by IPN and MPN."
    undo_words = "Lots are facts: they stay on record, withdrawn, and are named nowhere any more."
    columns = (
        Column("product", "Product", cells.Code(40),
               ("product", "model", "product code", "assembly", "produkt", "modell"),
               required=True, example="KC-210"),
        Column("lot", "Lot", cells.Text(60),
               (*heads.LOT, "product lot", "work order", "fertigungslos"), required=True,
               example="260804-210"),
        Column("built_on", "Built on", cells.Date(),
               ("built on", "build date", "date", "datum", "fertigungsdatum", "day"),
               required=True, example="2026-08-04"),
        Column("quantity", "Units", _WHOLE,
               ("units", "quantity", "qty", "built", "units built", "menge", "stuck"),
               required=True, example="120"),
        heads.ipn(help="With the MPN when the part has several sources."),
        heads.mpn(),
        heads.manufacturer(),
        Column("part_lot", "Lot of the part", cells.Text(60),
               ("lot of the part", "part lot", "component lot", "reel", "bauteilcharge"),
               example="GD2631-A"),
        Column("failed", "Failed", _WHOLE,
               ("failed", "failures", "units failed", "fehler", "ausschuss"), example="1",
               help="At first pass; left empty where nobody has counted."),
        Column("plant", "Plant", cells.Code(40), ("plant", "site", "werk", "usine"),
               example="TALLINN"),
        Column("serial_from", "First serial", cells.Text(40),
               ("first serial", "serial from", "from serial", "serial", "serial number", "sn from",
                "seriennummer", "seriennummer von"), example="KC-000120"),
        Column("serial_to", "Last serial", cells.Text(40),
               ("last serial", "serial to", "to serial", "sn to", "seriennummer bis"),
               example="KC-000239", beside="serial_from"),
    )  # fmt: skip
    one_of = (("ipn", "mpn"),)
    ids = ("product_id", "plant_id", "source_id", "part_id", "first_id", "last_id")

    def find(self, stage: Stage) -> None:
        visible, params = scope_sql(Product.objects.visible_to(stage.actor.user))
        stage.sql(
            "UPDATE {s} s SET product_id = p.id FROM parts_product p"  # noqa: S608 (constants)
            f" WHERE p.code = s.product AND p.id IN ({visible})",
            params,
        )
        stage.refuse(
            "product", "unknown_product", "There is no product with this code.",
            "s.product IS NOT NULL AND s.product_id IS NULL",
        )  # fmt: skip
        stage.sql("UPDATE {s} s SET plant_id = p.id FROM accounts_plant p WHERE p.code = s.plant")
        stage.refuse(
            "plant", "unknown_plant", "There is no plant with this code.",
            "s.plant IS NOT NULL AND s.plant_id IS NULL",
        )  # fmt: skip
        find_sources(stage)
        stage.sql(
            "UPDATE {s} s SET part_id = o.part_id FROM suppliers_source o WHERE o.id = s.source_id"
        )
        if stage.writes:  # what is checked from here on holds until it is written
            found = stage.fetch("SELECT DISTINCT product_id FROM {s} WHERE product_id IS NOT NULL")
            built_imports.lock_products([pk for (pk,) in found])

    def check(self, stage: Stage) -> None:
        stage.refuse(
            "ipn" if stage.has("ipn") else "mpn", "no_source", "Name the part by IPN, MPN or both.",
            "s.ipn IS NULL AND s.mpn IS NULL",
        )  # fmt: skip
        stage.refuse("quantity", "not_positive", "At least 1.", "s.quantity < 1")
        stage.refuse(
            "failed", "above_quantity", "0 to the quantity.",
            "s.failed < 0 OR s.failed > s.quantity",
        )  # fmt: skip
        stage.refuse(
            "built_on", "in_future", "This day has not come yet.", "s.built_on > %s",
            [clock.business_day()],
        )  # fmt: skip
        stage.refuse(
            "product", "does_not_use", "This product does not use the part.",
            "s.product_id IS NOT NULL AND s.part_id IS NOT NULL AND NOT EXISTS (SELECT FROM"
            " parts_partusage u WHERE u.product_id = s.product_id AND u.part_id = s.part_id)",
        )  # fmt: skip
        self._read_serials(stage)
        stage.refuse_duplicates(
            ("product_id", "lot", "source_id", "part_lot", "built_on", "plant_id", "serial_from"),
            "product, lot and source",
        )
        stage.refuse(
            "lot", "on_record", "This lot is on record with other counts. Withdraw that row first.",
            f"{_KNOWN} AND NOT {_SAME}",
        )  # fmt: skip
        self._refuse_claimed(stage)

    def _read_serials(self, stage: Stage) -> None:
        """Split serials into letters and a number; one serial alone is that of one unit."""
        for column in ("serial_from", "serial_to"):
            stage.refuse(
                column, "no_serial", "A serial ends in a number of at most 15 digits.",
                f"s.{column} IS NOT NULL AND s.{column} !~ '(^|[^0-9])[0-9]{{1,15}}$'",
            )  # fmt: skip
        number = "substring({name} from '[0-9]{{1,15}}$')::bigint"
        first = number.format(name="s.serial_from")
        alone = "CASE WHEN s.quantity = 1 THEN s.serial_from END"
        last = number.format(name=f"COALESCE(s.serial_to, {alone})")
        stage.sql(f"UPDATE {{s}} s SET first_id = {first}, last_id = {last}")  # noqa: S608
        stage.refuse(
            "serial_to", "half_a_range", "Give the first and the last serial, or neither.",
            "s.serial_from IS NULL AND s.serial_to IS NOT NULL OR s.serial_from IS NOT NULL"
            " AND s.serial_to IS NULL AND s.quantity <> 1", unread="serial_to",
        )  # fmt: skip
        stage.refuse(
            "serial_to", "range_backward", "The last serial comes before the first, or has other"
            " letters.",
            "s.last_id < s.first_id OR s.serial_to IS NOT NULL AND s.last_id IS NOT NULL"
            f" AND regexp_replace(s.serial_to, '[0-9]+$', '') <> {_PREFIX}",
        )  # fmt: skip
        stage.refuse(
            "serial_to", "too_few", "=format('%%s serials for %%s units.',"
            " s.last_id - s.first_id + 1, s.quantity)",
            "s.last_id >= s.first_id AND s.last_id - s.first_id + 1 < s.quantity",
        )  # fmt: skip

    def _refuse_claimed(self, stage: Stage) -> None:
        """Serials that another lot or source has, on record or in the file; both rows of a file."""
        stage.settle()
        stage.sql(f"DROP TABLE IF EXISTS {_SERIALS}, {_CLAIMED}")
        stage.sql(
            f"CREATE TEMP TABLE {_SERIALS} ON COMMIT DROP AS SELECT s.row, s.product_id, s.part_id,"  # noqa: S608
            f" s.source_id, s.lot, {_PREFIX} AS prefix, s.first_id AS first, s.last_id AS last"
            " FROM {s} s WHERE s.first_id <= s.last_id AND s.product_id IS NOT NULL"
            " AND s.source_id IS NOT NULL AND s.lot IS NOT NULL"
        )
        stage.sql(
            f"CREATE INDEX ON {_SERIALS} USING gist"
            " (product_id, prefix, int8range(first, last, '[]'))"
        )
        stage.sql(f"ANALYZE {_SERIALS}")
        stage.sql(
            f"CREATE TEMP TABLE {_CLAIMED} ON COMMIT DROP AS SELECT c.row,"  # noqa: S608
            " c.prefix || c.first || CASE WHEN c.first < c.last THEN ' to ' || c.prefix || c.last"
            " ELSE '' END || ' are in lot ' || c.lot || COALESCE(' of row ' || c.other, '')"
            " || ' with ' || m.mpn || '.' AS told"
            f" FROM ({claims(_SERIALS, both=True)}) c"
            " JOIN suppliers_source o ON o.id = c.source_id"
            " JOIN suppliers_manufacturerpart m ON m.id = o.manufacturer_part_id"
        )
        stage.refuse(
            "serial_from", "serial_claimed",
            f"=(SELECT c.told FROM {_CLAIMED} c WHERE c.row = s.row)",  # noqa: S608 (constants)
            f"s.row IN (SELECT row FROM {_CLAIMED})",  # noqa: S608
        )  # fmt: skip

    def classify(self, stage: Stage) -> Counts:
        stage.sql(
            f"UPDATE {{s}} s SET act = CASE WHEN {_SAME} THEN 's' ELSE 'c' END WHERE NOT bad"  # noqa: S608
        )
        by_act = dict(stage.fetch("SELECT act, count(*) FROM {s} WHERE NOT bad GROUP BY act"))
        return Counts(created=by_act.get("c", 0), unchanged=by_act.get("s", 0))

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((units, failed, products),) = stage.fetch(
            "SELECT sum(quantity), sum(failed), count(DISTINCT product_id) FROM {s} WHERE NOT bad"
        )
        return {"Units": units, "Failed": failed or 0, "Products": products}

    def write(self, stage: Stage, imported: Import) -> Counts:
        counts = self.classify(stage)
        ids = built_imports.add_staged(
            rows="SELECT s.row, s.product_id, s.plant_id, s.lot,"  # noqa: S608 (constants)
            f" {_PREFIX} AS prefix, s.first_id AS first, s.last_id AS last, s.part_id, s.source_id,"
            " COALESCE(s.part_lot, '') AS part_lot, s.quantity, s.failed, s.built_on"
            " FROM import_stage s WHERE NOT s.bad AND s.act = 'c'",
            origin=stage.origin, actor=stage.actor,
        )  # fmt: skip
        note_made(imported, audit.label(AsBuilt), ids)
        return counts

    def _made(self, imported: Import) -> list[int]:
        rows = ImportedRow.objects.filter(imported=imported, model=audit.label(AsBuilt))
        return list(rows.order_by("object_id").values_list("object_id", flat=True))

    def lock(self, imported: Import) -> None:
        built_imports.lock_lots(self._made(imported))

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        return []

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        reason = f"undo of import {imported.name}"
        built_imports.withdraw_lots(ids=self._made(imported), reason=reason, actor=actor)
