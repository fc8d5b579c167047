"""What the database itself refuses of pools and payouts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from incentives.models import Allocation, BonusPool, Payout, PayoutBatch
from secondsource.accounts.models import User
from tests.incentives.pooling import Pooled

D = Decimal


@transaction.atomic
def to_the_end(change: Any) -> None:
    """Change something up to the end of its transaction."""
    change()
    connection.check_constraints()


def refused_by_database(change: Any) -> str:
    """The constraint that refuses a change at the end of its transaction."""
    with pytest.raises(IntegrityError) as refused:
        to_the_end(change)
    return str(refused.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


def test_the_database_refuses_a_payout_that_does_not_sum(saved: Pooled) -> None:
    pool = saved.released()

    def pay_a_cent_too_little() -> None:
        batch = PayoutBatch.objects.create(
            pool=pool, kind="payment", total=D("8641.97"), currency="USD", base=pool.base,
            rate=pool.rate, day="2026-01-01",
        )  # fmt: skip
        for one in pool.allocations.all():
            amount = one.amount - (one.function == "quality") * D("0.01")
            Payout.objects.create(
                batch=batch, allocation=one, person=one.person, share=one.share, amount=amount,
                payroll=amount,
            )  # fmt: skip

    assert refused_by_database(pay_a_cent_too_little) == "payout_sums"
    assert not Payout.objects.exists()


def test_the_database_refuses_shares_that_do_not_sum(saved: Pooled) -> None:
    pool = saved.agreed()
    quality = Allocation.objects.filter(pool=pool, function="quality")
    assert refused_by_database(lambda: quality.update(share=D("0.25"))) == "shares_sum"
    assert refused_by_database(lambda: quality.update(amount=D("9"))) == "shares_sum"


def test_the_database_refuses_a_release_by_somebody_with_a_share(saved: Pooled) -> None:
    pool = saved.agreed()
    mine = saved.team.people["quality"]
    rows = BonusPool.objects.filter(pk=pool.pk)
    assert refused_by_database(lambda: rows.update(finance_by=mine)) == "released_by_others"


def test_the_database_refuses_to_pay_more_than_a_share(saved: Pooled) -> None:
    pool = saved.paid()
    one = saved.share(pool, "quality")

    def pay_again() -> None:
        batch = PayoutBatch.objects.create(
            pool=pool, kind="payment", total=1, currency="USD", base=1, rate=pool.rate,
            day="2026-01-01",
        )  # fmt: skip
        Payout.objects.create(
            batch=batch, allocation=one, person=one.person, share=one.share, amount=1, payroll=1
        )

    assert refused_by_database(pay_again) == "paid_within_share"


@pytest.mark.parametrize("table", ["incentives_payout", "incentives_payoutbatch"])
def test_payouts_are_never_changed(saved: Pooled, table: str) -> None:
    saved.paid()
    for statement in (f"UPDATE {table} SET version = 9", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def pay_quality(saved: Pooled, pool: BonusPool, person: User, *, batch_of: BonusPool) -> None:
    """A payment of the share of quality, as somebody writes it past the services."""
    one = saved.share(pool, "quality")
    batch = PayoutBatch.objects.create(
        pool=batch_of, kind="payment", total=one.amount, currency=batch_of.currency,
        base=batch_of.base, rate=batch_of.rate, day="2026-01-01",
    )  # fmt: skip
    Payout.objects.create(
        batch=batch, allocation=one, person=person, share=one.share, amount=one.amount,
        payroll=one.amount,
    )  # fmt: skip


def test_the_database_pays_nobody_else_and_nothing_unreleased(saved: Pooled) -> None:
    pool = saved.agreed()
    mine, other = saved.team.people["quality"], saved.team.people["engineering"]
    for change in (
        lambda: pay_quality(saved, pool, mine, batch_of=pool),
        lambda: pay_quality(saved, pool, other, batch_of=pool),
    ):
        assert refused_by_database(change) == "payout_fits"
    saved.fire(pool, "release_finance")
    pool = saved.fire(pool, "release", saved.executive)
    assert refused_by_database(lambda: pay_quality(saved, pool, other, batch_of=pool)) == (
        "payout_fits"
    )
    to_the_end(lambda: pay_quality(saved, pool, mine, batch_of=pool))
    assert Payout.objects.get().person == mine
