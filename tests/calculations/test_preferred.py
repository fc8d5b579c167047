"""The preferred-part rating."""

from dataclasses import replace

import pytest

from suppliers.preferred import PreferenceFacts, preference

GOOD = PreferenceFacts(independent=2, counted=2, lifecycle="mature", lead_wk=12, offers=2)


def word(**facts) -> str:
    return preference(replace(GOOD, **facts)).word


def test_all_good_is_preferred_with_a_reason_for_each_fact() -> None:
    found = preference(GOOD)
    assert found.word == "preferred"
    assert [reason.fact for reason in found.reasons] == [
        "sources", "lifecycle", "lead_time", "offers"
    ]  # fmt: skip
    assert {reason.judged for reason in found.reasons} == {"good"}


@pytest.mark.parametrize(
    "facts",
    [
        {"independent": 1, "counted": 1},
        {"independent": 0, "counted": 2},
        {"lifecycle": "decline"},
        {"lead_wk": 12.1},
        {"offers": 1},
        {"lead_wk": None},
    ],
)
def test_something_fair_or_one_thing_not_known_is_acceptable(facts) -> None:
    assert word(**facts) == "acceptable"


@pytest.mark.parametrize(
    "facts",
    [{"independent": 0, "counted": 0}, {"lifecycle": "nrnd"}, {"lead_wk": 26.1}],
)
def test_something_poor_is_avoided(facts) -> None:
    assert word(**facts) == "avoid"


def test_two_things_not_known_are_not_rated() -> None:
    assert word(lead_wk=None, offers=0) == "not_rated"
    assert word(lead_wk=None, lifecycle="unknown", independent=0, counted=0) == "avoid"
