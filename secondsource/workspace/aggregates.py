"""Which sums may be shown to a reader from whom single prices are hidden.

A sum that covers one part tells that part's spend; so does the rest that is left when all other
sums are taken from the total. Sums are therefore hidden until what is hidden together covers no
part or at least two in every segment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: What the spend of a category is split into; ``<segment>_known`` counts the parts in each sum.
SEGMENTS = ("single", "underway", "several")

Category = Mapping[str, Any]


def tells_one(rows: Sequence[Category]) -> bool:
    """Whether a segment over all these categories covers a single part; unknown counts do."""
    return any(sum(row.get(f"{name}_known", 1) for row in rows) == 1 for name in SEGMENTS)


def hidden(rows: Sequence[Category]) -> list[Category]:
    """The categories whose sums stay hidden, so that their rest tells no single part either."""
    shut = [row for row in rows if tells_one([row])]
    others = sorted((row for row in rows if row not in shut), key=lambda row: int(row["known"]))
    while shut and others and tells_one(shut):
        shut.append(others.pop(0))
    return shut
