"""What the reader of a table is not sure of: readings that another one would make wrong in silence.

A doubt is the code of a question about a column; `questions` puts it into words.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from .evidence import Evidence, agreement, is_absent
from .fitted import from_flag
from .header import guesses, words
from .mapping import Role
from .own_numbers import counts_no_rows, is_ordered, is_series
from .quantities import read_quantity
from .scores import SOURCE, Draft, may_be_quantity
from .sources import Numbers
from .vocabulary import ALTERNATE_WORDS, FAIR, GOOD, UNIT_WORDS, WEAK

if TYPE_CHECKING:
    from .columns import Reading

FITTED, QUANTITY, PRIMARY = "fitted", "quantity", "primary"
PART_NUMBERS, MANUFACTURERS, DESIGNATORS = "part_numbers", "manufacturers", "designators"
STANDING, PACKED, POINTS = "standing", "packed", "points"
#: Named and asked about on the page; the import goes on without an answer.
UNREAD = "unread"
TABLE, DECIMAL, ROWS, AGAIN, REMARKS = "table", "decimal", "rows", "again", "remarks"
#: An answer to these says nothing of the next file with the same headers.
OF_ONE_FILE = (TABLE, DECIMAL, ROWS, AGAIN, REMARKS)
_CLOSE = 0.25
_FEW, _SHORT = 3, 6
_FITTING = (Role.DNP, Role.FITTED)
_TELLING = (*SOURCE, *_FITTING, Role.QUANTITY, Role.IPN, Role.ALTERNATIVE)
_SAYING = (*_FITTING, Role.VALUE, Role.DESCRIPTION, Role.REMARKS, Role.MPN, Role.QUANTITY)


def of_columns(found: Sequence[Reading], numbers: Numbers) -> dict[int, str]:
    """The code of the doubt about each column that has one."""
    roles = {role: [one for one in found if one.role == role] for role in Role}
    lines, absent = _lines(roles), _absent(roles)
    doubts: dict[int, str] = dict.fromkeys(numbers.unpaired, MANUFACTURERS)
    doubts |= dict.fromkeys(numbers.unsure, PRIMARY)
    for one in found:
        code = ""
        if one.role in _FITTING:
            code = FITTED if _fitting(one, lines) else ""
        elif one.role == Role.QUANTITY:
            code = QUANTITY if _quantity(one, roles) else ""
        elif one.role in SOURCE:
            code = _source(one, roles)
        elif one.role == Role.IPN and not one.draft.strength(Role.IPN):
            alone = len(roles[Role.MANUFACTURER]) > len(roles[Role.MPN])
            only = one.draft.strength(Role.MPN) > 0 and not roles[Role.MPN]
            guess = counts_no_rows(one.draft) and not is_series(one.draft)
            code = PART_NUMBERS if alone or only or guess else ""
        elif one.role == Role.IPN and one.draft.strength(Role.IPN) < WEAK:
            code = PART_NUMBERS
        elif one.role in (Role.VALUE, Role.DESCRIPTION) and one.draft.strength(Role.DESIGNATORS):
            code = DESIGNATORS if _more_designators(one.draft, roles) else ""
        elif one.role == Role.SKU and is_ordered(one.draft):
            code = PART_NUMBERS if _may_be_makers_number(one.draft, roles) else ""
        elif one.role == Role.SUPPLIER:
            code = MANUFACTURERS if _names_manufacturers(one.draft) else ""
        elif one.role == Role.ALTERNATIVE:
            code = MANUFACTURERS if _names_only(one.draft) else ""
        elif one.role == Role.IGNORE:
            code = _left_out(one.draft, roles, lines)
        if one.role in (Role.IGNORE, Role.ALTERNATIVE) and _names_other_rows(one.draft, found):
            code = POINTS
        if not code and (one.role == Role.IGNORE or _is_odd_place(one)):
            code = FITTED if _says_more(one.draft, absent) else ""
        if code:
            doubts.setdefault(one.draft.index, code)
    return doubts


def _lines(roles: dict[Role, list[Reading]]) -> list[int]:
    """The rows of the sample that begin a line: with a quantity or designators."""
    counted = roles[Role.QUANTITY] or roles[Role.DESIGNATORS]
    if not counted:
        return []
    return [row for row, cell in enumerate(counted[0].draft.evidence.cells) if cell]


def _absent(roles: dict[Role, list[Reading]]) -> set[int]:
    """The rows of the sample that say in a column that is read for it: not fitted."""
    found: set[int] = set()
    for role in _SAYING:
        for one in roles[role]:
            for row, cell in enumerate(one.draft.evidence.cells):
                flagged = role in _FITTING and from_flag(cell, column_says_not=role == Role.DNP)
                if cell and (flagged or is_absent(cell)):
                    found.add(row)
    return found


def _says_more(draft: Draft, absent: set[int]) -> bool:
    """Whether a column says not fitted on a row of which the columns that are read do not."""
    cells = draft.evidence.cells if draft.evidence.absent else []
    return any(cell and is_absent(cell) and row not in absent for row, cell in enumerate(cells))


def _fitting(one: Reading, lines: list[int]) -> bool:
    """Most lines would be not fitted, blanks stand beside a yes, or the header is no clear word."""
    cells, says_not = [one.draft.evidence.cells[row] for row in lines], one.role == Role.DNP
    if not any(cells):
        return False
    absent = sum(bool(from_flag(cell, column_says_not=says_not)) for cell in cells)
    if 2 * absent > max(2, len(cells)):
        return True
    if not says_not and "" in cells and not absent:
        return True
    return one.draft.strength(one.role) < FAIR and not one.draft.evidence.absent


def _quantity(one: Reading, roles: dict[Role, list[Reading]]) -> bool:
    draft = one.draft
    names = next(iter(roles[Role.DESIGNATORS]), None)
    counted = agreement(draft.evidence.cells, names.draft.evidence.cells) if names else 0.0
    if draft.evidence.is_empty_count:
        return True
    if not draft.is_known:
        return counted < 0.9
    rivals = [
        other.draft
        for other in roles[Role.IGNORE]
        if other.draft.strength(Role.QUANTITY) >= draft.strength(Role.QUANTITY) - _CLOSE
        and other.draft.evidence.cells != draft.evidence.cells
        and not other.draft.evidence.is_empty_count
        and other.draft.evidence.numbers >= 0.5
    ]
    if counted >= 0.9:
        return any(_is_variant(rival, draft) for rival in rivals)
    return any(_is_equal(rival, draft) and not _is_multiple(rival, draft) for rival in rivals)


def _is_variant(one: Draft, other: Draft) -> bool:
    """`Qty Basic` beside `Qty Pro`: some of the rows have less, most have the same."""
    pairs = _numbers_of(one, other)
    same = sum(mine == others for mine, others in pairs)
    less = any(mine < others for mine, others in pairs)
    return len(pairs) > 2 and less and same >= 0.3 * len(pairs)


def _is_multiple(one: Draft, other: Draft) -> bool:
    """Whether one column is the other times the number of boards."""
    pairs = [(mine, others) for mine, others in _numbers_of(one, other) if others]
    factors = {mine / others for mine, others in pairs}
    return len(pairs) > 2 and len(factors) == 1 and max(factors) > 1


def _numbers_of(one: Draft, other: Draft) -> list[tuple[Decimal, Decimal]]:
    """The quantities of two columns in the rows that have both."""
    read = [map(read_quantity, draft.evidence.cells) for draft in (one, other)]
    pairs = zip(*read, strict=True)
    return [(mine, its) for mine, its in pairs if mine is not None and its is not None]


def _is_equal(one: Draft, other: Draft) -> bool:
    """Whether both have a header for quantities, and neither one names a number of boards."""
    number = {guess.number for draft in (one, other) for guess in draft.guesses[:1]}
    return number <= {None, 1}


def _names_manufacturers(draft: Draft) -> bool:
    """A column of suppliers in which manufacturers stand and no distributors."""
    return draft.evidence.manufacturers >= 0.5 and draft.evidence.distributors < 0.2


def _may_be_makers_number(draft: Draft, roles: dict[Role, list[Reading]]) -> bool:
    """`Ordering info 2` where a second manufacturer has no number."""
    codes = draft.evidence.part_numbers >= 0.5 and draft.evidence.order_numbers < 0.3
    return codes and len(roles[Role.MANUFACTURER]) > len(roles[Role.MPN])


def _names_only(draft: Draft) -> bool:
    """Alternatives without any number: their manufacturers."""
    return draft.evidence.names >= 0.8 and draft.evidence.numbered < 0.2


def _source(one: Reading, roles: dict[Role, list[Reading]]) -> str:
    """A number or manufacturer that its content alone, or a distributor's header, made one."""
    draft = one.draft
    if one.role == Role.MPN and not draft.strength(Role.MPN):
        codes = draft.evidence.part_numbers + draft.evidence.serials >= 0.7
        clear = not draft.is_known or codes
        sure = roles[Role.MANUFACTURER] and clear and one.margin >= _CLOSE
        rivals = (other.draft for other in roles[Role.IGNORE] if not other.draft.is_known)
        alone = not any(rival.evidence.part_numbers >= 0.3 for rival in rivals)
        return "" if sure and alone else PART_NUMBERS
    if one.role == Role.MANUFACTURER_MPN and not draft.strength(Role.MANUFACTURER_MPN):
        unsure = draft.is_known and not draft.strength(Role.MPN)
        return PART_NUMBERS if unsure and draft.evidence.combined < 0.9 else ""
    if one.role == Role.MANUFACTURER and not draft.is_known and draft.evidence.manufacturers < 0.5:
        return MANUFACTURERS
    return ""


