"""Cells of an amount in a unit: durations, prices for so many pieces, quantities in a period.

The unit is said by the cell itself, else by the header, else by the person; a column whose unit
nobody says is asked about. ``MappedColumn.unit`` keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import ClassVar, Self

from secondsource.core import numerals
from secondsource.core.money import is_currency
from secondsource.exchange.bulk.cells import NULL, Bad, Number, Type, plain_words

_NUMBER = r"\d+(?:[.,]\d+)?"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CODE = re.compile(r"\b[A-Z]{3}\b")


def _phrases(words: Mapping[str, str]) -> dict[str, str]:
    """Word → unit, of ``unit: "word|two words|…"``."""
    return {word: unit for unit, listed in words.items() for word in listed.split("|")}


def _longest(text: str, words: Mapping[str, str]) -> tuple[str, str]:
    """The unit that a text names by the longest of ``words``, and the text without it.

    One letter is a unit at the end of the text alone.
    """
    best = ""
    for word in words:
        stands = f" {word} " in f" {text} "
        if stands and len(word) > len(best) and (len(word) > 2 or text.endswith(word)):
            best = word
    rest = f" {text} ".replace(f" {best} ", " ", 1) if best else text
    return words.get(best, ""), " ".join(rest.split())


@dataclass(frozen=True)
class InUnit(Type):
    """A type whose cells are in a unit; ``unit`` is that of the column."""

    unit: str = ""

    def within(self, unit: str) -> Self:
        return replace(self, unit=unit)


_DURATION = _phrases({
    "wd": "working day|working days|work day|work days|workday|workdays|workingdays|wd|business day"
    "|business days|bd|werktag|werktage|werktagen|arbeitstag|arbeitstage|arbeitstagen|at"
    "|jours ouvres|jours ouvrables|jour ouvre|dias habiles|dias laborables|dias uteis"
    "|giorni lavorativi|giorni feriali|werkdag|werkdagen|工作日|営業日|dni robocze|рабочих дней",
    "d": "day|days|d|tag|tage|tagen|tg|kalendertage|calendar day|calendar days|jour|jours|jrs|j"
    "|dia|dias|giorno|giorni|gg|dag|dagen|天|日|dni|dnu|дней|дни",
    "w": "week|weeks|wk|wks|w|woche|wochen|wo|wch|semaine|semaines|sem|semana|semanas|settimana"
    "|settimane|sett|weken|周|週|週間|tygodni|tygodnie|tydnu|недель|недели",
    "m": "month|months|mo|mos|mth|mths|m|monat|monate|monaten|mon|mois|mes|meses|mese|mesi|maand"
    "|maanden|月|个月|ヶ月|miesiace|месяцев",
    "y": "year|years|yr|yrs|jahr|jahre|jahren|an|ans|ano|anos|anno|anni|jaar|年|лет",
})  # fmt: skip
#: Ends of German compounds: Lieferwochen, Wiederbeschaffungstage.
_COMPOUND = re.compile(r"\w{3,}?(werktage|arbeitstage|tage|wochen|monate)")
#: Headers of systems that count in days without a word about it.
_IN_DAYS = {"planlieferzeit", "plifz", "planned delivery time", "planned deliv time", "ttr"}
_DAYS = {"d": Decimal(1), "wd": Decimal("1.4"), "w": Decimal(7), "m": Decimal(30),
         "y": Decimal(365)}  # fmt: skip
_SPAN = re.compile(
    rf"(?:(?:approx|circa|ca|about|env|up to|bis zu|bis|max|min|[~<>≤≥])\.?\s*)*({_NUMBER})"
    rf"(?:\s*([^\W\d]*)\s*(?:-|–|—|to|bis|à|a|\.\.+|…|/|~)\s*({_NUMBER}))?\s*\+?\s*([^\d]*)",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}[.,]\d{3}")
#: No lead time is so many weeks: a column with a larger number counts days.
_MOST_WEEKS = 104


@dataclass(frozen=True)
class Duration(InUnit):
    """Days, from any unit of time; of ``8-10 weeks`` the longer, and the shorter in ``x_least``."""

    choices_of_unit: ClassVar[tuple[tuple[str, str], ...]] = (
        ("d", "days"), ("wd", "working days"), ("w", "weeks"), ("m", "months of 30 days"),
        ("y", "years"),
    )  # fmt: skip
    unit_question: ClassVar[str] = "neither the header nor the cells name days, weeks or months"

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "bigint"), ("_least", "bigint"))

    def read(self, text: str, form: str) -> str | Bad:
        found = _SPAN.fullmatch(" ".join(text.split()))
        if not found or _GROUPED.fullmatch(found[1]):
            return Bad("no_duration", "Write a number with its unit: 84 days, or 12 weeks.")
        said = plain_words(found[4]) or plain_words(found[2] or "")
        unit = _unit_alone(said) if said else self.unit
        if unit not in _DAYS:
            detail = "Write the unit of time: 84 days, or 12 weeks."
            return Bad("unit_missing" if not said else "no_duration", detail)
        low, high = (_days(one, unit) for one in (found[1], found[3] or found[1]))
        if high < low or high > 99_999:
            return Bad("no_duration", "The longest is below the shortest, or above 99,999 days.")
        return f"{high}\t{low if found[3] else NULL}"

    def unit_of(self, header: str, samples: Sequence[str]) -> str:
        unit, bare = _header_duration(header)
        if unit:
            return unit
        found = [_SPAN.fullmatch(" ".join(one.split())) for one in samples]
        said = [_unit_alone(plain_words(one[4])) for one in found if one]
        if not said or all(said):
            return ""
        if not any(said):
            largest = max(Decimal((one[3] or one[1]).replace(",", ".")) for one in found if one)
            return "d" if bare in _IN_DAYS or largest > _MOST_WEEKS else "?"
        return "?"

    def bare(self, header: str) -> str:
        return _header_duration(header)[1]


@lru_cache(maxsize=4096)
def _header_duration(header: str) -> tuple[str, str]:
    """The unit that a header names, and the header in plain words without it."""
    plain = plain_words(_CAMEL.sub(" ", header))
    unit, rest = _longest(plain, _DURATION)
    if not unit and (found := _COMPOUND.search(plain)):
        return _DURATION[found[1]], plain
    return unit, rest.removesuffix(" in").removesuffix(" en")


def _unit_alone(words: str) -> str:
    """The unit of a cell's words; '' when other words stand there too."""
    unit, rest = _longest(words, _DURATION)
    return unit if rest in ("", "aro", "ex works", "lead time", "lt", "lieferzeit") else ""


