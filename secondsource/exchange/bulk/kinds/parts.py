"""Parts masters: our parts, and the manufacturer parts that we buy for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from parts.models import Part
from parts.models.catalogue import Lifecycle
from parts.signals import parts_changed
from secondsource.exchange.bom.standing import OPEN
from secondsource.exchange.bulk import cells, declared, goods_words, heads, takeover
from secondsource.exchange.bulk.categories import (
    find_categories,
    note_unsorted,
    to_unsorted,
)
from secondsource.exchange.bulk.kind import Column, Counts
from secondsource.exchange.bulk.measures import Price
from secondsource.exchange.bulk.new_parts import NewParts, parts_of
from secondsource.exchange.bulk.references import price_of_one, scope_sql
from secondsource.exchange.bulk.sourcing import (
    IDS,
    find_numbers,
    foresee_manufacturers,
)
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.bulk.steps import journaled
from secondsource.exchange.models import Import
from suppliers.models import Source

CRITICALITY = cells.Choice(words={"a": ("high", "hoch"), "b": ("medium",), "c": ("low",)})
LIFECYCLE = cells.Choice(
    words={one.value: goods_words.LIFECYCLE.get(one.value, ()) for one in Lifecycle}
)


def _first(column: str) -> str:
    """A column's value in the first of the rows that make one part."""
    return f"CASE WHEN s.row = s.head THEN s.{column} END"


