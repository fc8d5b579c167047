"""The lines of a file, stored so that the job writes what the preview showed."""

from __future__ import annotations

import hashlib
import json
from typing import Any, BinaryIO, cast

from django.core.cache import caches

from secondsource.core.tabular import TabularError, Workbook
from secondsource.exchange.bom import BomResult, Mapping, parse, read
from secondsource.exchange.bom.evidence import column_cells
from secondsource.exchange.kept_facts import HEAD, kept_facts
from secondsource.exchange.models import Import


def workbook_of(imported: Import) -> Workbook:
    """The file as sheets of cells. Raises ``TabularError``."""
    with imported.file.open("rb") as stream:
        return read(cast(BinaryIO, stream), imported.name)


def result_of(imported: Import) -> BomResult | None:
    """The lines by the import's mapping; None without one, or where the file cannot be read."""
    if not imported.mapping:
        return None
    try:
        stored = caches["readings"].get(_key(imported))
    except (ImportError, AttributeError, TypeError):
        stored = None  # of classes that an upgrade changed
    if isinstance(stored, BomResult):
        return stored
    try:
        return keep(imported, parse(workbook_of(imported), Mapping.from_json(imported.mapping)))
    except (TabularError, FileNotFoundError):
        return None


def keep(imported: Import, result: BomResult) -> BomResult:
    """Remember what this version of the import was read as."""
    caches["readings"].set(_key(imported), result)
    return result


def _key(imported: Import) -> str:
    """The same bytes by the same mapping are read the same way, by the page and by the job."""
    mapping = json.dumps(imported.mapping, sort_keys=True).encode()
    return f"import-lines:{imported.sha256}:{hashlib.sha256(mapping).hexdigest()}"


def facts_of(imported: Import) -> dict[str, Any]:
    """What pages show of a file of which no table was read; empty when it is none of cells."""
    try:
        return facts(workbook_of(imported))
    except (TabularError, FileNotFoundError):
        return {}


def facts(workbook: Workbook, mapping: Mapping | None = None) -> dict[str, Any]:
    """What pages show of the file."""
    sheets = workbook.sheets
    samples = {
        f"t{position}c{column.index}": column_cells(
            sheets[table.sheet].rows[table.first_row : table.end_row], column.index
        )
        for position, table in enumerate(mapping.tables if mapping else ())
        for column in table.columns
    }
    shown = ((one.name, len(one.rows), one.hidden, one.rows[:HEAD]) for one in sheets)
    return kept_facts(workbook.format, workbook.encoding, workbook.delimiter, shown, samples)
