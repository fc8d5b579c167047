"""Calculator forms: cells, pasted rows, lists and links become the interface's values and back."""

from __future__ import annotations

import json

import pytest

from secondsource.workspace.calculators import CALCULATORS
from secondsource.workspace.calculators.fields import Field
from secondsource.workspace.calculators.form import CalculatorForm, Single, Table
from secondsource.workspace.calculators.grids import MOST_DRAWN, Grid, layout
from secondsource.workspace.calculators.typed import (
    TypedError,
    field_value,
    listing,
    number,
    written,
    written_example,
)

NAMES = list(CALCULATORS)


def asked(name: str, typed: dict[str, str]) -> CalculatorForm:
    form = CalculatorForm(CALCULATORS[name], typed)
    form.is_valid()
    return form


def drawn_cells(form: CalculatorForm) -> dict[str, str]:
    """The form as a browser would post it."""
    posted = {}
    for part in form.parts:
        if isinstance(part, Single):
            posted[part.field.name] = part.value
        else:
            posted |= {c.name: c.value for _, row in part.rows for c in row if c}
    return posted


@pytest.mark.parametrize("name", NAMES)
def test_the_typed_example_gives_the_same_answer(name: str) -> None:
    calculator = CALCULATORS[name]
    form = asked(name, written_example(calculator))
    assert form.errors == {}
    expected = calculator.run(calculator.example)
    for found in (form, asked(name, drawn_cells(form))):
        assert found.errors == {}
        answer = {key: value for key, value in found.answer.items() if key != "inputs"}
        assert answer == {key: value for key, value in expected.items() if key != "inputs"}


def test_no_input_of_several_values_is_left_without_a_shape() -> None:
    shapeless = [
        (name, field.name)
        for name, calculator in CALCULATORS.items()
        for field in calculator.fields
        if field.kind == "rows" and not field.is_tabular
    ]
    assert shapeless == []


@pytest.mark.parametrize("text", ["0.6, 0.4", "[0.6, 0.4]", "0.6 0.4", "0.6\n0.4", "0.6;0.4"])
def test_lists_are_typed_in_many_ways(text: str) -> None:
    assert asked("hhi", {"shares": text}).answer["hhi"] == pytest.approx(5200)


def test_rows_are_pasted_from_a_sheet() -> None:
    form = asked("price-break", {"need": "950", "breaks": "1\t1.00\n1000\t0.90\n5000\t0.80"})
    assert form.answer["order_qty"] == 1000
    assert form.values["breaks"] == [[1, "1.00"], [1000, "0.90"], [5000, "0.80"]]


def test_rows_are_pasted_as_json() -> None:
    form = asked("price-break", {"need": "950", "breaks": '[[1, "1.00"], [1000, "0.90"]]'})
    assert form.answer["cost"] == "900.00"


def test_pasted_rows_replace_the_cells() -> None:
    typed = {"need": "950", "breaks.0.0": "1", "breaks.0.1": "9.00", "breaks": "1;2.00"}
    assert asked("price-break", typed).values["breaks"] == [[1, "2.00"]]


def test_lists_side_by_side_are_pasted_together() -> None:
    form = asked("time-to-survive", {"table.products": "2000\t500\n100\t50"})
    assert form.values == {"inventory": [2000, 100], "demand_wk": [500, 50]}


def test_a_broken_paste_is_told_and_kept() -> None:
    form = asked("price-break", {"need": "950", "breaks": "[[1,"})
    assert form.errors == {"breaks": "This is not JSON: write it like the example."}
    table = next(part for part in form.parts if isinstance(part, Table))
    assert (table.text, table.error) == ("[[1,", form.errors["breaks"])


def test_too_many_columns_name_the_line() -> None:
    form = asked("price-break", {"need": "950", "breaks": "1\t1.00\n2\t3\t4"})
    assert form.errors == {"breaks": "Line 2 has 3 columns, the table has 2."}


def test_a_decimal_comma_is_corrected() -> None:
    form = asked("success-run", {"C": "0,98", "R": "0.9"})
    assert form.errors == {"C": "Use a point: 0.98"}


def test_an_empty_row_does_not_count() -> None:
    typed = {"runs.0.hours": "", "runs.0.parts": "", "runs.2.hours": "4", "runs.2.parts": "320"}
    assert asked("production-run", typed).values == {"runs": [{"hours": 4, "parts": 320}]}


def test_an_empty_cell_of_an_object_is_left_out() -> None:
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


def test_an_empty_cell_beside_filled_ones_has_its_own_meaning() -> None:
    typed = {"demand": "100", "price.0": "1", "price.1": "2", "fixed.0": "5", "capacity.1": "40"}
    values = asked("sourcing-split", typed).values
    assert (values["fixed"], values["capacity"]) == ([5, 0], [None, 40])
    assert "min_share" not in values


