"""Typed text becomes the values that the API takes, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from secondsource.core import dates, numerals
from secondsource.core.shares import as_fraction
from secondsource.workspace.calculators.declaration import Calculator, plain
from secondsource.workspace.calculators.field import InputField

LONGEST_TEXT = 200_000
DEEPEST = 3
"""Dots in the name of a box: an input, a row and two places in it."""
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_COMMA = re.compile(r"[+-]?\d+,\d+")


class TypedError(ValueError):
    """A text that cannot be read; the message says what to write instead."""


def read(one: InputField, text: str) -> Any:
    """The API's value of an input's text. Raises ``TypedError``."""
    if len(text) > LONGEST_TEXT:
        raise TypedError(f"This is longer than {LONGEST_TEXT:,} characters.")
    if one.kind == "list":
        return _entries(one, re.sub(r"\s+%", "%", text))
    text = _without_sign(one, text)
    try:
        if one.kind == "money" and (match := re.fullmatch(r"(\S+)\s+([A-Z]{3})", text)):
            return {"amount": numerals.typed(match[1]), "currency": match[2]}
        if one.kind in ("money", "decimal", "amount"):
            return numerals.typed(text)
        if one.kind in ("integer", "number"):
            return _number(numerals.typed(text, "pieces" if one.kind == "integer" else "number"))
        if one.kind == "date":
            return dates.read(text, "")
    except (numerals.UnreadableNumber, dates.UnreadableDate) as error:
        raise TypedError(str(error)) from None
    if one.kind != "flag":
        return text
    if text.lower() not in _WORDS:
        raise TypedError("Choose yes or no.")
    return _WORDS[text.lower()]


def _without_sign(one: InputField, text: str) -> str:
    """``40 %`` of a share as 0.4, of an input in per cent as 40."""
    if one.unit == "%":
        return text.removesuffix("%").strip()
    return as_fraction(text) if one.is_share else text


def _number(text: str) -> int | float:
    """NaN and infinity are read, for the calculation to refuse."""
    for kind in (int, float) if text.isascii() and "_" not in text else ():
        try:
            return kind(text)
        except ValueError:
            continue
    raise TypedError("Write a number with a point, such as 0.95.")


def _entries(one: InputField, text: str) -> list[Any]:
    """Entries between commas, semicolons or line ends, numbers also between blanks; or JSON."""
    kind = one.entry
    if text[:1] == "[":
        found = json_value(text)
        return found if isinstance(found, list) else [found]
    if kind != "text" and (tight := _COMMA.search(text)):
        spaced = re.search(r"[;\s]", re.sub(r",\s+", ",", text))
        if spaced or _COMMA.fullmatch(text):
            number = tight[0].replace(",", ".")
            raise TypedError(
                f"{tight[0]} is one number or two: write {number}, or a blank after the comma."
            )
    parts = re.split(r"[,;\n\t]" if kind == "text" else r"[,;\s]", text)
    return [_entry(kind, _without_sign(one, part.strip())) for part in parts if part.strip()]


def _entry(kind: str, text: str) -> Any:
    """An entry of a list; a score may be a word, and a dash is no value."""
    if kind != "text" and text in ("null", "–", "-"):
        return None
    if kind in ("text", "decimal", "amount"):
        return text
    try:
        return _number(text)
    except TypedError:
        return text


def json_value(text: str) -> Any:
    """A JSON value. Raises ``TypedError``."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise TypedError("This is not JSON: write it like the example.") from None


def written(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, list):
        return ", ".join(map(written, value))
    return value if isinstance(value, str) else json.dumps(plain(value))


def boxes_of(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The texts of records, by the names of their boxes. Raises ``TypedError``."""
    if name.count(".") > DEEPEST:
        raise TypedError("This is nested too deeply: write it like the example.")
    if isinstance(value, Mapping | list):
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        for step, entry in pairs:
            yield from boxes_of(f"{name}.{step}", entry)
    elif value is not None:
        yield name, written(value)


def typed_example(calculator: Calculator) -> dict[str, str]:
    """The worked example as it would be typed."""
    texts: dict[str, str] = {}
    for one in calculator.inputs:
        if one.example is not None:
            boxes = boxes_of(one.name, one.example)
            texts |= dict(boxes) if one.columns else {one.name: written(one.example)}
    return texts
