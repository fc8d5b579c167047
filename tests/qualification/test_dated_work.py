"""Steps whose work ends or is done by a date, in lists, My work and on the case alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from qualification import my_work, services, task_counts
from qualification.models import Case, ComponentTest
from qualification.models.cases import State
from qualification.next_move import unmet
from secondsource.core import clock
from suppliers.resolve import resolve
from tests.approval_work import affected_product, customer
from tests.component_work import finish_component_tests, passing_data
from tests.factories import JOB, Team, alternate, incumbent
from tests.qualification.business_cases import offer, priced_part


def is_met(team: Team, link: str) -> bool:
    return team.case.checklist.get(link=link).met_at is not None


def seen(team: Team, link: str) -> tuple[bool, bool, bool]:
    """Whether the step is open in lists, in My work of the lead and on the case."""
    item = team.case.checklist.get(link=link)
    lead = team.people["engineering"]
    tasks = my_work.tasks_of(lead, my_work.cases_of(lead))
    [listed] = my_work.cases_of(lead)
    return (
        str(item.pk) in {reason.about for reason in unmet(listed)},
        f"step-{item.pk}" in {task.key for task in tasks},
        str(item.pk) in {reason.about for reason in unmet(team.reload())},
    )


def test_generic_data_that_become_too_old_open_the_step(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    finish_component_tests(team)
    test = ComponentTest.objects.filter(case=team.case).first()
    assert test is not None
    services.record_result(
        test=test, values=passing_data(test, origin="generic", family="X7R"), actor=team.lead
    )
    assert is_met(team, "component_tests")
    with clock.at(clock.business_day() + dt.timedelta(days=4_000)):
        assert seen(team, "component_tests") == (False, False, True)
        assert services.refresh_dated_work(actor=JOB) == 1
        assert seen(team, "component_tests") == (True, True, True)
        count = task_counts.count(team.people["engineering"], cap=99)
        assert services.refresh_dated_work(actor=JOB) == 0
        assert count == task_counts.count(team.people["engineering"], cap=99)


def test_waived_generic_data_stay_done(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    finish_component_tests(team)
    for test in team.case.component_tests.all():
        values = passing_data(test, origin="generic", family="X7R")
        services.record_result(test=test, values=values, actor=team.lead)
    with clock.at(clock.business_day() + dt.timedelta(days=4_000)):
        for test in team.case.component_tests.all():
            services.waive_test(test=test, reason="Same die", actor=team["engineering"])
        assert services.refresh_dated_work(actor=JOB) == 0
        assert is_met(team, "component_tests")


def test_silence_that_approves_closes_the_step(team: Team) -> None:
    today = clock.business_day()
    asked = {"sent_on": today, "due": today, "silence_clause": "Frame contract 7.2"}
    customer(team, affected_product(team), **asked)
    team.jump_to(State.APPROVAL)
    assert seen(team, "customer_approvals")[0]
    with clock.at(today + dt.timedelta(days=1)):
        assert services.refresh_dated_work(actor=JOB) == 1
        assert seen(team, "customer_approvals") == (False, False, False)
        assert services.refresh_dated_work(actor=JOB) == 0


def test_an_offer_that_ends_opens_the_business_case(db: Any) -> None:
    last = clock.business_day() + dt.timedelta(days=20)
    of = priced_part()
    first, second = incumbent(of, "FIRST"), alternate(of, "SECOND")
    for source, price in ((first, "2.00"), (second, "1.50")):
        offer(source, price, valid_to=last)
    team = Team(second)
    team.fire("submit")
    services.change_business_case(
        case=team.case, values={"exposure_note": "One line stops."}, actor=team.lead
    )
    assert is_met(team, "business_case")
    with clock.at(last + dt.timedelta(days=1)):
        resolve([of.pk], actor=JOB)  # as every night: the spend rests on the offer too
        assert services.refresh_dated_work(actor=JOB) == 1
        assert not is_met(team, "business_case")
        assert team.case in Case.objects.blocked()


def test_a_signed_business_case_stays_done_without_the_offer(db: Any) -> None:
    last = clock.business_day() + dt.timedelta(days=20)
    of = priced_part(given_demand=Decimal(52_000))
    first, second = incumbent(of, "FIRST"), alternate(of, "SECOND")
    for source, price in ((first, "2.00"), (second, "1.50")):
        offer(source, price, valid_to=last)
    team = Team(second)
    team.fire("submit")
    services.change_business_case(
        case=team.case, values={"exposure_note": "One line stops."}, actor=team.lead
    )
    team.do_items()
    services.sign(case=team.case, function="engineering", actor=team["engineering"])
    with clock.at(last + dt.timedelta(days=1)):
        resolve([of.pk], actor=JOB)
        assert services.refresh_dated_work(actor=JOB) == 0
        assert is_met(team, "business_case")
        assert team.case.sign_offs.filter(voided_at=None).exists()
