"""Parameters of manufacturer parts on their way from a file: columns of them, or a row each.

``import_parameter`` holds one line a row and parameter, for comparing and for writing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from secondsource.exchange.bulk import parameters
from secondsource.exchange.bulk.parameters import Line
from secondsource.exchange.bulk.staging import Stage
from suppliers.services import send_specification_changed

_FIELDS = "minimum, typical, maximum, text, unit"
#: SQL condition on ``s`` and ``t``: the row says something else of a parameter than is on record.
DIFFERS = (
    f"EXISTS (SELECT FROM import_parameter i WHERE i.row = s.row AND NOT EXISTS (SELECT FROM"  # noqa: S608
    " suppliers_parameter p WHERE p.manufacturer_part_id = t.id AND p.name = i.name"
    f" AND p.condition = i.condition AND ROW(p.{_FIELDS.replace(', ', ', p.')})"
    f" IS NOT DISTINCT FROM ROW(i.{_FIELDS.replace(', ', ', i.')})))"
)


def read(stage: Stage) -> None:
    """Read the parameters of all rows and refuse those that cannot be."""
    stage.sql("DROP TABLE IF EXISTS import_parameter")
    stage.sql(
        "CREATE TEMP TABLE import_parameter (row integer, name text, minimum float8,"
        " typical float8, maximum float8, text text, unit text, condition text) ON COMMIT DROP"
    )
    lines, problems = [], []
    for row, columns, name, low, typical, high, value, unit, condition in stage.fetch(
        "SELECT row, parameters, parameter, min, typ, max, value, unit, condition FROM {s}"
        " WHERE parameters IS NOT NULL OR parameter IS NOT NULL"
    ):
        found = _wide(json.loads(columns) if columns else {})
        if name:
            found.append(_long(name, low, typical, high, value, unit, condition))
        for line in found:
            if problem := _problem(line):
                problems.append((row, *problem))
            else:
                lines.append((row, line.name, line.minimum, line.typical, line.maximum, line.text,
                              line.unit, line.condition))  # fmt: skip
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, "INSERT INTO import_parameter VALUES %s", lines)
    for row, column, code, detail in problems:
        stage.refuse(column, code, detail, "s.row = %s", [row])
    _refuse_twice(stage)


def _wide(columns: dict[str, str]) -> list[Line]:
    """Columns of one row; minimum and maximum of a parameter may stand in two of them."""
    found: dict[str, Line] = {}
    for header, cell in columns.items():
        name, bound, unit = parameters.read_header(header)
        line = parameters.read_cell(name, cell, bound=bound, unit=unit)
        found[name] = found[name].merged(line) if name in found else line
    return list(found.values())


def _long(
    name: str, low: Any, typical: Any, high: Any, value: Any, unit: Any, condition: Any
) -> Line:
    """A row that is one parameter."""
    line = parameters.read_cell(name, value) if value else Line(name)
    given = [None if number is None else float(number) for number in (low, typical, high)]
    told = Line(name, given[0], given[1], given[2], unit=unit or "")
    return replace(line.merged(told), condition=condition or "")


def _problem(line: Line) -> tuple[str, str, str] | None:
    if not line.name or len(line.name) > 80:
        return "parameter", "too_long", "A parameter's name has 1 to 80 characters."
    if len(line.text) > 200:
        return "value", "too_long", f"{line.name}: at most 200 characters."
    if None not in (line.minimum, line.maximum) and line.minimum > line.maximum:  # type: ignore[operator]
        return "max", "limits_reversed", f"{line.name}: the minimum is above the maximum."
    if not line.text and line.minimum is None and line.typical is None and line.maximum is None:
        return "value", "nothing_given", f"{line.name} has no value."
    return None


def _refuse_twice(stage: Stage) -> None:
    """A parameter stands once a part and condition; the same name by two rows is a question."""
    stage.refuse(
        "parameter", "duplicate", "This parameter stands in an earlier row of the same part.",
        "s.row IN (SELECT row FROM (SELECT i.row, row_number() OVER (PARTITION BY"
        " r.manufacturer_key, r.mpn_key, i.name, i.condition ORDER BY i.row) AS nth"
        " FROM import_parameter i JOIN import_stage r ON r.row = i.row) d WHERE nth > 1)",
    )  # fmt: skip


def write(stage: Stage) -> None:
    """Set the parameters of the parts that the rows made or changed; others stay."""
    written = stage.fetch(
        "INSERT INTO suppliers_parameter (manufacturer_part_id, name, minimum, typical, maximum,"  # noqa: S608
        " text, unit, condition) SELECT s.target_id, i.name, i.minimum, i.typical, i.maximum,"
        " i.text, i.unit, i.condition FROM import_parameter i JOIN {s} s ON s.row = i.row"
        " WHERE NOT s.bad AND s.act <> 's'"
        " ON CONFLICT (manufacturer_part_id, name, condition) DO UPDATE SET"
        f" ({_FIELDS}) = ROW(excluded.{_FIELDS.replace(', ', ', excluded.')})"
        f" WHERE ROW(suppliers_parameter.{_FIELDS.replace(', ', ', suppliers_parameter.')})"
        f" IS DISTINCT FROM ROW(excluded.{_FIELDS.replace(', ', ', excluded.')})"
        " RETURNING manufacturer_part_id"
    )
    send_specification_changed({pk for (pk,) in written}, stage.actor)
