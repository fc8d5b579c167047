"""A state as lists and pages show it: a word, a tone and an icon."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StateChip:
    """A word with its tone and icon, as the tag ``chip`` takes them."""

    text: str
    tone: str = ""
    icon: str = ""
    title: str = ""
