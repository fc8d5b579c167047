"""Who is told of a bonus pool that waits for them."""

from __future__ import annotations

import pytest

from incentives.pool_workflow import ALLOCATION_FLOW
from incentives.services import settlement
from secondsource.core.models import Mail, Notification
from tests.incentives.pooling import SPLIT, Pooled
from tests.workspace.notifications.reading import told

pytestmark = pytest.mark.django_db


def test_each_step_of_a_pool_tells_who_does_the_next() -> None:
    case = Pooled()
    case.save("123456.78")
    finance, executive = case.finance.user, case.executive.user
    assert finance is not None
    assert executive is not None
    pool, key = case.split(case.propose()), case.team.case.key
    case.fire(pool, "open")
    quality = case.team.people["quality"]
    assert told(quality, "pool") == [f"Agree to your share of {key}"]
    assert told(finance, "pool") == []
    case.answer(pool, "quality", "question", note="Are the samples in?")
    assert told(finance, "pool") == [f"Answer a question on {key}"]
    assert told(quality, "pool") == []
    share = case.share(pool, "quality")
    ALLOCATION_FLOW.fire(share.pk, "answer", actor=case.finance, note="They are.")
    for function in SPLIT:
        case.answer(pool, function)
    assert told(finance, "pool") == [f"Release the bonus pool of {key}"]
    case.fire(pool, "release_finance")
    assert (told(finance, "pool"), told(executive, "pool")) == (
        [], [f"Release the bonus pool of {key}"],
    )  # fmt: skip
    case.fire(pool, "release", case.executive)
    assert told(finance, "pool") == [f"Pay the bonus pool of {key}"]
    case.fire(pool, "pay")
    assert told(finance, "pool") == []
    assert not Notification.objects.filter(text__contains="8,641").exists()
    assert not Mail.objects.filter(text__contains="8,641").exists()


def test_people_are_told_that_their_bonus_is_paid_and_that_it_is_taken_back() -> None:
    case = Pooled()
    first, second = case.save("93456.78"), case.save("30000", ago=3)
    pool, key = case.paid(), case.team.case.key
    quality = case.team.people["quality"]
    assert told(quality, "pool") == [f"Your bonus of {key} is paid"]
    settlement.reverse_lines(lines=[second], reason="billed again", actor=case.finance)
    assert told(quality, "pool") == [f"A part of your bonus of {key} was taken back"]
    pool.refresh_from_db()
    assert (pool.base, pool.taken_back) == (first.amount, second.amount)
