"""The key of a negotiation: ``NEG-0001``, and ``NEG-10000`` from the ten-thousandth on."""

from __future__ import annotations

PREFIX = "NEG-"
#: The pattern of a key in a URL; to be used in a group.
PATTERN = "NEG-[0-9]{4}|NEG-[1-9][0-9]{4,7}"


def negotiation_key(number: int) -> str:
    """The key of the negotiation with this number."""
    return f"{PREFIX}{number:04d}"


def number_of(key: str) -> int:
    """The number behind a key that matches ``PATTERN``."""
    return int(key.removeprefix(PREFIX))


class NegotiationKeyConverter:
    """``NEG-0041`` in a URL for the number of a negotiation."""

    regex = PATTERN

    def to_python(self, value: str) -> int:
        """The number."""
        return number_of(value)

    def to_url(self, value: int | str) -> str:
        """The key, from the number or the key itself."""
        return value if isinstance(value, str) else negotiation_key(value)
