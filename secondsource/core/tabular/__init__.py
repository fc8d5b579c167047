"""Files in, tables of text cells out: knows encodings and containers, no word of the trade.

workbook = read(data, filename)      # bytes, an open binary file or a Path
workbook.sheets[0].rows[0]           # list of str
"""

from .errors import TabularError
from .limits import DEFAULT_LIMITS, Limits
from .model import Row, Sheet, Workbook
from .reader import read

__all__ = ["DEFAULT_LIMITS", "Limits", "Row", "Sheet", "TabularError", "Workbook", "read"]
