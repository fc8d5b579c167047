"""A file to fill in: headers and one example row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from secondsource.core.exports import csv_line, safe_text
from secondsource.exchange.bulk.kind import Column

#: Of repeated columns the first so many are offered; a file may have more.
_OFFERED = 3


def lines(columns: Iterable[Column]) -> Iterator[str]:
    """CSV with a byte order mark (spreadsheet programs need it)."""
    headers, examples = [], []
    for column in columns:
        for number in range(1, min(column.repeat, _OFFERED) + 1):
            headers.append(f"{column.label} {number}" if column.repeat > 1 else column.label)
            examples.append(column.example if number == 1 else "")
    yield "\ufeff"
    for cells in (headers, examples):
        yield csv_line(map(safe_text, cells))
