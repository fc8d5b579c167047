"""PPAP: submission by level, index bands, production run, completeness."""

import pytest

from qualification import ppap
from secondsource.core.inputs import InputError


@pytest.mark.parametrize(
    ("level", "submit", "retain", "on_request"),
    [
        (1, {13, 18}, 16, 0),
        (2, {1, 2, 9, 10, 12, 13, 14, 18}, 10, 0),
        (3, set(range(1, 19)) - {15, 16}, 2, 0),
        (4, {18}, 0, 17),
        (5, set(), 18, 0),
    ],
)
def test_submission(level: int, submit: set[int], retain: int, on_request: int) -> None:
    found = ppap.submission(level=level)
    assert set(found.submit) == submit
    assert (len(found.retain), len(found.on_request)) == (retain, on_request)


def test_every_level_treats_all_elements() -> None:
    for level in range(1, 6):
        found = ppap.submission(level=level)
        numbers = [*found.submit, *found.retain, *found.on_request]
        assert sorted(numbers) == list(range(1, 19))


@pytest.mark.parametrize("level", [0, 6, "3", 2.5])
def test_submission_refuses_other_levels(level) -> None:
    with pytest.raises(InputError) as refused:
        ppap.submission(level=level)
    assert refused.value.field == "level"


@pytest.mark.parametrize(
    ("index", "verdict"),
    [
        (1.6700001, "accept"),
        (1.67, "conditional"),
        (1.33, "conditional"),
        (1.3299, "reject"),
        (-0.4, "reject"),
    ],
)
def test_index_verdict(index: float, verdict: str) -> None:
    assert ppap.index_verdict(index=index) == verdict


def test_index_refuses_nan() -> None:
    with pytest.raises(InputError) as refused:
        ppap.index_verdict(index=float("nan"))
    assert refused.value.field == "index"


@pytest.mark.parametrize(
    ("hours", "parts", "verdict"),
    [(1, 300, "ok"), (8, 5000, "ok"), (0.99, 300, "too_short"), (1, 299, "too_few")],
)
def test_run_verdict(hours: float, parts: int, verdict: str) -> None:
    assert ppap.run_verdict(hours=hours, parts=parts) == verdict


def test_run_refuses_negative_hours() -> None:
    with pytest.raises(InputError) as refused:
        ppap.run_verdict(hours=-1, parts=300)
    assert refused.value.field == "hours"


def test_not_applicable_never_counts_as_done() -> None:
    assert ppap.completeness(["accepted", "na", "pending", "rejected"]) == pytest.approx(1 / 3)
    assert ppap.completeness(["na"] * 18) is None
