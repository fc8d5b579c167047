"""What the cells of a column look like, whatever its header says."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from .alternates import prose_parts, split_list
from .characters import one_line
from .designators import prefixes, read_designators, reads_as_designators
from .fitted import from_value, is_flag, listed
from .manufacturers import is_distributor, is_manufacturer, leading_manufacturer
from .part_numbers import (
    is_distributor_sku,
    is_placeholder,
    is_spoiled,
    is_value,
    looks_like_mpn,
)
from .quantities import decimal_mark, read_quantity
from .standing import is_preference, ranks
from .wordlists import NO, YES, word_set

SAMPLE = 400
_DIGIT, _LETTER, _FEWEST = re.compile(r"\d"), re.compile(r"[^\W\d_]"), 4
#: No line of a board has more of a part than this.
_MOST = 10_000
_PROSE_HINT = re.compile(
    r"\b(?:alternativ|obsolet|eol\b|nrnd|replac|substitut|last time buy|second source)",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[A-Z]{0,4}[-.]?\d[\d.\-/]{4,}")
_NO_SERIAL = re.compile(r"\d+[.,]\d+|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,5}")
_BRACKETED = re.compile(r"\[([^\[\]\s]*\d[^\[\]\s]*)\]\s+(\S.*)")
_NAMED_VALUE = re.compile(r"(?:^|[;|,])\s*([^\W\d][\w ./-]{0,30}?)\s*[=:](?!//)")
_LETTERS = word_set(
    """
    A ANT B BAT BT C CN CON CR D DS E F FB FID FL G H IC J JP K L LED LS M MH MIC MOD MP NT OSC P
    PS Q R RL RN RT RV S SJ SP ST SW T TP TR TVS U V VD VR VT W X XTAL Y Z ZD"""
)
_ABSENT = frozenset({"DNP", "DNI", "DNF", "DNM", "NF", "NM", "NP", "N/F", "N/M", "N/P",
                     "NI", "NL", "NS", "DNL", "DNS"})  # fmt: skip


@dataclass(slots=True)
class Evidence:
    """Shares (0 to 1) of the filled cells of a column that look like something."""

    filled: int = 0
    named: int = 0
    designators: float = 0.0
    typical_designators: float = 0.0
    numbers: float = 0.0
    sequence: bool = False
    part_numbers: float = 0.0
    codes: float = 0.0
    order_numbers: float = 0.0
    manufacturers: float = 0.0
    distributors: float = 0.0
    names: float = 0.0
    combined: float = 0.0
    values: float = 0.0
    serials: float = 0.0
    series: float = 0.0
    preferences: float = 0.0
    ranked: bool = False
    whole: float = 0.0
    numbered: float = 0.0
    flags: float = 0.0
    absent: int = 0
    yes_no: float = 0.0
    links: float = 0.0
    distinct: float = 0.0
    distinct_named: float = 0.0
    prose_hints: int = 0
    bracketed: float = 0.0
    packed: tuple[str, ...] = ()
    cells: list[str] = field(default_factory=list)

    @property
    def is_empty_count(self) -> bool:
        """Whether nothing but zeros stands in the column."""
        return bool(self.filled) and all(cell in ("", "0") for cell in self.cells)


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
    evidence.named = sum(not is_placeholder(cell) for cell in filled)
    evidence.part_numbers = sum(map(_is_number, named)) / len(named)
    evidence.codes = sum(map(_is_code, named)) / len(named)
    evidence.order_numbers = sum(map(is_distributor_sku, filled)) / total
    evidence.manufacturers = sum(map(is_manufacturer, named)) / len(named)
    evidence.distributors = sum(map(is_distributor, named)) / len(named)
    evidence.names = sum(map(_is_name, named)) / len(named)
    evidence.combined = sum(map(_names_both, named)) / len(named)
    evidence.values = sum(map(is_value, filled)) / total
    evidence.whole = sum(number == int(number) < _MOST for number in numbers) / total
    evidence.numbered = sum(any(map(str.isdigit, cell)) for cell in filled) / total
    evidence.ranked = any(map(ranks, filled))
    evidence.preferences = sum(map(is_preference, filled)) / total
    evidence.flags = sum(map(is_flag, filled)) / total
    evidence.absent = sum(map(is_absent, filled))
    evidence.yes_no = sum(cell.casefold() in YES | NO for cell in filled) / total
    evidence.links = sum("://" in cell or cell.startswith("www.") for cell in filled) / total
    evidence.distinct = len(set(filled)) / total
    evidence.distinct_named = len(set(named)) / len(named)
    evidence.prose_hints = sum(map(_hints, filled))
    evidence.bracketed = sum(own_in_brackets(cell) is not None for cell in filled) / total
    if named_values := _packed(filled):
        evidence.packed, evidence.part_numbers, evidence.codes = named_values, 0.0, 0.0
    evidence.serials = sum(map(_is_serial, named)) / len(named)
    evidence.series = _series(named)
    return evidence


def own_in_brackets(cell: str) -> tuple[str, str] | None:
    """`[RES-0471] Resistor 4k7`: a number in brackets, and what it is of."""
    match = _BRACKETED.fullmatch(cell)
    return (match[1], match[2]) if match else None


def _packed(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of `mfr=Yageo; fitted=no`, where most cells hold several values with names."""
    named = [_NAMED_VALUE.findall(cell) for cell in cells]
    if 2 * sum(len(one) > 1 for one in named) <= len(cells):
        return ()
    return tuple(dict.fromkeys(name for one in named for name in one))


