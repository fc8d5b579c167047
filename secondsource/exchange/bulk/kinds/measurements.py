"""Measurements of pilot units: facts by the hundred thousand, under the locked plan of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualification.reopened import RECORDED_BEFORE
from qualification.services import measurements
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.exchange.bulk import cells, heads
from secondsource.exchange.bulk.kind import Column, Counts, Kind
from secondsource.exchange.bulk.pilots import case_column, cases_of, find_cases, warn_of_lots
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.models import Import

ARM = cells.Choice(
    words={
        "alternate": ("new", "candidate", "second source", "pilot", "alternative", "neu"),
        "incumbent": ("old", "first source", "reference", "present", "bestehend", "alt"),
    }
)
#: The case of a lot that was built in a pilot.
_BY_LOT = """
SELECT s.row, p.case_id FROM import_stage s
  JOIN (SELECT DISTINCT b.lot, p.case_id FROM qualification_pilotbuild b
          JOIN qualification_pilotplan p ON p.id = b.plan_id
          JOIN qualification_case c ON c.id = p.case_id AND c.state = 'pilot_build') p
    ON p.lot = s.lot
 WHERE s.case_key IS NULL
"""
#: A value that counts for the plan, of the unit and parameter of row ``s``.
_ON_RECORD = f"""
 EXISTS (SELECT FROM qualification_measurement m
   JOIN qualification_measurementbatch b ON b.id = m.batch_id AND b.taken_back_at IS NULL
   JOIN qualification_pilotplan p ON p.id = b.plan_id
   JOIN qualification_pilotparameter q ON q.name = m.parameter AND p.number >= q.counts_from
  WHERE q.plan_id = s.plan_id AND p.case_id = s.case_id AND m.parameter = s.parameter
    AND m.arm = s.arm AND m.serial = s.serial AND m.lot = COALESCE(s.lot, '')
    AND NOT {RECORDED_BEFORE.format(case="s.case_id", row="b")})
"""


class Measurements(Kind):
    """A row a value. The parameters, their units and limits are those of the case's plan."""

    name, label, noun = "measurements", "Measurements", ("measurement", "measurements")
    permission = "qualification.write_case"
    help = (
        "One row a measured value of one unit. The case is named, or found by a lot that was built."
    )
    undo_words = (
        "Measurements are facts: they stay on record, marked as taken back, and count nowhere any"
        " more."
    )
    columns = (
        Column("parameter", "Parameter", cells.Text(80),
               ("parameter", "test", "measurement", "characteristic", "messgrosse", "merkmal"),
               required=True, example="Supply current", help="As the pilot plan names it."),
        Column("value", "Value", cells.Number(30, 15),
               ("value", "measured", "measured value", "reading", "result", "messwert", "wert"),
               required=True, example="24.61"),
        Column("arm", "Source", ARM, ("arm", "source", "group", "variant", "quelle"),
               required=True, example="alternate", help="alternate or incumbent."),
        case_column(),
        Column("lot", "Lot", cells.Text(60), heads.LOT, example="GD2631-A"),
        Column("serial", "Serial number", cells.Text(60),
               ("serial", "serial no", "serial number", "sn", "unit id", "seriennummer"),
               example="000412"),
        Column("unit", "Unit", cells.Text(20), ("unit", "uom", "einheit", "unite"), example="mA",
               help="Where given, the one of the plan."),
    )  # fmt: skip
    ids = ("case_id", "plan_id")

    def find(self, stage: Stage) -> None:
        find_cases(
            stage, otherwise=_BY_LOT, column="lot" if stage.has("lot") else "parameter",
            detail="Name the case, such as SSQ-0001, or a lot that was built in one pilot.",
        )  # fmt: skip

    def check(self, stage: Stage) -> None:
        planned = "SELECT FROM qualification_pilotparameter q WHERE q.plan_id = s.plan_id"
        named = f"{planned} AND q.name = s.parameter"
        stage.refuse(
            "parameter", "not_planned", "The locked plan has no such parameter.",
            f"s.plan_id IS NOT NULL AND s.parameter IS NOT NULL AND NOT EXISTS ({named})",
        )  # fmt: skip
        stage.refuse(
            "unit", "other_unit", "The plan has this parameter in another unit.",
            f"s.unit IS NOT NULL AND EXISTS ({named} AND q.unit <> s.unit)",
        )  # fmt: skip
        stage.refuse_duplicates(
            ("serial", "case_id", "parameter", "arm", "lot"), "unit and parameter"
        )
        stage.refuse(
            "serial", "on_record", "The value of this unit is on record.",
            f"s.serial IS NOT NULL AND {_ON_RECORD}",
        )  # fmt: skip
        warn_of_lots(stage, "s.arm = 'alternate'")

    def classify(self, stage: Stage) -> Counts:
        return Counts(created=stage.good)

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((parameters, units, alternate, incumbent),) = stage.fetch(
            "SELECT count(DISTINCT parameter), count(DISTINCT serial),"
            " count(*) FILTER (WHERE arm = 'alternate'),"
            " count(*) FILTER (WHERE arm = 'incumbent') FROM {s} WHERE NOT bad"
        )
        return {
            "Parameters": parameters, "Units with a serial number": units,
            "Values of the alternate": alternate, "Values of the incumbent": incumbent,
        }  # fmt: skip

    def write(self, stage: Stage, imported: Import) -> Counts:
        """Add the good rows, a batch for each case."""
        created = 0
        for case in cases_of(stage):
            created += measurements.add_batch(
                case=case, ref=imported.public_id, origin=imported.name, actor=stage.actor,
                rows="SELECT parameter, arm, COALESCE(lot, ''), COALESCE(serial, ''), value::float8"
                " FROM import_stage WHERE NOT bad AND case_id = %s ORDER BY row",
            )  # fmt: skip
        return Counts(created=created)

    def lock(self, imported: Import) -> None:
        measurements.lock_batches(imported.public_id)

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        return measurements.reasons_against_taking_back(imported.public_id)

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        measurements.take_back(ref=imported.public_id, actor=actor)
