"""Odd data and late facts: the pool rests on what the ledger says when it is released."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from incentives import case_ledger, services, totals
from incentives.models import SavingLine
from incentives.pool_workflow import ALLOCATION_FLOW
from qualification import services as qualification
from qualification.models import Case
from secondsource.core import clock
from secondsource.core.errors import RuleRefused, ValuesRefused
from tests import factories
from tests.factories import Team
from tests.incentives.pooling import Pooled
from tests.incentives.saving import AUGUST, JUNE, Saving


def codes(refused: pytest.ExceptionInfo[RuleRefused]) -> list[str]:
    """The codes of the reasons."""
    return [reason.code for reason in refused.value.reasons]


def test_a_late_cost_of_the_case_is_in_the_pool(saved: Pooled) -> None:
    pool = saved.agreed()
    qualification.log_cost(
        case=saved.team.case, kind="lab", amount=D("23456.78"), day=clock.business_day(),
        actor=saved.team.lead, note="late invoice", upload=factories.text_file(),
    )  # fmt: skip
    pool.refresh_from_db()
    assert (pool.project_cost, pool.base, pool.amount) == (D("23456.78"), D(100000), D(7000))


@pytest.mark.parametrize("share", ["100", "96", "0"])
def test_a_decision_leaves_every_function_that_worked_a_share(saved: Pooled, share: str) -> None:
    pool = saved.agreed()
    saved.answer(pool, "quality", "dispute", note="More lab work.")
    mine = saved.share(pool, "quality")
    with pytest.raises(ValuesRefused):
        ALLOCATION_FLOW.fire(
            mine.pk, "decide", actor=saved.executive, note="All of it.", data={"share": share}
        )
    assert saved.share(pool, "procurement").share == D("0.3")


def test_receipts_of_a_rejected_case_count_once(saving: Saving) -> None:
    with clock.at(dt.date(2026, 5, 2)):
        other = Team(factories.alternate(saving.case.part))
        other.jump_to("transition")
    saving.summer()
    saving.receive(other.source, dt.date(2026, 6, 3), 100, "1.10")
    saving.compute()
    Case.objects.filter(pk=saving.case.pk).update(state="rejected")
    saving.compute()
    assert saving.lines() == []
    found = SavingLine.objects.filter(case=other.case, month=JUNE)
    assert sum(line.amount for line in found) == D("13680") + D(200)


def test_receipts_without_a_budget_rate_hold_the_pool(saving: Saving) -> None:
    saving.summer()
    saving.receive(saving.alternate, dt.date(2026, 6, 21), 5000, "9.00", currency="GBP", lot="DEAR")
    saving.settle(JUNE)
    with clock.at(AUGUST):
        base = case_ledger.read(saving.case).base
    assert any("GBP" in told for told in base.problems)


def test_leakage_agrees_with_the_ledger_to_the_cent(saving: Saving) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 3), 1000, "1.10")
    saving.compute()
    SavingLine.objects.create(
        case=saving.case, source=saving.alternate, month=JUNE, earned_in=JUNE,
        kind="volume_shift", stage="contracted", origin="agreement", baseline_price=D("3.10"),
        paid_price=D("1.00"), quantity=D("999.5"), amount=D("2098.95"), currency="USD",
        reason="PA-0001",
    )  # fmt: skip
    SavingLine.objects.filter(origin="receipts", kind="volume_shift").update(
        quantity=D("1003.5"), amount=D("2007.35")
    )
    one = totals.leakage(SavingLine.objects.all(), [JUNE])[0]
    assert (one.contracted, one.realised) == (D("2098.95"), D("2007.35"))
    assert one.price + one.volume == one.total


def test_nobody_validates_savings_against_their_own_baseline(saving: Saving) -> None:
    both = factories.actor("finance", "procurement")
    services.enter_baseline(
        case=saving.case, source=saving.incumbent, price=D(9), currency="USD",
        price_on=dt.date(2026, 1, 5), evidence="a letter", actor=both,
    )  # fmt: skip
    saving.receive(saving.alternate, dt.date(2026, 6, 1), 100, "1.10")
    saving.close(JUNE)
    with pytest.raises(RuleRefused) as refused:
        services.validate_lines(lines=saving.lines(month=JUNE), reason="checked", actor=both)
    assert set(codes(refused)) == {"own_baseline"}
