"""Provenance of results: method, standard, library, and whether it is our own design choice.

Results contain it so that a stored verdict can be explained years later. Versions are read from the
installed distributions without importing them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version


@cache
def library_version(name: str) -> str:
    """Name and version of an installed distribution, such as ``scipy 1.17.1``."""
    return f"{name} {version(name)}"


@dataclass(frozen=True)
class Method:
    """How a figure was computed.

    ``name`` is the method in the trade's words, ``standard`` the document with its revision,
    ``libraries`` the distributions used, ``design_choice`` whether it depends on a default of our
    own, ``confidence`` the confidence level with its side, if any.
    """

    name: str
    standard: str = ""
    libraries: tuple[str, ...] = ()
    design_choice: bool = False
    confidence: float | None = None
    sides: int | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values, to be stored with a result."""
        known = {
            "name": self.name,
            "standard": self.standard,
            "libraries": [library_version(name) for name in self.libraries],
            "confidence": self.confidence,
            "sides": self.sides,
        }
        answer: dict[str, object] = {key: value for key, value in known.items() if value}
        return answer | {"design_choice": self.design_choice}
