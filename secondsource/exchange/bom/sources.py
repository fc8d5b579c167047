"""The sources of a line in their order: which manufacturer belongs to which number, and which
source is the primary one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .groups import Group
from .mapping import Role
from .scores import Draft
from .vocabulary import SECONDARY_WORDS


@dataclass(slots=True)
class _Source:
    group: Group
    number: Draft | None = None
    manufacturer: Draft | None = None

    @property
    def index(self) -> int:
        one = self.number or self.manufacturer
        return one.index if one else 0

    @property
    def filled(self) -> int:
        return self.number.evidence.named if self.number else 0


@dataclass(slots=True)
class Numbers:
    """The number of the source by column; `unsure`: columns of sources whose order is a guess;
    `unpaired`: manufacturers left over where numbers have none."""

    of: dict[int, int] = field(default_factory=dict)
    unsure: frozenset[int] = frozenset()
    unpaired: frozenset[int] = frozenset()


def numbered(columns: Sequence[tuple[Draft, Role]]) -> Numbers:
    """Pair manufacturers with numbers and put the sources in order, the primary one first."""
    sources = _paired(_by_group(columns))
    ordered = sorted(sources, key=lambda one: (one.number is None, one.group.place(), one.index))
    with_number = [one for one in ordered if one.number is not None]
    start = 2 if with_number and all(one.group.alternate for one in with_number) else 1
    found = Numbers()
    for number, source in enumerate(ordered, start):
        for draft in (source.number, source.manufacturer):
            if draft is not None:
                found.of[draft.index] = number
    if any(one.manufacturer is None and not _holds_both(one) for one in with_number):
        left = [one.manufacturer for one in ordered if one.number is None]
        found.unpaired = frozenset(one.index for one in left if one is not None)
    if start == 2 or _unsure(with_number):
        found.unsure = frozenset(one.number.index for one in with_number if one.number)
    return found


def _by_group(columns: Sequence[tuple[Draft, Role]]) -> list[_Source]:
    """Columns of one group are one source; a group holds each kind once."""
    sources: list[_Source] = []
    for draft, role in columns:
        is_number = role != Role.MANUFACTURER
        free = (one for one in sources if (one.number if is_number else one.manufacturer) is None)
        mine = next((one for one in free if one.group == draft.group), None)
        if mine is None:
            mine = _Source(draft.group)
            sources.append(mine)
        if is_number:
            mine.number = draft
        else:
            mine.manufacturer = draft
    return sources


def _paired(sources: list[_Source]) -> list[_Source]:
    """A number and a manufacturer left over belong together, in the order of the columns."""
    numbers = [one for one in sources if one.manufacturer is None and not _holds_both(one)]
    spare = [one for one in sources if one.number is None]
    for source, other in _neighbours(numbers, spare):
        source.manufacturer = other.manufacturer
        sources.remove(other)
    return sources


def _holds_both(source: _Source) -> bool:
    return source.number is not None and source.number.evidence.combined >= 0.6


def _neighbours(numbers: list[_Source], spare: list[_Source]) -> list[tuple[_Source, _Source]]:
    if len(numbers) == len(spare) and all(map(_may_pair, numbers, spare)):
        return list(zip(numbers, spare, strict=True))
    pairs = []
    left = list(spare)
    for one in numbers:
        beside = [
            other for other in left if abs(other.index - one.index) == 1 and _may_pair(one, other)
        ]
        if beside:
            pairs.append((one, beside[0]))
            left.remove(beside[0])
    return pairs


def _may_pair(one: _Source, other: _Source) -> bool:
    """Whether no number or word in the headers says that they are two sources."""
    ranks = not (one.group.ranks and other.group.ranks) or one.group.ranks == other.group.ranks
    return ranks and one.group.alternate == other.group.alternate


def _unsure(sources: list[_Source]) -> bool:
    """Whether the order of the sources is a guess.

    None is the first one, words that nobody knows tell them apart, equal numbers stand under
    equal headers, or another source names far more parts than the first one.
    """
    if len(sources) < 2:
        return False
    first, *others = sources
    shared = set.intersection(*(set(one.group.words) for one in sources))
    others_say = not first.group.alternate and all(one.group.alternate for one in others)
    unknown = any(set(one.group.words) - shared - SECONDARY_WORDS for one in sources)
    if unknown and not others_say:
        return True
    if any(one.group.place() == first.group.place() for one in others):
        return True
    return any(first.filled < 0.8 * one.filled for one in others)
