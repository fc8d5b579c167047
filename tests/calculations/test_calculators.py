"""The table of calculators: promised names, honest answers, refusals by name, never an accident."""

from __future__ import annotations

import copy
import json
import math
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secondsource.core.inputs import InputError
from secondsource.workspace.calculators import AREAS, CALCULATORS, Calculator, by_area, run, search
from secondsource.workspace.calculators.field import InputField

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT.parent / "shared" / "api.md"
EVERY = list(CALCULATORS.values())
FIELDS = [(c, f) for c in EVERY for f in c.inputs]
MIXED_INTEGER = {"sourcing-split", "performance-impact"}


def name_of(value: object) -> str | None:
    return getattr(value, "name", None)


def promised() -> Iterator[tuple[str, list[str], list[str]]]:
    """Calculators of the written contract: name, inputs, outputs."""
    text = CONTRACT.read_text(encoding="utf-8") if CONTRACT.exists() else ""
    section = text.partition("## Calculators")[2]
    for line in re.findall(r"^\* \*\*.*$", section, re.M):
        for entry in line.split(" · "):
            match = re.search(r"`([a-z0-9-]+)` \((.*)\) → (.*)$", entry)
            if match:
                inputs = re.sub(r"\[\{.*?\}\]", "", match[2].partition(", then")[0])
                outputs = re.sub(r"\[?\{.*?\}\]?|\(.*?\)", "", match[3])
                yield match[1], words(inputs), words(outputs)


def words(text: str) -> list[str]:
    return [
        w for w in re.findall(r"[A-Za-z0-9_]+", text) if w not in {"to", "check", "or", "alone"}
    ]


CONTRACTS = list(promised())


@pytest.mark.skipif(not CONTRACTS, reason=f"the contract is not there: {CONTRACT}")
@pytest.mark.parametrize(("name", "inputs", "outputs"), CONTRACTS, ids=lambda v: str(v)[:30])
def test_contract(name: str, inputs: list[str], outputs: list[str]) -> None:
    calculator = CALCULATORS[name]
    prose = {"for", "the", "earliest", "dates", "issued", "and", "optional"}
    known = {field.name for field in calculator.inputs}
    assert set(inputs) - known - prose == set()
    answer = calculator.run(calculator.example)
    levels = {"supplier", "fab", "country", "worst"}
    assert set(outputs) - set(answer) - (levels if name == "hhi" else set()) == set()


@pytest.mark.skipif(not CONTRACTS, reason=f"the contract is not there: {CONTRACT}")
def test_all_and_only_the_promised_calculators() -> None:
    assert set(CALCULATORS) == {name for name, _, _ in CONTRACTS}


def test_names_are_unique() -> None:
    assert sum(len(entries) for _, entries in by_area(EVERY)) == len(CALCULATORS)
    assert {c.area for c in EVERY} == set(AREAS)


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_every_answer_is_declared(calculator: Calculator) -> None:
    answer = calculator.run(calculator.example)
    outputs = {output.name for output in calculator.outputs}
    assert set(answer) - {"method", "inputs", "policy"} - outputs == set()
    assert all(output.label for output in calculator.outputs)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert answer["inputs"] == json.loads(json.dumps(calculator.example))


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_the_page_has_formula_source_and_labels(calculator: Calculator) -> None:
    assert calculator.title
    assert calculator.purpose.endswith(".")
    assert calculator.formula
    assert calculator.source
    assert all(field.label for field in calculator.inputs)


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_an_unknown_input_is_refused(calculator: Calculator) -> None:
    with pytest.raises(InputError) as refused:
        calculator.run({**calculator.example, "surprise": 1})
    assert (refused.value.field, refused.value.code) == ("surprise", "unknown")


REQUIRED = [(c, f) for c, f in FIELDS if f.required]


@pytest.mark.parametrize(("calculator", "field"), REQUIRED, ids=name_of)
def test_a_missing_input_is_named(calculator: Calculator, field: InputField) -> None:
    fewer = {k: v for k, v in calculator.example.items() if k != field.name}
    with pytest.raises(InputError) as refused:
        calculator.run(fewer)
    assert (refused.value.field, refused.value.code) == (field.name, "missing")


