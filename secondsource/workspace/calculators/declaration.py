"""What a calculator is, declared once: inputs, outputs, formula, source and what an answer means.

Form, page, API and OpenAPI document are drawn from the declaration. A calculator calculates
nothing itself: it reads values, calls the function that is named, and names the outputs.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from secondsource.core import inputs
from secondsource.core.inputs import InputError
from secondsource.core.money import minor_units
from secondsource.core.provenance import Method
from secondsource.workspace.calculators import output
from secondsource.workspace.calculators.field import InputField, is_list
from secondsource.workspace.calculators.output import Output

Values = Mapping[str, Any]
Text = str | Callable[[Values], str]


@dataclass(frozen=True)
class Sentence:
    """What an answer means, where ``when`` holds: values, or conditions, by their names.

    ``{n}`` is a value as it is shown, ``{n:unit}`` a count with its noun, ``{pct:least}`` a value
    with the digits that tell it from another. Text, tone and note may be functions of all values.
    """

    text: Text
    tone: Text = ""
    note: Text = ""
    when: tuple[tuple[str, Any], ...] = ()

    def holds(self, known: Values) -> bool:
        """Whether it is true of an answer."""
        return all(
            test(known.get(name)) if callable(test) else known.get(name) == test
            for name, test in self.when
        )


class Sentences(tuple[Sentence, ...]):
    """Sentences of which the first that holds is said."""

    def otherwise(self, text: Text, tone: Text = "", note: Text = "", **when: Any) -> Sentences:
        """These, and another one."""
        return Sentences((*self, Sentence(text, tone, note, tuple(when.items()))))


says = Sentences().otherwise


def judged(good: str) -> Sentences:
    """Counts the words of a list of verdicts; all of the good one is good."""
    return says(_counted, lambda known: "good" if set(known["value"]) == {good} else "warn")


def _counted(known: Values) -> str:
    words = {"accept": "acceptable", "reject": "not acceptable", "inside": "inside the band",
             "below": "below the band", "above": "above the band"}  # fmt: skip
    counts = list(Counter[str](known["value"]).items())
    text = ", ".join(f"{count} {words.get(word, output.as_word(word))}" for word, count in counts)
    return f"{text[:1].upper()}{text[1:]}."


@dataclass(frozen=True)
class HouseRule:
    """A policy's values and the number of its version; 0 are the shipped defaults."""

    values: Any
    version: int

    def as_dict(self) -> dict[str, Any]:
        """Name, version and values, for storing beside a result."""
        values = {f.name: plain(getattr(self.values, f.name)) for f in fields(self.values)}
        return {"name": self.values.policy_name, "version": self.version, "values": values}


@dataclass(frozen=True)
class Calculator:
    """One calculator.

    ``compute`` takes the inputs by keyword, and ``places`` of the currency and the ``policy`` where
    it names them. It gives a result with the outputs as attributes, the outputs by name, or with
    ``method`` the first output alone. ``says``: what an answer means. ``where``: the formula's
    letters. ``house_rule``: what no standard gives. ``chart`` takes the arguments of ``compute``.
    """

    name: str
    title: str
    purpose: str
    _: KW_ONLY
    formula: str
    source: str
    inputs: tuple[InputField, ...]
    outputs: tuple[Output, ...]
    compute: Callable[..., Any]
    says: Sentences
    where: str = ""
    method: Method | None = None
    policy: type[Any] | None = None
    house_rule: str = ""
    chart: Callable[[Values], Any] | None = None
    area: str = ""

    @property
    def output_names(self) -> list[str]:
        """The outputs' names in the API."""
        return [output.name for output in self.outputs]

    @property
    def example(self) -> dict[str, Any]:
        """Inputs of a worked example, as the API takes them."""
        return {one.name: one.example for one in self.inputs if one.example is not None}

    @property
    def shipped_rule(self) -> HouseRule | None:
        """The policy as it is shipped, version 0; None without a policy."""
        return HouseRule(self.policy(), 0) if self.policy else None

    def run(self, given: Values, *, rule: HouseRule | None = None) -> dict[str, Any]:
        """The answer as JSON values: the outputs, the method, the inputs and the policy.

        ``rule`` is the policy's version in force, else the shipped defaults. Numbers are numbers,
        money and exact decimals are text. Raises ``InputError`` with the input's name.
        """
        rule = rule or self.shipped_rule
        arguments = self.arguments(given, rule)
        try:
            answer = plain(self._named(self.compute(**arguments)))
        except InputError as error:
            raise error.renamed(self._outer_name(error.field)) from error
        asked = plain({name: value for name, value in given.items() if value is not None})
        return {**answer, "inputs": asked, **({"policy": rule.as_dict()} if rule else {})}

    def _named(self, result: Any) -> Values:
        """The outputs by name, and the method."""
        if isinstance(result, Mapping):
            return {"method": self.method, **result}
        if self.method:
            return {self.outputs[0].name: result, "method": self.method}
        found = {o.name: getattr(result, o.attribute or o.name) for o in self.outputs}
        return {**found, "method": result.method}

    def arguments(self, given: Values, rule: HouseRule | None) -> dict[str, Any]:
        """The arguments of ``compute``. Raises ``InputError``."""
        if not isinstance(given, Mapping):
            inputs.refuse("", "not_an_object", "must be a JSON object of inputs")
        names = [one.name for one in self.inputs]
        for name in given:
            if name not in names:
                inputs.refuse(name, "unknown", "is not an input; known: " + ", ".join(names))
        takes = inspect.signature(self.compute).parameters
        found = {"policy": rule.values} if rule and "policy" in takes else {}
        currency = ""
        for one in self.inputs:
            value = given.get(one.name)
            if value is None:
                if one.required:
                    allowed = f": {one.allowed}" if one.allowed else ""
                    inputs.refuse(one.name, "missing", f"must be given{allowed}")
                if rule and one.policy:
                    found[one.keyword] = getattr(rule.values, one.policy)
                continue
            if one.kind == "money" and isinstance(value, Mapping):
                value, currency = _amount(one.name, value, currency)
            found[one.keyword] = one.read(one.name, value)
        if currency and "places" in takes:
            found["places"] = minor_units(currency)
        return found

    def _outer_name(self, path: str) -> str:
        first, *rest = path.split(".")
        for one in self.inputs:
            if one.keyword == first:
                names = {column.keyword: column.name for column in one.columns}
                return ".".join([one.name, *(names.get(part, part) for part in rest)])
        return path


def _amount(name: str, value: Values, currency: str) -> tuple[Any, str]:
    """Amount and currency of a money object; a second currency in one calculation is refused."""
    for key in ("amount", "currency"):
        if value.get(key) is None:
            inputs.refuse(f"{name}.{key}", "missing", "must be given")
    if unknown := set(value) - {"amount", "currency"}:
        inputs.refuse(f"{name}.{min(unknown)}", "unknown", "must be one of amount, currency")
    minor_units(value["currency"], field=f"{name}.currency")
    if currency and value["currency"] != currency:
        inputs.refuse(f"{name}.currency", "mixed_currencies", f"must be {currency} like the others")
    return value["amount"], value["currency"]


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
    return [plain(entry) for entry in value] if is_list(value) else value


def in_area(area: str, *calculators: Calculator) -> tuple[Calculator, ...]:
    """The calculators of an area."""
    return tuple(replace(one, area=area) for one in calculators)
