"""What a column holds: how its cells are read, and how well samples look like it.

A cell is read into the text that COPY takes, or into a :class:`Bad` that says what is wrong with
it. Empty cells and placeholders (``n/a``, ``-``, ``not captured``) are NULL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from secondsource.accounts.models.plants import CODE_PATTERN
from secondsource.core import dates, numerals
from secondsource.core.money import is_currency
from secondsource.exchange.bom.wordlists import NO, YES
from suppliers.names import clean, looks_like_formula, normal_mpn, normal_name

NULL = r"\N"
_PLACEHOLDER = re.compile(
    r"n/?\.?a\.?|nil|none|null|-+|–|—|\?+|tbd|tbc|unknown|keine? angabe|k\.?a\.?"
    r"|(date )?not (captured|available|known|applicable)|#n/a|#value!|#ref!|#name\?|#div/0!",
    re.IGNORECASE,
)
_LONGEST_PLACEHOLDER = 24
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CODE = re.compile(CODE_PATTERN)
#: How programs keep a spreadsheet from taking zeros off a number: ``="00430"``.
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
#: How systems write that there is no day.
_NO_DAY = re.compile(r"0{1,2}([./-])0{1,2}\1(?:0000|00)|0000-00-00|0{8}")


@lru_cache(maxsize=16_384)
def plain_words(text: str) -> str:
    """Words in lower-case letters and digits, accents and signs gone, one blank between."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    bare = "".join(one for one in folded if not unicodedata.combining(one)).lower()
    spaced = re.sub(r"(?<=[a-z])(?=\d)", " ", bare.replace("#", " no ").replace("№", " no "))
    return " ".join(re.sub(r"[^\w]+|_+", " ", spaced).split())


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be read: a stable code and what to do."""

    code: str
    detail: str


def is_blank(text: str) -> bool:
    """Nothing, or a word that stands for nothing."""
    stripped = text.strip()
    if not stripped:
        return True
    may_be = len(stripped) <= _LONGEST_PLACEHOLDER and not stripped[-1].isdigit()
    return may_be and _PLACEHOLDER.fullmatch(stripped) is not None


def escaped(text: str) -> str:
    """Text as COPY's text format takes it."""
    return text.translate(_ESCAPES)


@dataclass(frozen=True)
class Type:
    """The base: one staging column of ``sql``; ``read`` is asked for cells that are not blank."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Staging columns: (suffix to the column's name, SQL type)."""
        return (("", "text"),)

    def read(self, text: str, form: str) -> str | Bad:
        """The cell as COPY takes it."""
        raise NotImplementedError

    def form(self, samples: Sequence[str]) -> str:
        """How the samples are written; '' when it makes no difference, '?' when unclear."""
        return ""

    #: Forms that a person may choose from: (key, words); and units, see ``measures``.
    choices_of_form: ClassVar[tuple[tuple[str, str], ...]] = ()
    choices_of_unit: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: Why a person must say the unit of a column, for the question.
    unit_question: ClassVar[str] = ""

    def unit_of(self, header: str, samples: Sequence[str]) -> str:
        """The unit of a column's cells; '' when there is none or each says it, '?' when unclear."""
        return ""

    def within(self, unit: str) -> Type:
        """The type of a column in this unit."""
        return self

    def bare(self, header: str) -> str:
        """A header in plain words, without the unit that it names."""
        return plain_words(header)

    def is_blank(self, text: str) -> bool:
        """Whether a cell says nothing."""
        return is_blank(text)

    def fit(self, samples: Sequence[str], form: str) -> float:
        """The share of the samples that can be read as this."""
        if not samples:
            return 0.0
        return sum(not isinstance(self.read(one, form), Bad) for one in samples) / len(samples)


@dataclass(frozen=True)
class Text(Type):
    """Words up to a length; blanks at the ends and control characters go."""

    most: int = 200

    def read(self, text: str, form: str) -> str | Bad:
        found = text.strip() if text.isprintable() else _CONTROL.sub("", text).strip()
        if len(found) > self.most:
            return Bad("too_long", f"At most {self.most} characters; this has {len(found)}.")
        return escaped(found) if "\\" in found or not found.isprintable() else found


