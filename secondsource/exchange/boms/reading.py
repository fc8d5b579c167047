"""What a file holds and how it is read, stored so that the job writes what the preview showed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.core.cache import caches

from secondsource.core.tabular import TabularError, Workbook
from secondsource.exchange.bom import BomResult, Mapping, parse, read
from secondsource.exchange.models import Import

_HEAD_ROWS, _HEAD_CELLS, _SAMPLES, _SAMPLE_LENGTH = 25, 8, 3, 40


@dataclass(frozen=True)
class SheetFacts:
    """A sheet's name, size and first rows, to point at the header in."""

    name: str
    rows: int
    hidden: bool
    head: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Reading:
    """The file's real format and its sheets; mapping and result when a table was found."""

    format: str
    encoding: str | None
    delimiter: str | None
    sheets: tuple[SheetFacts, ...]
    mapping: Mapping | None = None
    result: BomResult | None = None
    #: (table, column index) → what stands in its first filled cells
    samples: dict[tuple[int, int], tuple[str, ...]] | None = None


def workbook_of(imported: Import) -> Workbook:
    """The file as sheets of cells. Raises ``TabularError``."""
    with imported.file.open("rb") as stream:
        return read(cast(BinaryIO, stream), imported.name)


def reading_of(imported: Import) -> Reading | None:
    """The file as it is read now; None when it holds no table of any kind."""
    return _stored(imported) or _read(imported)


def result_of(imported: Import) -> BomResult:
    """The lines by the import's mapping. Raises ``TabularError`` when the file cannot be read."""
    stored = _stored(imported)
    if stored is not None and stored.result is not None:
        return stored.result
    return parse(workbook_of(imported), Mapping.from_json(imported.mapping))


def keep(
    imported: Import, workbook: Workbook, mapping: Mapping | None, result: BomResult | None
) -> Reading:
    """Remember how this version of the import was read."""
    reading = Reading(
        workbook.format, workbook.encoding, workbook.delimiter,
        tuple(_facts(sheet.name, sheet.rows, sheet.hidden) for sheet in workbook.sheets),
        mapping, result, _samples(workbook, mapping) if mapping else None,
    )  # fmt: skip
    caches["readings"].set(_key(imported), reading)
    return reading


def _stored(imported: Import) -> Reading | None:
    """The stored reading; None where there is none, or one of classes that an upgrade changed."""
    try:
        stored = caches["readings"].get(_key(imported))
    except (ImportError, AttributeError, TypeError):
        return None
    return stored if isinstance(stored, Reading) else None


def _read(imported: Import) -> Reading | None:
    try:
        workbook = workbook_of(imported)
    except (TabularError, FileNotFoundError):
        return None
    if not imported.mapping:
        return keep(imported, workbook, None, None)
    mapping = Mapping.from_json(imported.mapping)
    try:
        return keep(imported, workbook, mapping, parse(workbook, mapping))
    except TabularError:
        return keep(imported, workbook, mapping, None)


def _key(imported: Import) -> str:
    """The same bytes by the same mapping are read the same way, by the page and by the job."""
    mapping = json.dumps(imported.mapping, sort_keys=True).encode()
    return f"import-reading:{imported.sha256}:{hashlib.sha256(mapping).hexdigest()}"


def _facts(name: str, rows: list[list[str]], hidden: bool) -> SheetFacts:
    head = tuple(
        tuple(cell.strip()[:_SAMPLE_LENGTH] for cell in row[:_HEAD_CELLS])
        for row in rows[:_HEAD_ROWS]
    )
    return SheetFacts(name, len(rows), hidden, head)


def _samples(workbook: Workbook, mapping: Mapping) -> dict[tuple[int, int], tuple[str, ...]]:
    found = {}
    for position, table in enumerate(mapping.tables):
        rows = workbook.sheets[table.sheet].rows[table.first_row : table.end_row]
        for column in table.columns:
            found[position, column.index] = _first_filled(rows, column.index)
    return found


def _first_filled(rows: list[list[str]], column: int) -> tuple[str, ...]:
    cells: list[str] = []
    for row in rows:
        cell = " ".join(row[column].split()) if column < len(row) else ""
        if cell and cell not in cells:
            cells.append(cell[:_SAMPLE_LENGTH] + ("…" if len(cell) > _SAMPLE_LENGTH else ""))
        if len(cells) == _SAMPLES:
            break
    return tuple(cells)
