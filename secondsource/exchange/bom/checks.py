"""What a careful reader would ask about a BOM: each question names row, column and code."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from .lines import Draft
from .mapping import Table
from .result import BomLine, Totals, Warning


def of_lines(table: Table, drafts: Sequence[Draft], lines: Sequence[BomLine]) -> Iterator[Warning]:
    return iter(())


def of_file(
    lines: Iterable[BomLine], totals: Totals, stated: dict[str, Decimal]
) -> Iterator[Warning]:
    return iter(())
