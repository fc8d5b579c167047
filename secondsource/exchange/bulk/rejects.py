"""The rows that need a person, as a file: one JSON object a line, in the order of the upload.

``{"row": 88, "cells": ["…"], "problems": [{"column", "letter", "value", "code", "detail"}]}``
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice
from typing import Any, BinaryIO, cast

from django.core.files.base import File
from django.db import connection

from secondsource.core.exports import csv_line, safe_text
from secondsource.core.tabular import rows_of
from secondsource.exchange.bulk.kind import FURTHER, Kind
from secondsource.exchange.bulk.mapping import BulkMapping, MappedColumn
from secondsource.exchange.bulk.staging import PROBLEM, Stage
from secondsource.exchange.models import Import

#: So many of them are kept with the import itself, for pages and answers.
SHOWN = 200
_SPILL = 5 * 1024 * 1024


def letter(index: int) -> str:
    """A column's name in a spreadsheet: 0 → A, 26 → AA."""
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def write(stage: Stage, imported: Import, stream: BinaryIO) -> list[dict[str, Any]]:
    """Write the file of the bad rows, if there are any; answers the first problems.

    Goes through the upload once more, so that the rows stand there with all their cells.
    """
    forget(imported)
    if not stage.bad:
        return []
    shown: list[dict[str, Any]] = []
    with tempfile.TemporaryFile() as held:
        for line in _bad_rows(stage, stream, imported.name):
            held.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            if len(shown) < SHOWN:
                shown += [{"row": line["row"], **one} for one in line["problems"]]
        held.seek(0)
        imported.rejected.save("rejected", File(held), save=False)
    return shown[:SHOWN]


def forget(imported: Import) -> None:
    """Remove the file of an earlier reading."""
    if imported.rejected:
        imported.rejected.delete(save=False)


def recover(imported: Import) -> None:
    """Take up the file of bad rows that a refused import left: its transaction is gone, it is not.

    The import then shows why it was refused, and the rows can be downloaded.
    """
    field = imported.rejected.field
    name = field.generate_filename(imported, "rejected")
    if not imported.file.storage.exists(name):
        return
    imported.rejected.name = name
    shown: list[dict[str, Any]] = []
    bad = 0
    for line in lines_of(imported):
        bad += 1
        if len(shown) < SHOWN:
            shown += [{"row": line["row"], **one} for one in line["problems"]]
    imported.errors = shown[:SHOWN]
    rows = imported.totals.get("rows", 0)
    imported.totals = imported.totals | {"bad": bad, "good": max(0, rows - bad)}


def _bad_rows(stage: Stage, stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
    kind, mapping = stage.kind, stage.mapping
    place = _places(kind, mapping)
    with closing(rows_of(stream, name, form=mapping.text, sheet=mapping.sheet)) as rows:
        numbered = enumerate(islice(rows, mapping.first_row, None), mapping.first_row + 1)
        for number, problems in groupby(_problems(), lambda one: one[0]):
            cells: list[str] = next(cells for at, cells in numbered if at == number)
            yield {
                "row": number,
                "cells": cells,
                "problems": [_described(kind, one, place, cells) for one in problems],
            }


def _problems() -> Iterator[tuple[Any, ...]]:
    """Row, column, code, detail in the order of rows, by a cursor that stays at the server."""
    connection.ensure_connection()
    with connection.connection.cursor(name="import_problems") as cursor:
        cursor.itersize = 5_000
        cursor.execute(
            f"SELECT DISTINCT mod(row, {FURTHER}), name, code, detail FROM {PROBLEM}"  # noqa: S608
            " ORDER BY 1, 2, 3"
        )
        yield from cursor


def _places(kind: Kind, mapping: BulkMapping) -> dict[str, MappedColumn]:
    """Staging column → the column of the file."""
    found: dict[str, MappedColumn] = {}
    for one in mapping.used():
        found.setdefault(kind.column(one.role).staged(one.number), one)
    return found


def _described(
    kind: Kind, problem: tuple[Any, ...], place: dict[str, MappedColumn], cells: Sequence[str]
) -> dict[str, Any]:
    _, name, code, detail = problem
    column = place.get(name)
    value = cells[column.index] if column and column.index < len(cells) else ""
    return {
        "column": column.header if column else "",
        "role": name,
        "index": column.index if column else None,
        "letter": letter(column.index) if column else "",
        "value": value.strip()[:120],
        "code": code,
        "detail": detail,
    }


def lines_of(imported: Import) -> Iterator[dict[str, Any]]:
    """The bad rows, one after the other; none when there is no file."""
    if not imported.rejected:
        return
    try:
        stream = imported.rejected.open("rb")
    except FileNotFoundError:
        return
    with stream:
        for line in stream:
            yield cast(dict[str, Any], json.loads(line))


def as_csv(imported: Import) -> Iterator[str]:
    """The bad rows with their own columns and the reasons; no cell is ever a formula."""
    mapping = BulkMapping.from_json(imported.mapping)
    headers = [one.header or letter(one.index) for one in mapping.columns]
    yield "\ufeff" + csv_line([*map(safe_text, headers), "Row", "Reason"])
    for line in lines_of(imported):
        cells = list(map(safe_text, line["cells"][: len(headers)]))
        cells += [""] * (len(headers) - len(cells))
        yield csv_line([*cells, line["row"], safe_text(reason(line["problems"]))])


def reason(problems: Sequence[dict[str, Any]]) -> str:
    """All problems of a row in one sentence each."""
    return " ".join(
        f"{one['column']}: {one['detail']}" if one["column"] else one["detail"] for one in problems
    )
