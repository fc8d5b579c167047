"""A part's sources side by side: every parameter, every verdict, in words.

The verdicts are those of :mod:`suppliers.comparison`; here stands what a reader sees of them. A
parameter without a requirement is informational: it is compared and never blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from secondsource.core import formats
from suppliers import comparison
from suppliers.comparison import Verdict


class RequirementLine(Protocol):
    """What is read of :class:`parts.models.Requirement`."""

    group: str
    parameter: str
    rule: str
    minimum: float | None
    maximum: float | None
    text: str
    unit: str
    consequence: str


class ParameterLine(Protocol):
    """What is read of :class:`suppliers.models.Parameter`."""

    name: str
    minimum: float | None
    typical: float | None
    maximum: float | None
    text: str
    unit: str
    condition: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One source's value; ``verdict`` is '' where the incumbent meets what is required."""

    value: str
    verdict: Verdict | str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One parameter over all sources; ``required`` is our requirement in words, '' without one."""

    group: str
    label: str
    required: str
    cells: tuple[Cell, ...]

    @property
    def severity(self) -> int:
        """0 when all agree, higher the more a reader should look at it."""
        return max((_SEVERITY.get(cell.verdict, 0) for cell in self.cells), default=0)


_SEVERITY = {"blocks": 4, "deviation": 3, "unknown": 2, "better": 1}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All rows in our order."""

    rows: tuple[Row, ...]

    def count(self, verdict: Verdict) -> int:
        """Parameters for which at least one source has this verdict."""
        return sum(any(cell.verdict == verdict for cell in row.cells) for row in self.rows)

    def groups(self, *, differences_first: bool) -> list[tuple[str, list[Row]]]:
        """Rows under their headings; ``differences_first`` brings the worst to the top of both."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        if not differences_first:
            return list(found.items())
        ordered = [(label, sorted(rows, key=_worst_first)) for label, rows in found.items()]
        return sorted(ordered, key=lambda group: _worst_first(group[1][0]))


def _worst_first(row: Row) -> int:
    return -row.severity


def sheet(
    *,
    requirements: Iterable[RequirementLine],
    sources: Sequence[Iterable[ParameterLine]],
    incumbent: int | None,
) -> Sheet:
    """Compare the sources' parameters; ``incumbent`` is the index of the one to compare with."""
    tables = [_by_key(lines) for lines in sources]
    wanted = {line.parameter.casefold(): line for line in requirements}
    rows = []
    for name, condition in _keys(wanted.values(), sources):
        values = [table.get((name.casefold(), condition.casefold())) for table in tables]
        rows.append(_row(name, condition, wanted.get(name.casefold()), values, incumbent))
    return Sheet(rows=tuple(rows))


_Key = tuple[str, str]


def _by_key(lines: Iterable[ParameterLine]) -> Mapping[_Key, ParameterLine]:
    return {(line.name.casefold(), line.condition.casefold()): line for line in lines}


def _keys(
    required: Iterable[RequirementLine], sources: Sequence[Iterable[ParameterLine]]
) -> list[_Key]:
    """(parameter, condition) in the order of our requirements, then as the sources name them."""
    named: dict[str, dict[str, _Key]] = {}
    for line in (line for lines in sources for line in lines):
        conditions = named.setdefault(line.name.casefold(), {})
        conditions.setdefault(line.condition.casefold(), (line.name, line.condition))
    keys: list[_Key] = []
    for need in required:
        found = named.pop(need.parameter.casefold(), None)
        keys += found.values() if found else [(need.parameter, "")]
    return keys + [key for conditions in named.values() for key in conditions.values()]


OTHER = "Not required by us"


def _row(
    name: str,
    condition: str,
    need: RequirementLine | None,
    values: list[ParameterLine | None],
    incumbent: int | None,
) -> Row:
    unit = need.unit if need and need.unit else _first_unit(values, incumbent)
    rule = _requirement(name, need, unit)
    theirs = values[incumbent] if incumbent is not None else None
    return Row(
        group=(need.group or "Required") if need else OTHER,
        label=f"{need.parameter if need else name}, {condition}" if condition else name,
        required=in_words(need) if need else "",
        cells=tuple(
            _own_cell(rule, need, value) if index == incumbent else _cell(rule, need, value, theirs)
            for index, value in enumerate(values)
        ),
    )


def _first_unit(values: Sequence[ParameterLine | None], incumbent: int | None) -> str:
    first = [values[incumbent]] if incumbent is not None else []
    return next((line.unit for line in [*first, *values] if line and line.unit), "")


def _requirement(name: str, need: RequirementLine | None, unit: str) -> comparison.Requirement:
    if need is None or _has_no_limit(need):
        return comparison.Requirement(parameter=name, rule="informational", unit=unit)
    return comparison.Requirement(
        parameter=name,
        rule=need.rule,  # type: ignore[arg-type]
        low=need.minimum,
        high=need.maximum,
        unit=unit,
        words=tuple(word.strip() for word in need.text.split(",") if word.strip()),
    )


