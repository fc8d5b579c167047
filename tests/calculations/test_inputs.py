"""Typed refusals: each names the field, a code and the allowed range."""

from datetime import date
from decimal import Decimal

import pytest

from secondsource.core import inputs
from secondsource.core.inputs import InputError


def refusal(check, *args, **more) -> InputError:
    with pytest.raises(InputError) as caught:
        check(*args, **more)
    return caught.value


def test_number_works() -> None:
    assert inputs.number("p", 0.5, low=0, high=1) == 0.5
    assert inputs.number("p", Decimal("0.5")) == 0.5
    assert inputs.number("p", 1, low=1, high=1) == 1.0


@pytest.mark.parametrize("value", ["0.5", None, True, [1], {}])
def test_number_refuses_what_is_no_number(value) -> None:
    assert refusal(inputs.number, "p", value).code == "not_a_number"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), Decimal("NaN")])
def test_number_refuses_what_is_not_finite(value) -> None:
    assert refusal(inputs.number, "p", value).code == "not_finite"


def test_number_names_field_and_range() -> None:
    error = refusal(inputs.number, "confidence", 1.5, above=0, below=1)
    assert (error.field, error.code) == ("confidence", "out_of_range")
    assert error.message == "must be above 0 and below 1"
    assert str(error) == "confidence: must be above 0 and below 1"


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e16])
def test_number_refuses_huge_values(value) -> None:
    assert refusal(inputs.number, "x", value).code == "out_of_range"


def test_open_probability_refuses_its_ends() -> None:
    assert refusal(inputs.open_probability, "C", 0.0).field == "C"
    assert refusal(inputs.open_probability, "C", 1).field == "C"


def test_probability_takes_its_ends() -> None:
    assert [inputs.probability("p", v) for v in (0, 1)] == [0.0, 1.0]


def test_integer_works() -> None:
    assert inputs.integer("n", 8) == 8
    assert inputs.integer("n", 8.0) == 8


@pytest.mark.parametrize("value", [8.5, "8", True, None, float("nan"), float("inf")])
def test_integer_refuses_what_is_not_whole(value) -> None:
    assert refusal(inputs.integer, "n", value).code == "not_an_integer"


def test_integer_names_the_range() -> None:
    error = refusal(inputs.integer, "S", 11, low=1, high=10)
    assert (error.field, error.message) == ("S", "must be a whole number from 1 to 10")


def test_decimal_works() -> None:
    assert inputs.decimal("price", "1.250000") == Decimal("1.250000")
    assert inputs.decimal("price", 0.1) == Decimal("0.1")
    assert inputs.decimal("price", 3) == Decimal(3)


@pytest.mark.parametrize(
    "value", ["", "1,5", "abc", "1_000", "\u0663", "\uff11", None, True, [], "9" * 100]
)
def test_decimal_refuses_text_that_is_none(value) -> None:
    assert refusal(inputs.decimal, "price", value).code == "not_a_number"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "sNaN", float("nan")])
def test_decimal_refuses_what_is_not_finite(value) -> None:
    assert refusal(inputs.decimal, "price", value).code == "not_finite"


@pytest.mark.parametrize("value", ["1e999", "9" * 31, 10**40, "1e16"])
def test_decimal_refuses_too_many_digits(value) -> None:
    assert refusal(inputs.decimal, "price", value).code == "out_of_range"


def test_decimal_refuses_a_negative_price() -> None:
    error = refusal(inputs.decimal, "price", "-0.01", low=0)
    assert (error.field, error.message) == ("price", "must be at least 0")


def test_sequence_judges_the_length_first() -> None:
    error = refusal(inputs.sequence, "data", range(1_000_000))
    assert (error.code, error.message) == ("too_many", "must be a list of 1 to 1000 entries")
    assert refusal(inputs.sequence, "data", []).code == "too_few"


@pytest.mark.parametrize("value", ["abc", b"abc", 5, None, {"a": 1}])
def test_sequence_refuses_what_is_no_list(value) -> None:
    assert refusal(inputs.sequence, "data", value).code == "not_a_list"


def test_series_names_the_entry() -> None:
    error = refusal(inputs.series, "data", [1.0, float("nan")])
    assert (error.field, error.pointer) == ("data.1", "/data/1")


def test_choice_lists_the_words() -> None:
    error = refusal(inputs.choice, "mode", "ship", ("road", "sea"))
    assert (error.code, error.message) == ("unknown_choice", "must be one of road, sea")


def test_day_works() -> None:
    assert inputs.day("due", "2026-02-28") == date(2026, 2, 28)
    assert inputs.day("due", date(2026, 2, 28)) == date(2026, 2, 28)


@pytest.mark.parametrize("value", ["2026-02-29", "29.2.2024", "", None, 20260228, 1.5])
def test_day_refuses_what_is_no_day(value) -> None:
    assert refusal(inputs.day, "due", value).code == "not_a_date"


def test_flag_takes_only_booleans() -> None:
    assert inputs.flag("x", True) is True
    assert refusal(inputs.flag, "x", 1).code == "not_a_boolean"
    assert refusal(inputs.flag, "x", "true").code == "not_a_boolean"


def test_renamed_keeps_everything_else() -> None:
    error = InputError("passed", "out_of_range", "must be 0 to 5").renamed("pass")
    assert (error.field, error.code, error.message) == ("pass", "out_of_range", "must be 0 to 5")


def test_text_is_a_name() -> None:
    assert inputs.text("name", "M1") == "M1"
    for value in ("", None, 5, "x" * 201):
        assert refusal(inputs.text, "name", value).code == "not_a_name"


@pytest.mark.parametrize("value", [1e-17, 1 - 1e-16])
def test_a_level_without_a_quantile_is_refused(value: float) -> None:
    assert refusal(inputs.open_probability, "alpha", value).code == "out_of_range"


@pytest.mark.parametrize("value", ["1e-31", 5e-324, "0E-400"])
def test_decimal_refuses_what_is_too_near_to_zero(value) -> None:
    assert refusal(inputs.decimal, "price", value).code == "out_of_range"


def test_decimal_takes_a_long_quotient() -> None:
    quotient = Decimal(1) / Decimal(3_000_000)
    assert inputs.decimal("price", quotient) == quotient