def outside(field: InputField) -> list[Any]:
    whole = field.kind == "integer"
    values: list[Any] = []
    if field.low is not None:
        values.append(int(field.low) - 1 if whole else field.low - 1e-4)
    if field.high is not None:
        values.append(int(field.high) + 1 if whole else field.high + 1e-4)
    values += [bound for bound in (field.above, field.below) if bound is not None]
    return values


BOUNDED = [(c, f, v) for c, f in FIELDS for v in outside(f)]


@pytest.mark.parametrize(("calculator", "field", "value"), BOUNDED, ids=name_of)
def test_the_shown_range_is_the_enforced_one(
    calculator: Calculator, field: InputField, value
) -> None:
    given = {**calculator.example, field.name: value}
    if calculator.name == "bonus-pool" and field.name == "pool":
        given = {"pool": value}
    with pytest.raises(InputError) as refused:
        calculator.run(given)
    assert refused.value.field == field.name


DEFAULTS = [(c, f) for c, f in FIELDS if not f.required and f.default is not None]


@pytest.mark.parametrize(("calculator", "field"), DEFAULTS, ids=name_of)
def test_the_shown_default_is_what_is_taken(calculator: Calculator, field: InputField) -> None:
    rest = {k: v for k, v in calculator.example.items() if k != field.name}
    left_out, given = calculator.run(rest), calculator.run({**rest, field.name: field.default})
    assert {**left_out, "inputs": None} == {**given, "inputs": None}


SILENT = {"margin", "incumbent_units", "LSL", "USL", "subgroup", "due_day", "TTR_wk", "periods"}
SILENT |= {"amortise_units", "realised", "rate", "pool", "cap"}


@pytest.mark.parametrize(("calculator", "field"), FIELDS, ids=name_of)
def test_a_number_that_is_left_out_has_a_shown_default(
    calculator: Calculator, field: InputField
) -> None:
    told = field.required or field.default is not None or field.policy
    assert told or field.kind in {"list", "rows", "record", "date"} or field.name in SILENT


NUMERIC = [
    (c, f) for c, f in FIELDS if f.kind in {"number", "integer", "decimal", "money", "amount"}
]


@pytest.mark.parametrize(("calculator", "field"), NUMERIC, ids=name_of)
def test_nan_text_and_booleans_are_refused(calculator: Calculator, field: InputField) -> None:
    for value in (math.nan, math.inf, "many", True, [], {}):
        given = {**calculator.example, field.name: value}
        if calculator.name == "bonus-pool" and field.name == "pool":
            given = {"pool": value}
        with pytest.raises(InputError) as refused:
            calculator.run(given)
        assert refused.value.field.split(".")[0] == field.name


LISTS = [(c, f) for c, f in FIELDS if f.kind in {"list", "rows", "record"}]


@pytest.mark.parametrize(("calculator", "field"), LISTS, ids=name_of)
def test_a_list_of_a_million_is_refused_at_once(calculator: Calculator, field: InputField) -> None:
    million = [0] * 1_000_000
    started = time.perf_counter()
    with pytest.raises(InputError) as refused:
        calculator.run({**calculator.example, field.name: million})
    assert time.perf_counter() - started < 1
    assert refused.value.field == field.name


JUNK: tuple[Any, ...] = (
    None,
    "",
    "x",
    -1,
    0,
    1e300,
    10**400,
    math.nan,
    -math.inf,
    True,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"amount": "1"},
    {"amount": "1", "currency": "???"},
    "9" * 5000,
    "2026-02-30",
    "NaN",
    "\x00",
    "9999-12-31",
    5e-324,
    -0.0,
    "\u0663",
    sys.float_info.max,
)


def spots(value: Any) -> Iterator[tuple[Any, ...]]:
    """Paths to every value inside a JSON value, itself first."""
    yield ()
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, entry in entries:
        for path in spots(entry):
            yield (key, *path)


