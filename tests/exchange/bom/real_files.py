"""The public BOM files beside the project, and what a careful reader found in them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from secondsource.exchange.bom import BomResult, guess, parse, read

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "bom"

# What the API shows, in its order, and the names in the file of expectations.
FIGURES = (
    ("lines", "component_lines"),
    ("quantity_total", "sum_qty_all"),
    ("quantity_fitted", "sum_qty_fitted"),
    ("designators", "refdes_total"),
    ("mpns_primary", "distinct_mpn_primary"),
    ("mpns", "distinct_mpn_all"),
    ("alternates", "alternate_entries"),
)


@cache
def expectations() -> dict[str, dict[str, Any]]:
    """Expected figures by file name; empty when the files are not there."""
    path = FOLDER / "expected.json"
    if not path.exists():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: entry
        for name, entry in entries.items()
        if "component_lines" in entry and (FOLDER / name).exists()
    }


@cache
def true_lines() -> dict[str, list[dict[str, Any]]]:
    """The lines of every file as a careful reader wrote them down."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for text in (FOLDER / "truth_lines.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(text)
        lines.setdefault(entry["file"], []).append(entry)
    return lines


@cache
def imported(name: str) -> BomResult:
    """A real file read with the mapping that is guessed for it."""
    if not (FOLDER / name).exists():
        pytest.skip(f"{name} is not beside the project")
    workbook = read(FOLDER / name, name)
    return parse(workbook, guess(workbook))
