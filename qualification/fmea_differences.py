"""Differences between two frozen versions of an FMEA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qualification.fmea_sheet import CELLS

Row = Mapping[str, Any]
_TOLD = (*CELLS, "action_priority", "priority_now", "accepted_reason")
_LABELS = {"action_priority": "AP", "priority_now": "AP now", "accepted_reason": "accepted because"}


@dataclass(frozen=True)
class RowDifference:
    """A row that was added, removed or changed, with its changed cells: head, before, after."""

    what: str
    number: int
    failure_mode: str
    cells: list[tuple[str, str, str]]


def between(before: Iterable[Row], after: Iterable[Row]) -> list[RowDifference]:
    """The rows that differ, by number."""
    old = {row["id"]: row for row in before}
    new = {row["id"]: row for row in after}
    found = [_added(row) for key, row in new.items() if key not in old]
    found += [
        RowDifference("removed", row["number"], row["failure_mode"], [])
        for key, row in old.items()
        if key not in new
    ]
    for key in old.keys() & new.keys():
        cells = _cells(old[key], new[key])
        if cells:
            row = new[key]
            found.append(RowDifference("changed", row["number"], row["failure_mode"], cells))
    return sorted(found, key=lambda one: one.number)


def _added(row: Row) -> RowDifference:
    rated = [("AP now", "–", row["priority_now"] or "–")]
    return RowDifference("added", row["number"], row["failure_mode"], rated)


def _cells(before: Row, after: Row) -> list[tuple[str, str, str]]:
    cells = [
        (_LABELS.get(name, name.replace("_", " ")), _shown(before[name]), _shown(after[name]))
        for name in _TOLD
        if before[name] != after[name]
    ]
    old = {action["id"]: action for action in before["actions"]}
    for action in after["actions"]:
        then = old.get(action["id"])
        if then is None:
            cells.append(("action", "–", action["description"]))
        elif then["status"] != action["status"]:
            cells.append((action["description"], _word(then["status"]), _word(action["status"])))
    return cells


def _word(status: str) -> str:
    return status.replace("_", " ")


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
