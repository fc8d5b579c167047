"""What a calculator is: named inputs, one pure function, named outputs, and where it comes from.

A calculator adds nothing to a calculation: it reads JSON values, calls the function that cases,
reports and jobs call too, and names the outputs as the interface promises them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from secondsource.core import inputs
from secondsource.core.inputs import InputError
from secondsource.core.money import minor_units
from secondsource.core.provenance import Method

Reader = Callable[[str, Any], Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input: how the interface and the page name it and what it may be.

    ``kind`` is one of integer, number, amount (a number that may come as decimal text), decimal,
    money, choice, flag, date, text, list and rows; ``argument`` the function's name for it; the
    bounds only describe what the function enforces. ``example`` fills the page's form.
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
    choices: tuple[str, ...] = ()
    example: Any = None
    note: str = ""
    read: Reader | None = None

    @property
    def keyword(self) -> str:
        """The function's name for this input."""
        return self.argument or self.name

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


@dataclass(frozen=True, kw_only=True)
class Calculator:
    """One entry of the table. ``compute`` takes the fields by keyword and names the outputs.

    ``renames`` maps the function's names of nested inputs to the interface's. ``rounds`` says that
    the function takes the currency's ``places``.
    """

    name: str
    area: str
    title: str
    purpose: str
    formula: str
    source: str
    fields: tuple[Field, ...]
    outputs: tuple[str, ...]
    compute: Callable[..., Mapping[str, Any]]
    chart: str = ""
    renames: Mapping[str, str] | None = None
    rounds: bool = False

    @property
    def example(self) -> dict[str, Any]:
        """Inputs of a worked example, as the interface takes them."""
        return {field.name: field.example for field in self.fields if field.example is not None}

    def run(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Compute the answer as JSON values: the outputs, the method and the inputs used.

        Numbers are numbers, money and exact decimals are strings, a bare result is ``value``.
        Raises :class:`~secondsource.core.inputs.InputError` naming the input as the interface does.
        """
        arguments = self._read(given)
        try:
            answer = self.compute(**arguments)
        except InputError as error:
            raise error.renamed(self._outer_name(error.field)) from error
        return {**plain(answer), "inputs": plain({k: v for k, v in given.items() if v is not None})}

    def _read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            inputs.refuse("", "not_an_object", "must be a JSON object of inputs")
        self._refuse_unknown(given)
        arguments: dict[str, Any] = {}
        currency: str | None = None
        for field in self.fields:
            value = given.get(field.name)
            if value is None:
                if field.required:
                    inputs.refuse(field.name, "missing", _needed(field))
                continue
            if field.kind == "money" and isinstance(value, Mapping):
                value, currency = _amount(field.name, value, currency)
            arguments[field.keyword] = _reader(field)(field.name, value)
        if currency and self.rounds:
            arguments["places"] = minor_units(currency)
        return arguments

    def _refuse_unknown(self, given: Mapping[str, Any]) -> None:
        known = [field.name for field in self.fields]
        for name in given:
            if name not in known:
                inputs.refuse(str(name), "unknown", "is not an input; known: " + ", ".join(known))

    def _outer_name(self, path: str) -> str:
        first, *rest = path.split(".")
        names = {field.keyword: field.name for field in self.fields}
        inner = self.renames or {}
        return ".".join([names.get(first, first), *(inner.get(part, part) for part in rest)])


def _needed(field: Field) -> str:
    return f"must be given: {field.allowed}" if field.allowed else "must be given"


def _amount(name: str, value: Mapping[str, Any], currency: str | None) -> tuple[Any, str]:
    """Amount and currency of a money object; a second currency in one calculation is refused."""
    entry = record(name, value, required=("amount", "currency"))
    minor_units(entry["currency"], field=f"{name}.currency")
    if currency is not None and entry["currency"] != currency:
        inputs.refuse(f"{name}.currency", "mixed_currencies", f"must be {currency} like the others")
    return entry["amount"], entry["currency"]


def record(
    path: str, value: Any, *, required: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, Any]:
    """A JSON object with these keys: a missing or unknown one is refused by name."""
    needed, extra = list(required), list(optional)
    if not isinstance(value, Mapping):
        inputs.refuse(path, "not_an_object", "must be an object with " + ", ".join(needed))
    for name in needed:
        if value.get(name) is None:
            inputs.refuse(f"{path}.{name}", "missing", "must be given")
    for name in value:
        if name not in needed and name not in extra:
            inputs.refuse(
                f"{path}.{name}", "unknown", "must be one of " + ", ".join(needed + extra)
            )
    return {name: value[name] for name in value if value[name] is not None}


def records(
    path: str,
    value: Any,
    *,
    required: Iterable[str],
    optional: Iterable[str] = (),
    most: int = inputs.MAX_LIST,
) -> list[dict[str, Any]]:
    """A list of such objects."""
    required, optional = list(required), list(optional)
    return [
        record(f"{path}.{i}", entry, required=required, optional=optional)
        for i, entry in enumerate(inputs.sequence(path, value, most=most))
    ]


def pick(result: Any, **names: str) -> dict[str, Any]:
    """Outputs of a result by the interface's names, and its method."""
    chosen = {name: getattr(result, attribute) for name, attribute in names.items()}
    return {**chosen, "method": result.method}


def plain(value: Any) -> Any:
    """Values as JSON takes them: decimals as text, dates in ISO form, results as objects."""
    if isinstance(value, Method):
        return value.as_dict()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(entry) for entry in value]
    return value


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


def _reader(field: Field) -> Reader:
    return field.read or _READERS.get(field.kind, _as_given)
