"""A finding: one sentence that says what the figures mean, with a tone where a verdict is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from secondsource.workspace.calculators.answers.words import Answer, p_value


@dataclass(frozen=True)
class Finding:
    """``tone`` is good, warn, bad or empty; ``note`` what should be known beside it."""

    text: str
    tone: str = ""
    note: str = ""


Teller = Callable[[Answer, Answer], Finding]
"""Takes the answer and the inputs as they were asked."""

NOT_ENOUGH = "warn"

LEVEL = 0.05
"""Below this p a plain test of difference reads as different; the sentence says so."""
BELOW, ABOVE = "below the customary 0.05", "not below the customary 0.05"


def chance(p: Any) -> str:
    """``p 0.0412``, with the digits that tell it from the level."""
    return f"p {p_value(p, LEVEL)}"
