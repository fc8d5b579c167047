"""Action priority: the handbook's table, and none of the wrong ones in circulation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification import fmea
from secondsource.core.inputs import InputError

RATING = st.integers(1, 10)
ORDER = "LMH"


def ap(s: int, o: int, d: int) -> str:
    return fmea.action_priority(severity=s, occurrence=o, detection=d)


@pytest.mark.parametrize(
    ("s", "o", "d", "priority", "rpn"),
    [
        (8, 5, 7, "H", 280),
        (8, 3, 3, "L", 72),
        (10, 1, 10, "L", 100),
        (10, 2, 7, "H", 140),
        (9, 4, 1, "M", 36),
        (9, 6, 1, "H", 54),
        (6, 8, 4, "M", 192),
        (7, 5, 7, "H", 245),
        (3, 8, 4, "L", 96),
        (8, 2, 5, "M", 80),
    ],
)
def test_rate(s: int, o: int, d: int, priority: str, rpn: int) -> None:
    rating = fmea.rate(severity=s, occurrence=o, detection=d)
    assert (rating.action_priority, rating.rpn) == (priority, rpn)


@given(s=RATING, o=RATING, d=RATING)
def test_priority_never_falls_when_a_rating_rises(s: int, o: int, d: int) -> None:
    here = ORDER.index(ap(s, o, d))
    for worse in ((s + 1, o, d), (s, o + 1, d), (s, o, d + 1)):
        if max(worse) <= 10:
            assert ORDER.index(ap(*worse)) >= here


@given(a=RATING, b=RATING)
def test_no_effect_or_no_occurrence_is_low(a: int, b: int) -> None:
    assert ap(1, a, b) == "L"
    assert ap(a, 1, b) == "L"


@pytest.mark.parametrize("occurrence", [8, 9, 10])
@pytest.mark.parametrize("severity", [4, 5, 6])
def test_cells_that_wrong_tables_call_medium(severity: int, occurrence: int) -> None:
    assert {ap(severity, occurrence, d) for d in (5, 6)} == {"H"}


@pytest.mark.parametrize("value", [0, 11, 5.5, "8", None, True])
@pytest.mark.parametrize("name", ["severity", "occurrence", "detection"])
def test_refuses_ratings_off_the_scale(name: str, value) -> None:
    ratings = {"severity": 5, "occurrence": 5, "detection": 5, name: value}
    with pytest.raises(InputError) as refused:
        fmea.rate(**ratings)
    assert refused.value.field == name
    assert "1 to 10" in refused.value.message


def test_before_after_tells_a_changed_severity() -> None:
    before = fmea.rate(severity=8, occurrence=5, detection=7)
    same = fmea.rate(severity=8, occurrence=3, detection=3)
    lower = fmea.rate(severity=7, occurrence=3, detection=3)
    assert fmea.before_after(initial=before, revised=same).severity_changed is False
    assert fmea.before_after(initial=before, revised=lower).severity_changed is True


def test_rows_sort_by_priority_then_severity() -> None:
    high_low_s = fmea.rate(severity=6, occurrence=8, detection=7)
    high_high_s = fmea.rate(severity=9, occurrence=6, detection=1)
    low = fmea.rate(severity=10, occurrence=1, detection=10)
    assert sorted([low, high_low_s, high_high_s], key=fmea.sort_key) == [
        high_high_s,
        high_low_s,
        low,
    ]


def test_scales_cover_every_rating() -> None:
    for scale in (fmea.SEVERITY, fmea.OCCURRENCE, fmea.DETECTION):
        assert sorted(scale) == list(range(1, 11))
