"""Fields that say what to write instead."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from parts.units import measure
from secondsource.core.form_fields import (
    IsoDateField,
    PointDecimalField,
    PriceField,
    QuantityField,
    WholeField,
)


def test_a_decimal_with_a_point_is_taken_exactly() -> None:
    assert PointDecimalField().clean("0.98") == Decimal("0.98")


def test_a_decimal_with_a_comma_is_told_to_use_a_point() -> None:
    with pytest.raises(ValidationError, match=r"Use a point: 0\.98"):
        PointDecimalField().clean("0,98")


@pytest.mark.parametrize("text", ["abc", "NaN", "1 00", "1,2,3", "1e999"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        PointDecimalField(max_digits=12, decimal_places=6).clean(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("1,000", 1000), ("1 000", 1000), ("1.000", 1000), ("1'000", 1000), ("1\u202f000", 1000),
     ("1,000,000", 1_000_000), ("1.000.000", 1_000_000), ("-5,000", -5000), ("1000.0", 1000),
     ("1,000.00", 1000), ("1e3", 1000), ("12", 12)],
)  # fmt: skip
def test_pieces_are_read_with_thousands(text: str, pieces: int) -> None:
    assert QuantityField().clean(text) == pieces


@pytest.mark.parametrize("text", ["1,5", "1.5", "0,500", "1,00", "12,34", "1,0000", "1.000,5"])
def test_pieces_have_no_decimals_and_no_advice_alters_the_number(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        QuantityField().clean(text)
    assert "whole number" in refused.value.messages[0]
    assert "Use a point" not in refused.value.messages[0]


@pytest.mark.parametrize("text", ["9" * 40, "9" * 40 + ".0", "1e400", "NaN", "Infinity"])
def test_a_quantity_beyond_all_counting_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        QuantityField().clean(text)


@pytest.mark.parametrize("text", ["1,000", "1.000"])
def test_a_length_that_can_be_two_numbers_is_asked_about(text: str) -> None:
    field = QuantityField()
    measure({"length": field}, "m")
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    first, second = ("1000", "1") if "," in text else ("1", "1000")
    said = f"{text} can mean {first} or {second}. Write {first} or {second}."
    assert refused.value.messages == [said]


def test_a_length_with_decimals_is_taken() -> None:
    field = QuantityField()
    measure({"length": field}, "m")
    assert field.clean("1 000.5") == Decimal("1000.5")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,98", "Use a point: 0.98"),
        ("1.234,50", "Use a point: 1234.50"),
        ("1,000", "1,000 can mean 1000 or 1. Write 1000 or 1."),
        ("0.00000001", "At most 6 digits after the point."),
    ],
)
def test_a_price_that_is_not_clear_is_not_stored(text: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PriceField().clean(text)
    assert refused.value.messages == [said]


@pytest.mark.parametrize(
    ("text", "price"), [("1.250", "1.25"), ("1,234.50", "1234.5"), ("1 234.5", "1234.5")]
)
def test_a_price_with_a_point_is_read(text: str, price: str) -> None:
    assert PriceField().clean(text) == Decimal(price)


def test_a_count_is_read_with_thousands() -> None:
    assert WholeField().clean("12,000") == 12_000


@pytest.mark.parametrize(
    "text", ["2026-02-28", "28 Feb 2026", "28.2.2026", "28/02/2026", "Feb 28, 2026", "20260228"]
)
def test_a_date_is_read(text: str) -> None:
    assert IsoDateField().clean(text) == dt.date(2026, 2, 28)


def test_a_date_stays_in_its_field_when_the_calendar_cannot_show_it() -> None:
    widget = IsoDateField().widget
    for value, kind in (("2026-02-28", "date"), ("", "date"), (dt.date(2026, 2, 28), "date"),
                        ("30 Feb 2027", "text")):  # fmt: skip
        assert f'type="{kind}"' in widget.render("day", value), value
    assert 'value="30 Feb 2027"' in widget.render("day", "30 Feb 2027")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-02-30", "February 2026 has 28 days."),
        ("2028-02-30", "February 2028 has 29 days."),
        ("2026-04-00", "April 2026 has 30 days."),
        ("2026-13-01", "There is no month 13."),
        ("30 Feb 2027", "February 2027 has 28 days."),
        ("30.2.2027", "February 2027 has 28 days."),
        ("30/02/2027", "February 2027 has 28 days."),
        ("Feb 30, 2027", "February 2027 has 28 days."),
        ("04/03/2026", "4 March or 3 April? Write 2026-03-04 or 2026-04-03."),
        ("soon", "“soon” is not a date. Write 2026-08-31."),
        ("0000-01-01", "The year 0 is out of range."),
    ],
)
def test_an_impossible_date_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        IsoDateField().clean(text)
    assert refused.value.messages == [sentence]


def test_an_optional_date_may_be_empty() -> None:
    assert IsoDateField(required=False).clean("") is None


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("7860.0000", "7860"), ("0.9800", "0.98"), ("100", "100"), ("0", "0"), ("1E+3", "1000")],
)
def test_a_stored_number_is_shown_without_zeros_that_say_nothing(stored: str, shown: str) -> None:
    assert PointDecimalField().prepare_value(Decimal(stored)) == shown


def test_what_was_typed_is_shown_as_typed() -> None:
    assert PointDecimalField().prepare_value("7860.00") == "7860.00"
