"""Manufacturer parts with what is declared of them and their datasheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.exchange.bulk import cells, datasheets, declared, goods_words, heads
from secondsource.exchange.bulk.countries import Country
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.kinds.parts import LIFECYCLE
from secondsource.exchange.bulk.sourcing import (
    IDS,
    Manufacturers,
    find_numbers,
    foresee_manufacturers,
)
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.bulk.steps import Steps, journaled
from secondsource.exchange.models import Import
from suppliers.models import ManufacturerPart, Source
from suppliers.services import send_specification_changed
from suppliers.signals import sources_changed

FIGURE = cells.Number(30, 15)
#: Columns that are values of the part as they stand.
_PLAIN = (
    "description", "lifecycle", "lifecycle_as_of", "lifecycle_source", "die", "fit",
    "fit_confidence", "msl", "rohs", "reach", "pcf_kg", "country_of_origin", "hts_code", "eccn",
    "sanctions_flag",
)  # fmt: skip


def _first(column: str) -> str:
    return f"CASE WHEN s.row = s.head THEN s.{column} END"


class ManufacturerParts(Steps):
    """Parameters stand in columns of their own, or one a row (parameter, min, typ, max, unit)."""

    name, label = "manufacturer_parts", "Manufacturer parts"
    noun = ("manufacturer part", "manufacturer parts")
    permission = "suppliers.write_manufacturerpart"
    help = (
        "One row a manufacturer part, a column a parameter; or one row a parameter, with columns"
        " for its name, minimum, typical value, maximum and unit."
    )
    columns = (
        Column("manufacturer", "Manufacturer", cells.Company(), heads.MANUFACTURER, required=True,
               example="Texas Instruments"),
        Column("mpn", "MPN", cells.PartNumber(), heads.MPN, required=True,
               example="TPS62130RGTR"),
        Column("description", "Description", cells.Text(300), goods_words.DESCRIPTION,
               example="Buck converter 3 A, 17 V"),
        Column("lifecycle", "Lifecycle", LIFECYCLE, goods_words.LIFECYCLES, example="mature"),
        Column("lifecycle_as_of", "Lifecycle as of", cells.Date(), goods_words.LIFECYCLE_AS_OF,
               example="2026-03-01", help="Without it, today."),
        Column("lifecycle_source", "Source of the lifecycle", cells.Text(120),
               goods_words.LIFECYCLE_SOURCE, example="manufacturer's site"),
        Column("die", "Die", cells.Text(80), goods_words.DIE, example="D42",
               help="Two parts with one die are not independent."),
        Column("fit", "FIT", cells.Number(12, 4), goods_words.FIT, example="3.2",
               help="Failures in 10⁹ hours."),
        Column("fit_confidence", "Confidence of the FIT", cells.Fraction(7, 4),
               goods_words.FIT_CONFIDENCE, example="60 %"),
        Column("msl", "MSL", declared.MoistureLevel(), goods_words.MSLS, example="3"),
        Column("rohs", "RoHS", declared.RoHS(), goods_words.ROHSES, example="compliant"),
        Column("reach", "REACH", declared.Reach(), goods_words.REACHES, example="no_svhc",
               help="Whether it holds an SVHC above 0.1 %: no_svhc, svhc."),
        Column("pcf_kg", "Carbon footprint, kg CO₂e", cells.Number(18, 8), goods_words.PCF,
               example="0.012"),
        Column("country_of_origin", "Country of origin", Country(), goods_words.ORIGIN,
               example="MY"),
        Column("hts_code", "Tariff code", cells.Text(15), goods_words.HTS, example="8542.39.0001"),
        Column("eccn", "ECCN", cells.Text(15), goods_words.ECCN, example="EAR99"),
        Column("sanctions_flag", "Sanctions flag", cells.YesNo(), goods_words.SANCTIONS,
               example="no"),
        Column("parameter", "Parameter", cells.Text(80), goods_words.PARAMETER),
        Column("min", "Minimum", FIGURE, goods_words.PARAMETER_MIN, beside="parameter"),
        Column("typ", "Typical", FIGURE, goods_words.PARAMETER_TYP, beside="parameter"),
        Column("max", "Maximum", FIGURE, goods_words.PARAMETER_MAX, beside="parameter"),
        Column("value", "Value of the parameter", cells.Text(200), goods_words.PARAMETER_VALUE,
               beside="parameter"),
        Column("unit", "Unit of the parameter", cells.Text(20), goods_words.PARAMETER_UNIT,
               beside="parameter"),
        Column("condition", "Condition", cells.Text(120), goods_words.CONDITION,
               beside="parameter"),
        Column("parameters", "A parameter, by its header", cells.Text(200), goods_words.PARAMETERS,
               named=True, help="“Vin max [V]” and “Vin min [V]” make one parameter."),
    )  # fmt: skip
    ids = IDS
    model = ManufacturerPart
    key = "t.id = s.manufacturer_part_id"
    unique, unique_words = ("manufacturer_key", "mpn_key"), "manufacturer part"
    several_rows = True
    values = {name: _first(name) for name in _PLAIN}
    initial = {
        "manufacturer_id": "s.manufacturer_id",
        "mpn": "s.mpn",
        "mpn_normal": "s.mpn_key",
    }
    children = (
        ("suppliers_parameter", "manufacturer_part_id"),
        ("suppliers_manufacturerpartsite", "manufacturer_part_id"),
    )
    before = (Manufacturers(),)

    def find(self, stage: Stage) -> None:
        find_numbers(stage, nameless=False)

    def check(self, stage: Stage) -> None:
        stage.refuse_duplicates(
            ("mpn_key", "manufacturer_key", "parameter", "condition"), "manufacturer part"
        )
        for name in ("fit", "pcf_kg"):
            stage.refuse(name, "negative", "0 or more.", f"s.{name} < 0")
        stage.refuse(
            "fit_confidence", "out_of_range", "A fraction between 0 and 1, such as 0.6 or 60 %.",
            "s.fit_confidence <= 0 OR s.fit_confidence >= 1",
        )  # fmt: skip
        stage.refuse(
            "hts_code", "hts_form", "Four digits or more, such as 8542.31.0001.",
            "s.hts_code !~ '^[0-9]{4}[0-9.]{0,11}$'",
        )  # fmt: skip
        stage.refuse(
            "eccn", "eccn_form", "EAR99, or as in 3A001.a.2.",
            "s.eccn !~ '^(EAR99|[0-9][A-E][0-9]{3}([.][A-Za-z0-9.]{1,9})?)$'",
        )  # fmt: skip
        stage.refuse(
            "parameter" if stage.has("parameter") else "value", "no_parameter",
            "Name the parameter of this value, in a column of its own or in the value's header.",
            "s.parameter IS NULL AND (s.min, s.typ, s.max, s.value) IS DISTINCT FROM"
            " (NULL::numeric, NULL::numeric, NULL::numeric, NULL::text)",
        )  # fmt: skip
        datasheets.read(stage)
        stage.refuse_rest_of_groups(("mpn_key", "manufacturer_key"), "manufacturer part")
        self._date_lifecycles(stage)
        stage.mark_bad()
        foresee_manufacturers(stage)
        stage.facts["sums"].pop("New MPNs")
        ((lines,),) = stage.fetch(
            "SELECT count(*) FROM import_parameter i JOIN {s} s ON s.row = i.row WHERE NOT s.bad"
        )
        stage.facts["sums"]["Parameters read"] = lines

    def _date_lifecycles(self, stage: Stage) -> None:
        """A lifecycle that changes is as of today, by this file, unless the file says better."""
        stage.sql(
            "UPDATE {s} s SET lifecycle_as_of = COALESCE(s.lifecycle_as_of, %s),"
            " lifecycle_source = COALESCE(s.lifecycle_source, %s)"
            " WHERE s.lifecycle IS NOT NULL AND NOT EXISTS (SELECT FROM"
            " suppliers_manufacturerpart m WHERE m.id = s.manufacturer_part_id"
            " AND m.lifecycle = s.lifecycle)",
            (clock.business_day(), stage.origin),
        )

    def differs(self, stage: Stage) -> str:
        return datasheets.DIFFERS

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        return {name: count for name, count in stage.facts["sums"].items() if count}

    def after(self, stage: Stage, imported: Import) -> None:
        datasheets.write(stage)

    def tell_all(self, imported: Import) -> None:
        _tell(journaled(imported, ManufacturerPart))

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        changed = journaled(imported, ManufacturerPart, new=False)
        super().take_back(imported, actor=actor)
        _tell(changed)
        send_specification_changed(changed, actor)


def _tell(numbers: list[int]) -> None:
    sources = Source.objects.filter(manufacturer_part__in=numbers)
    parts = set(sources.values_list("part_id", flat=True))
    if parts:
        sources_changed.send(sender=Source, part_ids=parts)
