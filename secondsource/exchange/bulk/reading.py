"""A table of bulk data: read and checked for its preview, read and checked again and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, cast

from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused, ValuesRefused
from secondsource.exchange.bulk import column_map, rejects, staging, suggestions
from secondsource.exchange.bulk.kind import Counts, Kind
from secondsource.exchange.bulk.mapping import BulkMapping, Missing
from secondsource.exchange.models import Import

S = Import.State
Report = Callable[[int, int], None]
_MOST_CORRECTIONS, _PERCENT = 1000, 100


def read(
    kind: Kind, imported: Import, actor: Actor, wanted: column_map.Wanted, report: Report
) -> None:
    """Map the columns and, when nothing is left to say, check the rows. Raises ``TabularError``."""
    if wanted.again and imported.mapping:
        wanted = wanted.by(imported.mapping)
    imported.mapping = {}
    with imported.file.open("rb") as file:
        stream = cast(BinaryIO, file)
        mapped = column_map.map_columns(kind, stream, imported, wanted, actor)
        imported.mapping = mapped.mapping.to_json()
        imported.totals = {"shown": mapped.shown, "left_out": mapped.left_out}
        if mapped.missing:
            imported.problem = _problem(mapped.missing)
            return
        stage = _staged(kind, mapped.mapping, stream, imported, actor, report)
        _keep(imported, stage, kind.classify(stage), stream)
        imported.state = S.PREVIEWED


def write(kind: Kind, imported: Import, actor: Actor, report: Report) -> dict[str, Any]:
    """Read the file by its mapping and write the good rows; answers the import's result."""
    mapping = BulkMapping.from_json(imported.mapping)
    with imported.file.open("rb") as file:
        stream = cast(BinaryIO, file)
        stage = _staged(kind, mapping, stream, imported, actor, report, share=50)
        if stage.bad and not imported.partial:
            _keep(imported, stage, kind.classify(stage), stream)
            raise RuleRefused([needs_you(imported)])
        counts = kind.write(stage, imported)
        report(90, _PERCENT)
        _keep(imported, stage, counts, stream)
    totals = imported.totals
    return {
        "rows": totals["rows"], "rejected": totals["bad"], **counts.as_json(),
        "partial": imported.partial,
    }  # fmt: skip


def _staged(
    kind: Kind, mapping: BulkMapping, stream: BinaryIO, imported: Import, actor: Actor,
    report: Report, share: int = 60,
) -> staging.Stage:  # fmt: skip
    """The file's rows, read and checked; ``share`` of the work in percent."""
    total = max(mapping.rows, 1)
    stage = staging.load(
        kind, mapping, stream, imported.name, actor,
        lambda rows: report(min(share * rows // total, share), _PERCENT),
    )  # fmt: skip
    stage.companies = dict(imported.companies)
    stage.accepts = actor.origin == "web" and imported.state != S.RUNNING
    stage.writes = imported.state == S.RUNNING
    kind.find(stage)
    imported.companies = stage.companies
    kind.check(stage)
    stage.mark_bad()
    report(min(share + 15, _PERCENT), _PERCENT)
    return stage


def _keep(imported: Import, stage: staging.Stage, counts: Counts, stream: BinaryIO) -> None:
    """What was read, for pages and answers; the rows that need a person as a file."""
    suggestions.suggest_parts(stage)
    codes = stage.fetch(
        f"SELECT code, count(*) FROM {staging.PROBLEM} GROUP BY code ORDER BY 2 DESC, 1"  # noqa: S608
    )
    sums = {name: str(value) for name, value in stage.kind.sums(stage).items() if value is not None}
    imported.totals = imported.totals | {
        "rows": stage.rows, "blank": stage.blank, "good": stage.good, "bad": stage.bad,
        "would": counts.as_json(), "sums": sums, "codes": [list(one) for one in codes],
    }  # fmt: skip
    imported.warnings = stage.notes
    imported.errors = rejects.write(stage, imported, stream)


def _problem(missing: Missing) -> dict[str, Any]:
    listed = [{"code": code, "detail": detail} for code, detail in missing.sentences()]
    return {"code": listed[0]["code"], "detail": listed[0]["detail"], "errors": listed}


def check_corrections(mapping: Mapping[str, Any]) -> None:
    """Refuse what is no mapping. Raises ``ValuesRefused`` by ``/mapping``."""
    columns = mapping.get("columns")
    if not isinstance(columns, list) or not all(isinstance(one, dict) for one in columns):
        raise ValuesRefused.one("/mapping", "malformed", "A mapping has a list of columns.")
    if len(columns) > _MOST_CORRECTIONS:
        raise ValuesRefused.one(
            "/mapping", "too_many", f"A mapping corrects at most {_MOST_CORRECTIONS:,} columns."
        )


def reasons_against_writing(row: Import, partial: bool) -> list[Reason]:
    """Rows that need a person, and a file that changes nothing."""
    found = [needs_you(row)] if row.totals["bad"] and not partial else []
    would = row.totals["would"]
    if not any(would.get(name) for name in ("created", "updated", "proposed")):
        found.append(Reason("nothing_to_do", "By this file nothing would change."))
    return found


def needs_you(row: Import) -> Reason:
    """That rows are refused, and what can be done."""
    bad, good = row.totals["bad"], row.totals["good"]
    rows = "1 row needs you" if bad == 1 else f"{bad:,} rows need you"
    fix = "Correct the file"
    fix += f", or import the {good:,} good rows alone." if good else "."
    return Reason("rows_refused", f"{rows}: nothing is written.", fix)
