"""Columns are given their readings together."""

from secondsource.exchange.assignment import assign


def slots(scores, **room):
    return [choice.slot for choice in assign(scores, room)]


def test_the_sum_decides_and_not_the_first_column():
    assert slots([{"a": 0.9, "b": 0.8}, {"a": 0.9}]) == ["b", "a"]


def test_a_reading_below_nothing_is_left_out():
    assert slots([{"a": -0.1}, {}]) == [None, None]


def test_a_slot_takes_as_many_columns_as_it_has_room_for():
    scores = [{"note": 0.5}, {"note": 0.4}, {"note": 0.3}]
    assert slots(scores, note=2) == ["note", "note", None]


def test_a_close_call_names_the_other_reading():
    first, second = assign([{"a": 0.6, "b": 0.5}, {"b": 0.2}])
    assert (first.slot, second.slot) == ("a", "b")
    assert first.other == "b"
    assert round(first.margin, 6) == 0.3
    assert (second.other, round(second.margin, 6)) == (None, 0.2)


def test_no_columns():
    assert assign([]) == []
