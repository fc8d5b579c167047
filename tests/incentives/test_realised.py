"""Realised savings from receipts: by case, source, month and kind; twice changes nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incentives import services
from incentives.ledger import baseline_of, window_of
from incentives.models import BudgetRate, SavingLine
from parts import services as catalogue
from qualification.models.cases import State
from secondsource.core import clock
from suppliers import services as sourcing
from tests import factories
from tests.factories import JOB, Team
from tests.incentives.saving import AUGUST, JULY, JUNE, OPENED, Saving, figures


def test_receipts_are_counted_against_the_baseline(saving: Saving) -> None:
    saving.summer()
    saving.compute()
    assert figures(saving.lines()) == [
        ("2026-06", "negotiated", Decimal("13680.00"), 34200),
        ("2026-06", "volume_shift", Decimal("4408.00"), 3800),
        ("2026-07", "negotiated", Decimal("11400.00"), 28500),
        ("2026-07", "volume_shift", Decimal("10880.80"), 9380),
    ]
    july = saving.lines(month=JULY, kind="volume_shift")[0]
    assert (july.returned, july.paid_price, july.baseline_price) == (
        120, Decimal("1.94"), Decimal("3.10"),
    )  # fmt: skip
    assert (july.reason, july.evidence, july.stage) == ("25 % share", "2 receipts", "realised")


def test_a_second_run_changes_nothing(saving: Saving) -> None:
    saving.summer()
    assert saving.compute().written == 4
    before = [(row.pk, row.version) for row in saving.lines()]
    again = saving.compute()
    assert (again.written, again.removed) == (0, 0)
    assert [(row.pk, row.version) for row in saving.lines()] == before


def test_a_price_above_the_baseline_subtracts(saving: Saving) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 1), 100, "1.10")
    saving.receive(saving.incumbent, dt.date(2026, 6, 2), 50, "4.10")
    saving.compute()
    assert figures(saving.lines()) == [
        ("2026-06", "negotiated", Decimal(-50), 50),
        ("2026-06", "volume_shift", Decimal(200), 100),
    ]


def test_a_receipt_taken_off_removes_its_open_line(saving: Saving) -> None:
    made = saving.receive(saving.alternate, dt.date(2026, 6, 1), 100, "1.10")
    saving.compute()
    sourcing.correct_receipt(receipt=made, reason="typed twice", actor=JOB)
    assert saving.compute().removed == 1
    assert saving.lines() == []


def test_nothing_is_counted_without_a_baseline(db: None) -> None:
    saving = Saving(price=None)
    saving.summer()
    saving.compute()
    assert saving.lines() == []


def test_zero_receipts_are_no_saving(saving: Saving) -> None:
    assert saving.compute().written == 0
    assert window_of(baseline_of(saving.case)) is None


def test_pilot_receipts_and_receipts_without_price_do_not_count(saving: Saving) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 1), 100, "1.10", purpose="pilot")
    saving.receive(saving.alternate, dt.date(2026, 6, 2), 100, None)
    saving.compute()
    assert saving.lines() == []


def test_the_window_is_twelve_months_from_the_first_new_price(saving: Saving) -> None:
    first = dt.date(2026, 3, 15)
    saving.receive(saving.incumbent, dt.date(2026, 2, 1), 100, "3.10")
    saving.receive(saving.incumbent, first, 100, "2.10")
    saving.receive(saving.incumbent, dt.date(2027, 3, 14), 100, "2.10")
    saving.receive(saving.incumbent, dt.date(2027, 3, 15), 100, "2.10")
    saving.compute(dt.date(2027, 4, 1))
    assert window_of(baseline_of(saving.case)) == (first, dt.date(2027, 3, 15))
    assert figures(saving.lines()) == [
        ("2026-03", "negotiated", Decimal(100), 100),
        ("2027-03", "negotiated", Decimal(100), 100),
    ]


def test_a_receipt_counts_in_one_case(saving: Saving) -> None:
    with clock.at(OPENED):
        other = Team(factories.alternate(saving.case.part), people=saving.team.people)
        other.jump_to(State.TRANSITION)
    saving.receive(saving.incumbent, dt.date(2026, 6, 1), 100, "2.10")
    saving.compute()
    rows = SavingLine.objects.values_list("case", "amount")
    assert list(rows) == [(saving.case.pk, Decimal(100))]


def euros(saving: Saving, budget: str | None = "1.10") -> None:
    """Budget and daily rates of the euro."""
    if budget:
        services.plan_rate(year=2026, currency="EUR", rate=Decimal(budget), actor=saving.finance)
    catalogue.record_rate(
        currency="EUR", quote="USD", rate=Decimal("1.20"), as_of=dt.date(2026, 1, 1),
        publisher="test", actor=JOB,
    )  # fmt: skip


def test_another_currency_enters_at_the_budget_rate(saving: Saving) -> None:
    euros(saving)
    saving.receive(saving.alternate, dt.date(2026, 6, 1), 100, "2.00", currency="EUR")
    saving.compute()
    row = saving.lines()[0]
    assert (row.amount, row.currency) == (Decimal("90.00"), "USD")
    assert row.paid_price == Decimal("2.20")
    assert row.fx_effect == Decimal("-20.00")


def test_the_effect_of_the_rate_is_apart_and_can_outweigh_the_price(db: None) -> None:
    saving = Saving(price="10.45")
    services.plan_rate(year=2026, currency="EUR", rate=Decimal("0.995"), actor=saving.finance)
    catalogue.record_rate(
        currency="EUR", quote="USD", rate=Decimal("1.045"), as_of=dt.date(2026, 1, 1),
        publisher="test", actor=JOB,
    )  # fmt: skip
    saving.receive(saving.alternate, dt.date(2026, 6, 1), 1000, "10.00", currency="EUR")
    saving.compute()
    row = saving.lines()[0]
    assert (row.amount, row.fx_effect) == (Decimal("500.00"), Decimal("-500.00"))


def test_two_currencies_are_never_summed(saving: Saving) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 1), 100, "1.10")
    saving.receive(saving.alternate, dt.date(2026, 6, 2), 100, "1.00", currency="EUR")
    saving.compute()
    assert figures(saving.lines()) == [("2026-06", "volume_shift", Decimal(200), 100)]
    assert not BudgetRate.objects.exists()


def test_receipts_changed_after_validation_make_a_correction_line(saving: Saving) -> None:
    saving.summer()
    saving.compute()
    valid = saving.settle(JUNE)
    wrong = saving.case.source.receipts.get(received_date=dt.date(2026, 6, 20))
    sourcing.correct_receipt(receipt=wrong, reason="wrong price", actor=JOB)
    saving.receive(saving.alternate, dt.date(2026, 6, 20), 3800, "2.94")
    saving.compute()
    made = SavingLine.objects.get(origin="correction")
    assert (made.month, made.earned_in, made.amount) == (AUGUST, JUNE, Decimal("-3800.00"))
    assert made.corrects in valid
    assert (made.stage, made.reason) == ("realised", "Receipts of Jun 2026 changed")
    assert saving.compute().written == 0


def test_a_correction_of_a_correction_is_one_line_a_month(saving: Saving) -> None:
    saving.summer()
    saving.compute()
    saving.close(JUNE)
    saving.receive(saving.alternate, dt.date(2026, 6, 25), 10, "2.10")
    saving.compute()
    saving.receive(saving.alternate, dt.date(2026, 6, 26), 10, "2.10")
    saving.compute()
    made = SavingLine.objects.get(origin="correction")
    assert (made.amount, made.quantity) == (Decimal("20.00"), 20)