def _is_odd_place(one: Reading) -> bool:
    """Whether words such as DNP stand where they are not looked for."""
    return one.role in (Role.SUPPLIER, Role.SKU, Role.ITEM, Role.IPN, Role.FOOTPRINT, Role.LEVEL)


def _left_out(draft: Draft, roles: dict[Role, list[Reading]], lines: list[int]) -> str:
    """What is not used and could change what is read."""
    evidence = draft.evidence
    if not evidence.filled:
        return ""
    if any(guess.role in _TELLING for name in evidence.packed for guess in guesses(name)):
        return PACKED
    if evidence.preferences >= 0.8 and evidence.ranked and evidence.filled > 1:
        return STANDING
    codes = evidence.codes >= 0.5 and evidence.typical_designators < 0.5 and not draft.is_known
    if codes and _is_new_number(draft, roles) and not _may_be_own(draft, roles):
        return PART_NUMBERS
    may_be_names = not draft.is_known or draft.strength(Role.DESIGNATORS)
    if may_be_names and _more_designators(draft, roles):
        return DESIGNATORS
    if draft.is_known:
        says_not = draft.strength(Role.DNP) >= GOOD
        if says_not or (draft.strength(Role.FITTED) >= GOOD and evidence.flags >= 0.2):
            return FITTED
        return _second_of_its_kind(draft, roles)
    cells = {evidence.cells[row] for row in lines}
    marks = evidence.whole < 0.5 or cells <= {"", "0", "1"}
    if evidence.flags >= 0.6 and len(cells) > 1 and marks:
        return FITTED
    if _is_one_of_two(evidence, lines) and not set(words(draft.header)) & UNIT_WORDS:
        return FITTED
    own = evidence.part_numbers > 0 and evidence.order_numbers < 0.9 and not evidence.links
    if draft.group.ranks and own:
        return PART_NUMBERS
    numbered = roles[Role.MPN] or roles[Role.MANUFACTURER_MPN]
    if _is_new_number(draft, roles) or (evidence.part_numbers >= 0.3 and not numbered):
        return UNREAD if _may_be_own(draft, roles) else PART_NUMBERS
    if evidence.manufacturers >= 0.3 and evidence.numbered <= 0.5:
        return MANUFACTURERS
    unnamed = roles[Role.MPN] and not (roles[Role.MANUFACTURER] or roles[Role.MANUFACTURER_MPN])
    if unnamed and evidence.names >= 0.8 and evidence.numbered <= 0.3:
        return MANUFACTURERS
    names = [one.draft.evidence.cells for one in roles[Role.DESIGNATORS]]
    counts = not names or agreement(evidence.cells, names[0]) >= 0.2
    if not roles[Role.QUANTITY] and may_be_quantity(draft) and counts:
        return QUANTITY
    return ""


