"""Comparison of a part's sources side by side, in words.

The verdicts are those of :mod:`suppliers.comparison`. A parameter without a requirement is
informational: it is compared and never blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from secondsource.core import formats
from suppliers import comparison
from suppliers.comparison import Verdict
from suppliers.differences import difference, with_unit


class RequirementLine(Protocol):
    """The read fields of :class:`parts.models.Requirement`."""

    group: str
    parameter: str
    rule: str
    minimum: float | None
    maximum: float | None
    text: str
    unit: str
    on_typical: bool
    consequence: str


class ParameterLine(Protocol):
    """The read fields of :class:`suppliers.models.Parameter`."""

    name: str
    minimum: float | None
    typical: float | None
    maximum: float | None
    text: str
    unit: str
    condition: str


@dataclass(frozen=True, kw_only=True)
class SpecCell:
    """A source's value; ``verdict`` is '' for an incumbent that meets the requirement."""

    value: str
    verdict: Verdict | str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SpecRow:
    """A parameter of all sources; ``required`` is our requirement in words, or ''.

    ``need`` and ``values`` are the lines behind the words; None where there is none.
    """

    group: str
    label: str
    required: str
    cells: tuple[SpecCell, ...]
    condition: str = ""
    need: RequirementLine | None = field(default=None, repr=False)
    values: tuple[ParameterLine | None, ...] = field(default=(), repr=False)

    @property
    def is_judged(self) -> bool:
        """Whether our requirement has a limit that a source can miss."""
        return self.need is not None and not _has_no_limit(self.need)

    @property
    def severity(self) -> int:
        """0 if all values agree, higher for more important differences."""
        return max((_SEVERITY.get(cell.verdict, 0) for cell in self.cells), default=0)


_SEVERITY = {"blocks": 4, "deviation": 3, "unknown": 2, "better": 1}


@dataclass(frozen=True, kw_only=True)
class SpecSheet:
    """All rows in our order."""

    rows: tuple[SpecRow, ...]

    def count(self, verdict: Verdict) -> int:
        """The number of parameters with this verdict for at least one source."""
        return sum(any(cell.verdict == verdict for cell in row.cells) for row in self.rows)

    def groups(self, *, differences_first: bool) -> list[tuple[str, list[SpecRow]]]:
        """Rows by heading; ``differences_first`` sorts headings and rows by severity."""
        found: dict[str, list[SpecRow]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        if not differences_first:
            return list(found.items())
        ordered = [(label, sorted(rows, key=_worst_first)) for label, rows in found.items()]
        return sorted(ordered, key=lambda group: _worst_first(group[1][0]))


def _worst_first(row: SpecRow) -> int:
    return -row.severity


def sheet(
    *,
    requirements: Iterable[RequirementLine],
    sources: Sequence[Iterable[ParameterLine]],
    incumbent: int | None,
) -> SpecSheet:
    """Compare the sources' parameters; ``incumbent`` is the index of the one to compare with."""
    tables = [_by_key(lines) for lines in sources]
    wanted = {line.parameter.casefold(): line for line in requirements}
    rows = []
    for name, condition in _keys(wanted.values(), sources):
        values = [table.get((name.casefold(), condition.casefold())) for table in tables]
        rows.append(_row(name, condition, wanted.get(name.casefold()), values, incumbent))
    return SpecSheet(rows=tuple(rows))


_Key = tuple[str, str]


def _by_key(lines: Iterable[ParameterLine]) -> Mapping[_Key, ParameterLine]:
    return {(line.name.casefold(), line.condition.casefold()): line for line in lines}


def _keys(
    required: Iterable[RequirementLine], sources: Sequence[Iterable[ParameterLine]]
) -> list[_Key]:
    """(parameter, condition) in the order of our requirements, then of the sources."""
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
) -> SpecRow:
    unit = need.unit if need and need.unit else _first_unit(values, incumbent)
    rule = _requirement(name, need, unit)
    theirs = values[incumbent] if incumbent is not None else None
    return SpecRow(
        group=(need.group or "Required") if need else OTHER,
        label=f"{need.parameter if need else name}, {condition}" if condition else name,
        required=in_words(need) if need else "",
        cells=tuple(
            _own_cell(rule, need, value) if index == incumbent else _cell(rule, need, value, theirs)
            for index, value in enumerate(values)
        ),
        condition=condition,
        need=need,
        values=tuple(values),
    )


def _first_unit(values: Sequence[ParameterLine | None], incumbent: int | None) -> str:
    first = [values[incumbent]] if incumbent is not None else []
    return next((line.unit for line in [*first, *values] if line and line.unit), "")


def _requirement(name: str, need: RequirementLine | None, unit: str) -> comparison.RequiredValue:
    if need is None or _has_no_limit(need):
        return comparison.RequiredValue(parameter=name, rule="informational", unit=unit)
    return comparison.RequiredValue(
        parameter=name,
        rule=need.rule,  # type: ignore[arg-type]
        low=need.minimum,
        high=need.maximum,
        unit=unit,
        words=tuple(word.strip() for word in need.text.split(",") if word.strip()),
        on_typical=need.on_typical,
    )


