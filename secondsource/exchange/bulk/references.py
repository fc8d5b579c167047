"""Finding what the rows name: parts, companies, manufacturer parts, sources, order lines.

Each function fills an id column of the staging table and refuses what is unknown or ambiguous.
What lies outside the person's scope is unknown to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from parts.models import Part
from parts.units import MEASURED
from secondsource.exchange.bulk.mapping import currency_said
from secondsource.exchange.bulk.staging import Stage
from suppliers.models import Source
from suppliers.names import names_nobody


def scope_sql(queryset: models.QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """A queryset of ids as a subquery for SQL written by hand."""
    sql, params = (
        queryset.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    )
    return sql, tuple(params)


def find_parts(
    stage: Stage, *, column: str = "ipn", into: str = "part_id", required: bool = True
) -> None:
    """Parts by our number. ``required``: an unknown one is an error."""
    visible, params = scope_sql(Part.objects.visible_to(stage.actor.user))
    stage.sql(
        f"UPDATE {{s}} s SET {into} = p.id FROM parts_part p"  # noqa: S608 (names of kinds)
        f" WHERE p.ipn = s.{column} AND p.id IN ({visible})",
        params,
    )
    if required:
        stage.refuse(
            column, "unknown_part", "There is no part with this number.",
            f"s.{into} IS NULL AND s.{column} IS NOT NULL",
        )  # fmt: skip


def refuse_fractions(
    stage: Stage, columns: Sequence[str], *, part: str = "p.id = s.part_id", tables: str = ""
) -> None:
    """Refuse quantities with a fraction of parts that are counted in whole pieces.

    ``part``: how a part ``p`` belongs to a row ``s``; ``tables`` joins what that needs.
    """
    for column in columns:
        stage.refuse(
            column, "not_whole", "A quantity of this part is a whole number.",
            f"s.{column} <> trunc(s.{column}) AND EXISTS (SELECT FROM parts_part p {tables}"
            f" WHERE {part} AND lower(rtrim(trim(p.unit), '.')) <> ALL(%s))",
            [sorted(MEASURED)],
        )  # fmt: skip


def mark_endless(stage: Stage) -> None:
    """Set ``endless`` of rows whose last day is none, and empty that day."""
    if stage.has("valid_to"):
        stage.sql("UPDATE {s} SET endless = 1, valid_to = NULL WHERE valid_to = 'infinity'")


def price_of_one(stage: Stage, columns: Sequence[str]) -> None:
    """Divide prices by the price unit of their row; say which are given for more than one piece."""
    for one in stage.mapping.used():
        if one.unit.isdecimal() and one.unit != "1":
            stage.note("price_unit", f"“{one.header}” is read as the price of {int(one.unit):,}.")
    given = " OR ".join(f"s.{name} IS NOT NULL" for name in columns)
    if said := currency_said(stage.kind, stage.mapping):
        stage.note("currency", f"Prices are read in {said}, as their headers say.")
        stage.sql(f"UPDATE {{s}} s SET currency = %s WHERE {given}", (said,))  # noqa: S608
    if not stage.has("price_unit"):
        return
    stage.refuse(
        "price_unit", "missing", "Say for how many pieces the price of this row is.",
        f"s.price_unit IS NULL AND ({given})", unread="price_unit",
    )  # fmt: skip
    stage.remark("price_unit", "Prices for more than one piece: {n}.", "s.price_unit > 1")
    sets = ", ".join(f"{name} = round({name} / price_unit, 6)" for name in columns)
    stage.sql(f"UPDATE {{s}} SET {sets} WHERE price_unit > 1")  # noqa: S608 (names of kinds)


def refuse_money(stage: Stage) -> None:
    """Refuse prices below zero and prices without a currency (``unit_price``, ``currency``)."""
    stage.refuse("unit_price", "negative", "A price is 0 or more.", "s.unit_price < 0")
    stage.refuse(
        "unit_price", "no_currency",
        "A price needs a currency" + (
            ": this row has none." if stage.has("currency") else ": add a column for it."
        ),
        "s.unit_price IS NOT NULL AND s.currency IS NULL", unread="currency",
    )  # fmt: skip


def forget_nobodies(stage: Stage) -> None:
    """Empty the manufacturer of rows that name none: ``n/a``, ``various``."""
    if not stage.has("manufacturer"):
        return
    named = stage.fetch("SELECT DISTINCT manufacturer FROM {s} WHERE manufacturer IS NOT NULL")
    if nobodies := [name for (name,) in named if names_nobody(name)]:
        stage.sql(
            "UPDATE {s} SET manufacturer = NULL, manufacturer_key = NULL"
            " WHERE manufacturer = ANY(%s)",
            (nobodies,),
        )


#: A column of names ``k`` with the company that each means, as a code or in any spelling.
_COMPANY = (
    "COALESCE(b.merged_into_id, b.id, a.supplier_id) AS id FROM {names} k"
    " LEFT JOIN suppliers_supplier b ON b.code = upper(k.{column}) AND NOT b.placeholder"
    " LEFT JOIN (SELECT n.normal, n.supplier_id FROM suppliers_supplieralias n"
    "  JOIN suppliers_supplier c ON c.id = n.supplier_id AND NOT c.placeholder) a"
    " ON a.normal = k.{column}_key"
)


def find_companies(
    stage: Stage, *, column: str, into: str, required: bool = True, words: str = "supplier"
) -> None:
    """Suppliers and manufacturers by code, name or any spelling of it."""
    if not stage.has(column):
        return
    stage.sql(
        f"UPDATE {{s}} s SET {into} = c.id FROM ("  # noqa: S608 (names of kinds)
        f" SELECT k.{column}, "
        + _COMPANY.format(
            column=column,
            names=f"(SELECT DISTINCT {column}, {column}_key FROM {{s}})",  # noqa: S608
        )
        + f") c WHERE c.{column} = s.{column} AND c.id IS NOT NULL"
    )
    if required:
        stage.refuse(
            column, f"unknown_{words}", f"There is no {words} of this name or code.",
            f"s.{into} IS NULL AND s.{column} IS NOT NULL",
        )  # fmt: skip


def refuse_placeholders(stage: Stage, column: str = "manufacturer") -> None:
    """Refuse rows that would buy from a manufacturer whom nobody named (``supplier_id``)."""
    stage.refuse(
        column if stage.has(column) else "mpn", "manufacturer_not_named",
        "The manufacturer is not named: name the supplier.",
        "EXISTS (SELECT FROM suppliers_supplier c WHERE c.id = s.supplier_id AND c.placeholder)",
    )  # fmt: skip


def find_manufacturer_parts(
    stage: Stage, *, mpn: str = "mpn", manufacturer: str = "manufacturer_id",
    into: str = "manufacturer_part_id", required: bool = True,
) -> None:  # fmt: skip
    """Manufacturer parts by number and, when the row names one, manufacturer (found before)."""
    stage.sql(
        f"UPDATE {{s}} s SET {into} = m.id FROM suppliers_manufacturerpart m"  # noqa: S608
        f" WHERE m.mpn_normal = s.{mpn}_key AND m.manufacturer_id = s.{manufacturer}"
    )
    stage.sql(
        f"UPDATE {{s}} s SET {into} = m.id FROM ("  # noqa: S608 (names of kinds)
        f" SELECT mpn_normal, min(id) AS id FROM suppliers_manufacturerpart"
        f" WHERE mpn_normal IN (SELECT {mpn}_key FROM {{s}} WHERE {manufacturer} IS NULL)"
        f" GROUP BY mpn_normal HAVING count(*) = 1"
        f") m WHERE m.mpn_normal = s.{mpn}_key AND s.{manufacturer} IS NULL"
    )
    if not required:
        return
    several = (
        f"EXISTS (SELECT FROM suppliers_manufacturerpart m WHERE m.mpn_normal = s.{mpn}_key)"
        f" AND s.{manufacturer} IS NULL"
    )
    unfound = f"s.{into} IS NULL AND s.{mpn} IS NOT NULL"
    stage.refuse(
        mpn, "ambiguous_mpn", "Several manufacturers have this number: name the manufacturer.",
        f"{unfound} AND {several}",
    )  # fmt: skip
    stage.refuse(
        mpn, "unknown_mpn", "There is no manufacturer part with this number.",
        f"{unfound} AND NOT ({several})",
    )  # fmt: skip


def find_order_lines(stage: Stage, *, into: str = "order_line_id") -> None:
    """Order lines by order, line and, when the row names one, supplier (``supplier_id``).

    Also fills ``source_id`` and ``supplier_id`` from the line. Leading zeros of a line number do
    not count where it is not on record as written. An order line that only others may see is
    unknown.
    """
    visible, params = scope_sql(Source.objects.visible_to(stage.actor.user))
    seen = f"(SELECT * FROM suppliers_orderline WHERE source_id IN ({visible}))"  # noqa: S608
    _match_order_lines(stage, into, seen, params)
    zeros = stage.sql(
        f"UPDATE {{s}} s SET line = o.line FROM {seen} o"  # noqa: S608 (names of kinds)
        f" WHERE s.{into} IS NULL AND o.po = s.po AND s.line ~ '^[0-9]+$' AND o.line ~ '^[0-9]+$'"
        " AND o.line <> s.line AND ltrim(o.line, '0') = ltrim(s.line, '0')",
        params,
    )
    if zeros:
        _match_order_lines(stage, into, seen, params)
    stage.refuse(
        "line", "ambiguous_order_line", "Several suppliers have this order and line: name one.",
        f"s.{into} IS NULL AND s.supplier_id IS NULL AND EXISTS (SELECT FROM {seen} o"
        " WHERE o.po = s.po AND o.line = s.line)",
        params,
    )  # fmt: skip


def _match_order_lines(stage: Stage, into: str, seen: str, params: Sequence[Any]) -> None:
    stage.sql(
        f"UPDATE {{s}} s SET {into} = o.id, source_id = o.source_id,"  # noqa: S608 (names of kinds)
        f" supplier_id = o.supplier_id FROM {seen} o"
        " WHERE o.po = s.po AND o.line = s.line AND o.supplier_id = s.supplier_id",
        params,
    )
    stage.sql(
        f"UPDATE {{s}} s SET {into} = o.id, source_id = o.source_id, supplier_id = o.supplier_id"  # noqa: S608
        " FROM (SELECT po, line, min(id) AS id, min(source_id) AS source_id,"
        f"  min(supplier_id) AS supplier_id FROM {seen} seen"
        "  WHERE (po, line) IN (SELECT po, line FROM {s} WHERE supplier_id IS NULL)"
        "  GROUP BY po, line HAVING count(*) = 1) o"
        " WHERE o.po = s.po AND o.line = s.line AND s.supplier_id IS NULL",
        params,
    )


def find_sources_of_orders(stage: Stage) -> None:
    """The source of a part by the order alone, where all its lines for that part are of one."""
    visible, params = scope_sql(Source.objects.visible_to(stage.actor.user))
    stage.sql(
        "UPDATE {s} s SET source_id = f.id FROM (SELECT l.po, p.ipn, min(l.source_id) AS id"  # noqa: S608
        " FROM suppliers_orderline l JOIN suppliers_source o ON o.id = l.source_id"
        " JOIN parts_part p ON p.id = o.part_id"
        f" WHERE l.po IN (SELECT po FROM {{s}}) AND o.id IN ({visible}) GROUP BY 1, 2"
        " HAVING count(DISTINCT l.source_id) = 1) f"
        " WHERE f.po = s.po AND f.ipn = s.ipn AND s.source_id IS NULL AND s.mpn IS NULL"
        " AND s.manufacturer IS NULL",
        params,
    )


def refuse_other_sources(stage: Stage, detail: str) -> None:
    """Refuse rows of an order line that name another part, number or manufacturer than the line's.

    The order line says which of several sources is meant: what the row names needs to fit it only.
    """
    visible, params = scope_sql(Source.objects.visible_to(stage.actor.user))
    stage.sql("DROP TABLE IF EXISTS import_other")
    found = stage.sql(
        "CREATE TEMP TABLE import_other ON COMMIT DROP AS SELECT s.row FROM {s} s"  # noqa: S608
        " JOIN suppliers_orderline l ON l.id = s.order_line_id"
        " JOIN suppliers_source o ON o.id = l.source_id JOIN parts_part p ON p.id = o.part_id"
        " JOIN suppliers_manufacturerpart m ON m.id = o.manufacturer_part_id"
        f" WHERE o.id IN ({visible}) AND (p.ipn <> s.ipn OR m.mpn_normal <> s.mpn_key"
        " OR s.manufacturer IS NOT NULL AND NOT EXISTS (SELECT FROM suppliers_supplier c WHERE"
        " c.code = upper(s.manufacturer) AND m.manufacturer_id IN (c.id, c.merged_into_id))"
        " AND NOT EXISTS (SELECT FROM suppliers_supplieralias a"
        " WHERE a.supplier_id = m.manufacturer_id AND a.normal = s.manufacturer_key))",
        params,
    )
    if found:
        stage.refuse(
            "mpn" if stage.has("mpn") else "ipn", "other_source", detail,
            "s.row IN (SELECT row FROM import_other)",
        )  # fmt: skip


def find_sources(stage: Stage, *, into: str = "source_id") -> None:
    """Sources by our number and the manufacturer's; by either alone when that leaves only one.

    Uses the columns ``ipn``, ``mpn`` and ``manufacturer``; what many rows name is looked up once.
    A row that has ``into`` already keeps it.
    """
    forget_nobodies(stage)
    visible, params = scope_sql(Source.objects.visible_to(stage.actor.user))
    stage.sql("DROP TABLE IF EXISTS import_source")
    query = _SOURCES.format(into=into, visible=visible, s="{s}")
    stage.sql(f"CREATE TEMP TABLE import_source ON COMMIT DROP AS {query}", params)
    stage.sql("ANALYZE import_source")
    alike = " AND ".join(
        f"f.{name} = COALESCE(s.{name}, '')" for name in ("ipn", "mpn_key", "manufacturer")
    )
    stage.sql(
        f"UPDATE {{s}} s SET {into} = f.id FROM import_source f"  # noqa: S608 (names of kinds)
        f" WHERE f.found = 1 AND s.{into} IS NULL AND {alike}"
    )
    which = f"EXISTS (SELECT FROM import_source f WHERE {alike}"
    stage.refuse(
        "manufacturer", "unknown_manufacturer", "There is no manufacturer of this name or code.",
        f"s.{into} IS NULL AND s.manufacturer IS NOT NULL AND {which}"
        " AND NOT f.manufacturer_known)",
    )  # fmt: skip
    for column, named in (("mpn", "s.mpn IS NOT NULL"), ("ipn", "s.mpn IS NULL")):
        unfound = f"s.{into} IS NULL AND {named} AND {which} AND f.manufacturer_known AND f.found"
        stage.refuse(
            column, "unknown_source", "No source of ours goes by this number.", f"{unfound} = 0)"
        )
        stage.refuse(
            column, "ambiguous_source",
            "Several sources fit: give IPN, MPN and manufacturer.",
            f"{unfound} > 1)",
        )  # fmt: skip


_SOURCES = """
WITH named AS (
    SELECT n.ipn, n.mpn_key, n.manufacturer,
           COALESCE(b.merged_into_id, b.id, a.supplier_id) AS manufacturer_id
      FROM (SELECT DISTINCT COALESCE(ipn, '') AS ipn, COALESCE(mpn_key, '') AS mpn_key,
                   COALESCE(manufacturer, '') AS manufacturer,
                   COALESCE(manufacturer_key, '') AS manufacturer_key
              FROM {s} WHERE {into} IS NULL AND (ipn IS NOT NULL OR mpn_key IS NOT NULL)) n
      LEFT JOIN suppliers_supplier b ON b.code = upper(n.manufacturer) AND NOT b.placeholder
      LEFT JOIN suppliers_supplieralias a ON a.normal = n.manufacturer_key
), known AS NOT MATERIALIZED (
    SELECT o.id, p.ipn, m.mpn_normal, m.manufacturer_id
      FROM suppliers_source o
      JOIN parts_part p ON p.id = o.part_id
      JOIN suppliers_manufacturerpart m ON m.id = o.manufacturer_part_id
     WHERE o.id IN ({visible})
), fitting AS (
    SELECT n.ipn, n.mpn_key, n.manufacturer, k.id FROM named n JOIN known k ON k.ipn = n.ipn
     WHERE n.ipn <> '' AND (n.mpn_key = '' OR k.mpn_normal = n.mpn_key)
       AND (n.manufacturer = '' OR k.manufacturer_id = n.manufacturer_id)
    UNION ALL
    SELECT n.ipn, n.mpn_key, n.manufacturer, k.id
      FROM named n JOIN known k ON k.mpn_normal = n.mpn_key
     WHERE n.ipn = '' AND (n.manufacturer = '' OR k.manufacturer_id = n.manufacturer_id)
)
SELECT n.ipn, n.mpn_key, n.manufacturer,
       n.manufacturer = '' OR n.manufacturer_id IS NOT NULL AS manufacturer_known,
       min(f.id) AS id, count(f.id) AS found
  FROM named n LEFT JOIN fitting f USING (ipn, mpn_key, manufacturer)
 GROUP BY 1, 2, 3, 4
"""
