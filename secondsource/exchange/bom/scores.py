"""How well each column of a table can be read as each role: by its header and its content.

A score is about 1 for a header beyond doubt over fitting content and 0.3 for content alone; what
its content rules out has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .evidence import Evidence, agreement
from .groups import Group, of_distributor
from .header import Guess, is_build_quantity, words
from .mapping import Role
from .own_numbers import (
    is_ordered,
    is_series,
    may_be_ours,
    names_makers,
    own_number,
    vendors_are_manufacturers,
)
from .vocabulary import FAIR, GOOD, STRONG, WEAK

#: A role, and for those of a source the number of its group.
Slot = tuple[Role, int]
MANY = (Role.REMARKS, Role.ALTERNATIVE, Role.SKU, Role.DNP, Role.FITTED)
SOURCE = (Role.MPN, Role.MANUFACTURER, Role.MANUFACTURER_MPN)
_SIMPLE = {
    Role.LEVEL: 0.8, Role.SUPPLIER: 0.8, Role.DESCRIPTION: 0.7, Role.VALUE: 0.7,
    Role.FOOTPRINT: 0.7, Role.SKU: 0.7, Role.ALTERNATIVE: 0.7, Role.REMARKS: 0.6, Role.ITEM: 0.5,
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A column while it is being judged."""

    index: int
    header: str
    guesses: tuple[Guess, ...]
    evidence: Evidence
    group: Group
    source: int

    def strength(self, role: Role) -> float:
        """How surely the header means the role, before the content is looked at."""
        return next((guess.strength for guess in self.guesses if guess.role == role), 0.0)

    @property
    def is_known(self) -> bool:
        """Whether the header says anything, be it that the column is of no use."""
        return bool(self.guesses)


@dataclass(slots=True)
class Around:
    """What the other columns say: the designators that are tried, and which roles have a header.

    ``numbers`` are those whose header may mean a part number.
    """

    drafts: Sequence[Draft]
    numbers: Sequence[Draft]
    designators: Draft | None = None
    named: dict[Role, float] = field(default_factory=dict)

    def counts(self, draft: Draft) -> float:
        """The share of rows in which a column is the number of designators."""
        if self.designators is None or draft.evidence.numbers < 0.3:
            return 0.0
        return agreement(draft.evidence.cells, self.designators.evidence.cells)


def named_roles(drafts: Sequence[Draft]) -> dict[Role, float]:
    """The best header of each role, among columns whose content does not speak against it."""
    found: dict[Role, float] = {}
    for draft in drafts:
        for guess in draft.guesses:
            if guess.role != Role.MPN or _may_be_number(draft):
                found[guess.role] = max(found.get(guess.role, 0.0), guess.strength)
    return found


def readings(draft: Draft, around: Around) -> dict[Slot, float]:
    """Every reading of a column that is possible."""
    if draft is around.designators:
        return {(Role.DESIGNATORS, 0): 2.0}
    found: dict[Slot, float] = {}
    for role, score in _all(draft, around):
        if score > 0:
            slot = (role, draft.source if role in SOURCE else 0)
            found[slot] = max(found.get(slot, 0.0), score)
    return found


def _all(draft: Draft, around: Around) -> Iterator[tuple[Role, float]]:
    yield Role.QUANTITY, quantity(draft, around)
    yield Role.MPN, _number(draft, around)
    yield Role.MANUFACTURER, _manufacturer(draft, around)
    yield Role.MANUFACTURER_MPN, _both(draft, around)
    yield Role.IPN, own_number(draft, around)
    yield Role.SKU, _order_number(draft, around)
    yield from _fitting(draft)
    yield Role.PREFERENCE, _preference(draft)
    for role, weight in _SIMPLE.items():
        if (strength := draft.strength(role)) and _fits(draft, role):
            yield role, weight * strength
    yield from _by_content(draft)


