"""An answer as a page shows it: what it means, its figures, its tables, where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secondsource.core.templatetags.ui import chip
from secondsource.workspace.calculators import output
from secondsource.workspace.calculators.declaration import Calculator, Text
from secondsource.workspace.calculators.field import InputField
from secondsource.workspace.calculators.output import Output, Show, as_share, as_word, plain_text

TONES = {
    **dict.fromkeys(("pass", "accept", "ok", "inside", "platinum"), "good"),
    **dict.fromkeys(("fail", "reject", "exceeds", "too short", "too few"), "bad"),
    **dict.fromkeys(("below", "above", "conditional", "not enough data", "must tell"), "warn"),
}
"""Verdicts that are drawn as chips."""
_ICONS = {"good": "circle-check", "bad": "circle-x", "warn": "triangle-alert"}
_SIDES = {1: "one-sided", 2: "two-sided"}
CUSTOMARY = 0.05
"""The level of a plain test of difference, as ``{p:level}`` in a sentence."""


@dataclass(frozen=True)
class AnswerTable:
    """A table of an answer; verdicts are chips."""

    title: str
    head: list[str]
    rows: list[list[str]]

    @property
    def drawn(self) -> list[list[str]]:
        """The rows with verdicts as chips."""
        return [[_drawn(text) for text in row] for row in self.rows]


def _drawn(text: str) -> str:
    tone = TONES.get(text)
    return chip(text.capitalize(), tone, _ICONS[tone]) if tone else text


class CalculatorAnswer:
    """An answer in words."""

    def __init__(self, calculator: Calculator, answer: Mapping[str, Any]) -> None:
        self.calculator, self.answer, self.asked = calculator, answer, answer["inputs"]
        self.method, policy = answer.get("method") or {}, answer.get("policy") or {}
        self.rule = policy.get("values", {})
        self.rule_name = f"{as_word(policy['name'])}, version {policy['version']}" if policy else ""
        defaults = {
            one.name: self.rule.get(one.policy, one.default)
            for one in calculator.inputs
            if one.default is not None and not one.columns
        }
        fixed = {"level": CUSTOMARY, "confidence": self.method.get("confidence")}
        self.known = {**fixed, **self.rule, **defaults, **self.asked, **answer}
        amounts = (value for value in self.asked.values() if isinstance(value, dict))
        self.currency = next((a["currency"] for a in amounts if "currency" in a), "")
        self.shows: dict[str, Show] = {"confidence": as_share}
        self.shows |= {one.name: one.show for one in calculator.inputs}
        self.shows |= {one.name: one.show for one in calculator.outputs}
        self.sentence = next(one for one in calculator.says if one.holds(self.known))
        self.text, self.note = self._said(self.sentence.text), self._said(self.sentence.note)
        self.tone = self._said(self.sentence.tone)

    def _said(self, text: Text) -> str:
        text = text(self.known) if callable(text) else text
        return re.sub(r"\{(\w+)(?::([\w ]+))?\}", lambda m: self._filled(m[1], m[2] or ""), text)

    def _filled(self, name: str, against: str) -> str:
        value = self.known.get(name)
        show = self.shows.get(name) or self.shows.get(against, plain_text)
        bound = 0 if against == "0" else self.known.get(against)
        if bound is not None and value is not None:
            return output.apart(show, value, bound)[0]
        if against in self.known or not against:
            return self._in_form(show, value)
        return output.many(value, against)

    def _in_form(self, show: Any, value: Any) -> str:
        if isinstance(value, dict) and "currency" in value:
            return output.as_money(value["amount"], value["currency"])
        if isinstance(value, list) and show is not plain_text:
            return (" to " if len(value) == 2 else ", ").join(self._in_form(show, v) for v in value)
        if isinstance(value, bool | dict | list):
            return plain_text(value)
        return output.as_money(value, self.currency) if show is output.as_money else show(value)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The single figures, by their labels; what the note says is not repeated."""
        found = [
            (one.label, self._in_form(one.show, self.answer[one.name]))
            for one in self.calculator.outputs
            if one.name in self.answer and not self._is_tabular(one)
        ]
        return [(label, text) for label, text in found if text != self.note]

    def _is_tabular(self, one: Output) -> bool:
        value = self.answer.get(one.name)
        if one.per:
            return isinstance(value, dict | list) and one.per in self.asked
        return bool(value) and (bool(one.columns) or isinstance(value, dict))

    @property
    def tables(self) -> list[AnswerTable]:
        """Records, and what there is for each entry of an input."""
        tabular = [one for one in self.calculator.outputs if self._is_tabular(one)]
        records = [self._records(one) for one in tabular if not one.per]
        beside = [
            self._per(one, outputs)
            for one in self.calculator.inputs
            if (outputs := [each for each in tabular if each.per == one.name])
        ]
        return records + beside

    def _records(self, one: Output) -> AnswerTable:
        value = self.answer[one.name]
        if not one.columns:
            rows = [[as_word(key).capitalize(), one.show(entry)] for key, entry in value.items()]
            return AnswerTable(one.label, ["", one.label], rows)
        records = value if isinstance(value, list) else [value]
        rows = [[_field(column, entry) for column in one.columns] for entry in records]
        return AnswerTable(one.label, [column.label for column in one.columns], rows)

    def _per(self, one: InputField, outputs: list[Output]) -> AnswerTable:
        """The entries of an input, each with its outputs beside it."""
        given = self.asked[one.name]
        by_place = bool(one.columns) and not isinstance(given, dict)
        heads = [column.label for column in one.columns] if by_place else ["", one.label]
        rows = []
        for place, (key, cells) in enumerate(_entries(one, given)):
            row = [plain_text(cell) for cell in cells]
            for each in outputs:
                value = self.answer[each.name]
                found = value.get(key) if isinstance(value, dict) else value[place]
                row.append(self._in_form(each.show, found))
            rows.append(row)
        return AnswerTable(one.label, [*heads, *(each.label for each in outputs)], rows)

    @property
    def origin(self) -> list[tuple[str, str]]:
        """The method, as it was computed."""
        known = self.method
        level = f"{as_share(known.get('confidence'))} {_SIDES.get(known.get('sides', 0), '')}"
        found = (
            ("Method", known.get("name")),
            ("Standard", known.get("standard")),
            ("Confidence", level.strip() if "confidence" in known else ""),
            ("Computed by", ", ".join(known.get("libraries", ()))),
        )
        return [(label, text) for label, text in found if text]

    @property
    def rule_rows(self) -> list[tuple[str, str]]:
        """The values of the house rule."""
        return [(as_word(name).capitalize(), plain_text(v)) for name, v in self.rule.items()]


def _field(column: Output, record: Mapping[str, Any]) -> str:
    value, bound = record.get(column.name), record.get(column.against)
    shown = value is not None and bound is not None
    return output.apart(column.show, value, bound)[0] if shown else column.show(value)


def _entries(one: InputField, given: Any) -> Iterator[tuple[Any, list[Any]]]:
    """The key and the cells of each entry of an input."""
    if isinstance(given, dict):
        labels = {column.name: column.label for column in one.columns}
        yield from ((key, [labels.get(key, key), value]) for key, value in given.items())
        return
    for number, entry in enumerate(given if isinstance(given, list) else [given], 1):
        if not one.columns:
            yield number, [str(number), entry]
        else:
            cells = entry if isinstance(entry, list) else [entry.get(c.name) for c in one.columns]
            yield cells[0], cells
