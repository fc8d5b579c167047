"""Lines of a datasheet from the tables of its PDF.

A line is read only if nothing about it is doubtful: a name, numbers in order, a known unit, and the
condition as it is written. All others are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from secondsource.core import numerals
from secondsource.core.tabular import ParameterTable
from suppliers.datasheet_units import unit_of

#: Of a name that is no guaranteed operating value: what a part survives.
SURVIVES = " (absolute maximum)"

_RAISED = re.compile("\ue000([^\ue001]*)\ue001")
_FOOTNOTE = re.compile(r"\s*[\[(]\d{1,2}[\])]$|\s*\*+$")
_MARK = re.compile(r"[\[(]?\d{1,2}[\])]|\*+|†|‡")
_POWERS = str.maketrans("0123456789-−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺")
_EMPTY = frozenset({"", "-", "–", "—", "--", "---", "−", "n/a", "N/A", "."})

_NUMBER = r"[+\-−–]?\s?(?:\d[\d.,]*|[.,]\d+)"
_PLAIN = re.compile(_NUMBER)
_REST = r"\s*(?P<unit>[^\d\s()][^\d()]{0,12}?)?\s*(?:\((?P<condition>[^()]*)\))?"
_RANGE = re.compile(rf"(?P<low>{_NUMBER})\s*(?P<own>[^\d\s()+\-−–.…~]{{0,6}})\s*"
                    rf"(?:to|bis|\.\.\.?|…|~|÷)\s*(?P<high>{_NUMBER}){_REST}")  # fmt: skip
_AROUND = re.compile(rf"±\s?(?P<high>\d[\d.,]*){_REST}")
_MOST = re.compile(rf"(?:[≤<]|max\.?\s)\s*(?P<high>{_NUMBER}){_REST}", re.IGNORECASE)
_MOST_AFTER = re.compile(rf"(?P<high>{_NUMBER}){_REST}\s*max\.?", re.IGNORECASE)
_LEAST = re.compile(rf"(?:[≥>]|min\.?\s)\s*(?P<low>{_NUMBER}){_REST}", re.IGNORECASE)
_LEAST_AFTER = re.compile(rf"(?P<low>{_NUMBER}){_REST}\s*min\.?", re.IGNORECASE)
_LIMIT = re.compile(rf"(?P<high>{_NUMBER}){_REST}")
_FORMS = (_RANGE, _AROUND, _MOST, _MOST_AFTER, _LEAST, _LEAST_AFTER)

_RATINGS = re.compile(
    r"absolute maximum|maximum ratings|limiting values|grenzwerte|grenzdaten", re.IGNORECASE
)
_KIND = re.compile(
    r"characteristic|recommended|operating|specification|electrical|data\b|kennwerte|kenndaten"
    r"|parameter|dimension",
    re.IGNORECASE,
)
_TITLE = 100
#: The first quantity of a line that is set to a value, with a preposition.
_SETS = re.compile(
    r"(?:\b(?:at|bei|with|for|mit|für)\s+)?(?<!\w)[^\W\d][\w()/]{0,10}\s?[=≤≥<>]", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)$")
_QUANTITY = re.compile(r"=|\d\s?(?:°C|V|A|Hz|kHz|MHz)\b")
_GENERAL = re.compile(r"unless otherwise|sofern nicht anders|wenn nicht anders", re.IGNORECASE)
_LONGEST = {"name": 80, "condition": 120, "unit": 20, "snippet": 300}


@dataclass(frozen=True)
class ReadLine:
    """A line of a datasheet and where it was read."""

    name: str
    minimum: float | None
    typical: float | None
    maximum: float | None
    unit: str
    condition: str
    page: int
    snippet: str


@dataclass(frozen=True)
class _About:
    """What holds for a whole table."""

    is_rating: bool = False
    condition: str = ""


class _Doubt(Exception):
    """A row that is not clear."""


def lines_of(tables: Sequence[ParameterTable], known: Iterable[str] = ()) -> list[ReadLine]:
    """The clear lines of a document's tables, in its order.

    ``known`` are names in use: a line with such a name, however it is capitalised, takes it over.
    """
    form = numerals.form_of(
        number for table in tables for row in table.rows
        for role in ("minimum", "typical", "maximum", "value")
        if (number := _bare(row.get(role, "")))
    )  # fmt: skip
    spellings = {_plain(name): name for name in known}
    found: list[ReadLine] = []
    about, before = _About(), None
    for table in tables:
        about = _about(table, before, about)
        for row in table.rows:
            try:
                line = _line(row, table, about, form)
            except _Doubt:
                continue
            found.append(replace(line, name=spellings.get(_plain(line.name), line.name)))
        before = table
    return _without_contradictions(found)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split())


def _about(table: ParameterTable, before: ParameterTable | None, last: _About) -> _About:
    """What the lines around a table say of it; on a new page the table before may go on."""
    kind = next(filter(_is_title, table.above), "")
    goes_on = before and before.page + 1 == table.page and before.roles == table.roles
    if not kind and goes_on:
        return last
    conditions = []
    for line in map(_words, table.above[:3]):
        if said := _said(line):
            conditions.append(said)
        if line == _words(kind) or not said:
            break
    notes = takewhile(lambda line: not _is_title(line), map(_words, table.below[:3]))
    conditions += [line for line in notes if _GENERAL.search(line)]
    return _About(bool(_RATINGS.search(kind)), "; ".join(conditions))


def _is_title(line: str) -> bool:
    return len(line) <= _TITLE and bool(_RATINGS.search(line) or _KIND.search(line))


def _said(line: str) -> str:
    """The condition in a title or a line above a table; '' if it holds none."""
    inside = _IN_BRACKETS.search(line)
    if inside and _QUANTITY.search(inside[1]):
        return inside[1]
    found = _SETS.search(line)
    if not found:
        return ""
    title = line[: found.start()].rstrip()
    is_apart = title.endswith((",", ";", ":", "(")) or _KIND.search(title) or _RATINGS.search(title)
    return line[found.start() :].rstrip(")") if is_apart else line


def _line(row: dict[str, str], table: ParameterTable, about: _About, form: str) -> ReadLine:
    name = _FOOTNOTE.sub("", _words(_RAISED.sub("", row["parameter"]))).strip(" :;")
    own = _words(row.get("condition", ""))
    conditions = ["" if own in _EMPTY or _MARK.fullmatch(own) or own.isdecimal() else own]
    if "=" in (group := _words(row.get("group", ""))):
        conditions.append(_said(group) or group)
    unit = _unit(row, table)
    if "value" in table.roles:
        low, typical, high, unit, said = _single(row.get("value", ""), unit, about, form)
        conditions.insert(1, said)
    else:
        low, typical, high = (
            _number(row.get(role, ""), form) for role in ("minimum", "typical", "maximum")
        )
    given = [one for one in (low, typical, high) if one is not None]
    if not given or given != sorted(given) or not unit or not any(map(str.isalpha, name)):
        raise _Doubt
    line = ReadLine(
        name=name + (SURVIVES if about.is_rating else ""), minimum=low, typical=typical,
        maximum=high, unit=unit, condition="; ".join(filter(None, [*conditions, about.condition])),
        page=table.page, snippet=_words(row["snippet"])[: _LONGEST["snippet"]],
    )  # fmt: skip
    if any(len(getattr(line, field)) > most for field, most in _LONGEST.items()):
        raise _Doubt
    return line


def _unit(row: dict[str, str], table: ParameterTable) -> str:
    written = _words(row.get("unit", ""))
    unit = unit_of(written)
    if written and not unit and written not in _EMPTY:
        raise _Doubt
    return unit


def _single(
    text: str, unit: str, about: _About, form: str
) -> tuple[float | None, None, float | None, str, str]:
    """A cell of a column without a bound: the cell has to say which one it means."""
    text = _words(text)
    forms = (*_FORMS, _LIMIT) if about.is_rating else _FORMS
    found = next((match for one in forms if (match := one.fullmatch(text))), None)
    if found is None:
        raise _Doubt
    told = found.groupdict()
    own = unit_of(told["unit"] or "") if told["unit"] else ""
    first = unit_of(told.get("own") or "") if told.get("own") else ""
    if (told["unit"] and not own) or (told.get("own") and first != own) or (own and unit):
        raise _Doubt
    low = _number(told.get("low") or "", form)
    high = _number(told.get("high") or "", form)
    if found.re is _AROUND and high is not None:
        low = -high
    return low, None, high, unit or own, told.get("condition") or ""


def _number(text: str, form: str) -> float | None:
    """The number of a cell; None for an empty one."""
    bare = _bare(text)
    if bare in _EMPTY:
        return None
    if not _PLAIN.fullmatch(bare):
        raise _Doubt
    written = re.sub(r"^[−–]\s?", "-", bare.replace("+", "")).replace(" ", "")
    try:
        return float(numerals.read(written, form, 30, 15))
    except numerals.UnreadableNumber:
        raise _Doubt from None


def _bare(text: str) -> str:
    """A cell without the marks of footnotes; an exponent stays, and makes it no plain number."""
    return _FOOTNOTE.sub("", _words(text)).strip()


def _words(text: str) -> str:
    """A text with superscripts as letters, without raised marks of footnotes."""
    marked = _RAISED.sub(
        lambda found: "" if _MARK.fullmatch(found[1]) else found[1].translate(_POWERS), text
    )
    return " ".join(marked.split())


def _without_contradictions(lines: list[ReadLine]) -> list[ReadLine]:
    """Each name and condition once; where the document says two things of it, none."""
    said: dict[tuple[str, str], list[ReadLine]] = defaultdict(list)
    for line in lines:
        said[line.name.casefold(), line.condition.casefold()].append(line)
    return [
        same[0] for same in said.values()
        if len({(one.minimum, one.typical, one.maximum, one.unit) for one in same}) == 1
    ]  # fmt: skip
