"""Effort by person for 24 months, then in the sum alone; a setting names nobody."""

from datetime import date
from decimal import Decimal

import pytest

from incentives.effort import Effort, logged_effort
from qualification.house_rules import EffortPolicy
from secondsource.core.inputs import InputError

D = Decimal
TODAY = date(2026, 8, 31)
ENTRIES = [
    Effort(person="a", day=date(2026, 8, 1), hours=D(3)),
    Effort(person="a", day=date(2024, 8, 31), hours=D(2)),
    Effort(person="b", day=date(2024, 8, 30), hours=D("1.5")),
]


def test_it_names_people_inside_the_retention() -> None:
    found = logged_effort(ENTRIES, today=TODAY)
    assert found.by_person == {"a": D(5)}
    assert found.total == D("6.5")


def test_switched_off_it_names_nobody() -> None:
    found = logged_effort(ENTRIES, today=TODAY, policy=EffortPolicy(by_person=False))
    assert (found.by_person, found.total) == ({}, D("6.5"))


def test_the_policy_sets_the_months() -> None:
    found = logged_effort(ENTRIES, today=TODAY, policy=EffortPolicy(months=1))
    assert found.by_person == {"a": D(3)}


def test_negative_hours_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        logged_effort([Effort(person="a", day=TODAY, hours=D(-1))], today=TODAY)
    assert refused.value.field == "entries.0.hours"
