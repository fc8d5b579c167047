"""Inputs of calculators: what each may be, how it is read, how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from secondsource.core import inputs
from secondsource.workspace.calculators import output
from secondsource.workspace.calculators.output import Show


def is_list(value: Any) -> bool:
    """Whether a JSON value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


@dataclass(frozen=True)
class InputField:
    """One input, or one column of an input of several values.

    ``kind``: integer, number, amount (a number that may come as decimal text), decimal, money,
    choice, flag, date, text or score (a number or a word); list (``entry`` is the kind of its
    entries, ``alone`` accepts one without brackets), record (``columns`` by key or place) and rows
    (a list of records). ``of`` makes an argument of a record. ``argument``: the function's name of
    the input. ``policy``: the value of the house rule that is taken when the input is left out.
    ``share``: may be typed in per cent, as may every input between 0 and 1.
    """

    kind: str
    name: str
    label: str
    example: Any = None
    argument: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    optional: bool = False
    default: Any = None
    policy: str = ""
    choices: tuple[str, ...] = ()
    note: str = ""
    share: bool = False
    shown_as: Show | None = None
    columns: tuple[InputField, ...] = ()
    of: Callable[..., Any] | None = None
    entry: str = "number"
    alone: bool = False
    most: int = inputs.MAX_LIST

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return not self.optional and self.default is None

    @property
    def is_share(self) -> bool:
        """Whether it is a fraction that may be typed in per cent."""
        if self.kind not in ("number", "decimal") or self.unit:
            return self.share
        most = self.high if self.high is not None else self.below
        least = self.low if self.low is not None else self.above
        return self.share or (least is not None and least >= 0 and most is not None and most <= 1)

    @property
    def keyword(self) -> str:
        """The function's name for this input."""
        return self.argument or self.name

    @property
    def by_place(self) -> bool:
        """Whether its records are short lists and not objects."""
        return bool(self.columns) and self.columns[0].name[0].isdigit()

    @property
    def allowed(self) -> str:
        """The range in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        bounds = (("above", self.above), ("at least", self.low),
                  ("below", self.below), ("at most", self.high))  # fmt: skip
        return ", ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)

    @property
    def show(self) -> Show:
        """How its value is shown."""
        if self.shown_as or self.is_share:
            return self.shown_as or output.as_share
        return output.in_unit(self.unit) if self.unit else _SHOWN.get(self.kind, output.plain_text)

    def read(self, path: str, given: Any) -> Any:
        """The argument of a JSON value. Raises ``InputError`` at the path of what is wrong."""
        if self.kind == "list":
            # A tuple is one value without brackets.
            return self._list(path, (given,) if self.alone and not is_list(given) else given)
        if self.kind == "rows" and self.of:
            entries = inputs.sequence(path, given, most=self.most)
            return [self._record(f"{path}.{i}", entry) for i, entry in enumerate(entries)]
        if self.kind == "record" and not self.by_place:
            return self._record(path, given)
        return _READERS.get(self.kind, _as_given)(path, given)

    def _list(self, path: str, entries: Any) -> Any:
        if self.entry == "text":
            return list(inputs.sequence(path, entries, least=0, most=self.most))
        if self.entry != "amount":
            return entries
        entries = inputs.sequence(path, entries, least=0)
        return [None if e is None else _float(f"{path}.{i}", e) for i, e in enumerate(entries)]

    def _record(self, path: str, given: Any) -> Any:
        if self.by_place:
            return self.of(path, given) if self.of else given
        known = {column.name: column for column in self.columns}
        if not isinstance(given, Mapping):
            inputs.refuse(path, "not_an_object", "must be an object with " + ", ".join(known))
        if self.of is None:
            return given
        for name in given:
            if name not in known:
                inputs.refuse(f"{path}.{name}", "unknown", "must be one of " + ", ".join(known))
        found = {}
        for name, column in known.items():
            value = given.get(name)
            if value is None and column.required:
                inputs.refuse(f"{path}.{name}", "missing", "must be given")
            found[column.keyword] = (
                column.default if value is None else column.checked(f"{path}.{name}", value)
            )
        return self.of(**found)

    def checked(self, path: str, value: Any) -> Any:
        """The value of a column, inside its bounds."""
        if self.kind == "integer":
            most = inputs.MAX_COUNT if self.high is None else int(self.high)
            return inputs.integer(path, value, low=int(self.low or 0), high=most)
        if self.kind == "number":
            inputs.number(path, value, low=self.low, high=self.high)
        return self.read(path, value)


def _float(path: str, value: Any) -> float:
    text = isinstance(value, str)
    return float(inputs.decimal(path, value)) if text else inputs.number(path, value)


def _as_given(path: str, value: Any) -> Any:
    return value


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "amount": _float, "decimal": inputs.decimal, "money": inputs.decimal, "date": inputs.day,
    "flag": inputs.flag, "text": inputs.text,
}  # fmt: skip
_SHOWN: dict[str, Show] = {
    "amount": output.as_money, "money": output.as_money, "date": output.as_day,
    "choice": output.as_word, "flag": output.as_yes_no,
}  # fmt: skip

# One for each kind: ``number("C", "Confidence", 0.95, above=0)``; the third is the example.
integer, number, amount = (partial(InputField, kind) for kind in ("integer", "number", "amount"))
decimal, money, choice = (partial(InputField, kind) for kind in ("decimal", "money", "choice"))
day, text, flag = (partial(InputField, kind) for kind in ("date", "text", "flag"))
listed, record, rows = (partial(InputField, kind) for kind in ("list", "record", "rows"))


def by_name(
    name: str, label: str, names: Mapping[str, str], example: Mapping[str, Any], **more: Any
) -> InputField:
    """Numbers by name, any of which may be missing."""
    columns = tuple(number(key, title, optional=True) for key, title in names.items())
    return record(name, label, example, columns=columns, **more)