def designators(draft: Draft, quantities: Sequence[Draft]) -> float:
    """How well a column holds designators; the quantities that count them prove it."""
    evidence, strength = draft.evidence, draft.strength(Role.DESIGNATORS)
    if evidence.numbers > 0.5 or evidence.links > 0.2:
        return 0.0
    share = evidence.designators
    counted = _proved(draft, quantities)
    if strength >= WEAK and (share >= 0.15 or not evidence.filled):
        return 0.5 * strength + share + counted
    if counted and (strength or (share >= 0.3 and not draft.is_known)):
        return 0.5 * strength + share + counted
    if strength == STRONG and evidence.part_numbers < 0.4:
        return 0.5 + share
    if evidence.typical_designators >= 0.7 and (strength or not draft.is_known):
        return 0.5 * strength + share + counted
    alone = evidence.typical_designators >= 0.8 and evidence.distinct >= 0.8
    if alone and not draft.strength(Role.MPN):
        return 0.5 * evidence.typical_designators
    return 0.0


def _proved(draft: Draft, quantities: Sequence[Draft]) -> float:
    """0.5 where a quantity of two or more counts the names of its row, and hardly any differs."""
    for other in quantities:
        if other is draft or other.evidence.numbers < 0.3:
            continue
        pairs = [
            (number, names)
            for number, names in zip(other.evidence.cells, draft.evidence.cells, strict=True)
            if number not in ("", "1")
        ]
        some = agreement([pair[0] for pair in pairs], [pair[1] for pair in pairs])
        if some >= 0.9 and agreement(other.evidence.cells, draft.evidence.cells) >= 0.9:
            return 0.5
    return 0.0


def quantity(draft: Draft, around: Around) -> float:
    """How well a column holds the quantities of one product."""
    evidence, strength = draft.evidence, draft.strength(Role.QUANTITY)
    counted = around.counts(draft)
    if strength and (evidence.numbers >= 0.3 or not evidence.filled):
        build = 0.5 if any(map(is_build_quantity, draft.guesses)) else 0.0
        setup = 0.3 if evidence.is_empty_count else 0.0
        thin = 0.3 if 3 * evidence.filled < len(evidence.cells) else 0.0
        return max(0.01, strength + counted + 0.2 * evidence.numbers - build - setup - thin)
    if counted >= 0.8 and not evidence.sequence and not draft.is_known:
        return 0.2 + counted
    if strength == STRONG:
        return WEAK
    return 0.15 if may_be_quantity(draft) and not _counts_nothing(draft, around) else 0.0


def _counts_nothing(draft: Draft, around: Around) -> bool:
    """Whether small numbers beside designators hardly ever are how many these are: angles."""
    return around.designators is not None and around.counts(draft) < 0.2


def may_be_quantity(draft: Draft) -> bool:
    """Whether a column without a known header holds small numbers that do not count the rows."""
    evidence = draft.evidence
    return (
        not draft.is_known
        and evidence.filled > 0
        and evidence.whole >= 0.8
        and not evidence.sequence
    )


def _may_be_number(draft: Draft) -> bool:
    """Whether the content does not speak against part numbers.

    A faint header (`LibRef`, `Part`) needs cells that are clearly order codes.
    """
    strength, evidence = draft.strength(Role.MPN), draft.evidence
    if evidence.links >= 0.5 or _reads_as_names(evidence):
        return False
    if strength == STRONG or draft.group.alternate:
        return True
    if evidence.sequence:
        return False
    if strength >= FAIR:
        return not evidence.filled or evidence.part_numbers >= 0.2 or evidence.distinct > 0.5
    return evidence.part_numbers >= 0.55 and evidence.distinct >= 0.7


def _reads_as_names(evidence: Evidence) -> bool:
    return evidence.manufacturers >= 0.5 and evidence.part_numbers < 0.2


