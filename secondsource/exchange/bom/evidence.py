"""What the cells of a column look like, whatever its header says."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .characters import one_line
from .designators import prefixes, read_designators, reads_as_designators
from .fitted import is_flag, says_not_fitted
from .manufacturers import is_manufacturer
from .part_numbers import is_placeholder, looks_like_mpn
from .quantities import decimal_mark, read_quantity
from .wordlists import word_set

SAMPLE = 400
_PROSE_HINT = re.compile(
    r"\b(?:alternativ|obsolet|eol\b|nrnd|replac|substitut|last time buy|second source)",
    re.IGNORECASE,
)
_LETTERS = word_set(
    """
    A ANT B BAT BT C CN CON CR D DS E F FB FID FL G H IC J JP K L LED LS M MH MIC MOD MP NT OSC P
    PS Q R RL RN RT RV S SJ SP ST SW T TP TR TVS U V VD VR VT W X XTAL Y Z ZD"""
)
_ABSENT = frozenset({"DNP", "DNI", "DNF", "DNM", "NF", "NM", "NP", "N/F", "N/M", "N/P"})
_YES_NO = frozenset({"yes", "no", "y", "n", "ja", "nein", "oui", "non", "true", "false", "si", "x"})


@dataclass(slots=True)
class Evidence:
    """Shares (0 to 1) of the filled cells of a column that look like something."""

    filled: int = 0
    designators: float = 0.0
    typical_designators: float = 0.0
    numbers: float = 0.0
    sequence: bool = False
    part_numbers: float = 0.0
    manufacturers: float = 0.0
    flags: float = 0.0
    says_not_fitted: bool = False
    yes_no: float = 0.0
    links: float = 0.0
    distinct: float = 0.0
    prose_hints: int = 0
    cells: list[str] = field(default_factory=list)


def column_cells(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    """The cells of one column, blank ones included, tidied."""
    return [one_line(row[index]) if index < len(row) else "" for row in rows]


def examine(cells: list[str]) -> Evidence:
    """Look at the cells of a column."""
    filled = [cell for cell in cells if cell]
    evidence = Evidence(filled=len(filled), cells=cells)
    if not filled:
        return evidence
    total = len(filled)
    numbers = [quantity for cell in filled if (quantity := read_quantity(cell)) is not None]
    evidence.numbers = len(numbers) / total
    evidence.sequence = _is_sequence([int(number) for number in numbers], total)
    evidence.designators = sum(map(reads_as_designators, filled)) / total
    evidence.typical_designators = sum(map(_is_typical, filled)) / total
    named = [cell for cell in filled if not is_placeholder(cell)] or filled
    evidence.part_numbers = sum(map(looks_like_mpn, named)) / len(named)
    evidence.manufacturers = sum(map(is_manufacturer, named)) / len(named)
    evidence.flags = sum(map(is_flag, filled)) / total
    evidence.says_not_fitted = any(
        cell.upper() in _ABSENT or says_not_fitted(cell) for cell in filled
    )
    evidence.yes_no = sum(cell.casefold() in _YES_NO for cell in filled) / total
    evidence.links = sum("://" in cell or cell.startswith("www.") for cell in filled) / total
    evidence.distinct = len(Counter(filled)) / total
    evidence.prose_hints = sum(1 for cell in filled if _PROSE_HINT.search(cell))
    return evidence


def _is_typical(cell: str) -> bool:
    """Designators with the usual letters; BC547 and LM75 only look like designators."""
    return reads_as_designators(cell) and prefixes(read_designators(cell).names) <= _LETTERS


def _is_sequence(numbers: list[int], total: int) -> bool:
    """Item numbers: rising almost everywhere, over most rows."""
    if len(numbers) < max(3, 0.6 * total):
        return False
    rising = sum(1 for a, b in pairwise(numbers) if b > a)
    return rising >= 0.9 * (len(numbers) - 1)


def agreement(quantities: list[str], designators: list[str]) -> float:
    """The share of rows whose quantity is the number of their designators."""
    both = same = 0
    mark = decimal_mark(quantities)
    for quantity, names in zip(quantities, designators, strict=True):
        number = read_quantity(quantity, mark)
        if number is None or not names:
            continue
        both += 1
        same += number == len(read_designators(names, int(number)))
    return same / both if both else 0.0
