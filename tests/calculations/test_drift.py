"""Drift: exact tests, Holm's correction, enough lots."""

import pytest

from secondsource.core.inputs import InputError
from suppliers.drift import EventCounts, drift


def lots(late: int, of: int) -> EventCounts:
    return EventCounts(events=late, trials=of, kind="lots")


def defects(bad: int, of: int) -> EventCounts:
    return EventCounts(events=bad, trials=of, kind="defects")


def test_worse() -> None:
    found = drift(earlier={"otd": lots(4, 200)}, recent={"otd": lots(12, 50)})["otd"]
    assert (found.direction, found.earlier, found.recent) == ("worse", 0.02, 0.24)
    assert found.p < 0.01


def test_better() -> None:
    found = drift(earlier={"otd": lots(80, 200)}, recent={"otd": lots(2, 50)})["otd"]
    assert found.direction == "better"


def test_steady() -> None:
    found = drift(earlier={"dppm": defects(20, 100_000)}, recent={"dppm": defects(6, 25_000)})
    assert found["dppm"].direction == "steady"


def test_defects_use_the_poisson_test() -> None:
    found = drift(earlier={"dppm": defects(5, 400_000)}, recent={"dppm": defects(20, 100_000)})
    assert found["dppm"].direction == "worse"


def test_holm_asks_more_of_several_measures() -> None:
    alone = drift(earlier={"a": lots(10, 200)}, recent={"a": lots(8, 50)})["a"].p
    both = drift(
        earlier={"a": lots(10, 200), "b": lots(10, 200)},
        recent={"a": lots(8, 50), "b": lots(2, 50)},
    )["a"].p
    assert both == pytest.approx(2 * alone)


def test_nothing_seen_is_steady() -> None:
    found = drift(earlier={"a": defects(0, 1000)}, recent={"a": defects(0, 1000)})["a"]
    assert (found.direction, found.p) == ("steady", 1.0)


def test_too_few_lots_is_not_enough_data() -> None:
    found = drift(earlier={"a": lots(1, 100)}, recent={"a": lots(9, 9)})["a"]
    assert (found.direction, found.p) == ("not_enough_data", None)


def test_refuses_other_measures() -> None:
    with pytest.raises(InputError) as refused:
        drift(earlier={"a": lots(1, 100)}, recent={"b": lots(1, 100)})
    assert refused.value.field == "recent"


def test_refuses_more_events_than_trials() -> None:
    with pytest.raises(InputError) as refused:
        drift(earlier={"a": lots(11, 10)}, recent={"a": lots(1, 10)})
    assert refused.value.field == "earlier.a.events"
