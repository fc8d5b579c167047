"""Two people, or a person and the job, at the same time."""

from __future__ import annotations

import datetime as dt

import pytest

from incentives import services
from incentives.models import ClosedMonth, SavingLine
from secondsource.core import clock
from tests import factories
from tests.factories import JOB
from tests.incentives.saving import AUGUST, JUNE, Saving
from tests.threads import at_once


@pytest.fixture
def saving(transactional_db: None) -> Saving:
    """June computed."""
    made = Saving()
    made.receive(made.alternate, dt.date(2026, 6, 20), 100, "1.10")
    made.compute()
    return made


def test_two_validators_at_once(saving: Saving) -> None:
    saving.close(JUNE)
    row = SavingLine.objects.get()
    people = saving.finance, factories.actor("finance")
    ended = at_once(
        *(lambda who=who: services.validate_lines(lines=[row], actor=who) for who in people)
    )
    assert ended == ["done", "validated"]
    row.refresh_from_db()
    assert (row.stage, row.version) == ("validated", 2)


def test_two_close_a_month_at_once(saving: Saving) -> None:
    def close() -> None:
        with clock.at(AUGUST):
            services.close_month(month=JUNE, actor=saving.finance)

    assert at_once(close, close) == ["done", "month_closed"]
    assert ClosedMonth.objects.count() == 1


def test_the_job_and_a_closing_at_once(saving: Saving) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 21), 100, "1.10")

    def close() -> None:
        with clock.at(AUGUST):
            services.close_month(month=JUNE, actor=saving.finance)

    def run() -> None:
        with clock.at(AUGUST):
            services.recompute_realised(actor=JOB)

    assert at_once(close, run) == ["done", "done"]
    assert SavingLine.objects.get().amount == 400
