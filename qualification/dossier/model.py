"""The content of a dossier as plain data, which the template sets."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qualification.models import Case
from secondsource.core import clock
from secondsource.core.actors import Actor

NONE = "–"
#: Characters that turn the direction of a text, and control characters other than line ends.
_INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
#: A run of characters that is too long for a column.
_LONG = re.compile(r"\S{24}(?=\S)")
_BREAK = "\u200b"


@dataclass(frozen=True)
class Reading:
    """The case of a dossier, and who reads it."""

    case: Case
    actor: Actor


@dataclass
class Table:
    """A table; ``widths`` are shares of the page's width, 0 for a column as wide as its text."""

    head: Sequence[str]
    rows: list[list[str]]
    title: str = ""
    widths: Sequence[int] = ()
    empty: str = ""


@dataclass
class Section:
    """A section with facts, paragraphs and tables; an empty one says so."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The section for the template, with every text as it can be set."""
        return {
            "title": text(self.title),
            "facts": [[text(label), text(value)] for label, value in self.facts],
            "paragraphs": [text(one) for one in self.paragraphs],
            "tables": [_table(one) for one in self.tables],
        }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": text(table.title),
        "head": [text(one) for one in table.head],
        "rows": [[text(cell) for cell in row] for row in table.rows],
        "widths": list(table.widths or [1] * len(table.head)),
        "empty": table.empty or "None.",
    }


def text(value: Any) -> str:
    """A value as text: no control characters, long words can break, a dash for nothing."""
    if value is None or value == "":
        return NONE
    return _LONG.sub(lambda run: run[0] + _BREAK, _INVISIBLE.sub(" ", str(value)))


def date(value: dt.date | dt.datetime | None) -> str:
    """``2026-08-21``: with its year, because a dossier is kept; the same for each reader."""
    if value is None:
        return NONE
    return (clock.day_of(value) if isinstance(value, dt.datetime) else value).isoformat()


def moment(value: dt.datetime | None) -> str:
    """``2026-08-21 09:40 UTC``."""
    return NONE if value is None else value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def listed(values: Iterable[Any]) -> str:
    """Values with commas, a dash for none."""
    return ", ".join(str(value) for value in values) or NONE
