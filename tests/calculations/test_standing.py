"""Standing with hysteresis: never on one score."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers import standing as s


def walk(start: str, *scores) -> list[str]:
    return [month.standing for month in s.history(start=start, scores=list(scores)).months]


def test_two_consecutive_scores_move_up() -> None:
    assert walk("approved", 84, 86, 83, 86, 87) == ["approved"] * 4 + ["preferred"]


def test_equal_to_the_threshold_counts_up_but_not_down() -> None:
    assert walk("approved", 85, 85)[-1] == "preferred"
    assert walk("approved", 64.9, 65, 64, 64) == ["approved", "approved", "approved", "probation"]


def test_critical_event_moves_at_once_and_holds() -> None:
    months = s.history(start="preferred", scores=["critical", 90, 90]).months
    assert [(m.standing, m.hold) for m in months] == [
        ("probation", True),
        ("probation", True),
        ("approved", False),
    ]


def test_probation_goes_down_to_phase_out() -> None:
    assert walk("probation", 44, 44) == ["probation", "phase_out"]


@pytest.mark.parametrize("start", ["phase_out", "disqualified"])
def test_only_a_person_leaves_the_end(start: str) -> None:
    assert walk(start, 99, 99, "critical", 99) == [start] * 4


def test_a_month_without_data_breaks_the_row() -> None:
    assert walk("approved", 86, None, 86) == ["approved"] * 3


def test_a_move_resets_both_counters() -> None:
    assert walk("probation", 90, 90, 90) == ["probation", "approved", "approved"]


SCORE = st.one_of(st.floats(0, 100), st.none())


@given(start=st.sampled_from(s.STANDINGS), score=SCORE)
def test_one_score_never_moves(start: str, score) -> None:
    assert walk(start, score) == [start]


@given(start=st.sampled_from(s.STANDINGS), scores=st.lists(SCORE, min_size=2, max_size=30))
def test_never_moves_in_two_months_running(start: str, scores: list) -> None:
    path = [start, *walk(start, *scores)]
    moves = [a != b for a, b in pairwise(path)]
    assert not any(first and second for first, second in pairwise(moves))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"down_from_preferred": 90.0}, "down.preferred"),
        ({"down_from_approved": 71.0}, "down.approved"),
        ({"up_from_approved": 101.0}, "up.approved"),
        ({"periods": 0}, "periods"),
    ],
)
def test_refuses_thresholds_that_cross(change: dict, field: str) -> None:
    with pytest.raises(InputError) as refused:
        s.history(start="approved", scores=[80], policy=replace(s.DEFAULTS, **change))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("start", "scores", "field"),
    [("good", [80], "start"), ("approved", [101], "scores.0"), ("approved", [], "scores")],
)
def test_refuses(start: str, scores: list, field: str) -> None:
    with pytest.raises(InputError) as refused:
        s.history(start=start, scores=scores)
    assert refused.value.field == field
