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
_ORDINALS = {
    1: "first|1st|primary|main|preferred|erst|erster|haupt|premier|primero|primo|eerste",
    2: "second|2nd|secondary|alternate|alternative|alt|zweit|zweiter|zweite|ersatz|deuxieme|second"
    "|segundo|secondo|tweede|substitute|replacement|backup",
    3: "third|3rd|tertiary|dritt|dritter|dritte|troisieme|tercero|terzo|derde",
    4: "fourth|4th|viert|vierter|quatrieme|cuarto|quarto|vierde",
}
_ORDINAL = {word: number for number, words in _ORDINALS.items() for word in words.split("|")}
_COMPOUND = re.compile(r"\b(erst|zweit|dritt|viert|haupt|ersatz|alternativ)(?=[a-z]{4})")
_NOISE = re.compile(r"\b(?:avl|aml|approved|no(?= \d))\b")


def group_number(plain: str) -> tuple[int, str]:
    """Which of several a header in plain words names (0: it says none), and the rest of it.

    ``mpn 2`` and ``2nd mpn`` are the second, ``alternate mpn 1`` too.
    """
    words = _NOISE.sub(" ", _COMPOUND.sub(r"\1 ", plain)).split()
    number = ordinal = 0
    rest: list[str] = []
    for position, word in enumerate(words):
        lettered = len(word) == 1 and word in "abcdefghi" and 0 < position == len(words) - 1
        if word.isdecimal() and len(word) < 3 and not number:
            number = int(word)
        elif lettered and not number:
            number = ord(word) - ord("a") + 1
        elif not ordinal and (found := _ORDINAL.get(word.removesuffix("s"))):
            ordinal = found
        else:
            rest.append(word)
    if ordinal > 1 and number:
        number += ordinal - 1
    return number or ordinal, " ".join(rest)


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
