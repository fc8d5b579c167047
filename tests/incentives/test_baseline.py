"""Baselines: frozen when a case opens, with evidence, or entered by procurement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from incentives import services
from incentives.ledger import baseline_of, pool_base
from incentives.models import Baseline
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Event
from tests import factories
from tests.factories import JOB, Team
from tests.incentives.saving import JUNE, OPENED, Saving
from tests.qualification.asking import refusal


def entered(saving: Saving, **values: Any) -> Baseline:
    """Enter a baseline as procurement."""
    given = {
        "source": saving.incumbent, "price": Decimal("3.10"), "currency": "USD",
        "price_on": OPENED, "evidence": "Invoice 4711", "actor": saving.buyer,
    }  # fmt: skip
    return services.enter_baseline(case=saving.case, **(given | values))


def test_a_case_freezes_the_last_price_paid(saving: Saving) -> None:
    row = baseline_of(saving.case)
    assert row is not None
    assert (row.price, row.currency, row.price_on) == (Decimal("3.10"), "USD", OPENED)
    assert (row.source, row.volume, row.basis) == (saving.incumbent, 1000, "receipt")
    assert "order 88213" in row.evidence
    assert Event.objects.filter(action="incentives.baseline.frozen").exists()


def test_a_later_price_does_not_move_it(saving: Saving) -> None:
    saving.receive(saving.incumbent, dt.date(2026, 2, 1), 10, "9.99")
    services.freeze_baselines(actor=JOB)
    assert [row.price for row in Baseline.objects.filter(case=saving.case)] == [Decimal("3.10")]


def test_a_corrected_receipt_is_no_baseline(db: None) -> None:
    part = factories.part()
    source = factories.incumbent(part)
    factories.receipt(source, 10, "2.00", received_date=factories.days_ago(9))
    wrong = factories.receipt(source, 10, "9.00", received_date=factories.days_ago(5))
    from suppliers import services as sourcing

    sourcing.correct_receipt(receipt=wrong, reason="typed twice", actor=JOB)
    row = baseline_of(Team(factories.alternate(part)).case)
    assert row is not None
    assert row.price == 2


def test_without_a_receipt_there_is_none_and_it_is_told(db: None) -> None:
    team = Team()
    assert baseline_of(team.case) is None
    assert pool_base(team.case).problems == (f"{team.case.key} has no baseline.",)


def test_an_older_case_gets_one_from_a_later_import(db: None) -> None:
    team = Team()
    incumbent = team.case.part.sources.get(role="incumbent")
    factories.receipt(incumbent, 10, "4.00", received_date=factories.days_ago(30))
    assert services.freeze_baselines(actor=JOB) == [team.case.pk]
    assert services.freeze_baselines(actor=JOB) == []


def test_procurement_enters_one_with_evidence(db: None) -> None:
    saving = Saving(price=None)
    made = entered(saving, volume=Decimal(12000))
    assert baseline_of(saving.case) == made
    assert (made.basis, made.entered_by) == ("entered", saving.buyer.user)


def test_another_one_supersedes_it_until_a_month_is_closed(saving: Saving) -> None:
    entered(saving, price=Decimal("3.00"))
    assert Baseline.objects.filter(case=saving.case).count() == 2
    saving.summer()
    saving.compute()
    saving.close(JUNE)
    assert refusal(entered, saving, price=Decimal("3.20")) == ["month_closed"]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"price": Decimal(0)}, "/price"),
        ({"currency": "XXX"}, "/currency"),
        ({"evidence": " "}, "/evidence"),
        ({"price_on": OPENED + dt.timedelta(days=1)}, "/price_on"),
        ({"volume": Decimal(-1)}, "/volume"),
    ],
)
def test_wrong_values_are_refused(saving: Saving, values: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        entered(saving, **values)
    assert [problem.pointer for problem in caught.value.problems] == [pointer]
    assert Baseline.objects.filter(case=saving.case).count() == 1


def test_the_candidate_is_no_baseline(saving: Saving) -> None:
    with pytest.raises(ValuesRefused):
        entered(saving, source=saving.alternate)


def test_an_engineer_enters_none(saving: Saving) -> None:
    with pytest.raises(PermissionRefused):
        entered(saving, actor=saving.team.lead)


def test_the_database_keeps_a_frozen_price(saving: Saving) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Baseline.objects.filter(case=saving.case).update(price=Decimal(9))
    with pytest.raises(IntegrityError), transaction.atomic():
        Baseline.objects.filter(case=saving.case).delete()