@dataclass(frozen=True)
class Code(Type):
    """One of our codes or part numbers: capital letters, digits, point, hyphen, underscore."""

    most: int = 40

    def read(self, text: str, form: str) -> str | Bad:
        found = text.strip() if text.isascii() else clean(text)
        if kept := _KEPT_AS_TEXT.fullmatch(found):
            found = kept[1]
        found = found.upper()
        if len(found) > self.most or not _CODE.fullmatch(found):
            return Bad(
                "code_form",
                f"Up to {self.most} capital letters, digits, point, hyphen, underscore; a letter"
                " or digit first.",
            )
        return found


@dataclass(frozen=True)
class PartNumber(Type):
    """A MPN: ``x`` as written, ``x_key`` as compared."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "text"), ("_key", "text"))

    def read(self, text: str, form: str) -> str | Bad:
        if text.isascii() and text.isprintable() and "\\" not in text:
            found, key = text.strip(), "".join(text.split()).upper()
        else:
            found = clean(_CONTROL.sub("", text))
            found, key = escaped(found), escaped(normal_mpn(found))
        if len(found) > 200:
            return Bad("too_long", "At most 200 characters.")
        if looks_like_formula(found):
            if kept := _KEPT_AS_TEXT.fullmatch(found):
                return self.read(kept[1], form)
            return Bad("formula", "This is a formula, not a part number.")
        return f"{found}\t{key}"


@dataclass(frozen=True)
class Company(Type):
    """A manufacturer or supplier by name or code: ``x`` as written, ``x_key`` as compared."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "text"), ("_key", "text"))

    def read(self, text: str, form: str) -> str | Bad:
        found = clean(_CONTROL.sub("", text))
        key = normal_name(found)
        if len(found) > 200:
            return Bad("too_long", "At most 200 characters.")
        if not key:
            return Bad("no_name", "A name needs a letter or a digit.")
        return f"{escaped(found)}\t{escaped(key)}"

    def fit(self, samples: Sequence[str], form: str) -> float:
        """A yes or a no is no name, though a row that has one is read."""
        named = sum(_plain(one) not in _ANSWERS for one in samples)
        return named / len(samples) if samples else 0.0


@dataclass(frozen=True)
class Companies(Type):
    """Several names between semicolons, bars or line ends: as written, and as compared."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "text[]"), ("_key", "text[]"))

    def read(self, text: str, form: str) -> str | Bad:
        names = [clean(_CONTROL.sub("", one)) for one in re.split(r"[;|\n]", text)]
        keys: dict[str, str] = {}
        for one in filter(normal_name, names):
            keys.setdefault(normal_name(one), one)
        if any(len(one) > 200 for one in names):
            return Bad("too_long", "At most 200 characters a name.")
        return f"{_array(keys.values())}\t{_array(keys)}"


@dataclass(frozen=True)
class Codes(Type):
    """Several of our codes, between commas, semicolons, bars or blanks."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "text[]"),)

    def read(self, text: str, form: str) -> str | Bad:
        found = [one for one in re.split(r"[\s,;|]+", clean(text).upper()) if one]
        if any(not _CODE.fullmatch(one) or len(one) > 40 for one in found):
            return Bad("code_form", "Codes of capital letters, digits, point, hyphen, underscore.")
        return _array(dict.fromkeys(found))


@dataclass(frozen=True)
class Number(Type):
    """A decimal number; ``digits`` in all, ``places`` after the point."""

    digits: int = 18
    places: int = 4
    choices_of_form: ClassVar[tuple[tuple[str, str], ...]] = ((".", "1,234.56"), (",", "1.234,56"))

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", f"numeric({self.digits},{self.places})"),)

    def read(self, text: str, form: str) -> str | Bad:
        try:
            return numerals.read(text, form, self.digits, self.places)
        except numerals.UnreadableNumber as error:
            return Bad(error.code, str(error))

    def form(self, samples: Sequence[str]) -> str:
        return numerals.form_of(samples)


