"""Fields that say what to write instead."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from secondsource.core.form_fields import IsoDateField, PointDecimalField


def test_a_decimal_with_a_point_is_taken_exactly() -> None:
    assert PointDecimalField().clean("0.98") == Decimal("0.98")


def test_a_decimal_with_a_comma_is_told_to_use_a_point() -> None:
    with pytest.raises(ValidationError, match=r"Use a point: 0\.98"):
        PointDecimalField().clean("0,98")


@pytest.mark.parametrize("text", ["abc", "NaN", "1 000", "1e999"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        PointDecimalField(max_digits=12, decimal_places=6).clean(text)


def test_a_date_is_read() -> None:
    assert IsoDateField().clean("2026-02-28") == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-02-30", "February 2026 has 28 days."),
        ("2028-02-30", "February 2028 has 29 days."),
        ("2026-04-00", "April 2026 has 30 days."),
        ("2026-13-01", "There is no month 13."),
        ("21.8.2026", "Write the date as year-month-day, 2026-08-21."),
        ("0000-01-01", "There is no year 0."),
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