def _series(cells: list[str]) -> float:
    """The share of cells with the most usual pattern of letters and digits, `152-00011`.

    Numbers that one company gives are alike; those of several manufacturers are not.
    """
    if len(cells) < _FEWEST or not all(any(map(str.isdigit, cell)) for cell in cells):
        return 0.0
    patterns = Counter(_DIGIT.sub("9", _LETTER.sub("A", cell)) for cell in cells)
    usual, count = patterns.most_common(1)[0]
    return count / len(cells) if len(usual) >= _FEWEST else 0.0


def _is_number(cell: str) -> bool:
    """An order code, and no date."""
    return looks_like_mpn(cell) and not is_spoiled(cell)


@lru_cache(maxsize=65536)
def is_absent(cell: str) -> bool:
    """Whether a cell of any column says that something is not fitted."""
    return cell.upper() in _ABSENT or bool(from_value(cell)) or bool(listed(cell))


@lru_cache(maxsize=65536)
def _hints(cell: str) -> bool:
    """Whether a cell speaks of other parts."""
    return _PROSE_HINT.search(cell) is not None or (" " in cell and bool(prose_parts(cell)))


def _is_serial(cell: str) -> bool:
    """A number of some length with signs in it, `100-0001`, that is no date and no price."""
    return _SERIAL.fullmatch(cell) is not None and _NO_SERIAL.fullmatch(cell) is None


def _is_code(cell: str) -> bool:
    """Letters and digits without blanks, as order codes have them."""
    letters, digits = any(map(str.isalpha, cell)), any(map(str.isdigit, cell))
    return letters and digits and " " not in cell and looks_like_mpn(cell)


@lru_cache(maxsize=65536)
def _is_name(cell: str) -> bool:
    """A few words as companies are called by."""
    if is_manufacturer(cell):
        return True
    letters = sum(map(str.isalpha, cell))
    return letters >= 2 and letters >= 0.6 * len(cell) and len(cell) < 60 and cell.count(" ") < 5


@lru_cache(maxsize=65536)
def _names_both(cell: str) -> bool:
    """A known manufacturer with a number behind it, or `LM393, onsemi` and `LM393 (onsemi)`."""
    words = tuple(word.rstrip(":,") for word in cell.split(" "))
    known = leading_manufacturer(words)
    if 0 < known < len(words):
        return any(map(looks_like_mpn, words[known:]))
    if ", " not in cell and " (" not in cell:
        return False
    number, _, name = split_list(cell)[0].replace(" (", ", ").rstrip(")").partition(", ")
    return looks_like_mpn(number) and is_manufacturer(name)


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
        if number is not None and reads_as_designators(names):
            both += 1
            same += number == len(read_designators(names, int(number)))
    return same / both if both else 0.0
