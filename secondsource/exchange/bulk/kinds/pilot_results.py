"""Results of pilot builds by file: facts under the locked plan of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from qualification.reopened import RECORDED_BEFORE
from qualification.services import pilot_imports
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.exchange.bulk import cells, heads
from secondsource.exchange.bulk.kind import Column, Counts, Kind
from secondsource.exchange.bulk.pilots import (
    PLAN,
    case_column,
    cases_of,
    find_cases,
    warn_of_lots,
)
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.models import Import

MOST_DEFECTS = 5
_WHOLE = cells.Number(9, 0)
#: The only case at its pilot build whose locked plan has the product of a row.
_BY_PRODUCT = """
SELECT s.row, p.case_id FROM import_stage s
  JOIN qualification_pilotmodel m ON m.product_id = s.product_id
  JOIN qualification_pilotplan p ON p.id = m.plan_id AND p.locked_at IS NOT NULL
  JOIN qualification_case c ON c.id = p.case_id AND c.state = 'pilot_build'
 WHERE s.case_key IS NULL
"""
#: A standing build ``b`` of the model, lot, line and day of row ``s``.
_ON_RECORD = """
 EXISTS (SELECT FROM qualification_pilotbuild b JOIN qualification_pilotplan p ON p.id = b.plan_id
  WHERE p.case_id = s.case_id AND b.product_id = s.product_id AND b.lot = s.lot
    AND b.line = COALESCE(s.line, '') AND b.built_on = s.built_on AND b.corrects_id IS NULL
    AND b.plant_id IS NOT DISTINCT FROM s.plant_id {counts}
    AND NOT EXISTS (SELECT FROM qualification_pilotbuild x WHERE x.corrects_id = b.id))
