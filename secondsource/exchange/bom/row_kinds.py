"""What a row of a table is: a line, an alternate of the line above, a title, a total, a note."""

import re
from decimal import Decimal
from enum import Enum, auto

from .characters import without_accents
from .fitted import says_not_fitted
from .mapping import Role
from .part_numbers import is_words
from .quantities import is_as_required, read_quantity
from .rows import RowCells

_TOTAL = re.compile(
    r"(?:grand\s+|sub)?(?:total|totals|totaal|totale|summe|gesamt|gesamtmenge|somme|suma|razem|celkem|"
    r"合计|总计|小计|総計|合計|итого|всего)\b.*|(?:component|part|fitted|placement)s?\s+"
    r"(?:groups?|count|components?|total)s?\b.*",
    re.IGNORECASE,
)
_NOT_FITTED_TOTAL = re.compile(
    r"total\s+(?:nf|dnp|dni|dnf|nm|np|not[\s-]fitted)\b\D*(\d+)", re.IGNORECASE
)
_GROUPS = re.compile(r"(?:component\s+groups|lines|positions|unique\s+parts)", re.IGNORECASE)
_COUNT = re.compile(r"component\s+count|total\s+(?:qty|quantity|parts|components)")
_PLAIN_TOTAL = re.compile(r"(?:grand\s+|sub)?totals?|summe|gesamt(?:menge)?|somme|合计|总计|итого")
_ALTERNATE_MARK = re.compile(
    r"(?:alt|or\b|oder|ou\b|2nd|second|sub|equiv|ersatz|替代)[\w. ]*|\W+", re.IGNORECASE
)
_SIGN_OFF = re.compile(
    r"(?:signature|signed|sign|approved|approval|prepared|checked|reviewed|released|drawn|created|author|"
    r"page|gepruft|freigegeben|erstellt|bearbeitet|unterschrift|seite|verifie|approuve|etabli|visa|firma|"
    r"revisado|aprobado|elaborado|sprawdzil|zatwierdzil|podpis|schvalil|审核|批准|制表|編制|承認|作成)"
    r"(?:\s+(?:by|von|par|am|on))?\s*[:：]?(?:\s+\d.*)?",
    re.IGNORECASE,
)
NOTES_ONLY = frozenset(
    {Role.REMARKS, Role.DNP, Role.FITTED, Role.SUPPLIER, Role.SKU, Role.ITEM, Role.PREFERENCE}
)


_HAS_DIGIT = re.compile(r"\d").search
_HAS_BOTH = re.compile(r"[^\W\d_].*\d|\d.*[^\W\d_]").search


class Kind(Enum):
    """What a row is."""

    BLANK = auto()
    LINE = auto()
    ALTERNATE = auto()
    NAMES = auto()
    TITLE = auto()
    TOTAL = auto()
    NOTE = auto()
    STRAY = auto()


def kind_of(cells: RowCells, *, has_quantity: bool, has_designators: bool) -> Kind:
    """Judge one row by itself, given which columns its table has."""
    if not cells.filled:
        return Kind.BLANK
    if _is_sign_off(cells):
        return Kind.NOTE
    if is_total(cells):
        return Kind.TOTAL
    if not cells.columns or all(column.role in NOTES_ONLY for column in cells.columns):
        return Kind.TITLE if cells.filled == 1 else Kind.NOTE
    if has_quantity:
        return _with_quantity(cells)
    return _without_quantity(cells, has_designators=has_designators)


def is_total(cells: RowCells) -> bool:
    """Totals, and `Label: value` rows that programs write below a table."""
    if _is_statistics(cells):
        return True
    if cells.names_part and cells.filled > 4:
        return False
    if cells.filled <= 5 and _TOTAL.fullmatch(without_accents(cells.first)):
        return True
    if cells.filled <= 3 and not cells.names_part and any(map(_is_label, cells.few)):
        return True
    only_quantity = [column.role for column in cells.columns] == [Role.QUANTITY]
    numbers = all(read_quantity(text) is not None for text in cells.few)
    return only_quantity and numbers and cells.quantity is not None


