"""Typed text becomes the values that the interface takes, and back.

Numbers are written with a point; lists with commas, blanks or one a line, or as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from secondsource.core import numerals
from secondsource.core.shares import as_fraction
from secondsource.workspace.calculators.base import Calculator, plain
from secondsource.workspace.calculators.fields import Column, Field

_COMMA = re.compile(r"[+-]?\d+,\d+")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_WITH_CURRENCY = re.compile(r"(\S+)\s+([A-Z]{3})")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


class TypedError(ValueError):
    """A text that cannot be read; the message says what to write instead."""


def field_value(field: Field, text: str) -> Any:
    """The value of an input's text. Raises :class:`TypedError`."""
    text = _share(field, text)
    if field.kind == "money":
        return _money(text)
    if field.kind in ("decimal", "amount"):
        return _decimal_text(text)
    if field.kind == "flag":
        return _flag(text)
    if field.kind in ("integer", "number"):
        return number(text, whole=field.kind == "integer")
    if field.kind == "list":
        return listing(text, field.entry)
    return json_value(text) if field.kind == "rows" else text


def cell_value(column: Column, text: str) -> Any:
    """The value of a cell's text. Raises :class:`TypedError`."""
    text = _share(column, text)
    if column.kind in ("number", "integer"):
        return number(text, whole=column.kind == "integer")
    if column.kind == "decimal":
        return _decimal_text(text)
    return _flag(text) if column.kind == "flag" else text


def _share(asked: Field | Column, text: str) -> str:
    """``40 %`` of an input that is a share as 0.4, of one in per cent as 40."""
    if asked.unit == "%":
        return text.strip().removesuffix("%").strip()
    return as_fraction(text) if asked.is_share else text


def number(text: str, *, whole: bool = False) -> int | float:
    """A number, with a point. NaN and infinity are read, for the calculation to refuse."""
    text = _decimal_text(text, "pieces" if whole else "number")
    for kind in (int, float) if text.isascii() and "_" not in text else ():
        try:
            return kind(text)
        except ValueError:
            continue
    raise TypedError("Write a number with a point, such as 0.95.")


def _decimal_text(text: str, kind: numerals.Kind = "number") -> str:
    try:
        return numerals.typed(text, kind)
    except numerals.Unreadable as error:
        raise TypedError(str(error)) from None


def _money(text: str) -> Any:
    match = _WITH_CURRENCY.fullmatch(text)
    if match is None:
        return _decimal_text(text)
    return {"amount": _decimal_text(match[1]), "currency": match[2]}


def _flag(text: str) -> bool:
    if text.lower() not in _WORDS:
        raise TypedError("Choose yes or no.")
    return _WORDS[text.lower()]


def listing(text: str, entry: str = "number") -> Any:
    """A list: JSON, or entries between commas, semicolons or line ends, numbers also by blanks."""
    text = text.strip()
    if text[:1] in ("[", "{"):
        return json_value(text)
    if entry != "text" and (doubtful := _doubtful(text)):
        grouped = f"{doubtful.replace(',', '')} or " if _GROUPED.fullmatch(doubtful) else ""
        one = f"{grouped}{doubtful.replace(',', '.')}"
        raise TypedError(
            f"{doubtful} is one number or two: write {one}, or a blank after the comma."
        )
    marks = r"[,;\n\t]" if entry == "text" else r"[,;\s]"
    parts = (part.strip() for part in re.split(marks, text))
    return [_entry(part, entry) for part in parts if part]


def _doubtful(text: str) -> str:
    """A comma that may be a decimal one: alone, or where other marks part the entries."""
    tight = _COMMA.search(text)
    if tight is None:
        return ""
    alone = _COMMA.fullmatch(text) is not None
    return tight[0] if alone or re.search(r"[;\s]", re.sub(r",\s+", ",", text)) else ""


def _entry(text: str, entry: str) -> Any:
    if entry in ("text", "decimal"):
        return text
    if entry == "score" and text in ("null", "–", "-"):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def json_value(text: str) -> Any:
    """A JSON value. Raises :class:`TypedError`."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise TypedError("This is not JSON: write it like the example.") from None


def written(value: Any) -> str:
    """A value as it is typed into a field."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and set(value) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, list) and value and all(_is_plain(entry) for entry in value):
        return ", ".join("null" if entry is None else str(entry) for entry in value)
    return json.dumps(plain(value), ensure_ascii=False)


def _is_plain(entry: Any) -> bool:
    """Whether an entry of a list can stand between commas."""
    if isinstance(entry, str):
        return bool(entry) and not re.search(r"[,;\[\]{}\s]", entry)
    return entry is None or (isinstance(entry, int | float) and not isinstance(entry, bool))


def written_example(calculator: Calculator) -> dict[str, str]:
    """The worked example as typed text, one text an input."""
    return {name: written(value) for name, value in calculator.example.items()}
