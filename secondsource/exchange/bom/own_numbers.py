"""The company's own numbers, told from those of manufacturers and of shops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .header import words
from .mapping import Role
from .vocabulary import FAIR, GOOD, STRONG, WEAK

if TYPE_CHECKING:
    from .scores import Around, Draft

_ALIKE = 0.9
#: Numbers with fewer digits, and so few of them, may count rows; so may tens up to 10,000.
_FEW, _MOST = 4, 10_000


def own_number(draft: Draft, around: Around) -> float:
    """The company's own number; a plain `Part Number` beside the manufacturer's is one."""
    evidence, strength = draft.evidence, draft.strength(Role.IPN)
    longest = max(map(len, evidence.cells), default=0)
    if evidence.bracketed >= _ALIKE:
        return 0.75
    if evidence.filled and (evidence.numbered < 0.5 or longest < 3):
        return 0.0
    if 2 * sum(" " in cell for cell in evidence.cells) > evidence.filled > 0:
        return 0.0
    if evidence.sequence and (strength < GOOD or longest < 4):
        return 0.0
    if evidence.order_numbers >= 0.3 or (0 < strength < WEAK and not is_series(draft)):
        return 0.0
    if strength:
        return 0.8 * strength
    if is_series(draft) and may_be_ours(draft, around):
        return 0.75
    if draft.strength(Role.ITEM) and counts_no_rows(draft):
        return 0.6
    plain = draft.strength(Role.MPN) in (GOOD, FAIR) and not draft.strength(Role.VALUE)
    plain = plain and not is_ordered(draft)
    return 0.3 if plain and not evidence.sequence and evidence.order_numbers < 0.6 else 0.0


def is_series(draft: Draft) -> bool:
    """Whether nearly all cells are numbers of one pattern, each of them on few lines."""
    return draft.evidence.series >= _ALIKE and draft.evidence.distinct_named >= 0.5


def counts_no_rows(draft: Draft) -> bool:
    """`Nr.` over 100471, 300020, FS-0044: numbers of some length that are no places in a list."""
    evidence = draft.evidence
    cells = [cell for cell in evidence.cells if cell]
    if evidence.sequence or evidence.distinct < _ALIKE or len(cells) < _FEW:
        return False
    steps = all(cell.isdigit() and int(cell) % 10 == 0 and int(cell) < _MOST for cell in cells)
    return not steps and min(map(len, cells)) >= _FEW and evidence.numbered == 1


def may_be_ours(draft: Draft, around: Around) -> bool:
    """`Item` over codes, and a plain `Part Number` where it is none of a manufacturer.

    Beside numbers of manufacturers, or where no manufacturer is named.
    """
    if draft.group.alternate or draft.group.ranks:
        return False
    if draft.strength(Role.ITEM) >= GOOD:
        return max(map(len, draft.evidence.cells), default=0) > 4
    if not draft.strength(Role.MPN) or draft.strength(Role.MPN) == STRONG or is_ordered(draft):
        return False
    named = [other for other in around.drafts if other is not draft]
    makers = any(map(names_makers, named))
    others = any(
        other.evidence.part_numbers >= 0.5 and _may_be_makers(other, around)
        for other in named
        if not other.evidence.series >= _ALIKE
    )
    return others or not makers


def _may_be_makers(draft: Draft, around: Around) -> bool:
    """Whether a header is one of manufacturers' numbers, those of vendors who make things too."""
    vendors = draft.strength(Role.SKU) > 0 and vendors_are_manufacturers(around.drafts)
    return vendors or draft.strength(Role.MPN) > 0 or draft.strength(Role.MANUFACTURER) >= GOOD


def is_ordered(draft: Draft) -> bool:
    """`Bestellnummer`, `Order code`: by which a distributor may sell it."""
    return any(word in ("order", "ordering", "bestellnummer") for word in words(draft.header))


def names_makers(draft: Draft) -> bool:
    by_content = draft.evidence.manufacturers >= (0.4 if draft.is_known else 0.5)
    named = draft.strength(Role.MANUFACTURER)
    return named >= GOOD or (by_content and (named > 0 or not draft.is_known))


def vendors_are_manufacturers(drafts: Sequence[Draft]) -> bool:
    """Whether the column of vendors names manufacturers, and no other column does."""
    return any(
        "vendor" in words(one.header) and one.evidence.manufacturers >= 0.4 for one in drafts
    ) and not any(one.strength(Role.MANUFACTURER) >= GOOD for one in drafts)
