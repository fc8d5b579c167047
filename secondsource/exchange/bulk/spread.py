"""Rows that name several manufacturer parts, in numbered columns or in one cell.

Each number makes a staged row of its own, with all that the row says besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from secondsource.core.tabular import Row
from secondsource.exchange.bom.alternates import parts_of
from secondsource.exchange.bulk.kind import FURTHER, Kind
from secondsource.exchange.bulk.mapping import BulkMapping

#: A row that names more is taken for prose.
_MOST = 18
_MAY_BE_LIST = re.compile(r"[,;|~\n，；]|\s(?:or|oder|ou|o|/|&)\s", re.IGNORECASE)


def told_apart(headers: Mapping[int, tuple[str, int]]) -> dict[int, int]:
    """The number of each column of one kind: index → (header in plain words, number or 0).

    Equal headers are counted; ``MPN`` and ``MPN 1`` are the first and the second.
    """
    bare = [index for index, (_, number) in headers.items() if not number]
    numbered = {index: number for index, (_, number) in headers.items() if number}
    if len(bare) > 1 and len({headers[index][0] for index in bare}) > 1:
        bare = bare[:1]
    shift = len(bare) if bare and min(numbered.values(), default=9) <= len(bare) else 0
    found = {index: place for place, index in enumerate(sorted(bare), 1)}
    return found | {index: number + shift for index, number in numbered.items()}


class Spread:
    """The columns of a mapping that name manufacturers and numbers, group by group."""

    def __init__(self, kind: Kind, mapping: BulkMapping) -> None:
        groups: dict[int, dict[str, int]] = {}
        for one in mapping.used():
            if kind.column(one.role).several:
                groups.setdefault(one.number, {})[one.role] = one.index
        self.groups = [groups[number] for number in sorted(groups)]
        #: Role → index of the column that holds the row's first number.
        self.first: dict[str, int] = {}
        for group in self.groups:
            for role, index in group.items():
                self.first.setdefault(role, index)
        self.active = "mpn" in self.first

    def rows(self, numbered: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """The rows of a file, each once for every number that it names."""
        single = self.groups[0].get("mpn") if len(self.groups) == 1 else None
        for number, row in numbered:
            if single is not None and not (single < len(row) and _MAY_BE_LIST.search(row[single])):
                yield number, row
                continue
            for place, pair in enumerate(self._pairs(row)):
                yield number + FURTHER * place, self._with(row, pair) if pair else row

    def _pairs(self, row: Row) -> Sequence[tuple[str, str] | None]:
        """Manufacturer and number of each part; None leaves the row as it is."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for group in self.groups:
            maker, number = (_cell(row, group.get(role)) for role in ("manufacturer", "mpn"))
            if not maker.strip() and not number.strip():
                continue
            for pair in _split(maker, number):
                found.setdefault((pair[0].strip().upper(), pair[1].strip().upper()), pair)
        pairs = list(found.values())[:_MOST]
        return pairs or [None]

    def _with(self, row: Row, pair: tuple[str, str]) -> Row:
        changed = list(row)
        for role, text in zip(("manufacturer", "mpn"), pair, strict=True):
            index = self.first.get(role)
            if index is not None:
                changed.extend([""] * (index + 1 - len(changed)))
                changed[index] = text
        return changed


def _cell(row: Row, index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _split(maker: str, number: str) -> list[tuple[str, str]]:
    if not _MAY_BE_LIST.search(number):
        return [(maker, number)]
    parts = parts_of(number, maker)
    if len(parts) < 2:
        return [(maker, number)]
    return [(one.manufacturer or "", one.mpn) for one in parts]
