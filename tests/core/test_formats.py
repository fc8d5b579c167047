"""How values look."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from secondsource.core import clock, formats

TODAY = dt.date(2026, 8, 18)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1284, "1,284"),
        (0, "0"),
        (None, "–"),
        ("", "–"),
        (float("nan"), "–"),
        (Decimal("0.980"), "0.98"),
        (-1200, "−1,200"),
        (1e6, "1,000,000"),
        (0.1 + 0.2, "0.3"),
        (Decimal("100"), "100"),
        ("7.50", "7.5"),
        (1e-9, "1e−9"),
        (Decimal("-0.00002346"), "−2.35e−5"),
        (0.0001, "0.0001"),
        (3.1e30, "3.1e30"),
        (Decimal(10) ** 17, "100,000,000,000,000,000"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_number(value: Any, shown: str) -> None:
    assert formats.number(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(2.5, "3"), (-0.4, "0"), (1.005, "1"), (-2.5, "−3")])
def test_places_are_rounded_half_up_without_a_negative_zero(value: float, shown: str) -> None:
    assert formats.number(value, 0) == shown


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(0.366, 1, "36.6\u202f%"), (0.05, 0, "5\u202f%"), (None, 0, "–"), (0, 0, "0\u202f%")],
)
def test_percent(value: Any, places: int, shown: str) -> None:
    assert formats.percent(value, places) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("4333.3333"), "4,333"), (Decimal("999.5"), "1,000"), (Decimal("43.3333"), "43.3"),
        (Decimal("4.3333"), "4.33"), (Decimal("0.0433"), "0.0433"), (Decimal("12.00"), "12"),
        (Decimal(0), "0"), (None, "–"),
    ],
)  # fmt: skip
def test_a_computed_figure_is_rounded_for_show(value: Any, shown: str) -> None:
    assert formats.rounded(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(-0.38, "−38\u202f%"), (0.05, "+5\u202f%"), (0, "0\u202f%"), (0.002, "0\u202f%"), (None, "–")],
)
def test_change_has_a_sign(value: Any, shown: str) -> None:
    assert formats.change(value) == shown


def test_a_unit_follows_a_thin_space() -> None:
    assert formats.quantity(3.3, "V") == "3.3\u202fV"
    assert formats.quantity(None, "V") == "–"


@pytest.mark.parametrize(
    ("value", "currency", "places", "shown"),
    [
        (86360, "USD", 0, "$86,360"),
        ("1.94", "USD", 2, "$1.94"),
        (-4260, "USD", 0, "−$4,260"),
        (None, "USD", 0, "–"),
        (12, "CHF", 0, "CHF\u202f12"),
        (0, "EUR", 2, "€0.00"),
        (12, "", 0, "12 (no currency)"),
        (-12, "", 2, "−12.00 (no currency)"),
    ],
)
def test_money(value: Any, currency: str, places: int, shown: str) -> None:
    assert formats.money(value, currency, places) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.9", "$1.90"),
        ("0.01234567", "$0.0123"),
        ("0.00002", "$0.00002"),
        ("0.000000001", "$0.00"),
        (0, "$0.00"),
        (None, "–"),
        (Decimal(10) ** 30, "$1e30"),
    ],
)
def test_a_price_shows_its_places(value: Any, shown: str) -> None:
    assert formats.money_exact(value, "USD") == shown


@pytest.mark.parametrize(
    ("currency", "shown"), [("USD", "$12.00"), ("JPY", "¥12"), ("KWD", "KWD\u202f12.000")]
)
def test_an_amount_shows_the_places_of_its_currency(currency: str, shown: str) -> None:
    assert formats.money_exact(12, currency) == shown
    assert formats.money_exact("0.5", "JPY") == "¥0.5"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (6740000, "$6.74M"),
        (254000, "$254k"),
        (960, "$960"),
        (31200000, "$31.20M"),
        (-4260, "−$4k"),
        (None, "–"),
        (2.5e9, "$2.50B"),
    ],
)
def test_money_in_a_headline(value: Any, shown: str) -> None:
    assert formats.money_short(value, "USD") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(dt.date(2026, 8, 21), "21 Aug"), (dt.date(2025, 8, 21), "21 Aug 2025"), (None, "–")],
)
def test_a_day_shows_its_year_when_it_is_another(value: Any, shown: str) -> None:
    with clock.at(TODAY):
        assert formats.day(value) == shown


def test_a_moment_and_a_weekday() -> None:
    with clock.at(TODAY):
        assert formats.moment(dt.datetime(2026, 8, 21, 9, 40, tzinfo=dt.UTC)) == "21 Aug, 09:40"
        assert formats.weekday(dt.date(2026, 8, 21)) == "Fri 21 Aug"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mira Adeyemi", "MA"),
        ("Ana de la Ruiz", "AR"),
        ("Cher", "C"),
        ("", "?"),
        (None, "?"),
        ("(x) y", "Y"),
    ],
)
def test_initials(name: Any, shown: str) -> None:
    assert formats.initials(name) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (True, "Yes"), (False, "No"), (0, "0"), ("text", "text"), (1.5, "1.5")],
)
def test_a_cell_without_template(value: Any, shown: str) -> None:
    assert formats.cell(value) == shown


@pytest.mark.parametrize(
    ("value", "bound", "shown"),
    [
        (0.4001, 0.4, ("40.01\u202f%", "40.00\u202f%")),
        (0.5, 0.4, ("50\u202f%", "40\u202f%")),
        (0.4, Decimal("0.40"), ("40\u202f%", "40\u202f%")),
        (Decimal("0.39999999"), 0.4, ("39.999999\u202f%", "40.000000\u202f%")),
    ],
)
def test_a_value_beside_a_bound_has_the_digits_that_decide(
    value: Any, bound: Any, shown: tuple[str, str]
) -> None:
    assert formats.apart(value, bound, formats.percent) == shown
