"""An answer as a page tells it: the finding first, then figures with units, then its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from secondsource.workspace.calculators.answers import (
    measured,
    money_and_supply,
    quality,
    yields,
)
from secondsource.workspace.calculators.answers.findings import Finding, Teller
from secondsource.workspace.calculators.answers.tables import (
    TABLES,
    TONES,
    AnswerTable,
    single_rows,
)
from secondsource.workspace.calculators.answers.words import pct, plain, word
from secondsource.workspace.calculators.base import Calculator

FINDINGS: dict[str, Teller] = {
    **yields.FINDINGS,
    **measured.FINDINGS,
    **quality.FINDINGS,
    **money_and_supply.FINDINGS,
}

__all__ = ["FINDINGS", "TONES", "AnswerTable", "Finding", "Told", "told"]


@dataclass(frozen=True)
class Told:
    """What a page shows of an answer; ``as_text`` is the whole of it for copying."""

    finding: Finding
    rows: list[tuple[str, str]]
    table: AnswerTable | None
    method: list[tuple[str, str]]
    rule: list[tuple[str, str]]
    rule_name: str
    as_text: str


def told(calculator: Calculator, answer: Mapping[str, Any]) -> Told:
    """An answer in words."""
    asked = answer["inputs"]
    finding = FINDINGS[calculator.name](answer, asked)
    makes = TABLES.get(calculator.name)
    table = makes(answer, asked) if makes else None
    rows = single_rows(calculator.name, answer, asked)
    method = _method(answer.get("method", {}))
    policy = answer.get("policy") or {}
    name = f"{word(policy['name'])}, version {policy['version']}" if policy else ""
    labels = {field.name: field.label for field in calculator.fields}
    inputs = [(labels[key], plain(value)) for key, value in asked.items()]
    lines = [calculator.title, finding.text, *([finding.note] if finding.note else []), ""]
    lines += [f"{label}: {text}" for label, text in [*inputs, *rows]]
    if table:
        lines += ["", "\t".join(table.head), *("\t".join(row) for row in table.rows)]
    lines += ["", calculator.formula, calculator.source, *(f"{k}: {v}" for k, v in method)]
    if name:
        lines.append(f"House rule: {name}")
    return Told(
        finding=finding,
        rows=rows,
        table=table,
        method=method,
        rule=[(word(k).capitalize(), plain(v)) for k, v in policy.get("values", {}).items()],
        rule_name=name,
        as_text="\n".join(lines),
    )


def _method(method: Mapping[str, Any]) -> list[tuple[str, str]]:
    sides = {1: "one-sided", 2: "two-sided"}
    shown = [("Method", method["name"])] if "name" in method else []
    if "standard" in method:
        shown.append(("Standard", method["standard"]))
    if "confidence" in method:
        level = f"{pct(method['confidence'])} {sides.get(method.get('sides', 0), '')}"
        shown.append(("Confidence", level.strip()))
    if "libraries" in method:
        shown.append(("Computed by", ", ".join(method["libraries"])))
    return shown