def _has_no_limit(need: RequirementLine) -> bool:
    """Whether the rule has no limit to compare with."""
    given = {
        "at_least": need.minimum is not None,
        "at_most": need.maximum is not None,
        "within": need.minimum is not None or need.maximum is not None,
        "covers": need.minimum is not None or need.maximum is not None,
        "one_of": bool(need.text.strip()),
        "all_of": bool(need.text.strip()),
        "equal": need.minimum is not None or need.maximum is not None or bool(need.text.strip()),
    }
    return not given.get(need.rule, False)


def _value(line: ParameterLine | None) -> comparison.StatedValue | None:
    if line is None:
        return None
    numbers = {"low": line.minimum, "typical": line.typical, "high": line.maximum}
    word = line.text if all(number is None for number in numbers.values()) else ""
    return comparison.StatedValue(**numbers, unit=line.unit, word=word)


def _own_cell(
    rule: comparison.RequiredValue, need: RequirementLine | None, line: ParameterLine | None
) -> SpecCell:
    """The cell of the incumbent, compared with our requirement only."""
    found = comparison.verdict(requirement=rule, candidate=_value(line), incumbent=None)
    shown = words_of(line, need)
    if found == "blocks":
        return SpecCell(value=shown, verdict="blocks", note=_blocked(need))
    if found == "unknown" and rule.rule != "informational":
        return SpecCell(value=shown, verdict="unknown", note=_unknown(rule, line))
    return SpecCell(value=shown, verdict="")


def _cell(
    rule: comparison.RequiredValue,
    need: RequirementLine | None,
    line: ParameterLine | None,
    theirs: ParameterLine | None,
) -> SpecCell:
    mine, other = _value(line), _value(theirs)
    found = comparison.verdict(requirement=rule, candidate=mine, incumbent=other)
    note = ""
    if found == "blocks":
        note = _blocked(need)
    elif found == "unknown":
        note = _unknown(rule, line)
    elif found in ("deviation", "better"):
        why = need.consequence if need and found == "deviation" else ""
        note = " ".join(filter(None, [difference(rule, mine, other), why]))
    return SpecCell(value=words_of(line, need), verdict=found, note=note)


def _blocked(need: RequirementLine | None) -> str:
    if need is None:
        return ""
    return f"Required: {in_words(need)}. {need.consequence}".strip()


def _unknown(rule: comparison.RequiredValue, line: ParameterLine | None) -> str:
    """The missing information for a verdict."""
    if line is None:
        return "Not on record"
    ends = comparison.in_unit(_value(line), rule.unit)
    if ends is None or rule.rule in comparison.WORD_RULES:
        return "Cannot be compared, unit missing or different"
    if rule.rule == "informational":
        return "Cannot be compared, typical against guaranteed"
    if ends.low is None and ends.high is None:
        return "Typical only, nothing is guaranteed"
    return f"No guaranteed {'minimum' if ends.low is None else 'maximum'}"


def words_of(line: ParameterLine | None, need: RequirementLine | None = None) -> str:
    """A datasheet line in words: ``1.8–3.6 V``, ``≤ 87 mA``, ``3.2 A typ.``.

    A typical value equal to a guaranteed one is left out. A value that differs from a limit of
    ``need`` has enough digits to show that; '' when missing.
    """
    if line is None:
        return ""
    limits = [need.minimum, need.maximum] if need and need.unit == line.unit else []
    low, typical, high = (_figure(v, limits) for v in (line.minimum, line.typical, line.maximum))
    shown = with_unit(guaranteed, line.unit) if (guaranteed := _limits(low, high)) else ""
    if typical and typical not in (low, high):
        return f"{with_unit(typical, line.unit)} typ.{f', {shown}' if shown else ''}"
    return shown or line.text


def _figure(value: float | None, limits: Sequence[float | None]) -> str:
    if value is None:
        return ""
    shown = formats.number(value)
    for limit in limits:
        if limit is not None and limit != value and formats.number(limit) == shown:
            return formats.apart(value, limit, formats.number, _PLACES)[0]
    return shown


#: Most decimals of a plain number.
_PLACES = 4


def _limits(low: str, high: str) -> str:
    if low and high:
        joint = " to " if low.startswith(formats.MINUS) else "–"
        return low if low == high else f"{low}{joint}{high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


def in_words(need: RequirementLine) -> str:
    """A requirement in words: ``at least 3 V``, ``one of LQFP-100, QFN-64``."""
    if need.rule in ("one_of", "all_of"):
        words = [word.strip() for word in need.text.split(",") if word.strip()]
        return f"one of {need.text}" if need.rule == "one_of" else " and ".join(words)
    low, high = (_figure(limit, []) for limit in (need.minimum, need.maximum))
    shown = {"at_least": low, "at_most": high}.get(need.rule) or _limits(low, high)
    if not shown:
        return f"equal to {need.text}" if need.rule == "equal" else need.text
    said = f"{_VERBS.get(need.rule, '')}{with_unit(shown, need.unit)}"
    return f"{said} typical" if need.on_typical else said


_VERBS = {
    "at_least": "at least ",
    "at_most": "at most ",
    "within": "within ",
    "covers": "covers ",
    "equal": "equal to ",
}
