"""Calculator forms: boxes, lists and links become the API's values and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from secondsource.workspace.calculators import CALCULATORS, field
from secondsource.workspace.calculators.form import EMPTY_ROWS, BoxTable, CalculatorForm
from secondsource.workspace.calculators.texts import TypedError, read, typed_example

NAMES = list(CALCULATORS)


def asked(name: str, typed: dict[str, str]) -> CalculatorForm:
    form = CalculatorForm(CALCULATORS[name], typed)
    form.is_valid()
    return form


def table_of(form: CalculatorForm) -> BoxTable:
    return next(part for part in form.parts if isinstance(part, BoxTable))


@pytest.mark.parametrize("name", NAMES)
def test_the_typed_example_gives_the_same_answer(name: str) -> None:
    calculator = CALCULATORS[name]
    form = asked(name, typed_example(calculator))
    assert form.errors == {}
    expected = calculator.run(calculator.example)
    for found in (form, asked(name, dict(parse_qsl(form.link)))):
        assert found.errors == {}
        answer = {key: value for key, value in found.answer.items() if key != "inputs"}
        assert answer == {key: value for key, value in expected.items() if key != "inputs"}


@pytest.mark.parametrize("text", ["0.6, 0.4", "[0.6, 0.4]", "0.6 0.4", "0.6\n0.4", "0.6;0.4"])
def test_lists_are_typed_in_many_ways(text: str) -> None:
    assert asked("hhi", {"shares": text}).answer["hhi"] == pytest.approx(5200)


def test_rows_may_come_as_json() -> None:
    form = asked("price-break", {"need": "950", "breaks": '[[1, "1.00"], [1000, "0.90"]]'})
    assert form.answer["cost"] == "900.00"


def test_broken_json_is_refused_at_its_input() -> None:
    form = asked("price-break", {"need": "950", "breaks": "[[1,"})
    assert form.errors == {"breaks": "This is not JSON: write it like the example."}
    assert table_of(form).error == form.errors["breaks"]


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    form = asked("price-break", {"need": "950", "breaks": "[" * 900 + "]" * 900})
    assert "nested too deeply" in form.errors["breaks"]


def test_a_table_has_empty_rows_at_its_end() -> None:
    assert len(table_of(asked("price-break", {"breaks.0.0": "1"})).rows) == 1 + EMPTY_ROWS


def test_a_decimal_comma_is_corrected() -> None:
    form = asked("success-run", {"C": "0,98", "R": "0.9"})
    assert form.errors == {"C": "Use a point: 0.98"}


def test_an_empty_row_does_not_count() -> None:
    typed = {"runs.0.hours": "", "runs.0.parts": "", "runs.2.hours": "4", "runs.2.parts": "320"}
    assert asked("production-run", typed).values == {"runs": [{"hours": 4, "parts": 320}]}


def test_an_empty_value_of_an_object_is_left_out() -> None:
    typed = {"nodes.0.id": "A", "nodes.0.TTR_wk": "12", "nodes.0.units_wk": "5",
             "nodes.0.margin": "4", "nodes.0.TTS_wk": ""}  # fmt: skip
    form = asked("rei", typed)
    assert "TTS_wk" not in form.values["nodes"][0]
    assert form.answer["PI"] == {"A": 0.0}


def test_a_missing_score_is_left_out_and_not_zero() -> None:
    known = ("concentration", "exposure", "lifecycle", "lead_time")
    form = asked("composite-risk", {f"scores.{name}": "90" for name in known})
    assert form.answer["score"] == pytest.approx(90)
    assert form.answer["coverage"] == pytest.approx(0.75)


def test_a_gap_in_a_list_is_typed_as_null() -> None:
    values = asked("sourcing-split", {"demand": "100", "price": "1, 2", "capacity": "null, 40"})
    assert values.values["capacity"] == [None, 40]


def test_a_required_value_that_is_missing_is_named() -> None:
    form = asked("rei", {"nodes.0.id": "A", "nodes.0.TTR_wk": "12", "nodes.0.units_wk": "5"})
    assert form.errors == {"nodes.0.margin": "must be given"}
    assert form.wrong == [("nodes.0.margin", "Margin a unit, row 1")]


def test_a_wrong_entry_of_a_list_is_counted() -> None:
    form = asked("fit-conversions", {"fit": "10, 0, 5"})
    assert form.parts[0].error.startswith("Failure rates, entry 2, must be")


def test_two_dates_in_one_text_are_asked_about() -> None:
    form = asked("pcn-timeline", {"pcn_issued": "04/03/2026"})
    assert "2026" in form.errors["pcn_issued"]
    assert asked("pcn-timeline", {"pcn_issued": "15 Jan 2026"}).answer["ack_due"] == "2026-02-14"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "5", 5),
        ("number", "0.5", 0.5),
        ("number", "1e3", 1000.0),
        ("integer", "1,000", 1000),
        ("money", "1.25 EUR", {"amount": "1.25", "currency": "EUR"}),
        ("flag", "yes", True),
    ],
)
def test_what_is_typed_is_read(kind: str, text: str, value: Any) -> None:
    assert read(field.InputField(kind, "x", "X"), text) == value


@pytest.mark.parametrize("text", ["five", "1,5", "5 %", "1_000", "\u0663", "\uff11"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(TypedError):
        read(field.number("x", "X"), text)


def test_nan_is_left_to_the_calculation() -> None:
    form = asked("success-run", {"C": "NaN", "R": "0.9"})
    assert "finite" in form.errors["C"]


@pytest.mark.parametrize(
    ("entry", "text", "value"),
    [
        ("score", "84, critical, null", [84, "critical", None]),
        ("text", "north plant, south", ["north plant", "south"]),
        ("decimal", "4.99, 5", ["4.99", "5"]),
        ("number", "10,25,65", [10, 25, 65]),
    ],
)
def test_a_list_keeps_words_and_gaps(entry: str, text: str, value: list[Any]) -> None:
    assert read(field.listed("x", "X", entry=entry), text) == value


@pytest.mark.parametrize("text", ["0,98", "0,98 0,97", "0,98; 0,97", "0,98\n0,97"])
def test_a_comma_in_a_list_that_may_be_a_decimal_one_is_asked_about(text: str) -> None:
    with pytest.raises(TypedError, match=r"0,98 is one number or two: write 0\.98"):
        read(field.listed("x", "X"), text)


@pytest.mark.parametrize("typed", [{"C": "90 %", "R": "0.95"}, {"C": "0.9", "R": "95%"}])
def test_a_share_is_typed_in_per_cent_or_as_a_fraction(typed: dict[str, str]) -> None:
    assert asked("success-run", typed).answer["n"] == 45