def _days(number: str, unit: str) -> int:
    days = Decimal(number.replace(",", ".")) * _DAYS[unit]
    return int(days.to_integral_value(ROUND_CEILING))


_PIECES = _phrases({
    "1": "1|each|ea|piece|pieces|pc|pcs|unit|part|item|stk|stck|stuck|st|einheit|piece|unite|un"
    "|unidad|unidades|pieza|pezzo|pz|unita|stuk|stuks|peca|个|件|個|szt|one|eins|kg|meter|metre",
    "10": "10|ten|zehn|10 pcs|10 stk",
    "100": "100|hundred|hundert|cent|cien|ciento|cento|honderd|cem|c|100 pcs|100 stk|one hundred"
    "|hundred pcs|百",
    "1000": "1000|thousand|tausend|tsd|mille|mil|millar|duizend|k|1k|1 k|kpcs|1000 pcs|1000 stk"
    "|1000 units|one thousand|thousand pcs|ku|千|тыс",
    "10000": "10000|10k|10 k",
    "?": "m|reel|rolle|bobine|pack|package|box|tube|tray|vpe|ve|kit|set|lot|order|line|pe|karton"
    "|price unit|preiseinheit|packaging unit",
})  # fmt: skip
_PER = re.compile(r"(?:/|\b(?:per|je|pro|par|por|pour|voor|cada|ogni|für)\b)\s*", re.IGNORECASE)
_GROUPS = re.compile(r"(?<=\d)[.,'’ ](?=000\b)")


def pieces_of(text: str) -> str:
    """The number of pieces that ``100``, ``per 1,000``, ``/C`` or ``Tsd.`` mean; ``?`` when it may
    be several, '' when the text says none."""
    bare = _GROUPS.sub("", text.strip().replace("%", " c ").replace("‰", " k "))
    words = plain_words(_PER.sub(" ", bare))
    words = re.sub(r"(\d)\s+(pcs|pieces|pc|stk|stck|stuck|st|ea|units|piezas|pz|un)$", r"\1", words)
    if words.isdecimal() and 0 < int(words) <= 1_000_000:
        return str(int(words))
    return _PIECES.get(words, "")


@lru_cache(maxsize=4096)
def per_pieces(text: str) -> tuple[str, str]:
    """What stands before ``per 1000`` at the end of a text, and the pieces; '' when it has none."""
    for found in reversed(list(_PER.finditer(text))):
        tail = re.sub(r"[\])}]|\b[A-Z]{3}\b|[€$£]|\bin\b", " ", text[found.end() :])
        if pieces := pieces_of(tail):
            return text[: found.start()].rstrip(" ([{"), pieces
    return text, ""


@lru_cache(maxsize=4096)
def currency_of(header: str) -> str:
    """The one currency that the header of a price names; '' when it names none or several."""
    said = {code for code in _CODE.findall(header) if is_currency(code)}
    said |= {code for sign, code in (("€", "EUR"), ("£", "GBP")) if sign in header}
    return said.pop() if len(said) == 1 else ""