def _number(draft: Draft, around: Around) -> float:
    evidence, strength = draft.evidence, draft.strength(Role.MPN)
    looks = 0.3 * evidence.part_numbers - 0.4 * evidence.order_numbers
    if draft.strength(Role.MANUFACTURER_MPN):
        return 0.0
    if _is_type_beside_manufacturer(draft, around) and _numbers(evidence) >= 0.6:
        return 0.6 + looks
    if _is_suppliers(draft):
        return _number_of_suppliers(draft, around)
    if strength and is_series(draft) and may_be_ours(draft, around):
        return 0.5 * strength
    if strength:
        return max(0.05, 0.9 * strength + looks) if _may_be_number(draft) else 0.0
    if draft.strength(Role.MANUFACTURER) >= WEAK and _reads_as_numbers(evidence):
        return 0.6 + looks  # what the manufacturer calls it, in words that nobody lists
    if _is_beside_its_manufacturer(draft, around) and _numbers(evidence) >= 0.6:
        return 0.6 + looks  # `Réf. Fab. 1` behind `Fabricant 1`
    if draft.is_known or evidence.links or around.named.get(Role.MPN, 0.0) >= FAIR:
        return 0.0
    if (looks := _numbers(evidence)) >= 0.6 and evidence.distinct_named >= 0.5:
        return 0.3 * min(looks, 1.0) if draft.group.is_understood else 0.0
    return 0.0


def _is_type_beside_manufacturer(draft: Draft, around: Around) -> bool:
    """`Typ 1` beside `Hersteller 1`: a type is a part number when it reads as order codes."""
    if not set(words(draft.header)) & {"typ", "type", "model"}:
        return False
    return any(
        names_makers(other) and other.group.place() == draft.group.place()
        for other in around.drafts
        if other is not draft
    )


def _is_beside_its_manufacturer(draft: Draft, around: Around) -> bool:
    """Whether a column that nothing is known of stands next to a manufacturer of the same rank."""
    known = any(guess.role != Role.IGNORE for guess in draft.guesses)
    if known or not draft.group.ranks or around.named.get(Role.MPN, 0.0) >= FAIR:
        return False
    return any(
        other.strength(Role.MANUFACTURER) >= GOOD and other.group.ranks == draft.group.ranks
        for other in around.drafts
        if abs(other.index - draft.index) == 1
    )


def _numbers(evidence: Evidence) -> float:
    """The share of order codes; in digits alone they are codes beside others with letters."""
    return evidence.part_numbers + (evidence.serials if evidence.part_numbers >= 0.3 else 0.0)


def _is_suppliers(draft: Draft) -> bool:
    return draft.strength(Role.SKU) > 0 and not draft.strength(Role.MPN)


def _number_of_suppliers(draft: Draft, around: Around) -> float:
    """`Vendor P/N` where vendors are manufacturers; a code under a distributor's name that is none
    of its own, where nothing else is a part number."""
    evidence = draft.evidence
    if "vendor" in draft.group.words and vendors_are_manufacturers(around.drafts):
        return 0.9 if evidence.part_numbers >= 0.5 else 0.0
    if around.named.get(Role.MPN, 0.0) >= FAIR or around.named.get(Role.MANUFACTURER_MPN):
        return 0.0
    if of_distributor(draft.group) and evidence.codes >= 0.6 and evidence.order_numbers < 0.2:
        return 0.8
    return 0.0


def _manufacturer(draft: Draft, around: Around) -> float:
    evidence, strength = draft.evidence, draft.strength(Role.MANUFACTURER)
    if max(evidence.numbers, evidence.links) >= 0.5 or _reads_as_numbers(evidence):
        return 0.0
    looks = 0.3 * evidence.manufacturers
    if strength >= GOOD:
        return 0.9 * strength + looks
    if strength and evidence.names >= 0.8 and draft.strength(Role.MPN):
        return 0.5 + looks
    if strength and evidence.manufacturers >= 0.2:
        return 0.9 if around.named.get(Role.MANUFACTURER, 0.0) < GOOD else 0.2
    if draft.strength(Role.ALTERNATIVE) and evidence.names >= 0.8 and evidence.numbered < 0.2:
        return 0.75 if evidence.manufacturers >= 0.5 else 0.0
    if evidence.names >= 0.8 and _names_its_source(draft, around):
        return 0.7 + looks
    if not draft.is_known and evidence.manufacturers >= 0.5 and draft.group.is_understood:
        return 0.3 + looks
    return 0.0


