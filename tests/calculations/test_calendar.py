"""Month arithmetic clamped to the month's end."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.calendar import add_days, add_months, months_between
from secondsource.core.inputs import InputError


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-01", 6, "2026-09-01"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_add_months(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_add_months_refuses_to_leave_the_calendar() -> None:
    with pytest.raises(InputError):
        add_months(date(9999, 12, 1), 1)


def test_add_days_refuses_to_leave_the_calendar() -> None:
    with pytest.raises(InputError):
        add_days(date(9999, 12, 31), 1)


@given(start=st.dates(date(1900, 1, 1), date(2100, 1, 1)), months=st.integers(-600, 600))
def test_added_month_is_the_right_month(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    last = monthrange(end.year, end.month)[1]
    assert end.day == min(start.day, last)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2026-03-15", "2026-04-14", 0),
        ("2026-03-15", "2026-04-15", 1),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-08-31", "2027-02-28", 6),
        ("2028-02-29", "2029-02-28", 12),
        ("2028-02-29", "2028-02-29", 0),
    ],
)
def test_months_between(since: str, until: str, months: int) -> None:
    assert months_between(date.fromisoformat(since), date.fromisoformat(until)) == months


@given(start=st.dates(date(1900, 1, 1), date(2100, 1, 1)), months=st.integers(0, 600))
def test_added_months_lie_between(start: date, months: int) -> None:
    assert months_between(start, add_months(start, months)) == months