"""
#: One that is the same as row ``s``.
_SAME = _ON_RECORD.format(counts="AND b.started = s.started AND b.good = s.good")
_KNOWN = _ON_RECORD.format(counts="")


class PilotResults(Kind):
    """A row a build. What is on record already is recognised, so a file sent twice adds nothing."""

    name, label, noun = "pilot_results", "Pilot results", ("pilot result", "pilot results")
    permission = "qualification.write_case"
    help = "One row a build: units of one product model, lot and day, started and good."
    undo_words = "Results are facts: each one gets a counter-entry, and neither of the two counts."
    columns = (
        Column("product", "Product model", cells.Code(40),
               ("product", "model", "product code", "assembly", "produkt", "modell"),
               required=True, example="KC-210"),
        Column("built_on", "Built on", cells.Date(),
               ("built on", "build date", "date", "datum", "fertigungsdatum", "day"),
               required=True, example="2026-08-04"),
        Column("lot", "Lot", cells.Text(60), heads.LOT, required=True, example="GD2631-A"),
        Column("started", "Started", _WHOLE,
               ("started", "built", "units built", "quantity", "qty", "gestartet", "stuck"),
               required=True, example="400"),
        Column("good", "Good at first pass", _WHOLE,
               ("good", "passed", "first pass good", "pass", "gut", "ok"),
               required=True, example="397"),
        case_column(),
        Column("plant", "Plant", cells.Code(40), ("plant", "site", "werk", "usine"),
               example="TALLINN"),
        Column("line", "Line or shift", cells.Text(40), ("line", "shift", "linie", "schicht"),
               example="Line 2"),
        Column("defect", "Defect", cells.Text(120), ("defect", "failure", "fehler", "defaut"),
               repeat=MOST_DEFECTS, example="FCT: rail brown-out"),
        Column("defect_units", "Units with the defect", _WHOLE,
               ("defect units", "defect count", "failed", "units with the defect", "fehlerzahl"),
               repeat=MOST_DEFECTS, beside="defect", example="2"),
    )  # fmt: skip
    ids = ("case_id", "plan_id", "product_id", "plant_id")

    def find(self, stage: Stage) -> None:
        stage.sql(
            "UPDATE {s} s SET product_id = p.id FROM parts_product p WHERE p.code = s.product"
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
        find_cases(
            stage, otherwise=_BY_PRODUCT, column="product",
            detail="Name the case, such as SSQ-0001: not just one pilot build has this model.",
            about="s.product_id IS NOT NULL",
        )  # fmt: skip

    def check(self, stage: Stage) -> None:
        stage.refuse(
            "product", "not_planned", "The locked plan has no such model.",
            "s.plan_id IS NOT NULL AND s.product_id IS NOT NULL AND NOT EXISTS (SELECT FROM"
            " qualification_pilotmodel m WHERE m.plan_id = s.plan_id"
            " AND m.product_id = s.product_id)",
        )  # fmt: skip
        stage.refuse("started", "out_of_range", "At least one unit.", "s.started < 1")
        stage.refuse(
            "good", "above_started", "Good is 0 to started.",
            "s.started >= 1 AND (s.good < 0 OR s.good > s.started)",
        )  # fmt: skip
        stage.refuse(
            "built_on", "in_future", "This day has not come yet.", "s.built_on > %s",
            [clock.business_day()],
        )  # fmt: skip
        stage.refuse(
            "built_on", "before_plan", "The plan was locked after this build.",
            f"EXISTS (SELECT FROM {PLAN} p WHERE p.case_id = s.case_id"
            " AND s.built_on < (p.locked_at AT TIME ZONE %s)::date)",
            [str(settings.COMPANY_TIME_ZONE)],
        )  # fmt: skip
        self._check_defects(stage)
        stage.refuse_duplicates(
            ("case_id", "product_id", "lot", "built_on", "line", "plant_id"),
            "model, lot, line and day",
        )
        stage.refuse(
            "lot", "on_record", "This build is on record with other counts. Correct that result.",
            f"{_KNOWN} AND NOT {_SAME}",
        )  # fmt: skip
        self._check_units(stage)
        warn_of_lots(stage)

    def _check_defects(self, stage: Stage) -> None:
        for n in range(1, MOST_DEFECTS + 1):
            stage.refuse(
                "defect_units", "above_failed", "From 1 to the failed units.",
                f"s.defect_{n} IS NOT NULL AND (s.defect_units_{n} IS NULL"
                f" OR s.defect_units_{n} NOT BETWEEN 1 AND s.started - s.good)",
            )  # fmt: skip

    def _check_units(self, stage: Stage) -> None:
        """No more units of a model than the plan has, on record and in the file together."""
        stage.settle()
        stage.sql("DROP TABLE IF EXISTS import_beyond")
        stage.sql(
            "CREATE TEMP TABLE import_beyond ON COMMIT DROP AS"  # noqa: S608 (constants)
            " SELECT m.plan_id, m.product_id FROM qualification_pilotmodel m"
            "  JOIN qualification_pilotplan mp ON mp.id = m.plan_id"
            " WHERE m.plan_id IN (SELECT plan_id FROM {s}) AND m.units <"
            " (SELECT COALESCE(sum(b.started), 0) FROM qualification_pilotbuild b"
            "   JOIN qualification_pilotplan p ON p.id = b.plan_id WHERE p.case_id = mp.case_id"
            "   AND b.product_id = m.product_id AND p.number >= m.counts_from"
            f"   AND NOT {RECORDED_BEFORE.format(case='mp.case_id', row='b')})"
            " + (SELECT COALESCE(sum(s.started), 0) FROM {s} s WHERE s.plan_id = m.plan_id"
            f"   AND s.product_id = m.product_id AND NOT {_KNOWN})"
        )
        stage.refuse(
            "started", "beyond_plan", "More units than the plan has of this model.",
            "(s.plan_id, s.product_id) IN (SELECT plan_id, product_id FROM import_beyond)"  # noqa: S608
            f" AND s.started IS NOT NULL AND NOT {_KNOWN}",
        )  # fmt: skip

    def classify(self, stage: Stage) -> Counts:
        stage.sql(
            f"UPDATE {{s}} s SET act = CASE WHEN {_SAME} THEN 's' ELSE 'c' END WHERE NOT bad"  # noqa: S608
        )
        by_act = dict(stage.fetch("SELECT act, count(*) FROM {s} WHERE NOT bad GROUP BY act"))
        return Counts(created=by_act.get("c", 0), unchanged=by_act.get("s", 0))

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((started, good),) = stage.fetch("SELECT sum(started), sum(good) FROM {s} WHERE NOT bad")
        return {"Units started": started, "Units good": good}

    def write(self, stage: Stage, imported: Import) -> Counts:
        """Add the new rows of each case with their defects."""
        counts = self.classify(stage)
        defects = " UNION ALL ".join(
            f"SELECT row, defect_{n} AS description, defect_units_{n} AS units FROM import_stage"  # noqa: S608
            for n in range(1, MOST_DEFECTS + 1)
        )
        for case in cases_of(stage):
            pilot_imports.add_staged(
                case=case, ref=imported.public_id, origin=imported.name, actor=stage.actor,
                rows="SELECT row, product_id, plant_id, COALESCE(line, '') AS line, lot, built_on,"
                " started, good FROM import_stage WHERE NOT bad AND act = 'c' AND case_id = %s",
                defects=f"SELECT row, description, sum(units)::int AS units FROM ({defects}) d"  # noqa: S608
                " WHERE description IS NOT NULL GROUP BY row, description",
            )  # fmt: skip
        return counts

    def lock(self, imported: Import) -> None:
        pilot_imports.lock_cases(imported.public_id)

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        return pilot_imports.reasons_against_taking_back(imported.public_id)

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        reason = f"undo of import {imported.name}"
        pilot_imports.take_back(ref=imported.public_id, actor=actor, reason=reason)
