"""Two people, or a person and the job, at the same time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from incentives import services
from incentives.models import BudgetRate, ClosedMonth, KpiTarget, SavingLine
from secondsource.accounts.models import Team
from secondsource.core import clock, jobs
from secondsource.core.models import Job
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


def test_two_ask_for_a_closing_at_once(saving: Saving) -> None:
    def ask() -> None:
        with clock.at(AUGUST):
            services.start_closing(month=JUNE, actor=saving.finance)

    assert at_once(ask, ask) == ["done", "month_closing"]
    assert Job.objects.count() == 1


def test_a_closing_that_is_delivered_twice_is_done_once(saving: Saving) -> None:
    with clock.at(AUGUST):
        asked = services.start_closing(month=JUNE, actor=saving.finance)

    def run() -> None:
        with clock.at(AUGUST):
            jobs.run(str(asked.pk))

    assert at_once(run, run) == ["done", "done"]
    asked.refresh_from_db()
    # The second delivery can take over before the first begins its work: then it is the only one.
    assert (asked.state, ClosedMonth.objects.count()) == ("done", 1)


def test_two_targets_of_a_team_at_once(transactional_db: None) -> None:
    team = Team.objects.create(code="T1", name="Team one")
    executive = factories.actor("executive")

    def fix(conversions: int) -> None:
        services.set_target(
            team=team, year=2026, conversions=conversions, cost_reduction_pct=Decimal(5),
            actor=executive, expected=None,
        )  # fmt: skip

    assert len(at_once(lambda: fix(3), lambda: fix(4))) == 2
    row = KpiTarget.objects.get()
    assert row.history.count() == row.version


def test_a_target_that_changed_meanwhile_is_stale(transactional_db: None) -> None:
    team = Team.objects.create(code="T1", name="Team one")
    values = {"team": team, "year": 2026, "cost_reduction_pct": Decimal(5),
              "actor": factories.actor("executive")}  # fmt: skip
    row = services.set_target(conversions=3, **values)
    seen = row.version

    def fix(conversions: int) -> None:
        services.set_target(conversions=conversions, expected=seen, **values)

    ended = at_once(lambda: fix(4), lambda: fix(5))
    assert ended.count("done") == 1
    assert KpiTarget.objects.get().version == seen + 1


def test_two_plan_a_rate_at_once(transactional_db: None) -> None:
    finance = factories.actor("finance")

    def plan(rate: str) -> None:
        services.plan_rate(year=2026, currency="EUR", rate=Decimal(rate), actor=finance)

    assert at_once(lambda: plan("1.10"), lambda: plan("1.20")) == ["done", "done"]
    row = BudgetRate.objects.get()
    assert (row.version, row.history.count()) == (2, 2)


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


def test_of_two_corrections_of_an_index_the_slower_is_stale(transactional_db: None) -> None:
    finance = factories.actor("finance")
    index = services.add_index(
        code="CU", name="Copper", publisher="LME", unit="USD/t", actor=finance
    )
    given = {"index": index, "day": JUNE, "evidence": "LME", "actor": finance}
    row = services.record_value(value=Decimal(9000), **given)

    def correct(value: int) -> None:
        services.record_value(value=Decimal(value), expected=row.version, **given)

    assert at_once(lambda: correct(9100), lambda: correct(9200)) == ["done", "stale"]
    row.refresh_from_db()
    assert (row.version, row.history.count()) == (2, 2)