def test_a_required_cell_that_is_missing_is_named() -> None:
    form = asked("rei", {"nodes.0.id": "A", "nodes.0.TTR_wk": "12", "nodes.0.units_wk": "5"})
    assert form.errors == {"nodes.0.margin": "must be given"}
    assert form.wrong == [("in-nodes.0.margin", "Margin a unit, row 1")]


def test_a_long_table_is_shown_as_text() -> None:
    rows = "\n".join(f"{n}\t0.9" for n in range(1, MOST_DRAWN + 10))
    form = asked("realised-savings", {"baseline": "1", "contract_price": "0.9",
                                      "annual_forecast": "5", "receipts": rows})  # fmt: skip
    table = next(part for part in form.parts if isinstance(part, Table))
    assert (table.rows, table.text) == ([], rows)
    assert form.answer["realised"] != "0.00"


def test_a_wrong_entry_of_a_long_list_is_counted() -> None:
    form = asked("fit-conversions", {"fit": "10, 0, 5"})
    single = form.parts[0]
    assert isinstance(single, Single)
    assert single.error.startswith("Failure rates, entry 2, must be")


def test_a_wrong_row_of_a_long_table_is_counted() -> None:
    rows = "\n".join(f"{n}\t0.9" for n in range(1, MOST_DRAWN + 10)) + "\n5\t-1"
    form = asked("realised-savings", {"baseline": "1", "contract_price": "0.9",
                                      "annual_forecast": "5", "receipts": rows})  # fmt: skip
    table = next(part for part in form.parts if isinstance(part, Table))
    assert f"Receipts, entry {MOST_DRAWN + 10} 2, must be at least 0" in table.error


def test_tables_stand_where_their_first_input_stands() -> None:
    parts = list(layout(CALCULATORS["sourcing-split"]))
    assert [isinstance(part, Grid) for part in parts] == [False, True]
    grid = parts[1]
    assert isinstance(grid, Grid)
    assert [field.name for field in grid.fields][:2] == ["price", "min_share"]
    assert grid.grows


def test_tables_with_named_rows_do_not_grow() -> None:
    for name in ("haversine", "lead-time", "fisher-exact", "composite-risk", "standing"):
        grid = next(part for part in layout(CALCULATORS[name]) if isinstance(part, Grid))
        assert not grid.grows
        form = CalculatorForm(CALCULATORS[name], {})
        before = len(form.grids[grid.key])
        form.add_row(grid.key)
        assert len(form.grids[grid.key]) == before


@pytest.mark.parametrize(("text", "value"), [("5", 5), ("0.5", 0.5), ("1e3", 1000.0), ("-2", -2)])
def test_number(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["five", "1,5", "", "5 %", "1_000", "\u0663", "\uff11"])
def test_number_refuses(text: str) -> None:
    with pytest.raises(TypedError):
        number(text)


def test_nan_is_left_to_the_calculation() -> None:
    form = asked("success-run", {"C": "NaN", "R": "0.9"})
    assert "finite" in form.errors["C"]


def test_listing_keeps_words_and_gaps() -> None:
    assert listing("84, critical, null", "score") == [84, "critical", None]
    assert listing("north plant, south", "text") == ["north plant", "south"]
    assert listing("4.99, 5", "decimal") == ["4.99", "5"]


@pytest.mark.parametrize(
    "value", [[1, 2.5], ["1", "2a"], [None, 60000], [[1, "a"]], {"a": 1}, "x", ["a b", "c"], []]
)
def test_what_is_written_is_read_again(value) -> None:
    kind = "text" if isinstance(value, str) else "list" if isinstance(value, list) else "rows"
    entry = "text" if value and isinstance(value, list) and isinstance(value[0], str) else "score"
    field = Field(name="f", label="F", kind=kind, entry=entry)
    assert field_value(field, written(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize("text", ["0,98", "0,98 0,97", "0,98; 0,97", "0,98\n0,97"])
def test_a_comma_in_a_list_that_may_be_a_decimal_one_is_asked_about(text: str) -> None:
    with pytest.raises(TypedError, match=r"0,98 is one number or two: write 0\.98"):
        listing(text)


def test_a_comma_between_many_numbers_parts_them() -> None:
    assert listing("10,25,65") == [10, 25, 65]
    assert listing("10, 25") == [10, 25]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("success-run", {"C": "90 %", "R": "0.95"}, 45),
        ("success-run", {"C": "0.9", "R": "95%"}, 45),
    ],
)
def test_a_share_is_typed_in_per_cent_or_as_a_fraction(
    name: str, typed: dict[str, str], value: int
) -> None:
    form = CalculatorForm(CALCULATORS[name], typed)
    assert form.is_valid()
    assert form.answer["n"] == value  # type: ignore[index]
