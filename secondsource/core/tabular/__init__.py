"""Files in, tables of text cells out: knows encodings and containers, no word of the trade.

workbook = read(data, filename)      # bytes, an open binary file or a Path
workbook.sheets[0].rows[0]           # list of str
examine(stream, filename)            # a file of any length, by a sample of its rows
"""

from .errors import TabularError
from .limits import DEFAULT_LIMITS, Limits
from .model import Marks, Row, Sheet, Workbook
from .reader import is_spreadsheet, read
from .streaming import Examined, SheetSample, TextForm, examine, rows_of

__all__ = [
    "DEFAULT_LIMITS",
    "Examined",
    "Limits",
    "Marks",
    "Row",
    "Sheet",
    "SheetSample",
    "TabularError",
    "TextForm",
    "Workbook",
    "examine",
    "is_spreadsheet",
    "read",
    "rows_of",
]
