"""Two at once on one pool: one wins, the other is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incentives import services as ledger
from incentives.models import BonusPool, Payout
from incentives.services import pools
from secondsource.core.models import PolicyVersion
from tests.incentives.pooling import Pooled
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(transactional_db: None) -> Pooled:
    """A closed case whose rows other connections see."""
    found = Pooled()
    found.save("123456.78")
    return found


def test_of_two_proposals_one_is_made(case: Pooled) -> None:
    def propose() -> None:
        pools.propose_pool(case=case.team.case, actor=case.finance)

    assert at_once(propose, propose) == ["done", "pool_open"]
    assert BonusPool.objects.count() == 1


def test_of_two_releases_one_wins(case: Pooled) -> None:
    pool = case.agreed()
    case.fire(pool, "release_finance")

    def release() -> None:
        case.fire(pool, "release", case.executive)

    assert at_once(release, release) == ["done", "wrong_state"]


def test_of_two_payments_one_pays(case: Pooled) -> None:
    pool = case.released()
    assert at_once(lambda: case.fire(pool, "pay"), lambda: case.fire(pool, "pay")) == [
        "done", "nothing_due",
    ]  # fmt: skip
    assert Payout.objects.count() == 3


def test_a_payment_and_a_reversal_leave_no_cent_too_much(case: Pooled) -> None:
    pool = case.released()
    line = case.team.case.savings.get()

    def reverse() -> None:
        ledger.reverse_lines(lines=[line], reason="wrong", actor=case.finance)

    answers = at_once(lambda: case.fire(pool, "pay"), reverse)
    assert "done" in answers
    pool.refresh_from_db()
    paid = sum(Payout.objects.values_list("amount", flat=True))
    assert (pool.amount, paid) == (0, 0)


def test_two_pools_at_once_keep_the_cap_of_the_year(transactional_db: None) -> None:
    PolicyVersion.objects.create(
        name="bonus_pool", number=1, state="active", values={"year_cap": "10000"}
    )
    first, second = Pooled(), Pooled()
    first.save("123456.78", ago=2)
    second.save("123456.78", ago=1)
    propose = [lambda one=one: one.propose(rate=Decimal("0.07")) for one in (first, second)]
    assert at_once(*propose) == ["done", "done"]
    amounts = BonusPool.objects.values_list("amount", flat=True)
    assert sorted(amounts) == [Decimal("1358.03"), Decimal("8641.97")]
