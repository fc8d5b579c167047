"""Offers with their price breaks: numbered columns of one row, or a row a break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection

from secondsource.core import audit, clock
from secondsource.core.bulk import ids_in
from secondsource.exchange.bulk import cells, goods_words, heads
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.measures import Duration, Price, Rate
from secondsource.exchange.bulk.records import RecordKind
from secondsource.exchange.bulk.references import (
    find_companies,
    find_manufacturer_parts,
    forget_nobodies,
    mark_endless,
    price_of_one,
    refuse_placeholders,
)
from secondsource.exchange.bulk.removal import JOURNAL
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.bulk.validity import EndDate
from secondsource.exchange.models import Import
from suppliers.models import Offer, Source
from suppliers.signals import sources_changed

BREAKS = 12
_PLAIN = (
    "moq", "multiple", "lead_time_days_min", "lead_time_days_max", "channel", "break_type",
    "capacity_wk", "ncnr", "incoterm", "tariff_rate", "stock", "valid_to",
)  # fmt: skip
_PAIRS = ", ".join(f"(s.quantity_{n}, s.price_{n})" for n in range(1, BREAKS + 1))
#: (row, quantity, price) of the staged rows; a price without a quantity holds from the least order.
_BREAKS = (
    "(SELECT s.row, s.head, COALESCE(b.quantity, s.moq, 1) AS quantity, b.price"  # noqa: S608
    f" FROM import_stage s, LATERAL (VALUES {_PAIRS}) b (quantity, price)"
    " WHERE b.price IS NOT NULL)"
)


def _first(column: str) -> str:
    return f"CASE WHEN s.row = s.head THEN s.{column} END"


class Offers(RecordKind):
    """Found by manufacturer part, supplier, order code, currency, first day; without a day, the one
    in force. The breaks of a file supersede those on record, whose rows stay.
    """

    name, label, noun = "offers", "Offers", ("offer", "offers")
    permission = "suppliers.write_offer"
    help = (
        "One row an offer with its price breaks in numbered columns (qty 1, price 1, …), or one row"
        " a price break. The manufacturer part must be on record."
    )
    columns = (
        Column("manufacturer", "Manufacturer", cells.Company(), heads.MANUFACTURER,
               example="Texas Instruments", help="Needed where several have the number."),
        Column("mpn", "MPN", cells.PartNumber(), heads.MPN, required=True,
               example="TPS62130RGTR"),
        heads.supplier(help="Who offers; without it the manufacturer."),
        Column("sku", "Order code", cells.Text(120), goods_words.SKU, example="296-TPS62130-ND"),
        Column("currency", "Currency", cells.Currency(), heads.CURRENCY, required=True,
               example="USD", group="prices"),
        Column("quantity", "From quantity", cells.Whole(), goods_words.BREAK_QUANTITY,
               example="1000", repeat=BREAKS),
        Column("price", "Price", Price(), goods_words.BREAK_PRICE, example="0.98", repeat=BREAKS,
               group="prices", never=heads.TOTAL, at="quantity", asked=True, missed=True),
        heads.price_unit(),
        Column("break_type", "Break type", cells.Choice(words=goods_words.BREAK_TYPE),
               goods_words.BREAK_TYPES, example="all_units"),
        Column("moq", "Least order", cells.Whole(), goods_words.MOQ, example="100",
               missed=True),
        Column("multiple", "Multiple", cells.Whole(), goods_words.MULTIPLE, example="100",
               missed=True),
        Column("lead_time_days_min", "Lead time from, days", Duration(), goods_words.LEAD_MIN,
               example="8 weeks"),
        Column("lead_time_days_max", "Lead time, days", Duration(), goods_words.LEAD_MAX,
               example="12 weeks", missed=True),
        Column("channel", "Channel", cells.Choice(words=goods_words.CHANNEL), goods_words.CHANNELS,
               example="franchised"),
        Column("capacity_wk", "Capacity a week", Rate(18, 4, base="w"), goods_words.CAPACITY,
               example="50000"),
        Column("ncnr", "NCNR", cells.YesNo(), goods_words.NCNR, example="no"),
        Column("incoterm", "Incoterm", cells.Choice(words={o.value: () for o in Offer.Incoterm}),
               goods_words.INCOTERM, example="DAP"),
        Column("tariff_rate", "Tariff rate", cells.Fraction(9, 6), goods_words.TARIFF,
               example="2.5 %"),
        Column("stock", "Stock of the supplier", cells.Number(18, 4), heads.STOCK, example="9800"),
        Column("valid_from", "Valid from", cells.Date(), goods_words.VALID_FROM,
               example="2026-01-01"),
        Column("valid_to", "Valid to", EndDate(), goods_words.VALID_TO, example="2026-12-31",
               missed=True),
    )  # fmt: skip
    ids = (
        "manufacturer_id", "manufacturer_part_id", "supplier_id", "offer_id", "several", "endless",
    )  # fmt: skip
    model = Offer
    key = "t.id = s.offer_id"
    unique = ("manufacturer_part_id", "supplier_id", "sku", "currency", "valid_from")
    unique_words = "offer"
    several_rows = True
    values = {name: _first(name) for name in _PLAIN}
    cleared = {"valid_to": "s.row = s.head AND s.endless = 1"}
    initial = {
        "manufacturer_part_id": "s.manufacturer_part_id",
        "supplier_id": "s.supplier_id",
        "sku": "s.sku",
        "currency": "s.currency",
        "valid_from": "s.valid_from",
    }
    children = (("suppliers_pricebreak", "offer_id"),)
    versioned = ("suppliers_pricebreak",)

    def find(self, stage: Stage) -> None:
        self._complete(stage)
        forget_nobodies(stage)
        find_companies(stage, column="manufacturer", into="manufacturer_id", words="manufacturer")
        find_companies(stage, column="supplier", into="supplier_id")
        find_manufacturer_parts(stage)
        stage.sql(
            "UPDATE {s} s SET supplier_id = m.manufacturer_id FROM suppliers_manufacturerpart m"
            " WHERE m.id = s.manufacturer_part_id AND s.supplier IS NULL"
        )
        refuse_placeholders(stage)
        stage.sql("UPDATE {s} SET sku = '' WHERE sku IS NULL")
        self._find_offers(stage)

    def _complete(self, stage: Stage) -> None:
        """Prices of one piece, the quantities that headers give, the shorter of a span of time."""
        for one in stage.mapping.used():
            if one.at:
                stage.sql(
                    f"UPDATE {{s}} SET quantity_{one.number} = %s"  # noqa: S608 (a number)
                    f" WHERE price_{one.number} IS NOT NULL",
                    (one.at,),
                )
        price_of_one(stage, [f"price_{n}" for n in range(1, BREAKS + 1)])
        mark_endless(stage)
        if stage.has("lead_time_days_max"):
            stage.sql(
                "UPDATE {s} SET lead_time_days_min = lead_time_days_max_least"
                " WHERE lead_time_days_min IS NULL AND lead_time_days_max_least IS NOT NULL"
            )

    def _find_offers(self, stage: Stage) -> None:
        """By the first day; a row without one means the offer in force, else a new one of today."""
        today = clock.business_day()
        stage.sql(
            "UPDATE {s} s SET offer_id = f.id, several = f.found FROM (SELECT s.row, min(o.id) AS"
            " id, count(*) AS found FROM {s} s JOIN suppliers_offer o ON o.manufacturer_part_id ="
            " s.manufacturer_part_id AND o.supplier_id = s.supplier_id AND o.sku = s.sku"
            " AND o.currency = s.currency AND CASE WHEN s.valid_from IS NULL THEN"
            " o.valid_from <= %s AND COALESCE(o.valid_to, %s) >= %s"
            " ELSE o.valid_from = s.valid_from END GROUP BY 1) f WHERE f.row = s.row",
            (today, today, today),
        )
        stage.refuse(
            "sku" if stage.has("sku") else "mpn", "ambiguous_offer",
            "Several offers fit: give the order code, or the first day of the one meant.",
            "s.several > 1",
        )  # fmt: skip
        stage.sql(
            "UPDATE {s} s SET valid_from = COALESCE(s.valid_from, (SELECT o.valid_from FROM"
            " suppliers_offer o WHERE o.id = s.offer_id), %s)",
            (today,),
        )

    def check(self, stage: Stage) -> None:
        for n in range(1, BREAKS + 1):
            stage.refuse(f"quantity_{n}", "not_positive", "At least 1.", f"s.quantity_{n} < 1")
            stage.refuse(f"price_{n}", "negative", "A price is 0 or more.", f"s.price_{n} < 0")
            stage.refuse(
                f"price_{n}", "missing", "This quantity has no price.",
                f"s.quantity_{n} IS NOT NULL AND s.price_{n} IS NULL", unread=f"price_{n}",
            )  # fmt: skip
        stage.refuse(
            "price_1" if stage.has("price") else "mpn", "no_price", "An offer has a price.",
            "s.offer_id IS NULL AND COALESCE("
            + ", ".join(f"s.price_{n}" for n in range(1, BREAKS + 1)) + ") IS NULL",
        )  # fmt: skip
        for name in ("moq", "multiple"):
            stage.refuse(name, "not_positive", "At least 1.", f"s.{name} < 1")
        for name in ("capacity_wk", "stock"):
            stage.refuse(name, "negative", "0 or more.", f"s.{name} < 0")
        stage.refuse(
            "tariff_rate", "out_of_range", "A rate is a fraction: write 0.025 or 2.5 %.",
            "s.tariff_rate < 0 OR s.tariff_rate > 9",
        )  # fmt: skip
        stage.refuse(
            "lead_time_days_max", "limits_reversed", "Below the shortest.",
            "s.lead_time_days_max < s.lead_time_days_min",
        )  # fmt: skip
        stage.refuse(
            "valid_to", "limits_reversed", "Ends before it begins.", "s.valid_to < s.valid_from"
        )
        key = ", ".join(f"r.{name}" for name in self.unique)
        stage.refuse(
            "quantity_1" if stage.has("quantity") else "price_1", "duplicate",
            "This quantity has a price already.",
            f"s.row IN (SELECT row FROM (SELECT b.row, row_number() OVER (PARTITION BY {key},"  # noqa: S608
            f" b.quantity ORDER BY b.row) AS nth FROM {_BREAKS} b JOIN import_stage r"
            " ON r.row = b.row WHERE r.manufacturer_part_id IS NOT NULL) d WHERE nth > 1)",
        )  # fmt: skip
        stage.refuse_rest_of_groups(self.unique, "offer")

    def differs(self, stage: Stage) -> str:
        """The breaks of all rows of the offer are not those on record."""
        new = (
            "(SELECT array_agg((b.quantity, b.price::numeric(18, 6)) ORDER BY b.quantity) FROM"  # noqa: S608
            f" {_BREAKS} b WHERE b.head = s.head)"
        )
        old = (
            "(SELECT array_agg((o.quantity::bigint, o.price) ORDER BY o.quantity) FROM"
            " suppliers_pricebreak o WHERE o.offer_id = t.id AND o.until_version IS NULL)"
        )
        return f"{new} IS NOT NULL AND {new}::text IS DISTINCT FROM {old}::text"

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((count,),) = stage.fetch(
            f"SELECT count(*) FROM {_BREAKS} b JOIN {{s}} s ON s.row = b.row WHERE NOT s.bad"  # noqa: S608
        )
        return {"Price breaks": count}

    def after(self, stage: Stage, imported: Import) -> None:
        stage.sql(
            "CREATE TEMP TABLE import_breaks ON COMMIT DROP AS SELECT h.target_id AS offer_id,"  # noqa: S608
            f" b.quantity, b.price::numeric(18, 6) FROM {_BREAKS} b JOIN {{s}} h ON h.row = b.head"
            " WHERE h.act IN ('c', 'u') AND NOT h.bad"
        )
        _supersede(stage.sql, "SELECT offer_id, quantity, price FROM import_breaks")
        stage.sql("DROP TABLE import_breaks")

    def tell(self, stage: Stage) -> None:
        _tell([pk for (pk,) in stage.fetch(
            "SELECT DISTINCT manufacturer_part_id FROM {s} WHERE act IN ('c', 'u')"
        )])  # fmt: skip

    def take_back(self, imported: Import, *, actor: Any) -> None:
        from secondsource.exchange.bulk.steps import journaled

        offers = Offer.objects.filter(pk__in=ids_in(journaled(imported, Offer)))
        numbers = list(offers.values_list("manufacturer_part_id", flat=True))
        super().take_back(imported, actor=actor)
        _supersede(_run, _BREAKS_BEFORE, (imported.pk, audit.label(Offer)))
        _tell(numbers)


#: (offer, quantity, price) of the offers that an import changed, as they were before it.
_BREAKS_BEFORE = f"""
    SELECT j.object_id, b.quantity, b.price FROM {JOURNAL} j, LATERAL jsonb_to_recordset(
           j.before->'suppliers_pricebreak') b (quantity int, price numeric, until_version int)
     WHERE j.import_id = %s AND j.model = %s AND j.before IS NOT NULL AND b.until_version IS NULL
