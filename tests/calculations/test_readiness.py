"""Ready to take over: every missing item is named."""

from dataclasses import replace

import pytest

from qualification.readiness import Standby, readiness

READY = Standby(
    approved_for_products=True,
    independent_of_event=True,
    offer_valid=True,
    capacity_wk=500,
    lead_time_wk=3,
    rollback_rehearsed=True,
)


def test_ready() -> None:
    found = readiness(READY, need_wk=500, cover_wk=4)
    assert (found.ready, found.missing, found.share) == (True, (), 1.0)


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"approved_for_products": False}, "approval for the products concerned"),
        ({"independent_of_event": False}, "independence of this event"),
        ({"offer_valid": False}, "a valid offer"),
        ({"capacity_wk": 499}, "capacity"),
        ({"capacity_wk": None}, "capacity"),
        ({"lead_time_wk": 4}, "a lead time within the cover"),
        ({"lead_time_wk": None}, "a lead time within the cover"),
        ({"rollback_rehearsed": False}, "a rehearsed rollback"),
    ],
)
def test_each_missing_item_is_named(change: dict, item: str) -> None:
    found = readiness(replace(READY, **change), need_wk=500, cover_wk=4)
    assert (found.ready, found.missing, found.share) == (False, (item,), 0.0)


def test_endless_cover_takes_any_lead_time() -> None:
    assert readiness(replace(READY, lead_time_wk=50), need_wk=500, cover_wk=None).ready is True


def test_in_transition_only_up_to_the_ramp() -> None:
    found = readiness(replace(READY, capacity_wk=100, ramp_share=0.2), need_wk=500, cover_wk=4)
    assert (found.ready, found.share) == (True, 0.2)
