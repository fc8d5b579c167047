"""Quantities in the headers of price columns: ``Unit Price @ 100``, ``Price 1``, ``1,000+``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secondsource.exchange.bulk.cells import plain_words
from secondsource.exchange.bulk.measures import per_pieces

_NUMBER = r"(\d{1,3}(?:[.,'’ ]\d{3})+|\d+)\s*(k(?:u|pcs)?)?(?![\w.])"
_PIECES = r"(?:pcs|pieces|pc|stk|stück|stck|units|ea|u|pz|piezas|pièces|st)\b\.?"
_SURE = re.compile(
    rf"(?:@|≥|>=?|\b(?:at|from|ab|bei|for|à partir de|dès|desde|a partir de|da|vanaf|qty|menge|"
    rf"quantity|break|staffel|moq)\b)\s*:?\s*{_NUMBER}(?:\s*{_PIECES})?\s*\+?"
    rf"|(?<![\w.]){_NUMBER}\s*(?:\+|{_PIECES}\s*\+?)|(?<![\w.])(\d+)\s*(ku)\b",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\w.,@/]){_NUMBER}", re.IGNORECASE)
_EMPTY = re.compile(r"[(\[{]\s*[)\]}]")


@dataclass(frozen=True)
class At:
    """The quantity that a header names, and the header without it."""

    quantity: int
    rest: str
    sure: bool


def at_quantity(header: str) -> At | None:
    """The quantity in a header; not ``sure`` when it may be a number that only counts columns."""
    if per_pieces(header)[1] not in ("", "1"):
        return None
    for pattern in (_SURE, _BARE):
        if found := pattern.search(header):
            digits, thousands = next(
                (found[n], found[n + 1]) for n in range(1, len(found.groups()), 2) if found[n]
            )
            quantity = int(re.sub(r"\D", "", digits)) * (1000 if thousands else 1)
            rest = _EMPTY.sub(" ", header[: found.start()] + " " + header[found.end() :])
            if 0 < quantity < 1_000_000_000:
                return At(quantity, plain_words(rest), pattern is _SURE or bool(thousands))
    return None


def of_prices(headers: Mapping[int, str], numbered: Sequence[int]) -> dict[int, At]:
    """Which price columns (index → header) stand for which quantity; none where numbers count.

    ``numbered``: the numbers of quantity columns in the file, which prices of these numbers follow.
    """
    found = {index: at for index, header in headers.items() if (at := at_quantity(header))}
    sure = {index: at for index, at in found.items() if at.sure}
    if sure:
        return sure
    numbers = sorted(at.quantity for at in found.values())
    counts = numbers == list(range(1, len(numbers) + 1)) or set(numbers) <= set(numbered)
    return {} if counts else found
