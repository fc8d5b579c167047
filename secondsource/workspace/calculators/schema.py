"""Calculators in the OpenAPI document: what each takes and gives, with its worked example."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from secondsource.workspace.calculators import CALCULATORS, Calculator
from secondsource.workspace.calculators.base import plain
from secondsource.workspace.calculators.fields import Column, Field, listed

Schema = dict[str, Any]

_NUMBER: Schema = {"type": "number"}
_EXACT: Schema = {"type": ["string", "number"]}
_MONEY: Schema = {
    "type": "object",
    "properties": {"amount": _EXACT, "currency": {"type": "string"}},
    "required": ["amount", "currency"],
}
_ENTRIES: dict[str, Schema] = {
    "number": {"type": ["number", "null"]},
    "decimal": _EXACT,
    "text": {"type": "string"},
    "score": {"type": ["number", "string", "null"]},
}
_PLAIN: dict[str, Schema] = {
    "number": _NUMBER,
    "integer": {"type": "integer"},
    "amount": _EXACT,
    "decimal": _EXACT,
    "money": {"anyOf": [_EXACT, _MONEY]},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "choice": {"type": "string"},
    "text": {"type": "string"},
}
_BOUNDS = (
    ("minimum", "low"),
    ("maximum", "high"),
    ("exclusiveMinimum", "above"),
    ("exclusiveMaximum", "below"),
)

NAME = OpenApiParameter(
    "name", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(CALCULATORS), required=True
)


def request_schema() -> Schema:
    """The inputs of any calculator; each stands under its name."""
    return {"anyOf": [inputs_schema(one) for one in CALCULATORS.values()]}


def inputs_schema(calculator: Calculator) -> Schema:
    """The inputs of one calculator."""
    return {
        "title": calculator.name,
        "description": calculator.purpose,
        "type": "object",
        "properties": {field.name: field_schema(field) for field in calculator.fields},
        "required": [field.name for field in calculator.fields if field.required],
        "additionalProperties": False,
    }


def field_schema(field: Field) -> Schema:
    """One input; null is the same as leaving it out."""
    told = "; ".join(part for part in (field.label, field.unit, field.note) if part)
    schema = {**_shape(field), "description": told}
    if schema.get("type") in ("number", "integer"):
        schema |= {
            key: bound for key, name in _BOUNDS if (bound := getattr(field, name)) is not None
        }
    if field.choices:
        schema["enum"] = list(field.choices)
    if field.default is not None:
        schema["default"] = plain(field.default)
    return schema


def _shape(field: Field) -> Schema:
    if field.kind == "list" and not field.columns:
        entries: Schema = {"type": "array", "items": _ENTRIES[field.entry]}
        alone = field.read is listed or field.table == "Products"
        return {"anyOf": [entries, _EXACT]} if alone else entries
    if field.keys:
        return {"type": "object", "additionalProperties": {"type": ["number", "null"]}}
    if field.columns:
        row = _row(field.columns)
        return row if field.single else {"type": "array", "items": row}
    return dict(_PLAIN[field.kind])


def _row(columns: tuple[Column, ...]) -> Schema:
    """A row: an object by keys, or a short list."""
    if not isinstance(columns[0].at[0], str):
        return {"type": "array"}
    properties = {str(c.at[0]): _cell(c) for c in columns}
    needed = [str(c.at[0]) for c in columns if c.required]
    return {"type": "object", "properties": properties, "required": needed}


def _cell(column: Column) -> Schema:
    shape = _PLAIN[column.kind]
    if not column.required and isinstance(shape.get("type"), str):
        shape = {**shape, "type": [shape["type"], "null"]}
    more = {"enum": list(column.choices)} if column.choices else {}
    return {**shape, **more, "description": "; ".join(filter(None, (column.label, column.unit)))}


def answer_schema() -> Schema:
    """What every answer holds; the outputs by name come beside it."""
    shape: Schema = {"type": "object", "additionalProperties": True}
    return {
        **shape,
        "properties": {
            "method": {**shape, "description": "method, standard, confidence, library versions"},
            "inputs": {**shape, "description": "the inputs as they were asked"},
            "policy": {**shape, "description": "house rule: name, version, values"},
        },
        "required": ["inputs", "method"],
    }


def description() -> str:
    """The table of names, inputs and outputs, as the contract writes it."""
    lines = ["The outputs of a calculator by name, its method and the inputs used.", ""]
    lines += [
        f"* **{one.name}** ({', '.join(field.name for field in one.fields)}) → "
        f"{', '.join(one.outputs)}. {one.purpose}"
        for one in CALCULATORS.values()
    ]
    return "\n".join(lines)


def examples() -> list[OpenApiExample]:
    """The worked examples, as bodies to send."""
    return [
        OpenApiExample(one.name, summary=one.title, value=plain(one.example), request_only=True)
        for one in CALCULATORS.values()
    ]