def _reads_as_numbers(evidence: Evidence) -> bool:
    return evidence.part_numbers > 0.6 and evidence.manufacturers < 0.1 and evidence.names < 0.3


def _names_its_source(draft: Draft, around: Around) -> bool:
    """`2nd Source` beside `2nd Source PN`: what stands before the number's own word."""
    mine = words(draft.header)
    if not mine or draft.evidence.distributors >= 0.5:
        return False
    return any(
        other is not draft
        and other.group == draft.group
        and words(other.header)[: len(mine)] == mine
        for other in around.numbers
    )


def _both(draft: Draft, around: Around) -> float:
    evidence = draft.evidence
    if strength := draft.strength(Role.MANUFACTURER_MPN):
        return strength
    if evidence.combined >= 0.6 and evidence.filled > 1 and draft.strength(Role.MPN):
        return 1.3
    if evidence.combined >= 0.6 and evidence.filled > 1 and not draft.is_known:
        return 0.35
    nowhere = not {Role.MPN, Role.MANUFACTURER, Role.MANUFACTURER_MPN} & around.named.keys()
    if evidence.combined >= 0.5 and evidence.filled > 1 and nowhere:
        return 0.8
    return 0.0


def _order_number(draft: Draft, around: Around) -> float:
    if draft.strength(Role.MPN) and draft.evidence.order_numbers >= 0.6:
        return 0.28
    return 0.2 if is_ordered(draft) and around.named.get(Role.MPN, 0.0) > FAIR else 0.0


def _fitting(draft: Draft) -> Iterator[tuple[Role, float]]:
    evidence = draft.evidence
    for role in (Role.DNP, Role.FITTED):
        if (strength := draft.strength(role)) and (evidence.flags >= 0.5 or not evidence.filled):
            yield role, strength
    if evidence.flags >= 0.8 and evidence.absent and not draft.strength(Role.DNP):
        other = draft.is_known and draft.guesses[0].role not in (Role.IGNORE, Role.FITTED)
        yield Role.FITTED, 0.05 if other else 0.45


def _preference(draft: Draft) -> float:
    evidence = draft.evidence
    if evidence.preferences >= 0.8 and evidence.ranked:
        return 0.6
    strength = draft.strength(Role.PREFERENCE)
    fits = max(evidence.preferences, evidence.yes_no, evidence.whole) >= 0.8
    return 0.5 * strength if fits else 0.0


def _fits(draft: Draft, role: Role) -> bool:
    evidence = draft.evidence
    if role in (Role.ITEM, Role.LEVEL):
        return evidence.numbers >= 0.6 or not evidence.filled
    if role == Role.ALTERNATIVE and evidence.yes_no > 0.5:
        return False
    return evidence.links <= 0.5


def _is_said_of_some(evidence: Evidence) -> bool:
    """A few words on some of the lines: what somebody noted."""
    cells = [cell for cell in evidence.cells if cell]
    few = 2 * len(cells) <= len(evidence.cells) and evidence.numbered == 0
    return few and evidence.manufacturers == 0 and all(" " in cell for cell in cells)


def _by_content(draft: Draft) -> Iterator[tuple[Role, float]]:
    """Columns whose header says nothing, or something else than they hold."""
    evidence = draft.evidence
    words_only = not evidence.designators and evidence.names > 0.5
    if words_only and draft.strength(Role.DESIGNATORS) >= FAIR:
        yield Role.DESCRIPTION, 0.3
    if draft.is_known or not evidence.filled:
        return
    if evidence.values >= 0.6:
        yield Role.VALUE, 0.25
    if evidence.prose_hints or _is_said_of_some(evidence):
        yield Role.REMARKS, 0.2
