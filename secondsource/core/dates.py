"""Parsing of dates in usual spellings; the column determines whether day or month comes first."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable

_TIME = re.compile(
    r"(?:T|\s+|,\s*)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_WORD = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.|º)?[-/\s.]*(?:de\s+)?([^\W\d_]{3,12})\.?[-/\s.,]*(?:de\s+)?(\d{4}|\d{2})",
    re.I,
)
_WORD_DAY = re.compile(
    r"([^\W\d_]{3,12})\.?[-/\s.]*(\d{1,2})(?:st|nd|rd|th)?[-/\s.,]+(\d{4}|\d{2})", re.I
)

#: English, German, French, Spanish, Italian, Portuguese, Dutch; unambiguous beginnings.
_MONTHS = {
    1: "jan jän janv ene gen januar january janvier enero gennaio janeiro januari",
    2: "feb fév fev févr febr februar february février febrero febbraio fevereiro februari",
    3: "mar mär mrz maa mrt march märz mars marzo março maart",
    4: "apr avr abr april avril abril aprile",
    5: "may mai mag mei mayo maggio maio",
    6: "jun giu juni june juin junio giugno junho",
    7: "jul lug juli july juil juillet julio luglio julho",
    8: "aug aoû aou ago august août agosto augustus",
    9: "sep sept set september septembre septiembre settembre setembro",
    10: "oct okt ott out october oktober octobre octubre ottobre outubro",
    11: "nov november novembre noviembre novembro",
    12: "dec dez déc dic december dezember décembre diciembre dicembre dezembro",
}
_MONTH_OF = {word: number for number, words in _MONTHS.items() for word in words.split()}


#: The years of days that people plan with.
FIRST_YEAR, LAST_YEAR = 1900, 2200


class UnreadableDate(ValueError):
    """A text that is not a date."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read(text: str, form: str) -> str:
    """The day as ISO 8601; a time of day is left out. Raises :class:`UnreadableDate`."""
    bare = _TIME.sub("", text.strip())
    if match := _YEAR_FIRST.fullmatch(bare):
        return _day(match[1], match[3], match[4])
    if match := _COMPACT.fullmatch(bare):
        return _day(*match.groups())
    if match := _NUMERIC.fullmatch(bare):
        first, second, year = match[1], match[3], match[4]
        if form not in ("dmy", "mdy") and form_of([bare]) == "?":
            raise UnreadableDate("unclear_date", _both(first, second, year))
        as_mdy = form == "mdy" and match[2] != "."
        month, day = (first, second) if as_mdy else (second, first)
        if int(month) > 12 >= int(day):
            order = "month/day" if as_mdy else "day/month"
            raise UnreadableDate(
                "date_form", f"There is no month {month}: this column is read as {order}/year."
            )
        return _day(year, month, day)
    if match := _DAY_WORD.fullmatch(bare):
        return _day(match[3], _month(match[2], text), match[1])
    if match := _WORD_DAY.fullmatch(bare):
        return _day(match[3], _month(match[1], text), match[2])
    raise UnreadableDate("no_date", f"“{text.strip()[:40]}” is not a date. Write 2026-08-31.")


def is_iso(text: str) -> bool:
    """Whether this is a date in the format of a browser's date field."""
    try:
        return len(text) == 10 and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _both(first: str, second: str, year: str) -> str:
    days = [_day(year, month, day) for day, month in ((first, second), (second, first))]
    said = [f"{int(one[8:])} {calendar.month_name[int(one[5:7])]}" for one in days]
    return f"{said[0]} or {said[1]}? Write {days[0]} or {days[1]}."


def _month(word: str, text: str) -> int:
    found = _MONTH_OF.get(word.lower())
    if found is None:
        raise UnreadableDate("no_date", f"“{text.strip()[:40]}” is not a date. Write 2026-08-31.")
    return found


def _day(year_text: str, month_text: str | int, day_text: str) -> str:
    year, month, day = int(year_text), int(month_text), int(day_text)
    if len(year_text) == 2:
        year += 1900 if year > 68 else 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadableDate("no_date", f"The year {year} is out of range.")
    if not 1 <= month <= 12:
        raise UnreadableDate("no_date", f"There is no month {month}.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise UnreadableDate("no_such_day", f"{calendar.month_name[month]} {year} has {last} days.")
    return dt.date(year, month, day).isoformat()


def form_of(samples: Iterable[str]) -> str:
    """``dmy``, ``mdy``, '' if no cell depends on it, ``?`` if all cells could be both."""
    day_first = month_first = unclear = 0
    for text in samples:
        match = _NUMERIC.fullmatch(_TIME.sub("", text.strip()))
        if not match:
            continue
        first, second = int(match[1]), int(match[3])
        if match[2] == "." or first > 12:
            day_first += 1
        elif second > 12:
            month_first += 1
        elif first != second:
            unclear += 1
    if day_first or month_first:
        return "dmy" if day_first >= month_first else "mdy"
    return "?" if unclear else ""
