"""Finance closes months, validates lines and takes savings back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from incentives import services
from incentives.ledger import baseline_of, pool_base, window_of
from incentives.models import ClosedMonth, SavingLine
from incentives.signals import savings_changed
from qualification import services as qualification
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, Stale, ValuesRefused
from secondsource.core.models import Event
from tests import factories
from tests.factories import JOB, Team
from tests.incentives.saving import AUGUST, JULY, JUNE, OPENED, Saving
from tests.qualification.asking import refusal


@pytest.fixture
def closed(saving: Saving) -> Iterator[Saving]:
    """June and July computed and closed; it is August."""
    saving.summer()
    saving.compute()
    saving.close(JUNE, JULY)
    with clock.at(AUGUST):
        yield saving


def validate(saving: Saving, *lines: SavingLine, **fields: Any) -> list[SavingLine]:
    given = {"actor": saving.finance} | fields
    return services.validate_lines(lines=lines or saving.lines(), **given)


def test_finance_validates_a_line(closed: Saving) -> None:
    row = closed.lines()[0]
    heard: list[set[int]] = []
    savings_changed.connect(
        lambda case_ids, **_: heard.append(case_ids), weak=False, dispatch_uid="test"
    )
    validate(closed, row, expected=row.version)
    savings_changed.disconnect(dispatch_uid="test")
    row.refresh_from_db()
    assert (row.stage, row.validated_by) == ("validated", closed.finance.user)
    assert heard == [{closed.case.pk}]
    assert Event.objects.filter(action="incentives.saving.validated").count() == 1


def test_many_lines_need_a_reason(closed: Saving) -> None:
    with pytest.raises(ValuesRefused):
        validate(closed)
    assert not SavingLine.objects.filter(stage="validated").exists()
    validate(closed, reason="matches the ERP")
    assert SavingLine.objects.filter(stage="validated").count() == 4
    assert pool_base(closed.case).validated == Decimal("40368.80")


def test_one_refused_line_keeps_all_as_they_were(closed: Saving) -> None:
    closed.receive(closed.alternate, AUGUST, 10, "1.94")
    closed.compute()
    assert refusal(validate, closed, reason="all") == ["month_open"]
    assert not SavingLine.objects.filter(stage="validated").exists()


def test_nobody_validates_twice(closed: Saving) -> None:
    row = closed.lines()[0]
    validate(closed, row)
    assert refusal(validate, closed, row) == ["validated"]
    with pytest.raises(Stale):
        validate(closed, row, expected=1)


def test_finance_of_the_team_does_not_validate(closed: Saving) -> None:
    members = [(member.user, member.function) for member in closed.case.team.all()]
    qualification.set_team(
        case=closed.case, members=[*members, (closed.finance.user, "finance")],
        actor=closed.team.lead,
    )  # fmt: skip
    with pytest.raises(PermissionRefused):
        validate(closed, closed.lines()[0])


@pytest.mark.parametrize("role", ["procurement", "executive", "quality"])
def test_others_do_not_validate(closed: Saving, role: str) -> None:
    with pytest.raises(PermissionRefused):
        validate(closed, closed.lines()[0], actor=factories.actor(role))


def test_nobody_validates_the_own_entry(saving: Saving) -> None:
    both = factories.actor("finance", "procurement")
    with clock.at(AUGUST):
        row = services.enter_rebate_lost(
            case=saving.case, source=saving.incumbent, month=JUNE, amount=Decimal(1200),
            currency="USD", reason="Rebate of Q2", evidence="Credit note", actor=both,
        )  # fmt: skip
    saving.close(JUNE)
    assert refusal(validate, saving, row, actor=both) == ["own_line"]
    validate(saving, row)
    base = pool_base(saving.case)
    assert (base.rebate_lost, base.net) == (Decimal(1200), Decimal(-1200))


def test_a_month_is_closed_once_and_when_it_is_over(closed: Saving) -> None:
    close = services.close_month
    assert refusal(close, month=JUNE, actor=closed.finance) == ["month_closed"]
    assert refusal(close, month=AUGUST, actor=closed.finance) == ["month_runs"]
    with pytest.raises(ValuesRefused):
        close(month=dt.date(2026, 5, 2), actor=closed.finance)
    with pytest.raises(PermissionRefused):
        close(month=dt.date(2026, 5, 1), actor=closed.buyer)


def test_nothing_is_entered_in_a_closed_month(closed: Saving) -> None:
    values = {"case": closed.case, "month": JUNE, "amount": Decimal(9), "currency": "USD",
              "reason": "Expedite", "evidence": "EX-771", "actor": closed.buyer}  # fmt: skip
    assert refusal(services.enter_shortage_avoidance, **values) == ["month_closed"]


@pytest.mark.parametrize("values", [{"amount": 1}, {"quantity": 1}, {"month": AUGUST}])
def test_the_database_keeps_a_closed_month(closed: Saving, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        closed.case.savings.update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        closed.case.savings.all().delete()


def test_the_database_keeps_closed_months_closed(closed: Saving) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError), transaction.atomic():
        ClosedMonth.objects.all().delete()
    with pytest.raises(ProgrammingError), transaction.atomic():
        ClosedMonth.objects.update(month=AUGUST)


def test_the_database_keeps_a_validated_line(closed: Saving) -> None:
    validate(closed, reason="checked")
    with pytest.raises(IntegrityError), transaction.atomic():
        closed.case.savings.update(stage="realised", validated_at=None, validated_by=None)


def test_a_line_is_taken_back_by_an_opposite_one(closed: Saving) -> None:
    validate(closed, reason="checked")
    row = closed.lines()[0]
    made = services.reverse_lines(lines=[row], reason="Wrong contract", actor=closed.finance)[0]
    assert (made.amount, made.stage, made.month) == (-row.amount, "reversed", AUGUST)
    assert pool_base(closed.case).validated == Decimal("40368.80") - row.amount
    assert closed.compute().written == 0
    again = {"lines": [row], "reason": "again", "actor": closed.finance}
    assert refusal(services.reverse_lines, **again) == ["reversed"]


def test_a_line_that_was_taken_back_is_not_validated(closed: Saving) -> None:
    row = closed.lines()[0]
    services.reverse_lines(lines=[row], reason="Wrong", actor=closed.finance)
    assert refusal(validate, closed, row) == ["reversed"]
    assert pool_base(closed.case).validated == 0


def test_a_rollback_takes_its_month_back(closed: Saving) -> None:
    validate(closed, reason="checked")
    closed.receive(closed.alternate, AUGUST, 100, "1.94")
    closed.compute()
    closed.team.fire("roll_back", by="quality", note="Returns rise")
    assert closed.lines(month=AUGUST) == []
    assert pool_base(closed.case).validated == Decimal("40368.80")
    closed.receive(closed.alternate, AUGUST, 100, "1.94", lot="LATE")
    assert closed.compute().written == 0


def test_a_rollback_takes_back_the_months_since_the_breach(closed: Saving) -> None:
    from qualification.models import Operator, TriggerBreach

    validate(closed, reason="checked")
    TriggerBreach.objects.create(
        transition=closed.case.run, metric="dppm", operator=Operator.ABOVE, threshold=1000,
        window_days=30, value=12000, counted_from=JULY, counted_to=AUGUST,
        breached_at=clock.now(),
    )  # fmt: skip
    closed.team.fire("roll_back", by="quality", note="Returns rise")
    made = SavingLine.objects.filter(origin="reversal")
    assert {row.earned_in for row in made} == {JULY}
    assert sum(row.amount for row in made) == Decimal("-22280.80")
    assert pool_base(closed.case).validated == Decimal("18088.00")
    assert closed.compute().written == 0


def test_costs_of_the_case_are_deducted(closed: Saving) -> None:
    validate(closed, reason="checked")
    qualification.log_cost(
        case=closed.case, kind="lab", amount=Decimal("368.80"), currency="USD", day=OPENED,
        note="HTOL", actor=closed.team.lead,
    )  # fmt: skip
    base = pool_base(closed.case)
    assert (base.project_cost, base.net) == (Decimal("368.80"), Decimal("40000.00"))


def test_soft_kinds_never_enter_the_base(closed: Saving) -> None:
    with clock.at(AUGUST):
        services.enter_avoidance(
            case=closed.case, source=closed.incumbent, month=AUGUST, offered=Decimal("2.78"),
            paid=Decimal("2.70"), quantity=Decimal(242700), currency="USD",
            reason="Increase refused", evidence="Letter of 12 Jan", actor=closed.buyer,
        )  # fmt: skip
        services.enter_shortage_avoidance(
            case=closed.case, month=AUGUST, amount=Decimal(6200), currency="USD",
            reason="Expedite of June", evidence="Quote EX-771", actor=closed.buyer,
        )  # fmt: skip
    with clock.at(dt.date(2026, 9, 2)):
        services.close_month(month=AUGUST, actor=closed.finance)
        soft = [row for row in closed.lines() if row.kind not in SavingLine.HARD]
        assert [row.amount for row in soft] == [Decimal("19416.00"), Decimal("6200.00")]
        validate(closed, *soft, reason="seen")
        assert pool_base(closed.case).validated == 0


def test_shortage_avoidance_needs_its_evidence(saving: Saving) -> None:
    with pytest.raises(ValuesRefused) as caught:
        services.enter_shortage_avoidance(
            case=saving.case, month=JUNE, amount=Decimal(1), currency="EUR", reason="x",
            evidence="", actor=saving.buyer,
        )  # fmt: skip
    assert [one.pointer for one in caught.value.problems] == ["/currency", "/evidence"]


def test_an_avoidance_was_offered_above_and_is_not_older_than_its_case(saving: Saving) -> None:
    values: dict[str, Any] = {
        "case": saving.case, "source": saving.incumbent, "paid": Decimal("2.70"),
        "quantity": Decimal(100), "currency": "USD", "reason": "x", "evidence": "y",
        "actor": saving.buyer,
    }  # fmt: skip
    for month, offered, pointer in (
        (JUNE, "2.70", "/offered"), (dt.date(2025, 12, 1), "2.78", "/month"),
    ):  # fmt: skip
        with pytest.raises(ValuesRefused) as caught:
            services.enter_avoidance(month=month, offered=Decimal(offered), **values)
        assert [one.pointer for one in caught.value.problems] == [pointer]
    assert saving.lines() == []
    services.enter_avoidance(month=dt.date(2026, 1, 1), offered=Decimal("2.78"), **values)


def test_an_entry_of_an_open_month_is_withdrawn_with_a_reason(saving: Saving) -> None:
    row = services.enter_shortage_avoidance(
        case=saving.case, month=JUNE, amount=Decimal(1), currency="USD", reason="x",
        evidence="y", actor=saving.buyer,
    )  # fmt: skip
    with pytest.raises(ValuesRefused):
        services.withdraw_entry(line=row, reason="", actor=saving.buyer)
    services.withdraw_entry(line=row, reason="Typed twice", actor=saving.buyer)
    assert saving.lines() == []


def test_the_job_has_every_right(closed: Saving) -> None:
    assert Actor.named_job("x").may("incentives.validate_saving", closed.case)
    assert JOB.may("incentives.close_month")


def test_from_the_day_of_a_rollback_the_next_case_has_the_incumbent(saving: Saving) -> None:
    with clock.at(OPENED):
        other = Team(factories.alternate(saving.case.part), people=saving.team.people)
        other.jump_to(State.TRANSITION)
    rolled_back = dt.date(2026, 6, 15)
    saving.receive(saving.incumbent, JUNE, 1000, "2.70")
    saving.receive(saving.incumbent, rolled_back, 100, "2.60")
    with clock.at(rolled_back):
        saving.team.fire("roll_back", by="quality", note="Returns rise")
    saving.compute()
    rows = SavingLine.objects.values_list("case", "kind", "quantity", "amount")
    assert list(rows) == [(other.case.pk, "negotiated", 100, Decimal("50.00"))]
    assert window_of(baseline_of(saving.case)) == (JUNE, rolled_back)


def test_a_reopened_case_begins_again_behind_the_case_that_began_meanwhile(saving: Saving) -> None:
    with clock.at(OPENED):
        other = Team(factories.alternate(saving.case.part), people=saving.team.people)
        other.jump_to(State.TRANSITION)
    saving.receive(saving.alternate, JUNE, 1000, "2.70")
    with clock.at(dt.date(2026, 6, 15)):
        saving.team.fire("roll_back", by="quality", note="Returns rise")
        saving.team.fire("reopen", by="quality", note="Repaired")
    saving.receive(saving.incumbent, dt.date(2026, 6, 20), 100, "2.60")
    saving.receive(saving.incumbent, JULY, 100, "2.60")
    saving.receive(saving.alternate, JULY, 10, "1.10")
    saving.compute()
    rows = SavingLine.objects.order_by("case", "month").values_list("case", "kind", "quantity")
    assert list(rows) == [
        (saving.case.pk, "volume_shift", 10),
        (other.case.pk, "negotiated", 100),
        (other.case.pk, "negotiated", 100),
    ]