"""  # noqa: S608 (a constant name)


def _supersede(run: Callable[..., Any], wanted: str, params: tuple[Any, ...] = ()) -> None:
    """Give offers the breaks (offer, quantity, price) of ``wanted``, from their present version on.

    Equal breaks stay; of the others the old row is closed and a new one added.
    """
    new = f"WITH w (offer_id, quantity, price) AS ({wanted})"
    same = "(p.offer_id, p.quantity, p.price) = (w.offer_id, w.quantity, w.price)"
    run(
        f"{new} UPDATE suppliers_pricebreak p SET until_version = o.version"  # noqa: S608
        " FROM suppliers_offer o WHERE o.id = p.offer_id AND p.until_version IS NULL"
        " AND p.offer_id IN (SELECT offer_id FROM w)"
        f" AND NOT EXISTS (SELECT FROM w WHERE {same})",
        params,
    )
    run(
        f"{new} INSERT INTO suppliers_pricebreak (offer_id, quantity, price, from_version)"  # noqa: S608
        " SELECT w.offer_id, w.quantity, w.price, o.version FROM w"
        " JOIN suppliers_offer o ON o.id = w.offer_id WHERE NOT EXISTS"
        f" (SELECT FROM suppliers_pricebreak p WHERE {same} AND p.until_version IS NULL)"
        " ORDER BY 1, 2",
        params,
    )


def _run(statement: str, params: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _tell(numbers: list[int]) -> None:
    sources = Source.objects.filter(manufacturer_part__in=ids_in(numbers))
    parts = set(sources.values_list("part_id", flat=True))
    if parts:
        sources_changed.send(sender=Source, part_ids=parts)