@dataclass(frozen=True)
class Coordinate(Number):
    """Degrees: ``33.003`` is never thirty-three thousand, whatever the sign before its decimals."""

    digits: int = 9
    places: int = 6
    choices_of_form: ClassVar[tuple[tuple[str, str], ...]] = ()

    def read(self, text: str, form: str) -> str | Bad:
        return super().read(text, "," if "," in text else ".")

    def form(self, samples: Sequence[str]) -> str:
        return ""


@dataclass(frozen=True)
class Fraction(Number):
    """A share of one: ``0.4``, or ``40 %``."""

    digits: int = 8
    places: int = 6

    def read(self, text: str, form: str) -> str | Bad:
        bare = text.strip()
        if not bare.endswith("%"):
            return super().read(text, form)
        try:
            percent = numerals.read(bare[:-1], form, self.digits, self.places)
        except numerals.UnreadableNumber as error:
            return Bad(error.code, str(error))
        return format(Decimal(percent).scaleb(-2), "f")


@dataclass(frozen=True)
class Whole(Number):
    """A whole number."""

    digits: int = 9
    places: int = 0

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "bigint"),)


@dataclass(frozen=True)
class Date(Type):
    """A day. Forms: ``dmy`` day before month, ``mdy`` month before day."""

    choices_of_form: ClassVar[tuple[tuple[str, str], ...]] = (
        ("dmy", "day/month/year"),
        ("mdy", "month/day/year"),
    )

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "date"),)

    def read(self, text: str, form: str) -> str | Bad:
        try:
            return dates.read(text, form)
        except dates.UnreadableDate as error:
            if error.code == "unclear_date":
                return Bad(error.code, "Day or month first? Say at the column which.")
            return Bad(error.code, str(error))

    def form(self, samples: Sequence[str]) -> str:
        return dates.form_of(samples)

    def is_blank(self, text: str) -> bool:
        return is_blank(text) or _NO_DAY.fullmatch(text.strip()) is not None


@dataclass(frozen=True)
class Choice(Type):
    """One of some words. ``words``: stored value → the ways it is written (beside itself)."""

    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def read(self, text: str, form: str) -> str | Bad:
        wanted = _plain(text)
        for stored, spellings in self.words.items():
            if wanted == _plain(stored) or wanted in map(_plain, spellings):
                return stored
        return Bad("unknown_word", f"Use one of: {', '.join(self.words)}.")


@dataclass(frozen=True)
class Choices(Choice):
    """Several of some words, between commas, semicolons or bars; an array of text."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "text[]"),)

    def read(self, text: str, form: str) -> str | Bad:
        found = []
        for one in filter(None, map(str.strip, re.split(r"[,;|/\n]", text))):
            stored = super().read(one, form)
            if isinstance(stored, Bad):
                return stored
            found.append(stored)
        return "{" + ",".join(dict.fromkeys(found)) + "}"


@dataclass(frozen=True)
class YesNo(Choice):
    """Yes or no, as people write it in several languages."""

    words: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {
            "true": ("1", "sí", *sorted(YES)),
            "false": ("0", "não", *sorted(NO)),
        }
    )

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "boolean"),)


_ANSWERS = frozenset(word for words in YesNo().words.values() for word in words)
_SIGNS = {"€": "EUR", "US$": "USD", "£": "GBP", "EURO": "EUR"}
#: Signs and words of several currencies, with some of them.
_SHARED = {"$": "USD, CAD or AUD", "DOLLAR": "USD, CAD or AUD", "¥": "JPY or CNY"}


@dataclass(frozen=True)
class Currency(Type):
    """Three letters of ISO 4217, or a sign that means one currency."""

    def read(self, text: str, form: str) -> str | Bad:
        found = text.strip().upper()
        if found in _SHARED:
            said = f"{text.strip()} is the sign of several currencies: write {_SHARED[found]}."
            return Bad("several_currencies", said)
        found = _SIGNS.get(found, found)
        if not is_currency(found):
            return Bad("currency_form", "A currency of ISO 4217, such as EUR or USD.")
        return found


def _array(texts: Iterable[str]) -> str:
    """An array of texts as COPY takes it."""
    quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in texts)
    return escaped("{" + ",".join(f'"{one}"' for one in quoted) + "}")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
