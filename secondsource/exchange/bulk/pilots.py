"""What files about pilot builds have in common: the case of a row, and its locked plan."""

from __future__ import annotations

from qualification import case_key
from qualification.models import Case
from qualification.models.cases import State
from qualification.pilot_lots import lots_of, may_mean
from secondsource.exchange.bulk import cells
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.references import scope_sql
from secondsource.exchange.bulk.staging import Stage

CASE_WORDS = ("case", "case key", "qualification", "ssq", "fall", "case no", "case number")
#: The newest locked plan of each case that a file names.
PLAN = "import_plan"
#: Unknown lots that are named.
MOST_LOTS = 25


def case_column() -> Column:
    """The case by its key."""
    return Column("case_key", "Case", cells.Code(40), CASE_WORDS, example="SSQ-0001")


def find_cases(
    stage: Stage, *, otherwise: str, column: str, detail: str, about: str = "true"
) -> None:
    """Fill ``case_id`` by the key, else by ``otherwise``, and ``plan_id`` of its locked plan.

    ``otherwise`` is a query of (staging row, case id). Rows ``s`` without a case are refused where
    ``about`` holds: others are told what is wrong with what would name it.
    Rows whose case is not at its pilot build, or has no locked plan, are refused.
    """
    visible, params = scope_sql(Case.objects.visible_to(stage.actor.user))
    stage.sql(
        f"UPDATE {{s}} s SET case_id = c.id FROM qualification_case c"  # noqa: S608 (constants)
        f" WHERE {case_key.SQL} = s.case_key AND c.id IN ({visible})",
        params,
    )
    stage.refuse(
        "case_key", "unknown_case", "There is no case with this key.",
        "s.case_key IS NOT NULL AND s.case_id IS NULL",
    )  # fmt: skip
    stage.sql("DROP TABLE IF EXISTS import_case")
    stage.sql(
        "CREATE TEMP TABLE import_case ON COMMIT DROP AS"  # noqa: S608 (names of kinds)
        f" SELECT row, min(case_id) AS case_id FROM ({otherwise}) f (row, case_id)"
        f" WHERE case_id IN ({visible}) GROUP BY row HAVING count(DISTINCT case_id) = 1",
        params,
    )
    stage.sql(
        "UPDATE {s} s SET case_id = f.case_id FROM import_case f"
        " WHERE f.row = s.row AND s.case_key IS NULL"
    )
    stage.refuse(
        "case_key" if stage.has("case_key") else column, "no_case", detail,
        f"s.case_key IS NULL AND s.case_id IS NULL AND {about}", unread="case_key",
    )  # fmt: skip
    if stage.writes:  # what is checked from here on holds until it is written
        stage.fetch(
            "SELECT FROM qualification_case WHERE id IN (SELECT case_id FROM {s})"
            " ORDER BY id FOR UPDATE"
        )
    _find_plans(stage)


def _find_plans(stage: Stage) -> None:
    stage.sql(f"DROP TABLE IF EXISTS {PLAN}")
    stage.sql(
        f"CREATE TEMP TABLE {PLAN} ON COMMIT DROP AS"  # noqa: S608 (constants)
        " SELECT DISTINCT ON (p.case_id) p.case_id, p.id AS plan_id, p.number, p.locked_at"
        " FROM qualification_pilotplan p WHERE p.locked_at IS NOT NULL"
        " AND p.case_id IN (SELECT case_id FROM {s}) ORDER BY p.case_id, p.number DESC"
    )
    stage.sql(
        f"UPDATE {{s}} s SET plan_id = p.plan_id FROM {PLAN} p WHERE p.case_id = s.case_id"  # noqa: S608
    )
    stage.refuse(
        "case_key", "not_at_pilot", "The case is not at its pilot build.",
        "EXISTS (SELECT FROM qualification_case c WHERE c.id = s.case_id AND c.state <> %s)",
        [str(State.PILOT_BUILD)],
    )  # fmt: skip
    stage.refuse(
        "case_key", "no_locked_plan", "The case has no locked pilot plan.",
        "s.case_id IS NOT NULL AND s.plan_id IS NULL",
    )  # fmt: skip


def warn_of_lots(stage: Stage, where: str = "true") -> None:
    """Note the lots of the alternate that the rows ``s`` name and that are not on record.

    A case without any lot on record has nothing to compare with.
    """
    named = stage.fetch(
        "SELECT s.case_id, s.lot, min(s.row) FROM {s} s WHERE s.case_id IS NOT NULL"  # noqa: S608
        f" AND s.lot IS NOT NULL AND {where} GROUP BY 1, 2 ORDER BY 3"
    )
    cases = Case.objects.in_bulk({pk for pk, _, _ in named})
    known = lots_of(cases.values())
    unknown = [(pk, lot) for pk, lot, _ in named if known[pk] and lot not in known[pk]]
    for pk, lot in unknown[:MOST_LOTS]:
        near = " or ".join(may_mean(lot, known[pk]))
        meant = f" Did you mean {near}?" if near else ""
        stage.note("unknown_lot", f"Lot {lot} is not on record for {cases[pk].key}.{meant}")
    if (more := len(unknown) - MOST_LOTS) > 0:
        stage.note("unknown_lot", f"{more:,} more lots are not on record.")


def cases_of(stage: Stage) -> list[Case]:
    """The cases of the good rows, in the order in which they are locked."""
    ids = [pk for (pk,) in stage.fetch("SELECT DISTINCT case_id FROM {s} WHERE NOT bad")]
    return list(Case.objects.filter(pk__in=ids).order_by("pk"))
