"""Cells of what files declare of parts: RoHS, REACH, MSL, units, how a source stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from secondsource.exchange.bom.standing import UNKNOWN, verdict_of
from secondsource.exchange.bulk.cells import NULL, Bad, Text, Type, plain_words

#: Words that state nothing.
_UNSTATED = r"vendor undefined|undefined|unspecified|not specified|not stated|to be confirmed|tbc"


@dataclass(frozen=True)
class Declared(Type):
    """One of some words, found by a pattern; the first that fits counts."""

    words: ClassVar[tuple[tuple[str, str], ...]] = ()

    def read(self, text: str, form: str) -> str | Bad:
        plain = plain_words(text)
        for stored, pattern in ((NULL, _UNSTATED), *self.words):
            if plain == stored.replace("_", " ") or re.fullmatch(pattern, plain):
                return stored
        known = ", ".join(stored for stored, _ in self.words)
        return Bad("unknown_word", f"Use one of: {known}.")


class RoHS(Declared):
    """``ROHS3 Compliant``, ``Lead free / RoHS Compliant``, ``RoHS non-compliant``."""

    words: ClassVar[tuple[tuple[str, str], ...]] = (
        ("non_compliant", r"no|n|nein|non|false|leaded|.*\b(?:non|not|nicht|kein|ne)\b.*"
         r"|.*\bcontains lead\b.*|.*\bbleihaltig\b.*|.*\bnoncompliant\b.*"),
        ("exempt", r".*\bexempt\w*.*|.*\bausnahme\w*.*|.*\bexencion.*"),
        ("compliant", r"yes|y|ja|oui|si|true|green|rohs ?\d*|ro hs ?\d*|"
         r".*\b(?:compliant|conform\w*|konform|lead ?free|pb ?free|bleifrei|sans plomb)\b.*"
         r"|rohs .*\beu\b.*"),
    )  # fmt: skip


class Reach(Declared):
    """``REACH Unaffected``, ``Contains SVHC``."""

    words: ClassVar[tuple[tuple[str, str], ...]] = (
        ("no_svhc", r".*\b(?:unaffected|not affected|no svhcs?|svhc free|without svhcs?)\b.*"
         r"|(?:reach )?compliant|.*\bdoes not contain\b.*|none|no|frei"),
        ("svhc", r"(?:reach )?affected|.*\bcontains\b.*|.*\babove\b.*|svhc|yes|y|ja"),
    )  # fmt: skip


_LEVEL = re.compile(
    r"(?:msl|moisture\w*(?: sensitiv\w*)?(?: level)?|level|l)?[\s:_-]*([1-6]a?)"
    r"(?:\s*|\s*[(\[].*[)\]]|[\s/-]+\d{3}\s*°?c\b.*|[\s,/-]+(?:\d+\s*(?:h|d|w|y).*|unlim.*))",
    re.IGNORECASE,
)


class MoistureLevel(Type):
    """``3``, ``MSL 2a``, ``2 (1 Year)``, ``Level-3-260C-168 HR``."""

    def read(self, text: str, form: str) -> str | Bad:
        bare = " ".join(text.split())
        if found := _LEVEL.fullmatch(bare) or re.fullmatch(r"([1-6]a?)unlimited", bare, re.I):
            return found[1].lower()
        if re.fullmatch(_UNSTATED, plain_words(text)):
            return NULL
        return Bad("unknown_word", "Use one of: 1, 2, 2a, 3, 4, 5, 5a, 6.")


@dataclass(frozen=True)
class Unit(Text):
    """A unit of quantity: a number is none."""

    most: int = 12

    def read(self, text: str, form: str) -> str | Bad:
        if not any(map(str.isalpha, text)) or re.match(r"\s*[\d.,]+\s", text):
            return Bad("no_unit", "A unit, such as pcs or m; this is a number.")
        return super().read(text, form)


@dataclass(frozen=True)
class Standing(Text):
    """What a list of sources says of one: Approved, Candidate, Do not use."""

    most: int = 60

    def fit(self, samples: Sequence[str], form: str) -> float:
        known = sum(verdict_of(one) != UNKNOWN for one in samples)
        return known / len(samples) if samples else 0.0
