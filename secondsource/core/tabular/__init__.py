"""Reading of files as tables of text cells.

workbook = read(data, filename)      # bytes, an open binary file or a Path
workbook.sheets[0].rows[0]           # list of str
examine(stream, filename)            # a file of any length, by a sample of its rows
read_parameters(data, filename)      # the tables of parameters of a PDF

Each file is read in a process of its own with limits on memory and time (`child`), which returns
rows or a refusal.
"""

from .errors import TabularError
from .limits import DEFAULT_LIMITS, Limits
from .model import (
    Examined,
    Marks,
    ParameterTable,
    ParameterTables,
    Row,
    Sheet,
    SheetSample,
    TextForm,
    Workbook,
)
from .process import examine, read, read_parameters, rows_of
from .reader import is_spreadsheet

__all__ = [
    "DEFAULT_LIMITS",
    "Examined",
    "Limits",
    "Marks",
    "ParameterTable",
    "ParameterTables",
    "Row",
    "Sheet",
    "SheetSample",
    "TabularError",
    "TextForm",
    "Workbook",
    "examine",
    "is_spreadsheet",
    "read",
    "read_parameters",
    "rows_of",
]
