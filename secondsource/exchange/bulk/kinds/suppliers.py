"""Suppliers with the names they go by and the sites where they work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secondsource.core.actors import Actor
from secondsource.exchange.bulk import cells, goods_words
from secondsource.exchange.bulk.countries import Country
from secondsource.exchange.bulk.kind import Column, Counts
from secondsource.exchange.bulk.measures import Duration
from secondsource.exchange.bulk.references import find_companies
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.bulk.steps import Step, Steps, journaled
from secondsource.exchange.models import Import
from suppliers.models import Site, Source, Supplier
from suppliers.names import names_nobody
from suppliers.services import free_codes
from suppliers.signals import sources_changed

#: Names and their keys that a row gives its supplier.
_NAMES = (
    "(SELECT n.text, n.key FROM unnest(array_append(s.aliases, s.name),"
    " array_append(s.aliases_key, s.name_key)) n (text, key) WHERE n.key <> '')"
)
_SITE = "t.supplier_id = s.supplier_id AND t.name = s.site AND t.activity = s.activity"
_SITE_VALUES = {
    "country": "COALESCE(s.site_country, CASE WHEN s.site_id IS NULL THEN s.country END)",
    "latitude": "s.latitude::float8",
    "longitude": "s.longitude::float8",
    "recovery_days": "s.recovery_days",
}

_ACTIVITIES = ", ".join(Site.Activity.values)


def _first(expression: str) -> str:
    return f"CASE WHEN s.row = s.head THEN {expression} END"


class Sites(Step):
    """Places of a supplier, by name and activity."""

    name, label, noun = "sites", "Sites", ("site", "sites")
    model = Site
    about = "s.site IS NOT NULL"
    into = "site_id"
    key = _SITE
    unique, unique_words = ("supplier_id", "site", "activity"), "site"
    values = _SITE_VALUES
    initial = {"supplier_id": "s.supplier_id", "name": "s.site", "activity": "s.activity"}


class Suppliers(Steps):
    """Found by code, else by any name; a name is changed only by a row that gives the code."""

    name, label, noun = "suppliers", "Suppliers", ("supplier", "suppliers")
    permission = "suppliers.write_supplier"
    help = (
        "One row a company. For several sites, a row a site: the rows of one company"
        " go together by its name."
    )
    columns = (
        Column("name", "Name", cells.Company(), goods_words.COMPANY, required=True,
               example="Texas Instruments"),
        Column("code", "Code", cells.Code(36), goods_words.COMPANY_CODE, example="TEXAS",
               help="Without one, new companies get a code of their name."),
        Column("aliases", "Other spellings", cells.Companies(), goods_words.ALIASES,
               example="TI; T.I."),
        Column("kinds", "Kinds", cells.Choices(words=goods_words.KIND), goods_words.KINDS,
               example="manufacturer"),
        Column("country", "Country", Country(), goods_words.COUNTRY, example="US"),
        Column("belongs_to", "Group", cells.Company(), goods_words.GROUP,
               help="The head company of its legal group, on record before."),
        Column("site", "Site", cells.Text(120), goods_words.SITE, example="RFAB"),
        Column("activity", "Activity of the site", cells.Choice(words=goods_words.ACTIVITY),
               goods_words.ACTIVITIES, example="fab"),
        Column("site_country", "Country of the site", Country(), goods_words.SITE_COUNTRY,
               example="US"),
        Column("latitude", "Latitude", cells.Coordinate(), goods_words.LATITUDE,
               example="33.003"),
        Column("longitude", "Longitude", cells.Coordinate(), goods_words.LONGITUDE,
               example="-96.692"),
        Column("recovery_days", "Days to recover", Duration(), goods_words.RECOVERY,
               example="180 days"),
    )  # fmt: skip
    ids = ("supplier_id", "group_id", "site_id", "company")
    model = Supplier
    key = "t.id = s.supplier_id"
    unique, unique_words = ("company",), "supplier"
    several_rows = True
    values = {
        "name": _first("CASE WHEN s.code IS NOT NULL OR s.supplier_id IS NULL THEN s.name END"),
        "kinds": _first(
            "COALESCE(s.kinds, CASE WHEN s.supplier_id IS NULL THEN ARRAY['manufacturer'] END)"
        )
        + "::varchar[]",
        "country": _first("s.country"),
        "group_id": _first("s.group_id"),
    }
    initial = {"code": "s.code"}
    children = (("suppliers_supplieralias", "supplier_id"),)
    main_id = "supplier_id"
    behind = (Sites(),)

    def find(self, stage: Stage) -> None:
        stage.sql(
            "UPDATE {s} s SET supplier_id = c.id FROM suppliers_supplier c WHERE c.code = s.code"
        )
        stage.refuse(
            "code", "merged",
            "='This company was merged into ' || (SELECT k.code FROM suppliers_supplier c"
            " JOIN suppliers_supplier k ON k.id = c.merged_into_id WHERE c.code = s.code) || '.'",
            "EXISTS (SELECT FROM suppliers_supplier c WHERE c.code = s.code"
            " AND c.merged_into_id IS NOT NULL)",
        )  # fmt: skip
        self._refuse_nobodies(stage)
        known = (
            "EXISTS (SELECT FROM suppliers_supplieralias a JOIN suppliers_supplier c"
            " ON c.id = a.supplier_id WHERE a.normal = s.name_key AND {})"
        )
        stage.refuse(
            "code", "other_code",
            "='This name is on record under the code ' || (SELECT c.code FROM"
            " suppliers_supplieralias a JOIN suppliers_supplier c ON c.id = a.supplier_id"
            " WHERE a.normal = s.name_key) || '.'",
            "s.code IS NOT NULL AND " + known.format("c.code <> s.code"),
        )  # fmt: skip
        stage.sql(
            "UPDATE {s} s SET supplier_id = a.supplier_id FROM suppliers_supplieralias a"
            " WHERE a.normal = s.name_key AND s.supplier_id IS NULL AND s.code IS NULL"
        )
        find_companies(stage, column="belongs_to", into="group_id", words="supplier")
        # Rows of one company that is new go together by its name; below zero meets no id.
        stage.sql(
            "UPDATE {s} s SET company = COALESCE(s.supplier_id, -m.row) FROM (SELECT name_key,"
            " min(row) AS row FROM {s} GROUP BY 1) m WHERE m.name_key = s.name_key"
        )

    def _refuse_nobodies(self, stage: Stage) -> None:
        names = [name for (name,) in stage.fetch("SELECT DISTINCT name FROM {s}") if name]
        stage.refuse(
            "name", "names_nobody", "This names no company.", "s.name = ANY(%s)",
            [[name for name in names if names_nobody(name)]],
        )  # fmt: skip

    def check(self, stage: Stage) -> None:
        stage.refuse_duplicates(("company", "site", "activity"), "supplier and site")
        stage.refuse(
            "code", "duplicate", "Another row has this code with another name.",
            "EXISTS (SELECT FROM import_stage o WHERE o.code = s.code AND o.company <> s.company)",
        )  # fmt: skip
        stage.refuse(
            "aliases", "alias_taken", "One of these names is that of another supplier.",
            f"EXISTS (SELECT FROM {_NAMES} n JOIN suppliers_supplieralias a ON a.normal = n.key"  # noqa: S608
            " WHERE a.supplier_id IS DISTINCT FROM s.supplier_id)"
            " AND NOT EXISTS (SELECT FROM import_problem p WHERE p.row = s.row)",
        )  # fmt: skip
        stage.refuse(
            "aliases", "alias_twice", "Another row gives one of these names to another supplier.",
            "s.row IN (SELECT b.row FROM (SELECT s.row, s.company, n.key FROM import_stage s,"  # noqa: S608
            f" LATERAL {_NAMES} n) b JOIN (SELECT s.company, n.key FROM import_stage s,"
            f" LATERAL {_NAMES} n) o ON o.key = b.key AND o.company <> b.company)",
        )  # fmt: skip
        stage.refuse(
            "activity", "missing", f"Say what is done at the site: {_ACTIVITIES}.",
            "s.site IS NOT NULL AND s.activity IS NULL", unread="activity",
        )  # fmt: skip
        stage.refuse(
            "site_country" if stage.has("site_country") else "country", "missing",
            "A new site needs its country.",
            "s.site IS NOT NULL AND COALESCE(s.site_country, s.country) IS NULL AND NOT EXISTS"
            f" (SELECT FROM suppliers_site t WHERE {_SITE})",
        )  # fmt: skip
        stage.refuse(
            "latitude", "off_earth", "Both coordinates, on Earth: -90 to 90, -180 to 180.",
            "(s.latitude IS NULL) <> (s.longitude IS NULL) OR abs(s.latitude) > 90"
            " OR abs(s.longitude) > 180",
        )  # fmt: skip
        stage.sql(f"UPDATE {{s}} s SET site_id = t.id FROM suppliers_site t WHERE {_SITE}")  # noqa: S608
        stage.refuse_rest_of_groups(("company",), "supplier")
        stage.mark_bad()
        ((new,),) = stage.fetch(
            "SELECT count(*) FROM {s} WHERE NOT bad AND site IS NOT NULL AND site_id IS NULL"
        )
        stage.facts["sums"] = {"New sites": new}

    def differs(self, stage: Stage) -> str:
        return (
            f"EXISTS (SELECT FROM {_NAMES} n WHERE NOT EXISTS (SELECT FROM"  # noqa: S608
            " suppliers_supplieralias a WHERE a.normal = n.key AND a.supplier_id = t.id))"
        )

    def classify(self, stage: Stage) -> Counts:
        """A supplier of which only a site is new or changed counts as changed."""
        counts = super().classify(stage)
        changed = " OR ".join(
            f"({value}) IS DISTINCT FROM t.{name} AND ({value}) IS NOT NULL"
            for name, value in _SITE_VALUES.items()
        )
        ((more,),) = stage.fetch(
            "SELECT count(*) FROM {s} h WHERE h.act = 's' AND EXISTS (SELECT FROM {s} s"  # noqa: S608
            " LEFT JOIN suppliers_site t ON t.id = s.site_id WHERE s.head = h.row"
            f" AND s.site IS NOT NULL AND (t.id IS NULL OR {changed}))"
        )
        return Counts(counts.created, counts.updated + more, counts.unchanged - more)

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        return {name: count for name, count in stage.facts["sums"].items() if count}

    def _create(self, stage: Stage) -> list[int]:
        rows = stage.fetch(
            "SELECT row, name FROM {s} WHERE act = 'c' AND code IS NULL ORDER BY row"
        )
        stage.sql(
            "UPDATE {s} s SET code = n.code FROM unnest(%s::int[], %s::text[]) n (row, code)"
            " WHERE n.row = s.row",
            ([row for row, _ in rows], free_codes([name for _, name in rows])),
        )
        return super()._create(stage)

    def after(self, stage: Stage, imported: Import) -> None:
        stage.sql(
            "INSERT INTO suppliers_supplieralias (supplier_id, text, normal)"  # noqa: S608
            " SELECT DISTINCT ON (n.key) s.target_id, n.text, n.key"
            f" FROM {{s}} s, LATERAL {_NAMES} n"
            " WHERE NOT s.bad ORDER BY n.key, s.row ON CONFLICT (normal) DO NOTHING"
        )

    def tell_all(self, imported: Import) -> None:
        _tell(imported)

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        super().take_back(imported, actor=actor)
        _tell(imported)


def _tell(imported: Import) -> None:
    """Independence depends on sites and groups."""
    sources = Source.objects.filter(
        manufacturer_part__manufacturer__in=journaled(imported, Supplier)
    ) | Source.objects.filter(manufacturer_part__part_sites__site__in=journaled(imported, Site))
    parts = set(sources.values_list("part_id", flat=True))
    if parts:
        sources_changed.send(sender=Source, part_ids=parts)
