"""What a version of an SOP changes against the version from which it was drafted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from qualification.models import Sop, SopItem
from qualification.models.cases import GATES

#: Field of a step → its name on pages.
_WORDS = {
    "gate": "gate", "text": "text", "kind": "done by", "link": "link", "unit": "unit",
    "lower": "at least", "upper": "at most", "evidence_required": "file", "required": "required",
    "functions": "signed by", "guidance": "why it matters",
}  # fmt: skip


@dataclass(frozen=True)
class StepChange:
    """An added, removed or changed step; ``fields`` are (name, before, after)."""

    kind: str
    item: SopItem
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def changes_of(sop: Sop) -> list[StepChange]:
    """The changes of a version by gate; empty for one that was not drafted from another."""
    if sop.derived_from is None:
        return []
    return changes(sop.derived_from.items.all(), sop.items.all())


def changes(before: Iterable[SopItem], after: Iterable[SopItem]) -> list[StepChange]:
    """The changes between the steps of two versions, which codes identify."""
    old, new = {item.code: item for item in before}, {item.code: item for item in after}
    found = [StepChange("added", item) for code, item in new.items() if code not in old]
    found += [StepChange("removed", item) for code, item in old.items() if code not in new]
    for code in old.keys() & new.keys():
        if fields := _differing(old[code], new[code]):
            found.append(StepChange("changed", new[code], fields))
    gates = [str(gate) for gate in GATES]
    return sorted(found, key=lambda one: (gates.index(one.item.gate), one.item.position, one.kind))


def _differing(old: SopItem, new: SopItem) -> list[tuple[str, str, str]]:
    pairs = ((words, getattr(old, name), getattr(new, name)) for name, words in _WORDS.items())
    return [(words, _shown(a), _shown(b)) for words, a, b in pairs if a != b]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return "–" if value in (None, "") else str(value).replace("_", " ")
