"""Inputs of calculators: how the interface and the page name each and what it may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from secondsource.core import inputs

Reader = Callable[[str, Any], Any]
Step = str | int


@dataclass(frozen=True, kw_only=True)
class Column:
    """One place of a row: ``at`` leads to it inside the row (a key, a position, or several).

    ``kind`` is one of number, integer, decimal, text, date, choice, flag and score (a number or a
    word).
    """

    at: tuple[Step, ...]
    label: str
    kind: str = "number"
    unit: str = ""
    note: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    share: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it may be typed in per cent."""
        return self.share


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input.

    ``kind`` is one of integer, number, amount (a number that may come as decimal text), decimal,
    money, choice, flag, date, text, list and rows; ``argument`` the function's name for it; the
    bounds only describe what the function enforces. ``example`` fills the page's form. ``policy``
    names the value of the calculator's policy that stands in when the input is left out.
    ``share``: a fraction, which pages take in per cent too; so is each input between 0 and 1.

    A page draws an input of several values as a small table. ``columns``: each row of it, or the
    whole input when ``single``; ``heads`` fixes its rows by name. Inputs with the same ``table``
    stand in one table: lists as its columns, objects by ``keys`` as its columns, single rows as
    its rows. ``entry`` is the kind of a plain list's entries, ``blank`` what an empty cell of a
    list means beside filled ones.
    """

    name: str
    label: str
    kind: str
    argument: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    required: bool = True
    default: Any = None
    policy: str = ""
    choices: tuple[str, ...] = ()
    example: Any = None
    note: str = ""
    read: Reader | None = None
    columns: tuple[Column, ...] = ()
    single: bool = False
    heads: tuple[str, ...] = ()
    table: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    entry: str = "number"
    blank: Any = None
    share: bool = False

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
    def is_tabular(self) -> bool:
        """Whether a page draws it as cells of a table."""
        return bool(self.columns or self.table)

    @property
    def allowed(self) -> str:
        """The range in words, for beside the field; empty where the note tells it."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        bounds = (
            ("above", self.above),
            ("at least", self.low),
            ("below", self.below),
            ("at most", self.high),
        )
        return ", ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)


def number(name: str, label: str, **more: Any) -> Field:
    """A JSON number."""
    return Field(name=name, label=label, kind="number", **more)


def integer(name: str, label: str, **more: Any) -> Field:
    """A whole JSON number."""
    return Field(name=name, label=label, kind="integer", **more)


def amount(name: str, label: str, **more: Any) -> Field:
    """An estimate in money: a number or decimal text."""
    return Field(name=name, label=label, kind="amount", **more)


def decimal(name: str, label: str, **more: Any) -> Field:
    """An exact decimal, as text or number."""
    return Field(name=name, label=label, kind="decimal", **more)


def money(name: str, label: str, **more: Any) -> Field:
    """An exact amount, bare or with its currency."""
    return Field(name=name, label=label, kind="money", **more)


def choice(name: str, label: str, choices: tuple[str, ...], **more: Any) -> Field:
    """One of some words."""
    return Field(name=name, label=label, kind="choice", choices=choices, **more)


def flag(name: str, label: str, **more: Any) -> Field:
    """Yes or no."""
    return Field(name=name, label=label, kind="flag", **more)


def day(name: str, label: str, **more: Any) -> Field:
    """A calendar day."""
    return Field(name=name, label=label, kind="date", **more)


def listing(name: str, label: str, **more: Any) -> Field:
    """A list of plain values."""
    return Field(name=name, label=label, kind="list", **more)


def rows(name: str, label: str, **more: Any) -> Field:
    """A table: a list of objects or of short lists."""
    return Field(name=name, label=label, kind="rows", **more)


def column(at: Step | tuple[Step, ...], label: str, kind: str = "number", **more: Any) -> Column:
    """A place of a row."""
    return Column(at=at if isinstance(at, tuple) else (at,), label=label, kind=kind, **more)


def listed(path: str, value: Any) -> list[Any]:
    """A list, or a single value taken as a list of one."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return [value]


def _as_given(path: str, value: Any) -> Any:
    return value


def _as_float(path: str, value: Any) -> float:
    return (
        float(inputs.decimal(path, value)) if isinstance(value, str) else inputs.number(path, value)
    )


def amounts(path: str, value: Any) -> list[float | None]:
    """A list of estimates in money, each a number or decimal text; null stays None."""
    entries = inputs.sequence(path, value, least=0)
    return [None if e is None else _as_float(f"{path}.{i}", e) for i, e in enumerate(entries)]


_READERS: dict[str, Reader] = {
    "amount": _as_float,
    "decimal": inputs.decimal,
    "money": inputs.decimal,
    "date": inputs.day,
}


def reader(field: Field) -> Reader:
    """What turns a JSON value into the function's argument."""
    return field.read or _READERS.get(field.kind, _as_given)
