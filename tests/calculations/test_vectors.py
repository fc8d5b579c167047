"""Every worked example of the trade's rules, run through the calculators' table."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qualification import fmea
from secondsource.core.inputs import InputError
from secondsource.workspace.calculators import CALCULATORS, run

PATH = Path(__file__).resolve().parents[3] / "shared" / "vectors.json"
MISSING = f"the worked examples are not there: {PATH}"


def load() -> list[dict[str, Any]]:
    return json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else []


VECTORS = load()
CALLS = [v for v in VECTORS if v["calculator"]]
PROPERTIES = {v["name"]: v for v in VECTORS if not v["calculator"]}


def agrees(found: Any, expected: Any, tolerance: Any, key: str = "") -> bool:
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            name in found and agrees(found[name], value, tolerance, name)
            for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(found) == len(expected) and all(
            agrees(f, e, tolerance, key) for f, e in zip(found, expected, strict=True)
        )
    if isinstance(expected, bool) or expected is None:
        return found is expected
    if isinstance(expected, str) and not tolerance:
        return found == expected
    return near(found, expected, tolerance, key)


def near(found: Any, expected: Any, tolerance: Any, key: str) -> bool:
    if isinstance(expected, str) and not is_number(expected):
        return found == expected
    gap = abs(Decimal(str(found)) - Decimal(str(expected)))
    if not tolerance:
        return gap == 0
    if "raw_rel" in tolerance:
        allowed = tolerance["raw_rel"] * abs(expected) if key == "raw" else 0
    else:
        allowed = tolerance.get("abs", tolerance.get("rel", 0) * abs(float(expected)))
    return float(gap) <= allowed


def is_number(text: str) -> bool:
    try:
        Decimal(text)
    except ArithmeticError:
        return False
    return True


@pytest.mark.skipif(not VECTORS, reason=MISSING)
@pytest.mark.parametrize("vector", CALLS, ids=lambda v: v["name"])
def test_vector(vector: dict[str, Any]) -> None:
    if vector.get("status", 200) == 422:
        with pytest.raises(InputError) as refused:
            run(vector["calculator"], vector["inputs"])
        assert refused.value.field in vector["inputs"]
        return
    answer = run(vector["calculator"], vector["inputs"])
    assert agrees(answer, vector["expected"], vector["tolerance"]), answer


@pytest.mark.skipif(not VECTORS, reason=MISSING)
def test_whole_table_of_action_priorities() -> None:
    cells = "".join(
        fmea.action_priority(severity=s, occurrence=o, detection=d)
        for s in range(1, 11)
        for o in range(1, 11)
        for d in range(1, 11)
    )
    expected = PROPERTIES["ap_1000_cell_count"]["expected"]
    assert {letter: cells.count(letter) for letter in "HML"} == expected
    digest = PROPERTIES["ap_1000_cell_sha256"]["expected"]["value"]
    assert hashlib.sha256(cells.encode()).hexdigest() == digest


@pytest.mark.skipif(not VECTORS, reason=MISSING)
def test_risk_priority_numbers() -> None:
    values = {
        fmea.rate(severity=s, occurrence=o, detection=d).rpn
        for s in range(1, 11)
        for o in range(1, 11)
        for d in range(1, 11)
    }
    expected = PROPERTIES["rpn_distinct_values"]["expected"]
    assert {"distinct": len(values), "max": max(values), "min": min(values)} == expected


@pytest.mark.skipif(not VECTORS, reason=MISSING)
def test_every_property_vector_is_checked() -> None:
    assert set(PROPERTIES) == {
        "ap_1000_cell_count",
        "ap_1000_cell_sha256",
        "rpn_distinct_values",
    }


@pytest.mark.skipif(not VECTORS, reason=MISSING)
def test_every_calculator_of_the_vectors_exists() -> None:
    assert {v["calculator"] for v in CALLS} - set(CALCULATORS) == set()
