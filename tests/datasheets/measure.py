"""Recall and precision of the reader: which lines it offers, and which of them are right.

A line is right when name, minimum, typical value, maximum, unit, condition and page are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from secondsource.core.tabular import read_parameters
from suppliers.datasheet_reading import ReadLine, lines_of
from tests.datasheets.sheet import Fact, Sheet


class Measured(NamedTuple):
    """Counts over datasheets."""

    right: int
    wrong: list[tuple[str, ReadLine]]
    missed: list[tuple[str, Fact]]

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def read(sheet: Sheet) -> list[ReadLine]:
    """What the reader offers of a datasheet."""
    return lines_of(read_parameters(sheet.pdf, f"{sheet.name}.pdf").tables)


def measure(sheets: Iterable[Sheet]) -> Measured:
    """The lines of the reader beside the facts."""
    right, wrong, missed = 0, [], []
    for sheet in sheets:
        facts = list(sheet.facts)
        for line in read(sheet):
            fact = Fact(line.name, line.minimum, line.typical, line.maximum, line.unit,
                        line.condition, line.page)  # fmt: skip
            if fact in facts:
                facts.remove(fact)
                right += 1
            else:
                wrong.append((sheet.name, line))
        missed += [(sheet.name, fact) for fact in facts]
    return Measured(right, wrong, missed)
