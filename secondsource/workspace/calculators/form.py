"""A calculator's form: what was typed, the answer, and each refusal where it belongs.

A box's name is the dotted path to its value (``models.2.passed``), by which a refusal names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from secondsource.core.inputs import InputError
from secondsource.workspace.calculators import texts
from secondsource.workspace.calculators.declaration import Calculator, HouseRule
from secondsource.workspace.calculators.field import InputField
from secondsource.workspace.calculators.output import as_figure, as_word

LONGEST_LINK = 3_500
"""Longer addresses are cut off by servers on the way; such inputs have no link."""
EMPTY_ROWS = 2
"""So many rows more than there are filled ones."""
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Box:
    """One place to type: an input, or a value of a record."""

    input: InputField
    name: str
    label: str
    text: str = ""
    error: str = ""
    default: Any = None

    @property
    def options(self) -> list[tuple[str, str]]:
        """Choices as value and word; the empty one says what is taken then."""
        words = self.input.choices or (("true", "false") if self.input.kind == "flag" else ())
        named = [(word, as_word(word)) for word in words]
        default = "" if self.default is None else f"default: {as_word(str(self.default).lower())}"
        return [("", default), *named] if words else []

    @property
    def lines(self) -> int:
        """Height of a list."""
        return min(10, 1 + max(self.text.count("\n"), len(self.text) // 60))

    @property
    def help(self) -> str:
        """Allowed range, note and what is taken when it is left empty."""
        one = self.input
        known = self.default is not None and not self.options
        bounds = (one.low, one.high, one.above, one.below)
        low, high, above, below = ("" if b is None else as_figure(b) for b in bounds)
        words = (("above", above), ("at least", low), ("below", below), ("at most", high))
        allowed = ", ".join(f"{word} {bound}" for word, bound in words if bound)
        if low and not below:
            allowed = f"{low} to {high}" if high else f"{low} or more"
        told = (
            allowed,
            "fraction or %" if one.is_share else "",
            one.note,
            f"default {texts.written(self.default)}" if known else "",
        )
        return "; ".join(filter(None, told))


@dataclass(frozen=True)
class BoxTable:
    """The rows of an input of several values: boxes, with the number of the row."""

    input: InputField
    rows: list[tuple[str, list[Box]]]
    error: str = ""

    @property
    def notes(self) -> str:
        """What is said below the table."""
        shares = ", ".join(column.label for column in self.input.columns if column.is_share)
        return "; ".join(filter(None, (self.input.note, shares and f"{shares}: fraction or %")))


class CalculatorForm:
    """The inputs of one calculator as typed. After ``is_valid`` the answer is in ``answer``.

    ``given`` holds texts by the names of boxes; a record, or rows, may also come whole, as JSON.
    """

    def __init__(
        self, calculator: Calculator, given: Mapping[str, str], rule: HouseRule | None = None
    ) -> None:
        self.calculator, self.rule = calculator, rule
        self.texts = {name: text.strip() for name, text in given.items() if text.strip()}
        self.errors: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}
        for one in calculator.inputs:
            if one.columns and one.name in self.texts:
                try:
                    whole = texts.json_value(self.texts.pop(one.name))
                    self.texts |= dict(texts.boxes_of(one.name, whole))
                except texts.TypedError as error:
                    self.errors[one.name] = str(error)
        self.rows = {one.name: self._rows(one) for one in calculator.inputs if one.columns}

    def _rows(self, one: InputField) -> list[dict[Path, str]]:
        """The filled rows of an input: the texts by their paths inside a row."""
        if one.kind == "record":
            return [{_path(c.name): self._at(one.name, c.name) for c in one.columns}]
        steps = [name.split(".")[1] for name in self.texts if name.startswith(f"{one.name}.")]
        places = sorted({int(step) for step in steps if step.isdecimal() and len(step) < 6})
        return [{_path(c.name): self._at(one.name, n, c.name) for c in one.columns} for n in places]

    def _at(self, *path: str | int) -> str:
        return self.texts.get(_name(path), "")

    def is_valid(self) -> bool:
        """Read every text, then calculate; a refusal is shown at its field."""
        for one in self.calculator.inputs:
            boxes = self._boxes(one)
            if any(text for _, text, _ in boxes):
                for path, text, column in boxes:
                    self._read(path, text, column)
            elif one.required and one.name not in self.errors:
                self.errors[one.name] = "must be given"
        if not self.errors:
            try:
                self.answer = self.calculator.run(self.values, rule=self.rule)
            except InputError as error:
                self.errors[error.field] = error.message
        return not self.errors

    def _boxes(self, one: InputField) -> list[tuple[Path, str, InputField]]:
        """Path, text and kind of each box of an input that counts."""
        if not one.columns:
            return [((one.name,), self.texts.get(one.name, ""), one)]
        return [
            ((one.name, *(() if one.kind == "record" else (n,)), *path), text, column)
            for n, row in enumerate(self.rows[one.name])
            for (path, text), column in zip(row.items(), one.columns, strict=True)
        ]

    def _read(self, path: Path, text: str, one: InputField) -> None:
        try:
            _put(self.values, path, texts.read(one, text) if text else None)
        except texts.TypedError as error:
            self.errors[_name(path)] = str(error)

    @property
    def link(self) -> str:
        """The query that holds these inputs; empty when it is too long for an address."""
        boxes = [box for one in self.calculator.inputs for box in self._boxes(one)]
        query = urlencode({_name(path): text for path, text, _ in boxes if text})
        return query if len(query) <= LONGEST_LINK else ""

    @cached_property
    def parts(self) -> list[Box | BoxTable]:
        """What the template draws, from above."""
        self.general_errors = left = dict(self.errors)
        return [
            self._table(one, left) if one.columns else self._single(one, left)
            for one in self.calculator.inputs
        ]

    def _single(self, one: InputField, left: dict[str, str]) -> Box:
        rule = self.rule.values if self.rule else None
        default = getattr(rule, one.policy) if rule and one.policy else one.default
        error = _taken(left, one.name, one.label)
        return Box(one, one.name, one.label, self.texts.get(one.name, ""), error, default)

    def _table(self, one: InputField, left: dict[str, str]) -> BoxTable:
        empty = [{_path(column.name): "" for column in one.columns}]
        filled = self.rows[one.name]
        rows = filled if one.kind == "record" else filled + empty * EMPTY_ROWS
        drawn = []
        for n, row in enumerate(rows):
            number = "" if one.kind == "record" else str(n + 1)
            start: Path = (one.name, n) if number else (one.name,)
            boxes = []
            for (path, text), column in zip(row.items(), one.columns, strict=True):
                label = f"{column.label}, {f'row {number}' if number else one.label}"
                name = _name((*start, *path))
                error = _taken(left, name, column.label)
                boxes.append(Box(column, name, label, text, error, column.default))
            drawn.append((number, boxes))
        return BoxTable(one, drawn, _taken(left, one.name, one.label))

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Name and label of each place with a refusal, for the summary."""
        found = []
        for part in self.parts:
            boxes = [part] if isinstance(part, Box) else [b for _, row in part.rows for b in row]
            found += [(box.name, box.label) for box in boxes if box.error]
            if isinstance(part, BoxTable) and part.error:
                found.append((part.input.name, part.input.label))
        return found


