"""A calculator's form: typed text becomes the values that the interface takes.

Numbers are written with a point, lists with commas or as JSON, tables as JSON. What was typed stays
in the field when it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from secondsource.core.inputs import InputError
from secondsource.workspace.calculators.base import Calculator, Field, plain

LONGEST_TEXT = 200_000


class CalculatorForm(forms.Form):
    """The inputs of one calculator. After ``is_valid`` the answer is in ``answer``."""

    def __init__(self, calculator: Calculator, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data=data, initial=written_example(calculator))
        self.calculator = calculator
        self.answer: dict[str, Any] = {}
        for entry in calculator.fields:
            self.fields[entry.name] = _form_field(entry)

    def clean(self) -> dict[str, Any]:
        """Read every text, then ask the calculator; a refusal stands at its field."""
        typed: dict[str, Any] = super().clean() or {}
        values: dict[str, Any] = {}
        for entry in self.calculator.fields:
            text = str(typed.get(entry.name) or "").strip()
            if not text:
                continue
            try:
                values[entry.name] = read(entry, text)
            except ValidationError as error:
                self.add_error(entry.name, error)
        if not self.errors:
            self._ask(values)
        return typed

    def _ask(self, values: dict[str, Any]) -> None:
        try:
            self.answer = self.calculator.run(values)
        except InputError as error:
            name, _, inner = error.field.partition(".")
            message = f"{inner}: {error.message}" if inner else error.message
            self.add_error(name if name in self.fields else None, message)


def read(field: Field, text: str) -> Any:
    """The value of a typed text. Raises ``ValidationError`` with what to write instead."""
    if field.kind in ("decimal", "money", "amount", "choice", "date"):
        return text
    if field.kind == "flag":
        return text == "true"
    if field.kind in ("integer", "number"):
        return _number(text)
    return _listing(text) if field.kind == "list" else _json(text)


def written(value: Any) -> str:
    """A value as it is typed into a field."""
    if isinstance(value, str):
        return value
    flat = isinstance(value, list) and all(isinstance(e, int | float) for e in value)
    if flat and not any(isinstance(entry, bool) for entry in value):
        return ", ".join(str(entry) for entry in value)
    return json.dumps(plain(value), ensure_ascii=False)


def written_example(calculator: Calculator) -> dict[str, str]:
    """The worked example as typed text."""
    return {name: written(value) for name, value in calculator.example.items()}


def _form_field(entry: Field) -> forms.Field:
    label, help_text = entry.label, "; ".join(part for part in (entry.allowed, entry.note) if part)
    if entry.kind in ("choice", "flag"):
        words = entry.choices or ("true", "false")
        options = [("", "default"), *((word, word) for word in words)]
        return forms.ChoiceField(
            label=label, choices=options, required=entry.required, help_text=entry.note
        )
    long = entry.kind in ("list", "rows")
    return forms.CharField(
        label=label,
        required=entry.required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput(),
    )


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise ValidationError("Write a number with a point, such as 0.95.") from None


def _listing(text: str) -> Any:
    if text[:1] in "[{":
        return _json(text)
    return [_json_or_text(part.strip()) for part in text.split(",") if part.strip()]


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError("Write it as JSON, like the example.") from None