class Parts(NewParts):
    """A number that stands in several rows has several sources; its first row says what it is."""

    name, label, noun = "parts", "Parts", ("part", "parts")
    permission = "parts.write_part"
    help = (
        "One row an IPN, with its manufacturer part if any. A further row of the"
        " same IPN adds a further source."
    )
    columns = (
        heads.ipn(required=True),
        Column("description", "Description", cells.Text(300), goods_words.DESCRIPTION,
               example="Buck converter 3 A, 17 V"),
        Column("category", "Category", cells.Text(200), goods_words.CATEGORY, example="regulators",
               help="Its path, name or prefix; without it, the prefix of the IPN tells."),
        Column("value", "Value", cells.Text(120), goods_words.VALUE, example="10 kΩ"),
        Column("footprint", "Footprint", cells.Text(200), goods_words.FOOTPRINT, example="QFN-16"),
        Column("unit", "Unit", declared.Unit(), goods_words.UNIT, example="pcs"),
        Column("criticality", "Criticality", CRITICALITY, goods_words.CRITICALITY, example="b"),
        Column("lifecycle", "Lifecycle", LIFECYCLE, goods_words.LIFECYCLES, example="mature"),
        replace(heads.mpn(), several=True, asked=True),
        replace(heads.manufacturer(), several=True),
        Column("status", "Status of the source", declared.Standing(), goods_words.STANDING,
               example="Approved", asked=True,
               help="“Do not use” and the like refuse the row; a candidate is not approved."),
        heads.barred(),
        Column("standard_cost", "Standard cost", Price(), goods_words.COST, example="1.25",
               group="prices", help="Needs a currency.", never=heads.TOTAL, asked=True),
        heads.price_unit(),
        Column("currency", "Currency", cells.Currency(), heads.CURRENCY, example="USD",
               group="prices"),
    )  # fmt: skip
    ids = ("part_id", "category_id", "source_id", "approval_id", "open", *IDS)
    key = "t.id = s.part_id"
    unique, unique_words = ("ipn",), "part"
    several_rows = True
    values = {
        "description": _first("description"),
        "category_id": _first("category_id"),
        "value": _first("value"),
        "footprint": _first("footprint"),
        "unit": _first("unit"),
        "criticality": _first("criticality"),
        "lifecycle": _first("lifecycle"),
        "standard_cost": _first("standard_cost"),
        "standard_cost_currency": "CASE WHEN s.row = s.head AND s.standard_cost IS NOT NULL"
        " THEN s.currency END",
    }
    initial = {"ipn": "s.ipn"}

    def find(self, stage: Stage) -> None:
        stage.sql("UPDATE {s} s SET part_id = p.id FROM parts_part p WHERE p.ipn = s.ipn")
        price_of_one(stage, ["standard_cost"])
        find_categories(stage)
        find_numbers(stage, nameless=True)

    def check(self, stage: Stage) -> None:
        visible, params = scope_sql(Part.objects.visible_to(stage.actor.user))
        stage.refuse(
            "ipn", "taken", "This number cannot be used here. Choose another.",
            f"s.part_id IS NOT NULL AND s.part_id NOT IN ({visible})", params,
        )  # fmt: skip
        stage.refuse_duplicates(
            ("ipn", "manufacturer_key", "mpn_key"), "part and manufacturer part"
        )
        stage.refuse(
            "mpn" if stage.has("mpn") else "manufacturer", "no_number",
            "The row names a manufacturer and no part number of theirs.",
            "s.manufacturer IS NOT NULL AND s.mpn IS NULL", unread="mpn",
        )  # fmt: skip
        stage.refuse("standard_cost", "negative", "A cost is 0 or more.", "s.standard_cost < 0")
        stage.refuse(
            "standard_cost", "no_currency", "A cost needs a currency: add a column for it.",
            "s.standard_cost IS NOT NULL AND s.currency IS NULL",
        )  # fmt: skip
        self._refuse_units(stage)
        said = takeover.refuse_standings(stage)
        stage.sql("UPDATE {s} SET open = 1 WHERE status = ANY(%s)", (said[OPEN],))
        stage.mark_bad()
        stage.remark(
            "other_words",
            "Rows that describe a number otherwise than its first row: {n}. The first one counts.",
            "NOT s.bad AND EXISTS (SELECT FROM {s} f WHERE NOT f.bad AND f.ipn = s.ipn"
            " AND f.row < s.row AND f.description IS DISTINCT FROM s.description"
            " AND s.description IS NOT NULL)",
        )
        note_unsorted(stage)
        foresee_manufacturers(stage)
        self._foresee_sources(stage)

    def _refuse_units(self, stage: Stage) -> None:
        """A part that has fractions in stock cannot become one that is counted."""
        stage.refuse(
            "unit", "has_fractions", "This part has quantities with fractions on record.",
            "EXISTS (SELECT FROM parts_part p WHERE p.id = s.part_id AND s.unit IS NOT NULL"
            " AND s.unit <> p.unit AND lower(rtrim(trim(s.unit), '.')) <> ALL(%s)"
            " AND COALESCE(p.stock_qty % 1, 0) + COALESCE(p.open_order_qty % 1, 0)"
            " + COALESCE(p.safety_stock % 1, 0) + COALESCE(p.given_demand % 1, 0) <> 0)"
            .replace("% 1", "%% 1"), [goods_words.MEASURED],
        )  # fmt: skip

    def _foresee_sources(self, stage: Stage) -> None:
        """Rows with a source that is not on record, and which of these become incumbents."""
        stage.sql(
            "UPDATE {s} s SET source_id = o.id FROM suppliers_source o WHERE"
            " o.part_id = s.part_id AND o.manufacturer_part_id = s.manufacturer_part_id"
        )
        named = "NOT bad AND mpn IS NOT NULL"
        ((new,),) = stage.fetch(f"SELECT count(*) FROM {{s}} WHERE {named} AND source_id IS NULL")  # noqa: S608
        ((incumbents,),) = stage.fetch(
            f"SELECT count(*) FROM (SELECT DISTINCT ON (ipn) * FROM {{s}} WHERE {named}"  # noqa: S608
            " ORDER BY ipn, row) s WHERE s.source_id IS NULL AND s.open IS NULL AND NOT EXISTS"
            " (SELECT FROM"
            " suppliers_source o WHERE o.part_id = s.part_id"
            " AND (o.role = 'incumbent' OR o.status = 'approved'))"
        )
        stage.facts["sums"] |= {
            "New incumbents, approved as legacy": incumbents,
            "New candidates": new - incumbents,
        }

    def classify(self, stage: Stage) -> Counts:
        """A part that only gets a further source counts as changed."""
        counts = super().classify(stage)
        ((more,),) = stage.fetch(
            "SELECT count(*) FROM {s} h WHERE h.act = 's' AND EXISTS (SELECT FROM {s} s WHERE"
            " s.head = h.row AND s.mpn IS NOT NULL AND s.source_id IS NULL)"
        )
        return Counts(counts.created, counts.updated + more, counts.unchanged - more)

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        return {name: count for name, count in stage.facts["sums"].items() if count}

    def prepare(self, stage: Stage, imported: Import) -> None:
        to_unsorted(stage, imported)

    def tell_all(self, imported: Import) -> None:
        touched = set(journaled(imported, Part)) | parts_of(journaled(imported, Source))
        if touched:
            parts_changed.send(sender=Part, part_ids=touched)