@dataclass(frozen=True)
class Price(Number):
    """A price for one piece, from one for ten, a hundred or a thousand."""

    digits: int = 18
    places: int = 6
    unit: str = ""
    choices_of_unit: ClassVar[tuple[tuple[str, str], ...]] = (
        ("1", "for one"), ("10", "per 10"), ("100", "per 100"), ("1000", "per 1,000"),
        ("10000", "per 10,000"),
    )  # fmt: skip
    unit_question: ClassVar[str] = "it is not clear for how many pieces the price is"

    def within(self, unit: str) -> Self:
        return replace(self, unit=unit)

    def read(self, text: str, form: str) -> str | Bad:
        found = super().read(text, form)
        pieces = self.unit or "1"
        if isinstance(found, Bad):
            bare, own = per_pieces(text)
            if not own:
                return found
            if not own.isdecimal():
                return Bad("price_unit", "For how many pieces? Write the price of one.")
            if self.unit == "column" and own != "1":
                return Bad("price_unit", "Both the cell and the price unit say how many.")
            found, pieces = super().read(bare, form), own
        if isinstance(found, Bad) or pieces in ("1", "column", "?"):
            return found
        return format(round(Decimal(found) / int(pieces), self.places).normalize(), "f")

    def form(self, samples: Sequence[str]) -> str:
        return numerals.form_of(per_pieces(one)[0] for one in samples)

    def unit_of(self, header: str, samples: Sequence[str]) -> str:
        return per_pieces(header)[1]

    def bare(self, header: str) -> str:
        return plain_words(per_pieces(header)[0])


@dataclass(frozen=True)
class Pieces(Type):
    """For how many pieces the price of a row is: ``1000``, ``per 100``, ``C``."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return (("", "numeric(9)"),)

    def read(self, text: str, form: str) -> str | Bad:
        bare = text.strip()
        if re.fullmatch(r"\d+[.,]0+", bare) and not _GROUPS.search(bare):
            bare = re.split("[.,]", bare)[0]
        found = pieces_of(bare)
        if not found.isdecimal():
            return Bad("price_unit", "For how many pieces is the price? Write 1, 100 or 1000.")
        return found

    def fit(self, samples: Sequence[str], form: str) -> float:
        """Powers of ten and words: other numbers are quantities."""
        found = [self.read(one, form) for one in samples]
        good = sum(isinstance(one, str) and one.rstrip("0") == "1" for one in found)
        return good / len(found) if found else 0.0


_PERIOD = _phrases({
    "d": "day|daily|d|tag|taglich|tages|jour|journalier|dia|diario|giorno|dag",
    "w": "week|weekly|wk|w|woche|wochentlich|wochen|semaine|hebdomadaire|semana|semanal|settimana"
    "|settimanale|周|週",
    "m": "month|monthly|mth|mo|m|monat|monatlich|monats|mois|mensuel|mensuelle|mes|mensual|mese"
    "|mensile|maand|月",
    "q": "quarter|quarterly|qtr|quartal|quartals|trimestre|trimestriel|trimestral|kwartaal|季度",
    "y": "year|yearly|annual|annually|annum|yr|y|pa|p a|jahr|jahrlich|jahres|an|annuel|annuelle"
    "|ano|anual|anno|annuo|annuale|jaar|年",
})  # fmt: skip
_IN_A_YEAR = {"d": Decimal(365), "w": Decimal(52), "m": Decimal(12), "q": Decimal(4),
              "y": Decimal(1)}  # fmt: skip
_STEM = re.compile(r"(tages|wochen|monats|quartals|jahres)(\w{4,})")


@dataclass(frozen=True)
class Rate(Number):
    """Pieces in a week or year (``base``), from those in another period that the header names."""

    base: str = "y"
    unit: str = ""
    choices_of_unit: ClassVar[tuple[tuple[str, str], ...]] = (
        ("d", "a day"), ("w", "a week"), ("m", "a month"), ("q", "a quarter"), ("y", "a year"),
    )  # fmt: skip
    unit_question: ClassVar[str] = "it names no period"

    def within(self, unit: str) -> Self:
        return replace(self, unit=unit)

    def read(self, text: str, form: str) -> str | Bad:
        found = super().read(text, form)
        if isinstance(found, Bad) or self.unit in ("", "?", self.base):
            return found
        factor = _IN_A_YEAR[self.unit] / _IN_A_YEAR[self.base]
        return format(round(Decimal(found) * factor, self.places), "f")

    def unit_of(self, header: str, samples: Sequence[str]) -> str:
        unit = _header_period(header)[0]
        return "" if unit == self.base else unit

    def bare(self, header: str) -> str:
        return _header_period(header)[1]


@lru_cache(maxsize=4096)
def _header_period(header: str) -> tuple[str, str]:
    plain = plain_words(_CAMEL.sub(" ", header))
    plain = _STEM.sub(r"\1 \2", plain)
    unit, rest = _longest(plain, _PERIOD)
    rest = re.sub(r"\b(?:per|je|pro|par|por|a|in|en)$", "", rest).strip()
    return unit, rest
