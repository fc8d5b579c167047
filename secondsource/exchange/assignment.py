"""Which column is read as what: all readings are weighed together, not column by column.

A reading has a score; a slot (a role, or a role with its number) takes one column, or as many as
it has room for; a column takes one slot or is left out. The assignment with the highest sum wins.
The margin says how much is lost when a column is read otherwise: a small one is a close call.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Slot = TypeVar("Slot", bound=Hashable)

_NEVER = -1e6


@dataclass(frozen=True, slots=True)
class Choice(Generic[Slot]):
    """What one column is read as; ``slot`` None: nothing.

    ``other`` is its reading in the best assignment in which it has another one, and ``margin``
    what that assignment loses.
    """

    slot: Slot | None
    score: float = 0.0
    margin: float = 0.0
    other: Slot | None = None


def assign(
    scores: Sequence[Mapping[Slot, float]], room: Mapping[Slot, int] | None = None
) -> list[Choice[Slot]]:
    """Give each column the slot by which the sum of all scores is highest.

    ``scores`` holds for each column the readings that are possible. To leave a column out counts
    0, so a reading below 0 is never chosen. ``room``: how many columns a slot takes, by default 1.
    """
    concerned = [index for index, readings in enumerate(scores) if readings]
    slots = _slots([scores[index] for index in concerned], room or {})
    matrix = _matrix([scores[index] for index in concerned], slots)
    chosen, total = _solve(matrix, slots)
    choices: list[Choice[Slot]] = [Choice(None) for _ in scores]
    for position, index in enumerate(concerned):
        slot = chosen[position]
        other, second = _without(matrix, slots, position, slot)
        score = scores[index][slot] if slot is not None else 0.0
        choices[index] = Choice(slot, score, total - second, other)
    return choices


def _slots(scores: Sequence[Mapping[Slot, float]], room: Mapping[Slot, int]) -> list[Slot]:
    """Every slot, as often as columns may take it."""
    wanted: dict[Slot, int] = {}
    for readings in scores:
        for slot in readings:
            wanted[slot] = wanted.get(slot, 0) + 1
    return [slot for slot, times in wanted.items() for _ in range(min(times, room.get(slot, 1)))]


def _matrix(scores: Sequence[Mapping[Slot, float]], slots: Sequence[Slot]) -> list[list[float]]:
    """Rows are columns of the file; behind the slots each has a place of its own: left out."""
    matrix = []
    for position, readings in enumerate(scores):
        left_out = [_NEVER] * len(scores)
        left_out[position] = 0.0
        matrix.append([readings.get(slot, _NEVER) for slot in slots] + left_out)
    return matrix


def _solve(matrix: list[list[float]], slots: Sequence[Slot]) -> tuple[list[Slot | None], float]:
    # Imported here: it takes half a second, and most processes read no file.
    from scipy.optimize import linear_sum_assignment

    if not matrix:
        return [], 0.0
    _, taken = linear_sum_assignment(matrix, maximize=True)
    total = sum(row[column] for row, column in zip(matrix, taken, strict=True))
    return [slots[column] if column < len(slots) else None for column in taken], total


def _without(
    matrix: list[list[float]], slots: Sequence[Slot], row: int, slot: Slot | None
) -> tuple[Slot | None, float]:
    """The other reading of one column, and the sum of the assignment that gives it that one."""
    changed = list(matrix[row])
    for position in range(len(slots)):
        if slots[position] == slot:
            changed[position] = _NEVER
    if slot is None:
        changed[len(slots) + row] = _NEVER
    chosen, total = _solve([*matrix[:row], changed, *matrix[row + 1 :]], slots)
    return chosen[row], total
