"""The approved manufacturer list by file: which manufacturer parts are sources of ours.

A row makes a candidate or keeps what is there; no file approves. Rows whose status calls the source
approved are proposed as a take-over, which two persons decide. A status that speaks against the
source, or that nobody knows, refuses its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from parts.models import PartFigures, Product
from secondsource.core.actors import Actor
from secondsource.core.bulk import ids_in
from secondsource.core.errors import Reason
from secondsource.exchange.bulk import cells, declared, goods_words, heads, takeover
from secondsource.exchange.bulk.kind import Column, Counts
from secondsource.exchange.bulk.measures import Rate
from secondsource.exchange.bulk.references import find_parts, mark_endless, scope_sql
from secondsource.exchange.bulk.sourcing import (
    IDS,
    Manufacturers,
    Numbers,
    find_numbers,
    foresee_manufacturers,
    lock_parts_of,
    undo_approvals,
)
from secondsource.exchange.bulk.staging import FILE_ROW, Stage
from secondsource.exchange.bulk.steps import Steps, journaled
from secondsource.exchange.bulk.validity import EndDate
from secondsource.exchange.models import Import
from suppliers.models import Source
from suppliers.signals import sources_changed

_TERMS = ("share", "capacity_wk", "valid_from", "valid_to", "conditions")
#: That a source was never approved nor is being qualified: its products can be said by file.
_FREE = (
    "(s.source_id IS NULL OR EXISTS (SELECT FROM suppliers_source o WHERE o.id = s.source_id"
    " AND o.status = 'candidate' AND NOT EXISTS"
    " (SELECT FROM suppliers_approval a WHERE a.source_id = o.id)))"
)
_SCOPE = (
    "(SELECT COALESCE(array_agg(p.code::text ORDER BY p.code), '{{}}')"
    " FROM suppliers_source_scope c JOIN parts_product p ON p.id = c.product_id"
    " WHERE c.source_id = {})"
)


class Sources(Steps):
    """Found by IPN and manufacturer part; new manufacturers and MPNs are made."""

    name, label, noun = "sources", "Sources", ("source", "sources")
    permission = "suppliers.write_source"
    help = (
        "One row a source: the IPN with manufacturer and MPN. New sources come in as"
        " candidates. Those whose status says “Approved” are proposed as a take-over, which quality"
        " and a second person decide."
    )
    columns = (
        heads.ipn(required=True),
        Column("manufacturer", "Manufacturer", cells.Company(), heads.MANUFACTURER,
               example="Texas Instruments", several=True),
        Column("mpn", "MPN", cells.PartNumber(), heads.MPN, required=True,
               example="TPS62130RGTR", several=True, asked=True),
        Column("description", "Description", cells.Text(300), goods_words.DESCRIPTION),
        Column("share", "Agreed share", cells.Fraction(7, 4), goods_words.SHARE, example="40 %"),
        Column("capacity_wk", "Capacity a week", Rate(18, 4, base="w"), goods_words.CAPACITY,
               example="50000"),
        Column("valid_from", "Valid from", cells.Date(), goods_words.VALID_FROM,
               example="2026-01-01"),
        Column("valid_to", "Valid to", EndDate(), goods_words.VALID_TO, example="2027-12-31",
               missed=True),
        Column("scope", "Products", cells.Codes(), goods_words.SCOPE, example="PUMP, FAN",
               help="The products it is meant for; without any, all."),
        Column("conditions", "Conditions", cells.Text(4000), goods_words.CONDITIONS,
               example="firmware ≥ 2.1"),
        Column("status", "Status", declared.Standing(), goods_words.STATUS,
               example="Approved", asked=True, missed=True,
               help="“Approved” proposes a take-over. “Do not use” and the like refuse the row."),
        heads.barred(),
        Column("evidence", "Evidence", cells.Text(200), goods_words.EVIDENCE,
               never=goods_words.NO_EVIDENCE,
               help="The basis of the approval where it was given."),
    )  # fmt: skip
    ids = ("part_id", "source_id", "taken_over", "endless", *IDS)
    cleared = {"valid_to": "s.endless = 1"}
    model = Source
    key = "t.part_id = s.part_id AND t.manufacturer_part_id = s.manufacturer_part_id"
    unique, unique_words = ("part_id", "manufacturer_key", "mpn_key"), "source"
    # The last day of a proposed approval is the approval's; the source may outlive it.
    values = {name: f"s.{name}" for name in _TERMS} | {
        "valid_to": "CASE WHEN s.taken_over = 1 THEN NULL ELSE s.valid_to END"
    }
    initial = {
        "part_id": "s.part_id",
        "manufacturer_part_id": "s.manufacturer_part_id",
        "share_cap": "0",
        "quantity_cap": "0",
    }
    children = (("suppliers_source_scope", "source_id"),)
    before = (Manufacturers(), Numbers())

    def find(self, stage: Stage) -> None:
        mark_endless(stage)
        find_parts(stage)
        find_numbers(stage, nameless=True)
        stage.sql(
            "UPDATE {s} s SET source_id = o.id FROM suppliers_source o WHERE"
            " o.part_id = s.part_id AND o.manufacturer_part_id = s.manufacturer_part_id"
        )

    def check(self, stage: Stage) -> None:
        stage.refuse_duplicates(
            ("ipn", "manufacturer_key", "mpn_key"), "part and manufacturer part"
        )
        stage.refuse(
            "share", "out_of_range", "A share is a fraction: write 0.4 or 40 %.",
            "s.share < 0 OR s.share > 1",
        )  # fmt: skip
        stage.refuse("capacity_wk", "negative", "0 or more.", "s.capacity_wk < 0")
        stage.refuse(
            "valid_to", "limits_reversed", "Ends before it begins.",
            "s.endless IS NULL AND COALESCE(s.valid_to, (SELECT o.valid_to FROM suppliers_source o"
            " WHERE o.id = s.source_id)) < COALESCE(s.valid_from, (SELECT o.valid_from"
            " FROM suppliers_source o WHERE o.id = s.source_id))",
        )  # fmt: skip
        self._check_scope(stage)
        takeover.check(stage)
        stage.mark_bad()
        takeover.remark(stage)
        foresee_manufacturers(stage)

    def _check_scope(self, stage: Stage) -> None:
        visible, params = scope_sql(Product.objects.visible_to(stage.actor.user))
        stage.refuse(
            "scope", "unknown_product", "One of these products is not here.",
            "EXISTS (SELECT FROM unnest(s.scope) c WHERE NOT EXISTS (SELECT FROM parts_product p"  # noqa: S608
            f" WHERE p.code = c AND p.id IN ({visible})))", params,
        )  # fmt: skip
        stage.refuse(
            "scope", "scope_is_approved",
            "The products of a source in use or in qualification are part of its approval.",
            "s.scope IS NOT NULL AND s.source_id IS NOT NULL AND NOT " + _FREE
            + f" AND ARRAY(SELECT unnest(s.scope) ORDER BY 1) <> {_SCOPE.format('s.source_id')}",
        )  # fmt: skip

    def classify(self, stage: Stage) -> Counts:
        """A file may change nothing and still propose approvals."""
        counts = super().classify(stage)
        return replace(counts, proposed=takeover.count(stage))

    def differs(self, stage: Stage) -> str:
        return (
            "s.scope IS NOT NULL AND ARRAY(SELECT unnest(s.scope) ORDER BY 1) IS DISTINCT FROM "  # noqa: S608
            + _SCOPE.format("t.id")
        )

    def prepare(self, stage: Stage, imported: Import) -> None:
        """Hold the parts before their sources, as moves do, so that they never cross."""
        rows = stage.fetch("SELECT DISTINCT part_id FROM {s} WHERE NOT bad")
        PartFigures.objects.lock(part_id for (part_id,) in rows)

    def lock(self, imported: Import) -> None:
        takeover.lock(imported)
        lock_parts_of(imported)
        super().lock(imported)

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        return {name: count for name, count in stage.facts["sums"].items() if count}

    def _create(self, stage: Stage) -> list[int]:
        ids = super()._create(stage)
        stage.sql(
            f"UPDATE suppliers_source t SET origin = left(%s || ', row ' || {FILE_ROW}, 200)"  # noqa: S608
            " FROM {s} s WHERE s.target_id = t.id AND s.act = 'c'",
            (stage.origin,),
        )
        return ids

    def after(self, stage: Stage, imported: Import) -> None:
        stage.sql(
            "DELETE FROM suppliers_source_scope c USING {s} s WHERE c.source_id = s.target_id"
            " AND s.act = 'u' AND s.scope IS NOT NULL"
        )
        stage.sql(
            "INSERT INTO suppliers_source_scope (source_id, product_id)"
            " SELECT DISTINCT s.target_id, p.id FROM {s} s, unnest(s.scope) c"
            " JOIN parts_product p ON p.code = c WHERE s.act IN ('c', 'u')"
        )

    def write(self, stage: Stage, imported: Import) -> Counts:
        """The sources, then the take-over of those that the file calls approved."""
        counts = super().write(stage, imported)
        takeover.propose(stage, imported)
        return counts

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        return [*super().reasons_against_undo(imported), *takeover.decided(imported)]

    def tell_all(self, imported: Import) -> None:
        _tell(_parts_of(imported))

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        parts = _parts_of(imported)
        takeover.remove(imported)
        undo_approvals(imported, actor)
        super().take_back(imported, actor=actor)
        _tell(parts)


def _parts_of(imported: Import) -> set[int]:
    rows = Source.objects.filter(pk__in=ids_in(journaled(imported, Source)))
    return set(rows.values_list("part_id", flat=True))


def _tell(parts: set[int]) -> None:
    if parts:
        sources_changed.send(sender=Source, part_ids=parts)
