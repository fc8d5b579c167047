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
from secondsource.workspace.calculators.fields import Field, reader


@dataclass(frozen=True)
class HouseRule:
    """A policy's values and the number of its version; 0 are the shipped defaults."""

    values: Any
    version: int

    def as_dict(self) -> dict[str, Any]:
        """Name, version and values, for storing beside a result."""
        values = {f.name: plain(getattr(self.values, f.name)) for f in fields(self.values)}
        return {"name": self.values.policy_name, "version": self.version, "values": values}


@dataclass(frozen=True, kw_only=True)
class Calculator:
    """One entry of the table. ``compute`` takes the fields by keyword and names the outputs.

    ``renames`` maps the function's names of nested inputs to the interface's. ``rounds`` says that
    the function takes the currency's ``places``. ``policy`` is the house rule whose values stand in
    for inputs that are left out; with ``hands_policy`` the function gets it whole.
    ``house_rule`` says in words what no standard gives, ``where`` what the formula's letters mean.
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
    where: str = ""
    policy: type[Any] | None = None
    hands_policy: bool = False
    house_rule: str = ""
    renames: Mapping[str, str] | None = None
    rounds: bool = False

    @property
    def example(self) -> dict[str, Any]:
        """Inputs of a worked example, as the interface takes them."""
        return {field.name: field.example for field in self.fields if field.example is not None}

    def run(self, given: Mapping[str, Any], *, rule: HouseRule | None = None) -> dict[str, Any]:
        """Compute the answer as JSON values: the outputs, the method, the inputs and the policy.

        ``rule`` is the policy's version in force, else the shipped defaults. Numbers are numbers,
        money and exact decimals are strings, a bare result is ``value``. Raises
        :class:`~secondsource.core.inputs.InputError` naming the input as the interface does.
        """
        rule = rule or self.shipped_rule
        arguments = self._read(given, rule)
        try:
            answer = self.compute(**arguments)
        except InputError as error:
            raise error.renamed(self._outer_name(error.field)) from error
        asked = plain({k: v for k, v in given.items() if v is not None})
        told = {"policy": rule.as_dict()} if rule else {}
        return {**plain(answer), "inputs": asked, **told}

    @property
    def shipped_rule(self) -> HouseRule | None:
        """The policy as it is shipped, version 0; None where no policy is asked."""
        return HouseRule(self.policy(), 0) if self.policy else None

    def _read(self, given: Mapping[str, Any], rule: HouseRule | None) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            inputs.refuse("", "not_an_object", "must be a JSON object of inputs")
        self._refuse_unknown(given)
        arguments: dict[str, Any] = {"policy": rule.values} if rule and self.hands_policy else {}
        currency: str | None = None
        for field in self.fields:
            value = given.get(field.name)
            if value is None:
                if field.required:
                    inputs.refuse(field.name, "missing", _needed(field))
                if rule and field.policy:
                    arguments[field.keyword] = getattr(rule.values, field.policy)
                continue
            if field.kind == "money" and isinstance(value, Mapping):
                value, currency = _amount(field.name, value, currency)
            arguments[field.keyword] = reader(field)(field.name, value)
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
