"""Two states of a bill of material beside each other. Pure.

Lines of the two states belong together when they name the same places; else when they name the
same part number; else when they share most of their places; else, where no place is named, when
they look the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Item:
    """A line as it is compared. ``mpn`` and ``alternates`` are in normal form.

    ``row``: where it stands in its file or revision; ``part``: what tells our part, if known.
    """

    designators: tuple[str, ...]
    quantity: Decimal
    not_fitted: Decimal = Decimal(0)
    mpn: str = ""
    manufacturer: str = ""
    alternates: tuple[str, ...] = ()
    value: str = ""
    footprint: str = ""
    description: str = ""
    row: int = 0
    part: Hashable = None

    @property
    def name(self) -> str:
        """What people call the line."""
        return self.mpn or self.value or self.description or f"row {self.row}"


@dataclass(frozen=True)
class Difference:
    """One aspect that changed: ``quantity, places, mpn, alternates, fitted``."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A line before and after, with what differs."""

    before: Item
    after: Item
    differences: tuple[Difference, ...]

    @property
    def kinds(self) -> set[str]:
        """The aspects that changed."""
        return {difference.kind for difference in self.differences}


@dataclass(frozen=True)
class Places:
    """Designators by what happened to them; ``mpn``: in both states, with another number."""

    known: int = 0
    added: int = 0
    removed: int = 0
    mpn: int = 0


@dataclass
class Comparison:
    """Lines added, removed, changed, and how many stayed as they were."""

    added: list[Item] = field(default_factory=list)
    removed: list[Item] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    places: Places = Places()

    @property
    def counts(self) -> dict[str, int]:
        """Lines by what happened to them; a line can count under several changes."""
        kinds = {
            kind: sum(kind in change.kinds for change in self.changed)
            for kind in ("quantity", "places", "mpn", "alternates", "fitted")
        }
        return {
            "added": len(self.added), "removed": len(self.removed), **kinds, "same": self.same
        }  # fmt: skip

    @property
    def differs(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.removed or self.changed)


def compare(before: Sequence[Item], after: Sequence[Item]) -> Comparison:
    """What changed from one state to the next, in the order of the new one."""
    partner = _pair(before, after)
    taken = set(partner.values())
    comparison = Comparison(
        removed=[item for index, item in enumerate(before) if index not in taken],
        places=_places(before, after),
    )
    for index, item in enumerate(after):
        if index not in partner:
            comparison.added.append(item)
            continue
        old = before[partner[index]]
        differences = tuple(_differences(old, item))
        if differences:
            comparison.changed.append(Change(old, item, differences))
        else:
            comparison.same += 1
    return comparison


def _places(before: Sequence[Item], after: Sequence[Item]) -> Places:
    old, new = (
        {place: item.mpn for item in items for place in item.designators}
        for items in (before, after)
    )
    return Places(
        known=len(old.keys() | new.keys()),
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        mpn=sum(old[place] != new[place] for place in old.keys() & new.keys()),
    )


def _pair(before: Sequence[Item], after: Sequence[Item]) -> dict[int, int]:
    """Index of the new line → index of the old one."""
    partner: dict[int, int] = {}
    _by_key(before, after, partner, lambda item: tuple(sorted(item.designators)))
    _by_key(before, after, partner, lambda item: item.mpn)
    _by_places(before, after, partner)
    _by_key(
        before, after, partner,
        lambda item: () if item.designators else (item.value, item.footprint, item.description),
    )  # fmt: skip
    return partner


def _by_key(
    before: Sequence[Item],
    after: Sequence[Item],
    partner: dict[int, int],
    key: Callable[[Item], str | tuple[str, ...]],
) -> None:
    """Pair what has the same key, in order; an empty key tells nothing."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    taken = set(partner.values())
    for index, item in enumerate(before):
        if index not in taken and any(key(item)):
            waiting[key(item)].append(index)
    for index, item in enumerate(after):
        if index not in partner and waiting.get(key(item)):
            partner[index] = waiting[key(item)].pop(0)


def _by_places(before: Sequence[Item], after: Sequence[Item], partner: dict[int, int]) -> None:
    """Pair lines that share places, those that share most first."""
    taken = set(partner.values())
    where = {
        place: index
        for index, item in enumerate(before)
        if index not in taken
        for place in item.designators
    }
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for index, item in enumerate(after):
        if index not in partner:
            for place in item.designators:
                if place in where:
                    shared[index, where[place]] += 1
    for index, old in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if index not in partner and old not in taken:
            partner[index] = old
            taken.add(old)


def _differences(before: Item, after: Item) -> Iterator[Difference]:
    if before.quantity != after.quantity:
        yield Difference("quantity", _plain(before.quantity), _plain(after.quantity))
    if set(before.designators) != set(after.designators):
        gone = [one for one in before.designators if one not in after.designators]
        new = [one for one in after.designators if one not in before.designators]
        yield Difference("places", ", ".join(gone), ", ".join(new))
    if before.mpn != after.mpn:
        yield Difference("mpn", before.mpn, after.mpn)
    if set(before.alternates) != set(after.alternates):
        lost = [one for one in before.alternates if one not in after.alternates]
        new = [one for one in after.alternates if one not in before.alternates]
        yield Difference("alternates", ", ".join(lost), ", ".join(new))
    if before.not_fitted != after.not_fitted:
        yield Difference("fitted", _plain(before.not_fitted), _plain(after.not_fitted))


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