def _is_statistics(cells: RowCells) -> bool:
    """`Placed on top:`, 41, `Placed on bottom:`, 17: nothing but labels and numbers."""
    if cells.filled > len(cells.few):
        return False
    labels = [text.endswith((":", "：")) for text in cells.few]
    return any(labels) and all(
        is_label or read_quantity(text) is not None
        for text, is_label in zip(cells.few, labels, strict=True)
    )


def _is_sign_off(cells: RowCells) -> bool:
    """`Prepared by`, `Geprüft:`: who signs below a table."""
    if cells.names_part or cells.quantity is not None or cells.filled > 6:
        return False
    return _SIGN_OFF.fullmatch(without_accents(cells.first)) is not None


def _is_label(text: str) -> bool:
    return text.endswith((":", "：")) or _TOTAL.fullmatch(without_accents(text)) is not None


def _is_heading(cells: RowCells) -> bool:
    """One cell of words at the beginning of a row: Capacitors, Bottom side."""
    if cells.filled != 1 or not cells.columns or cells.names_part:
        return False
    role = cells.columns[0].role
    words = any(ch.isalpha() for ch in cells.first) and not cells.designators.names
    return words and (role == Role.QUANTITY or cells.columns[0].index == 0)


def _with_quantity(cells: RowCells) -> Kind:
    names, words = any(map(_HAS_BOTH, cells.designators.names)), cells.has_words
    if cells.quantity is not None:
        return Kind.LINE
    if _is_heading(cells) and not is_as_required(cells.quantity_text):
        return Kind.TITLE
    if cells.quantity_text and not is_as_required(cells.quantity_text):
        if names and (cells.names_part or words):
            return Kind.LINE
        if cells.names_part and not names and _ALTERNATE_MARK.fullmatch(cells.quantity_text):
            return Kind.ALTERNATE
        named = cells.description and (cells.names_part or cells.ipn)
        return Kind.LINE if named else Kind.STRAY
    if cells.quantity_text:
        return Kind.LINE
    if cells.designator_text:
        if names and (cells.names_part or words or cells.flags):
            return Kind.LINE
        if not names and cells.filled <= 2:
            return Kind.TITLE
        return Kind.NAMES if names and not cells.designators.prose else Kind.STRAY
    if cells.names_part:
        return Kind.ALTERNATE if _may_be_part(cells) else Kind.STRAY
    if cells.filled == 1 and says_not_fitted(cells.first):
        return Kind.TITLE
    return Kind.STRAY


def _may_be_part(cells: RowCells) -> bool:
    """Whether a number can be one: 17 and `Unique parts: 23` cannot, 5015 can.

    Words beside a manufacturer can.
    """
    named = any(any(map(str.isalpha, text)) for text in cells.manufacturers.values())
    return any(_is_no_label(cell.text, named) for cell in cells.parts)


def _is_no_label(text: str, is_named: bool) -> bool:
    if len(text) < 4 and text.isdigit():
        return False
    return is_named or (": " not in text and not is_words(text))


def _without_quantity(cells: RowCells, *, has_designators: bool) -> Kind:
    if any(map(_HAS_DIGIT, cells.designators.names)):
        return Kind.LINE  # `Pads` below a table places nothing
    if has_designators and not cells.designator_text and cells.names_part:
        return Kind.ALTERNATE
    if cells.names_part or (cells.designator_text and cells.has_words):
        return Kind.LINE
    return Kind.TITLE if cells.filled == 1 else Kind.STRAY


def stated(cells: RowCells) -> tuple[str, Decimal] | None:
    """What a total row states: (`lines` or `quantity` or `not_fitted`, number)."""
    if match := _NOT_FITTED_TOTAL.search(cells.first):
        return "not_fitted", Decimal(match[1])
    if not is_total(cells):
        return None
    labels = [text.rstrip(":： ").casefold() for text in cells.few if read_quantity(text) is None]
    numbers = [number for text in cells.few if (number := read_quantity(text)) is not None]
    number = numbers[0] if len(numbers) == 1 else None
    if number is not None and any(map(_GROUPS.fullmatch, labels)):
        return "lines", number
    if number is not None and any(map(_COUNT.fullmatch, labels)):
        return "quantity", number
    # A plain total may be one of prices; that of the quantity column is what it says.
    if cells.quantity is not None and (not labels or any(map(_PLAIN_TOTAL.fullmatch, labels))):
        return "quantity", cells.quantity
    return None