def _is_one_of_two(evidence: Evidence, lines: list[int]) -> bool:
    """`igen` or `nem`, `INSTALL` or `NO_INSTALL`: one of two words on every line.

    They are short, or one is the other with a no.
    """
    said = [evidence.cells[row] for row in lines]
    if len(said) < _FEW or evidence.numbered or evidence.manufacturers:
        return False
    few = sorted({cell.casefold() for cell in said}, key=len)
    if len(few) != len({False, True}) or not all(any(map(str.isalpha, one)) for one in few):
        return False
    return len(few[1]) > 1 and (few[0] in few[1] or len(few[1]) <= _SHORT)


def _names_other_rows(draft: Draft, found: Sequence[Reading]) -> bool:
    """`Alt of seq` over the numbers of other lines, and none of parts."""
    cells = {cell for cell in draft.evidence.cells if cell}
    if not cells or not set(words(draft.header)) & ALTERNATE_WORDS or len(cells) == len(found):
        return False
    return any(
        other.draft is not draft
        and cells < set(other.draft.evidence.cells)
        and other.draft.evidence.distinct == 1
        for other in found
    )


def _more_designators(draft: Draft, roles: dict[Role, list[Reading]]) -> bool:
    """Whether designators stand in a column where none are read, or fewer than are counted."""
    share = draft.evidence.designators
    names = [one.draft for one in roles[Role.DESIGNATORS]]
    if not names:
        return share >= 0.1
    if share < 0.3 or len(names) > 1:
        return False
    return any(
        agreement(one.draft.evidence.cells, names[0].evidence.cells) < 0.95
        for one in roles[Role.QUANTITY]
    )


