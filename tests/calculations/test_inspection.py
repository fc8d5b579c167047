"""Incoming inspection: sampling plans, and the switching between levels."""

import pytest

from qualification.inspection import InspectedLot, Switching, sampling_plan, switching
from secondsource.core.inputs import InputError

GOOD, BAD = InspectedLot(0, 0), InspectedLot(1, 0)


def plan(size: int, aql: str = "1.0", level: str = "normal") -> tuple[str, int, int]:
    found = sampling_plan(size=size, aql=aql, level=level)
    return found.letter, found.sample, found.accept


def level(*lots: InspectedLot) -> str:
    return switching(lots).level


@pytest.mark.parametrize(
    ("size", "aql", "expected"),
    [
        (1000, "0.65", ("J", 80, 1)), (1000, "1.0", ("J", 80, 2)), (1000, "1.5", ("J", 80, 3)),
        (3200, "1.0", ("K", 125, 3)), (3201, "1.0", ("L", 200, 5)), (10_000, "0.65", ("L", 200, 3)),
        (600_000, "0.65", ("Q", 1250, 14)), (600_000, "1.0", ("Q", 1250, 21)),
        (600_000, "1.5", ("P", 800, 21)),
    ],
)  # fmt: skip
def test_normal_plans_are_the_published_ones(size, aql, expected) -> None:
    assert plan(size, aql) == expected


def test_an_arrow_takes_the_plan_of_the_next_letter_with_its_sample() -> None:
    assert plan(100) == ("E", 13, 0)  # letter F goes up
    assert plan(200) == ("H", 50, 1)  # letter G goes down
    assert plan(40) == ("E", 13, 0)  # letter D goes down
    assert plan(100, level="tightened") == ("F", 20, 0)
    assert plan(200, level="tightened") == ("J", 80, 1)
    assert plan(100, level="reduced") == ("E", 5, 0)


@pytest.mark.parametrize(
    ("size", "expected"),
    [(1000, 1), (3000, 2), (9000, 3), (30_000, 5), (100_000, 8), (400_000, 12), (600_000, 18)],
)
def test_tightened_inspection_accepts_less(size, expected) -> None:
    assert plan(size, level="tightened")[2] == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(1000, (32, 1)), (3000, (50, 1)), (9000, (80, 2)), (30_000, (125, 3)), (600_000, (500, 10))],
)
def test_reduced_inspection_takes_fewer(size, expected) -> None:
    assert plan(size, level="reduced")[1:] == expected


def test_a_sample_as_large_as_the_lot_is_the_whole_lot() -> None:
    assert plan(10) == ("E", 10, 0)
    assert plan(1)[1:] == (1, 0)


@pytest.mark.parametrize(
    "wrong", [{"size": 0}, {"size": 9, "aql": "2.5"}, {"size": 9, "level": ""}]
)
def test_other_values_are_refused(wrong) -> None:
    with pytest.raises(InputError):
        sampling_plan(**wrong)


def test_inspection_begins_at_normal() -> None:
    assert switching([]) == Switching(level="normal")


def test_two_of_five_rejected_tighten() -> None:
    assert level(BAD) == "normal"
    assert level(BAD, BAD) == "tightened"
    assert level(BAD, GOOD, GOOD, GOOD, BAD) == "tightened"
    assert level(BAD, GOOD, GOOD, GOOD, GOOD, BAD) == "normal"


def test_five_in_a_row_accepted_bring_back_normal() -> None:
    tight = (BAD, BAD)
    assert level(*tight, *[GOOD] * 4) == "tightened"
    assert level(*tight, *[GOOD] * 5) == "normal"
    assert level(*tight, *[GOOD] * 4, BAD, *[GOOD] * 4) == "tightened"
    assert level(*tight, *[GOOD] * 5, BAD) == "normal"  # counting begins again


def test_five_rejected_on_tightened_stop_inspection() -> None:
    stopped = [BAD, BAD, BAD, GOOD, BAD, BAD, GOOD, BAD]
    assert not switching(stopped).discontinued
    assert switching([*stopped, BAD]).discontinued
    again = switching([*stopped, BAD, GOOD])
    assert (again.level, again.discontinued, again.rejected) == ("tightened", False, 0)


def test_the_score_leads_to_reduced_inspection() -> None:
    clear, near = InspectedLot(1, 2), InspectedLot(2, 2)
    assert level(*[clear] * 9) == "normal"
    assert level(*[clear] * 10) == "reduced"
    assert level(*[clear] * 9, near, clear) == "normal"  # accepted, but not one step tighter
    assert level(*[GOOD] * 14) == "normal"
    assert level(*[GOOD] * 15) == "reduced"


def test_a_rejected_lot_on_reduced_brings_back_normal() -> None:
    assert level(*[GOOD] * 15, GOOD) == "reduced"
    assert switching([*[GOOD] * 15, BAD]) == Switching(level="normal")
