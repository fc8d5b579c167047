"""How a preferred-part rating looks."""

from __future__ import annotations

from secondsource.core.chips import StateChip
from suppliers.preferred import PreferenceRating

_CHIPS = {
    "preferred": StateChip("Preferred", "good", "circle-check"),
    "acceptable": StateChip("Acceptable", "out", "circle"),
    "avoid": StateChip("Avoid", "bad", "octagon-x"),
    "not_rated": StateChip("Not rated", "out", "circle-dashed"),
}


def of(rating: PreferenceRating) -> StateChip:
    """The word as a chip."""
    return _CHIPS[rating.word]