def put(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return changed


def answer_or_refusal(calculator: Calculator, given: dict[str, Any]) -> InputError | None:
    """The refusal, or None when the answer is proper JSON; any other exception is a failure."""
    try:
        answer = calculator.run(given)
    except InputError as refused:
        return refused
    json.dumps({k: v for k, v in answer.items() if k != "inputs"}, allow_nan=False)
    return None


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_junk_anywhere_is_an_answer_or_a_named_refusal(calculator: Calculator) -> None:
    names = {field.name for field in calculator.inputs}
    for path in list(spots(calculator.example))[1:]:
        for junk in JUNK:
            refused = answer_or_refusal(calculator, put(calculator.example, path, junk))
            if refused is not None:
                assert refused.field.split(".")[0] in names, (path, junk, refused)
                assert refused.message


@pytest.mark.parametrize("given", [[], "x", None, 5])
def test_inputs_are_an_object(given) -> None:
    with pytest.raises(InputError) as refused:
        run("payback", given)
    assert refused.value.code == "not_an_object"


def test_an_unknown_calculator_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        run("horoscope", {})


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def test_two_currencies_in_one_calculation_are_refused() -> None:
    mixed = {"standard": eur("1.25"), "actual": {"amount": "1", "currency": "USD"}, "qty": 5}
    with pytest.raises(InputError) as refused:
        run("ppv", mixed)
    assert (refused.value.field, refused.value.code) == ("actual.currency", "mixed_currencies")


def test_the_currency_decides_the_places() -> None:
    answer = run(
        "bonus-pool",
        {
            "realised": {"amount": "1000010", "currency": "JPY"},
            "rate": "0.07",
            "shares": [["a", 1], ["b", 1]],
        },
    )
    assert (answer["pool"], answer["split"]) == ("70001", {"a": "35001", "b": "35000"})


def test_the_answer_tells_method_version_and_confidence() -> None:
    answer = run("mtbf", {"total_device_hours": 10_000, "failures": 0, "confidence": 0.6})
    assert answer["method"]["confidence"] == 0.6
    assert answer["method"]["libraries"][0].startswith("scipy ")
    assert "JESD85" in answer["method"]["standard"]


def test_nested_refusals_use_the_interface_names() -> None:
    cases = (
        (
            "rei",
            {"nodes": [{"id": "A", "TTR_wk": -1, "units_wk": 1, "margin": 1}]},
            "nodes.0.TTR_wk",
        ),
        (
            "action-priority",
            {"S": 1, "O": 1, "D": 1, "revised": {"S": 11, "O": 1, "D": 1}},
            "revised.S",
        ),
        ("capability", {"data": [1, 2], "LSL": 3, "USL": 2}, "LSL"),
        ("clopper-pearson", {"pass": 6, "n": 5}, "pass"),
        (
            "otd-otif",
            {"lines": [{"due": "2026-01-01", "rec": "2026-01-01", "ord": -1}]},
            "lines.0.ord",
        ),
    )
    for name, given, field in cases:
        with pytest.raises(InputError) as refused:
            run(name, given)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "found"), [("pilot verdict", "pilot-verdict"), ("mixed zebra", None)]
)
def test_a_calculator_is_found_by_its_words(text: str, found: str | None) -> None:
    assert [one.name for one in search(text)] == ([found] if found else [])


@pytest.mark.parametrize("calculator", EVERY, ids=name_of)
def test_warm_answers_are_fast(calculator: Calculator) -> None:
    calculator.run(calculator.example)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        calculator.run(calculator.example)
        times.append(time.perf_counter() - started)
    assert min(times) < (0.5 if calculator.name in MIXED_INTEGER else 0.02)


def test_the_table_loads_no_numeric_library() -> None:
    code = (
        "import sys, secondsource.workspace.calculators;"
        "heavy = {'numpy', 'scipy', 'statsmodels', 'pandas', 'numpy_financial', 'pint'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_no_calculator_loads_the_slow_libraries() -> None:
    code = (
        "import sys; from secondsource.workspace.calculators import CALCULATORS;"
        "[c.run(c.example) for c in CALCULATORS.values()];"
        "print(sorted({'scipy.stats', 'statsmodels', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
