"""Pools: from the evidence to the payroll, and back again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from incentives import services as ledger
from incentives.house_rules import PoolPolicy
from incentives.models import Allocation, BonusPool, Payout, PayoutBatch
from incentives.pool_workflow import ALLOCATION_FLOW
from incentives.services import pools
from qualification.models import TriggerBreach
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, Stale, ValuesRefused
from secondsource.core.models import Event, PolicyVersion
from tests import factories
from tests.incentives.pooling import SPLIT, Pooled, month
from tests.qualification.asking import refusal

D = Decimal
VECTOR = {"engineering": "4320.99", "procurement": "2592.59", "quality": "1728.39"}


def checked() -> None:
    """Let the database check what it checks at the end of a transaction."""
    connection.check_constraints()


def problems(call: Any, *args: Any, **fields: Any) -> list[str]:
    with pytest.raises(ValuesRefused) as refused:
        call(*args, **fields)
    return [problem.code for problem in refused.value.problems]


def test_a_pool_is_agreed_released_by_two_and_paid_to_the_cent(saved: Pooled) -> None:
    pool = saved.paid()
    checked()
    pool.refresh_from_db()
    assert (pool.base, pool.amount, pool.state) == (D("123456.78"), D("8641.97"), "paid")
    assert saved.amounts(pool) == VECTOR
    assert saved.payouts(pool) == {name: (one, one) for name, one in VECTOR.items()}
    assert PayoutBatch.objects.get().total == D("8641.97")
    assert set(pool.allocations.values_list("state", flat=True)) == {"paid"}
    acts = Event.objects.filter(subject_type="incentives.bonuspool").order_by("id")
    assert list(acts.values_list("action", flat=True)) == [
        f"incentives.bonuspool.{act}"
        for act in ("proposed", "shares_set", "open", "release_finance", "release", "pay")
    ]


def test_a_reversal_claws_back_by_the_same_shares(saved: Pooled) -> None:
    pool = saved.paid()
    line = saved.team.case.savings.get(amount=30000)
    ledger.reverse_lines(lines=[line], reason="wrong receipts", actor=saved.finance)
    checked()
    pool.refresh_from_db()
    assert (pool.amount, pool.state, pool.released_amount) == (
        D("6541.97"), "clawed_back", D("8641.97"),
    )  # fmt: skip
    assert saved.payouts(pool, "clawback") == {
        "engineering": ("-1050.00", "0.00"), "procurement": ("-630.00", "0.00"),
        "quality": ("-420.00", "0.00"),
    }  # fmt: skip
    told = Event.objects.get(action="incentives.bonuspool.claw_back")
    assert (told.data["by"], told.note) == (saved.finance.user_id, "wrong receipts")


def test_a_clawback_is_settled_from_the_next_payout_and_never_below_zero(saved: Pooled) -> None:
    saved.paid()
    line = saved.team.case.savings.get(amount=30000)
    ledger.reverse_lines(lines=[line], reason="wrong receipts", actor=saved.finance)
    saved.save("20000.00", ago=1)
    second = saved.paid()
    checked()
    assert (second.number, second.base, second.amount) == (2, D(20000), D(1400))
    assert saved.payouts(second) == {
        "engineering": ("700.00", "0.00"), "procurement": ("420.00", "0.00"),
        "quality": ("280.00", "0.00"),
    }  # fmt: skip
    assert Payout.objects.filter(payroll__lt=0).count() == 0


def test_a_correction_before_the_release_voids_that_of_finance(saved: Pooled) -> None:
    pool = saved.agreed()
    saved.fire(pool, "release_finance")
    saved.save("1000.00", ago=1)
    pool.refresh_from_db()
    assert (pool.base, pool.finance_by) == (D("124456.78"), None)
    assert sum(pool.allocations.values_list("amount", flat=True), D(0)) == D("8711.97")
    assert refusal(saved.fire, pool, "release", saved.executive) == ["finance_first"]


def test_a_pool_is_held_until_the_case_is_closed(db: None) -> None:
    case = Pooled(closed=False)
    case.save("123456.78")
    pool = case.released()
    assert pool.state == "held"
    assert refusal(case.fire, pool, "pay") == ["held_back"]
    case.team.finish_transition()
    assert case.fire(pool, "pay").state == "paid"
    assert case.payouts(pool)["engineering"] == ("4320.99", "4320.99")


def test_a_rollback_cancels_a_pool_of_which_nothing_is_paid(db: None) -> None:
    case = Pooled(closed=False)
    case.save("123456.78")
    pool = case.released()
    case.team.fire("roll_back", by="quality", note="lots failed", data={"hours": "30"})
    pool.refresh_from_db()
    assert pool.state == "cancelled"
    assert not PayoutBatch.objects.exists()
    assert refusal(case.propose) == ["not_introduced"]


def test_a_rollback_after_the_payout_claws_back_its_months(case: Pooled) -> None:
    source, months = case.team.source, (month(3), month(2))
    for day, quantity, price in zip(months, (3000, 1000), ("68.84774", "70"), strict=True):
        factories.receipt(source, quantity, price, received_date=day.replace(day=12))
    ledger.recompute_realised(actor=factories.JOB)
    for day in months:
        ledger.close_month(month=day, actor=case.finance)
    lines = list(case.team.case.savings.all())
    ledger.validate_lines(lines=lines, reason="receipts", actor=case.finance)
    pool = case.paid()
    assert pool.amount == D("8641.97")
    run = case.team.reload().run
    TriggerBreach.objects.create(
        transition=run, metric="dppm", operator="above", threshold=1, window_days=30, value=2,
        counted_from=months[1], counted_to=clock.business_day(), breached_at=clock.now(),
    )  # fmt: skip
    case.team.fire("roll_back", by="quality", note="lots failed", data={"hours": "30"})
    checked()
    pool.refresh_from_db()
    assert (pool.amount, pool.state) == (D("6541.97"), "clawed_back")
    assert saved_back(pool) == D("-2100.00")


def saved_back(pool: BonusPool) -> Decimal:
    """The sum of the clawbacks of a pool."""
    lines = Payout.objects.filter(batch__pool=pool, batch__kind="clawback")
    return sum(lines.values_list("amount", flat=True), D(0))


def test_a_dispute_holds_one_share_and_somebody_outside_decides(saved: Pooled) -> None:
    pool = saved.agreed()
    saved.answer(pool, "quality", "dispute", note="I ran the incoming tests")
    saved.fire(pool, "release_finance")
    saved.fire(pool, "release", saved.executive)
    saved.fire(pool, "pay")
    assert saved.payouts(pool).keys() == {"engineering", "procurement"}
    share = saved.share(pool, "quality")
    inside = Actor(user=saved.team.people["engineering"])
    with pytest.raises(PermissionRefused):
        ALLOCATION_FLOW.fire(share.pk, "decide", actor=inside, note="no")
    ALLOCATION_FLOW.fire(share.pk, "decide", actor=saved.executive, note="as agreed")
    saved.fire(pool, "pay")
    checked()
    assert saved.payouts(pool)["quality"] == ("1728.39", "1728.39")
    share.refresh_from_db()
    assert (share.state, share.decided_by) == ("paid", saved.executive.user)


def test_a_decision_changes_the_shares_and_takes_back_what_the_others_got(saved: Pooled) -> None:
    pool = saved.agreed()
    saved.answer(pool, "quality", "dispute", note="I ran the incoming tests")
    saved.fire(pool, "release_finance")
    saved.fire(pool, "release", saved.executive)
    saved.fire(pool, "pay")
    share = saved.share(pool, "quality")
    ALLOCATION_FLOW.fire(
        share.pk, "decide", actor=saved.executive, note="she did", data={"share": "28"}
    )
    checked()
    assert saved.amounts(pool) == {
        "quality": "2419.75", "engineering": "3888.89", "procurement": "2333.33",
    }  # fmt: skip
    assert saved.payouts(pool, "clawback")["engineering"] == ("-432.10", "0.00")


def test_a_member_of_finance_in_the_team_decides_no_dispute(saved: Pooled) -> None:
    pool = saved.agreed()
    saved.answer(pool, "quality", "dispute", note="why")
    saved.team.case.team.create(user=saved.finance.user, function="finance")
    share = saved.share(pool, "quality")
    assert refusal(ALLOCATION_FLOW.fire, share.pk, "decide", actor=saved.finance, note="so") == [
        "in_team"
    ]


def test_the_sponsor_decides_no_dispute(saved: Pooled) -> None:
    pool = saved.agreed()
    saved.answer(pool, "quality", "dispute", note="why")
    share = saved.share(pool, "quality")
    by = saved.team["sponsor"]
    assert refusal(ALLOCATION_FLOW.fire, share.pk, "decide", actor=by, note="so") == ["in_team"]


def test_people_ask_and_are_answered(saved: Pooled) -> None:
    pool = saved.agreed()
    saved.answer(pool, "quality", "question", note="Are the samples in?")
    assert refusal(saved.fire, pool, "release_finance") == ["share_open"]
    share = saved.share(pool, "quality")
    ALLOCATION_FLOW.fire(share.pk, "answer", actor=saved.finance, note="They are.")
    share.refresh_from_db()
    assert (share.state, share.note) == ("proposed", "They are.")


def test_nobody_agrees_for_another(saved: Pooled) -> None:
    pool = saved.fire(saved.propose(), "open")
    share = saved.share(pool, "quality")
    with pytest.raises(PermissionRefused):
        ALLOCATION_FLOW.fire(share.pk, "agree", actor=saved.team["engineering"])
    assert saved.share(pool, "quality").state == "proposed"


@pytest.mark.parametrize("rate", ["0.11", "0.04", "-0.07"])
def test_a_rate_outside_of_the_policy_is_refused(saved: Pooled, rate: str) -> None:
    assert problems(saved.propose, rate=D(rate)) == ["out_of_range"]
    assert not BonusPool.objects.exists()
    pool = saved.propose()
    assert problems(pools.set_rate, pool=pool, rate=D(rate), actor=saved.finance) == [
        "out_of_range"
    ]


def test_a_changed_rate_changes_every_amount(saved: Pooled) -> None:
    pool = saved.agreed()
    pools.set_rate(pool=pool, rate=D("0.05"), actor=saved.finance, expected=None)
    checked()
    pool.refresh_from_db()
    assert pool.amount == D("6172.84")
    with pytest.raises(Stale):
        pools.set_rate(pool=pool, rate=D("0.06"), actor=saved.finance, expected=1)


@pytest.mark.parametrize(
    ("shares", "codes"),
    [
        (SPLIT | {"quality": "0.25"}, ["sum_not_one"]),
        ({"engineering": "0.5", "procurement": "0.5", "quality": "0"}, ["function_below_least"]),
        (
            {"engineering": "1.5", "procurement": "-0.7", "quality": "0.2"},
            ["out_of_range", "function_below_least"],
        ),
        ({"engineering": "0.5", "procurement": "0.5"}, ["other_people"]),
    ],
)  # fmt: skip
def test_shares_are_refused(saved: Pooled, shares: dict[str, str], codes: list[str]) -> None:
    pool = saved.propose()
    before = saved.amounts(pool)
    assert problems(saved.split, pool, shares) == codes
    assert saved.amounts(pool) == before


def test_shares_need_a_reason_and_ask_again_whom_they_change(saved: Pooled) -> None:
    pool = saved.agreed()
    assert problems(saved.split, pool, reason=" ") == ["required"]
    saved.split(pool, {"engineering": "0.5", "procurement": "0.25", "quality": "0.25"})
    states = {row.function: row.state for row in Allocation.objects.filter(pool=pool)}
    assert states == {"engineering": "agreed", "procurement": "proposed", "quality": "proposed"}


def test_nobody_releases_a_pool_in_which_they_have_a_share(saved: Pooled) -> None:
    saved.team.people["procurement"].roles.append("finance")
    saved.team.people["procurement"].save()
    pool = saved.agreed()
    mine = Actor(user=saved.team.people["procurement"])
    assert refusal(saved.fire, pool, "release_finance", mine) == ["own_share"]
    pool.refresh_from_db()
    assert pool.finance_by is None


def test_one_person_does_not_release_twice(saved: Pooled) -> None:
    both = factories.actor("finance", "executive")
    pool = saved.agreed()
    saved.fire(pool, "release_finance", both)
    assert refusal(saved.fire, pool, "release", both) == ["same_person"]
    assert saved.fire(pool, "release", saved.executive).state == "released"


def test_finance_releases_first(saved: Pooled) -> None:
    pool = saved.agreed()
    assert refusal(saved.fire, pool, "release", saved.executive) == ["finance_first"]
    saved.finance.user.is_active = False
    saved.finance.user.save()
    assert refusal(saved.fire, pool, "release", saved.executive) == ["finance_missing"]


def test_a_job_releases_nothing(saved: Pooled) -> None:
    pool = saved.agreed()
    assert refusal(saved.fire, pool, "release_finance", factories.JOB) == ["not_a_person"]


def test_a_loss_pays_nothing(case: Pooled) -> None:
    case.save("-1500.00")
    pool = case.agreed()
    assert (pool.base, pool.amount) == (D("-1500.00"), D(0))
    assert refusal(case.fire, pool, "release_finance") == ["nothing_to_pay"]


def test_a_pool_below_the_floor_is_carried_forward(saved: Pooled) -> None:
    PolicyVersion.objects.create(
        name=PoolPolicy.policy_name, number=1, state="active", values={"floor": "9000"}
    )
    pool = saved.agreed()
    assert (pool.amount, pool.carried_forward) == (D(0), D("8641.97"))
    assert refusal(saved.fire, pool, "release_finance") == ["below_floor"]
    saved.save("10000.00", ago=1)
    pool.refresh_from_db()
    assert (pool.amount, pool.carried_forward) == (D("9341.97"), D(0))


def test_no_pool_is_released_while_a_failure_mode_is_open_at_ap_high(saved: Pooled) -> None:
    pool = saved.agreed()
    saved.team.case.fmea.rows.update(
        severity=9, occurrence=8, detection=8, action_priority="H", priority_now="H"
    )
    assert refusal(saved.fire, pool, "release_finance") == ["quality_open"]


def test_only_finance_and_executives_propose(saved: Pooled) -> None:
    with pytest.raises(PermissionRefused):
        pools.propose_pool(case=saved.team.case, actor=saved.team["engineering"])


def test_a_case_has_one_open_pool(saved: Pooled) -> None:
    saved.propose()
    assert refusal(saved.propose) == ["pool_open"]


def test_what_is_paid_is_not_cancelled(saved: Pooled) -> None:
    pool = saved.paid()
    assert refusal(saved.fire, pool, "cancel", note="why") == ["wrong_state"]


# --- the database -------------------------------------------------------------------------------
