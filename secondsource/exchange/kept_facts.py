"""What pages show of a file of any kind, kept with its import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from secondsource.core.tabular import Row
from secondsource.exchange.bom.characters import first_cells

#: Rows of a sheet that are shown to point at the header in.
HEAD, _CELLS, _LENGTH = 25, 8, 40


def kept_facts(
    format_: str,
    encoding: str | None,
    delimiter: str | None,
    sheets: Iterable[tuple[str, int, bool, Sequence[Row]]],
    samples: Mapping[str, Iterable[str]],
) -> dict[str, Any]:
    """The file's real format, its sheets (name, rows, hidden, first rows) and the first cells of
    each column, by the name of its field on the page."""
    return {
        "format": format_,
        "encoding": encoding,
        "delimiter": delimiter,
        "sheets": [
            {
                "name": name, "rows": rows, "hidden": hidden,
                "head": [[cell.strip()[:_LENGTH] for cell in row[:_CELLS]] for row in head],
            }
            for name, rows, hidden, head in sheets
        ],
        "samples": {name: first_cells(cells) for name, cells in samples.items()},
    }  # fmt: skip
