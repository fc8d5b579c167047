"""Reading bills of materials as they really come. Pure: no database, no framework.

    workbook = read(data, filename)          # file → sheets of text cells
    mapping = guess(workbook)                # which tables, which columns; correctable
    result = parse(workbook, mapping)        # lines, warnings, totals

`read` raises `TabularError`, `guess` and `parse` raise `BomError` (a `TabularError`); each has a
`code` for programs and a sentence for people. A mapping is corrected with
`mapping.with_column(table, column, role, number)` and `mapping.with_table(table, use=…)`, stored
with `to_json` under its `shape` and given back to `guess(workbook, remembered=…)`.
"""

from secondsource.core.tabular import TabularError, Workbook

from .corrections import corrected, is_whole, whole
from .gathering import gathered
from .mapping import BomError, Column, Mapping, Role, Table
from .opening import read
from .parser import parse
from .reader import as_remembered, guess, under_known_header
from .result import (
    Alternate,
    BomLine,
    BomResult,
    LeftOut,
    PartRef,
    Question,
    Totals,
    Warning,
)

__all__ = [
    "Alternate",
    "BomError",
    "BomLine",
    "BomResult",
    "Column",
    "LeftOut",
    "Mapping",
    "PartRef",
    "Question",
    "Role",
    "Table",
    "TabularError",
    "Totals",
    "Warning",
    "Workbook",
    "as_remembered",
    "corrected",
    "gathered",
    "guess",
    "is_whole",
    "parse",
    "read",
    "under_known_header",
    "whole",
]