def _path(name: str) -> Path:
    return tuple(int(part) if part.isdigit() else part for part in name.split("."))


def _name(path: Path) -> str:
    return ".".join(map(str, path))


def _put(into: Any, path: Path, value: Any) -> None:
    """Place a value, growing lists on the way; an empty key of an object is left out."""
    holder = into
    for step, following in pairwise((*path, None)):
        last = following is None
        fresh: Any = value if last else [] if isinstance(following, int) else {}
        if isinstance(step, int):
            holder += [None] * (step + 1 - len(holder))
            holder[step] = fresh if last or holder[step] is None else holder[step]
            holder = holder[step]
        elif step is not None and not (last and value is None):
            holder = holder.setdefault(step, fresh)


def _taken(errors: dict[str, str], name: str, label: str) -> str:
    """The refusals at a place as sentences; those of the calculation begin with "must"."""
    told = []
    for path in [path for path in errors if path == name or path.startswith(f"{name}.")]:
        text = errors.pop(path)
        if text.startswith(("must ", "is ", "needs ")):
            places = path[len(name) + 1 :].split(".") if path != name else []
            entry = " ".join(str(int(p) + 1) if p.isdecimal() else p for p in places)
            text = f"{label}{f', entry {entry},' if entry else ''} {text}."
        told.append(text)
    return " ".join(told)