def _may_be_own(draft: Draft, roles: dict[Role, list[Reading]]) -> bool:
    """Whether codes beside a clear column of part numbers are rather a key of the lines.

    Alternates are named on some lines, a key on all of them.
    """
    numbers = [one.draft for one in roles[Role.MPN] if not one.draft.group.alternate]
    clear = [draft for draft in numbers if draft.strength(Role.MPN) >= GOOD]
    most = max((other.evidence.named for other in clear), default=0)
    if len(roles[Role.MANUFACTURER]) > len(roles[Role.MPN]):
        return False
    plain = not draft.group.ranks and draft.evidence.combined < 0.3
    return bool(clear) and plain and draft.evidence.filled >= 0.8 * most


def _second_of_its_kind(draft: Draft, roles: dict[Role, list[Reading]]) -> str:
    """`Mfr` beside `Manufacturer`: another word for the same, with something else in it."""
    evidence = draft.evidence
    if evidence.links >= 0.5:
        return ""
    named = max(draft.strength(Role.MPN), draft.strength(Role.MANUFACTURER)) >= WEAK
    number = named and evidence.part_numbers >= 0.3
    if number and not _repeats(draft, roles):
        return PART_NUMBERS
    name = draft.strength(Role.MANUFACTURER) >= GOOD and evidence.names >= 0.5
    return MANUFACTURERS if name and not _repeats(draft, roles) else ""


def _repeats(draft: Draft, roles: dict[Role, list[Reading]]) -> bool:
    """Whether all that stands in a column stands in one that is used as well."""
    mine = {cell for cell in draft.evidence.cells if cell}
    used = (one for role, some in roles.items() if role != Role.IGNORE for one in some)
    return any(mine <= set(one.draft.evidence.cells) for one in used)


def _is_new_number(draft: Draft, roles: dict[Role, list[Reading]]) -> bool:
    """Codes that are not those of another column, of which nobody knows what they are."""
    evidence = draft.evidence
    if evidence.links >= 0.5 or (evidence.filled < 2 and not draft.group.ranks):
        return False
    if evidence.combined >= 0.3:
        return True
    varied = evidence.distinct_named >= 0.3
    codes = evidence.codes >= 0.5 and varied and evidence.order_numbers < 0.6
    serials = evidence.serials >= 0.8 and evidence.distinct >= 0.8 and evidence.filled > 1
    return (codes or serials) and not _repeats(draft, roles)