def _has_no_limit(need: RequirementLine) -> bool:
    """A rule that says nothing to hold a value against is a note."""
    given = {
        "at_least": need.minimum is not None,
        "at_most": need.maximum is not None,
        "within": need.minimum is not None or need.maximum is not None,
        "one_of": bool(need.text.strip()),
        "equal": need.minimum is not None or need.maximum is not None or bool(need.text.strip()),
    }
    return not given.get(need.rule, False)


def _value(line: ParameterLine | None) -> comparison.Value | None:
    """Guaranteed ends where the manufacturer gives them, else the typical value."""
    if line is None:
        return None
    low = _first(line.minimum, line.typical, line.maximum)
    high = _first(line.maximum, line.typical, line.minimum)
    word = line.text if low is None else ""
    return comparison.Value(low=low, high=high, unit=line.unit, word=word)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _own_cell(
    rule: comparison.Requirement, need: RequirementLine | None, line: ParameterLine | None
) -> Cell:
    """The incumbent is held against our requirement alone."""
    found = comparison.verdict(requirement=rule, candidate=_value(line), incumbent=None)
    if found == "blocks":
        return Cell(value=words_of(line), verdict="blocks", note=_blocked(need))
    if found == "unknown" and rule.rule != "informational":
        return Cell(value=words_of(line), verdict="unknown", note=_unknown(line))
    return Cell(value=words_of(line), verdict="")


def _cell(
    rule: comparison.Requirement,
    need: RequirementLine | None,
    line: ParameterLine | None,
    theirs: ParameterLine | None,
) -> Cell:
    mine, other = _value(line), _value(theirs)
    found = comparison.verdict(requirement=rule, candidate=mine, incumbent=other)
    note = ""
    if found == "blocks":
        note = _blocked(need)
    elif found == "unknown":
        note = _unknown(line)
    elif found in ("deviation", "better"):
        why = need.consequence if need and found == "deviation" else ""
        note = " ".join(filter(None, [_difference(mine, other, rule.unit), why]))
    return Cell(value=words_of(line), verdict=found, note=note)


def _blocked(need: RequirementLine | None) -> str:
    if need is None:
        return ""
    return f"Required: {in_words(need)}. {need.consequence}".strip()


def _unknown(line: ParameterLine | None) -> str:
    return "Not on record" if line is None else "Cannot be compared, unit missing or different"


def _difference(mine: comparison.Value | None, theirs: comparison.Value | None, unit: str) -> str:
    """``26 % lower`` for points, ``floor 0.8 V higher`` for the end of a range that moved."""
    a, b = comparison.in_unit(mine, unit), comparison.in_unit(theirs, unit)
    if a is None or b is None:
        return "Differs from the incumbent."
    if a[0] == a[1] and b[0] == b[1] and b[0]:
        share = (a[0] - b[0]) / abs(b[0])
        return f"{formats.percent(abs(share))} {'higher' if share > 0 else 'lower'}."
    moved = [
        f"{name} {_amount(abs(gap), unit)} {'higher' if gap > 0 else 'lower'}"
        for name, gap in (("floor", a[0] - b[0]), ("top", a[1] - b[1]))
        if gap
    ]
    sentence = ", ".join(moved)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _amount(value: float, unit: str) -> str:
    return _with_unit(formats.number(value), unit)


def words_of(line: ParameterLine | None) -> str:
    """A datasheet line as people write it: ``1.8–3.6 V``, ``≤ 87 mA``, '' when missing."""
    if line is None:
        return ""
    shown = _limits(line.minimum, line.maximum)
    if line.typical is not None:
        typical = formats.number(line.typical)
        shown = f"{typical} typ., {shown}" if shown else typical
    return _with_unit(shown, line.unit) if shown else line.text


#: Names that a unit library knows → the sign that people read.
_SIGNS = {"degC": "°C", "ohm": "Ω", "kohm": "kΩ", "Mohm": "MΩ", "uF": "µF", "uA": "µA", "um": "µm"}


def _with_unit(shown: str, unit: str) -> str:
    return f"{shown}{formats.THIN_SPACE}{_SIGNS.get(unit, unit)}" if unit else shown


def _limits(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        if low == high:
            return formats.number(low)
        joint = " to " if low < 0 else "–"
        return f"{formats.number(low)}{joint}{formats.number(high)}"
    if low is not None:
        return f"≥ {formats.number(low)}"
    return f"≤ {formats.number(high)}" if high is not None else ""


def in_words(need: RequirementLine) -> str:
    """A requirement as a sentence's end: ``at least 3 V``, ``one of LQFP-100, QFN-64``."""
    if need.rule == "one_of":
        return f"one of {need.text}"
    low, high = need.minimum, need.maximum
    if need.rule == "at_least" and low is not None:
        return f"at least {_amount(low, need.unit)}"
    if need.rule == "at_most" and high is not None:
        return f"at most {_amount(high, need.unit)}"
    shown = _with_unit(_limits(low, high), need.unit) if low is not None or high is not None else ""
    if need.rule == "within":
        return f"within {shown}"
    return f"equal to {shown or need.text}" if need.rule == "equal" else shown or need.text
