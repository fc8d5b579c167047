"""Calculators in the OpenAPI document: what each takes and gives, with its worked example."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from secondsource.workspace.calculators import CALCULATORS, Calculator
from secondsource.workspace.calculators.declaration import plain
from secondsource.workspace.calculators.field import InputField

Schema = dict[str, Any]

_EXACT: Schema = {"type": ["string", "number"]}
_MONEY: Schema = {
    "type": "object",
    "properties": {"amount": _EXACT, "currency": {"type": "string"}},
    "required": ["amount", "currency"],
}
_TYPES: dict[str, Schema] = {
    "number": {"type": "number"}, "integer": {"type": "integer"}, "amount": _EXACT,
    "decimal": _EXACT, "money": {"anyOf": [_EXACT, _MONEY]}, "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"}, "choice": {"type": "string"},
    "text": {"type": "string"}, "score": {"type": ["number", "string", "null"]},
}  # fmt: skip
_BOUNDS = {"minimum": "low", "maximum": "high", "exclusiveMinimum": "above",
           "exclusiveMaximum": "below"}  # fmt: skip

NAME = OpenApiParameter(
    "name", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(CALCULATORS), required=True
)


def inputs_schema(calculator: Calculator) -> Schema:
    """The inputs of one calculator; null is the same as leaving one out."""
    return _object(calculator.inputs) | {
        "title": calculator.name,
        "description": calculator.purpose,
        "additionalProperties": False,
    }


def _object(inputs: tuple[InputField, ...]) -> Schema:
    return {
        "type": "object",
        "properties": {one.name: input_schema(one) for one in inputs},
        "required": [one.name for one in inputs if one.required],
    }


def input_schema(one: InputField) -> Schema:
    """One input or column."""
    told = "; ".join(filter(None, (one.label, one.unit, one.note)))
    schema = {**_shape(one), "description": told}
    if schema.get("type") in ("number", "integer"):
        schema |= {key: getattr(one, name) for key, name in _BOUNDS.items()
                   if getattr(one, name) is not None}  # fmt: skip
    if one.choices:
        schema["enum"] = list(one.choices)
    if not one.required and isinstance(schema.get("type"), str) and not one.choices:
        schema["type"] = [schema["type"], "null"]
    return schema | ({"default": plain(one.default)} if one.default is not None else {})


def _shape(one: InputField) -> Schema:
    if one.kind == "list":
        entry = _TYPES[one.entry]
        listed = {"type": "array", "items": {"anyOf": [entry, {"type": "null"}]}}
        return {"anyOf": [listed, entry]} if one.alone else listed
    if one.kind not in ("rows", "record"):
        return dict(_TYPES[one.kind])
    shape: Schema = {"type": "array"} if one.by_place else _object(one.columns)
    return {"type": "array", "items": shape} if one.kind == "rows" else shape


def answer_schema() -> Schema:
    """What every answer holds; the outputs by name come beside it."""
    shape: Schema = {"type": "object", "additionalProperties": True}
    told = {
        "method": "method, standard, confidence, library versions",
        "inputs": "the inputs as they were given",
        "policy": "house rule: name, version, values",
    }
    properties = {name: {**shape, "description": text} for name, text in told.items()}
    return {**shape, "properties": properties, "required": ["inputs", "method"]}


def description() -> str:
    """The table of names, inputs and outputs."""
    lines = ["The outputs of a calculator by name, its method and the inputs used.", ""]
    lines += [
        f"* **{one.name}** ({', '.join(i.name for i in one.inputs)}) → "
        f"{', '.join(o.name for o in one.outputs)}. {one.purpose}"
        for one in CALCULATORS.values()
    ]
    return "\n".join(lines)


def examples() -> list[OpenApiExample]:
    """The worked examples, as bodies to send."""
    return [
        OpenApiExample(one.name, summary=one.title, value=plain(one.example), request_only=True)
        for one in CALCULATORS.values()
    ]
