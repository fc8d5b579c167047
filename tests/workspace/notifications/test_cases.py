"""What a case asks of its people, and that it is settled once it is done."""

from __future__ import annotations

import datetime as dt

import pytest

from qualification import services
from qualification.models.cases import State
from secondsource.core import clock, outbox
from secondsource.core.formats import day
from secondsource.core.models import Notification, Outbox
from secondsource.workspace.notifications import cases
from tests import factories
from tests.factories import Team
from tests.introduction_work import introduce
from tests.workspace.notifications.reading import told

pytestmark = pytest.mark.django_db
SIGN = "signature"


@pytest.fixture
def team() -> Team:
    return Team()


def ready_to_sign(team: Team) -> None:
    team.fire("submit")
    team.do_items()


def test_signers_are_told_and_the_sponsor_last(team: Team) -> None:
    ready_to_sign(team)
    assert told(team.people["quality"], SIGN) == ["Sign Business case for Quality"]
    assert told(team.people["sponsor"], SIGN) == []
    for function in ("engineering", "quality", "procurement"):
        services.sign(case=team.case, function=function, actor=team[function])
    assert told(team.people["sponsor"], SIGN) == ["Sign Business case for Sponsor"]


def test_a_given_signature_is_wanted_no_more(team: Team) -> None:
    ready_to_sign(team)
    assert told(team.people["quality"], SIGN)
    services.sign(case=team.case, function="quality", actor=team["quality"])
    assert told(team.people["quality"], SIGN) == []


def test_a_void_signature_is_wanted_again(team: Team) -> None:
    ready_to_sign(team)
    services.sign(case=team.case, function="quality", actor=team["quality"])
    outbox.work_off()
    item = team.case.checklist.filter(gate="business_case")[0]
    services.change_item(item=item, values={"note": "other"}, actor=team.lead)
    assert told(team.people["quality"], SIGN) == ["Sign Business case for Quality"]


def test_what_was_read_and_still_holds_is_not_told_again(team: Team) -> None:
    ready_to_sign(team)
    assert told(team.people["quality"], SIGN)
    Notification.objects.update(read_at=clock.now())
    cases.follow([team.case.pk])
    assert told(team.people["quality"], SIGN) == []


def test_a_hold_is_told_with_its_reason_until_it_ends(team: Team) -> None:
    team.fire("submit")
    team.fire("hold", note="samples are late")
    said = f"{team.case.key} is blocked: samples are late"
    assert told(team.people["quality"], "blocked") == [said]
    assert told(team.people["engineering"], "blocked") == []
    team.fire("resume")
    assert told(team.people["quality"], "blocked") == []


def test_a_failed_hold_point_blocks(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    Outbox.objects.all().delete()
    team.pass_gate()
    point = team.case.hold_points.order_by("due")[0]
    with clock.at(point.due):
        services.judge_hold_point(
            hold_point=point, verdict="fail", note="bad", actor=team["quality"]
        )
        assert "failed" in told(team.people["engineering"], "blocked")[0]
        assert told(team.people["quality"], "blocked") == []


def test_a_step_that_is_due_soon_is_told_once_and_again_when_overdue(team: Team) -> None:
    (item,), today = team.with_steps(1), clock.business_day()
    values = {"owner": team.people["quality"], "due_date": today + dt.timedelta(days=9)}
    services.change_item(item=item, values=values, actor=team.lead)
    assert told(team.people["quality"], "due") == []
    with clock.at(today + dt.timedelta(days=7)):
        assert (cases.follow_days(), cases.follow_days()) == (1, 1)
        (title,) = told(team.people["quality"], "due")
        assert title.startswith("Due ")
        Notification.objects.update(read_at=clock.now())
    with clock.at(today + dt.timedelta(days=10)):
        cases.follow_days()
        (title,) = told(team.people["quality"], "due")
        assert title.startswith("Overdue since ")


def test_a_step_that_is_done_is_due_no_more(team: Team) -> None:
    (item,) = team.with_steps(1)
    services.change_item(item=item, values={"due_date": clock.business_day()}, actor=team.lead)
    assert len(told(team.people["engineering"], "due")) == 1
    team.do_items()
    assert told(team.people["engineering"], "due") == []


def test_the_day_of_a_case_is_told_to_its_lead(team: Team) -> None:
    team.plan(due_date=clock.business_day() + dt.timedelta(days=2))
    assert len(told(team.people["engineering"], "due")) == 1
    assert told(team.people["quality"], "due") == []


def test_a_hold_point_is_told_on_its_day(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    Outbox.objects.all().delete()
    team.pass_gate()
    outbox.work_off()
    point = team.case.hold_points.order_by("due")[0]
    with clock.at(point.due - dt.timedelta(days=1)):
        cases.follow_days()
        assert told(team.people["quality"], "hold_point") == []
    with clock.at(point.due):
        cases.follow_days()
        assert len(told(team.people["quality"], "hold_point")) == 1


def test_the_run_out_of_old_stock_is_told_to_lead_and_procurement_until_it_is_done(
    team: Team,
) -> None:
    factories.product(uses={team.source.part: 1})
    team.jump_to(State.APPROVAL)
    last = clock.business_day() + dt.timedelta(days=20)
    introduce(team, run_out_quantity=400, run_out_by=last)
    team.pass_gate()

    def told_of_it() -> set[tuple[int, str]]:
        rows = Notification.objects.filter(key=f"run-out-{team.case.number}", settled_at=None)
        return set(rows.values_list("reader", "title"))

    both = [team.people[function].pk for function in ("engineering", "procurement")]
    for days, when in ((-4, ""), (-1, f"Due {day(last)}"), (1, f"Overdue since {day(last)}")):
        with clock.at(last + dt.timedelta(days=days)):
            cases.follow_days()
            title = f"{when}: old stock of {team.case.key} runs out"
            assert told_of_it() == ({(pk, title) for pk in both} if when else set())
    with clock.at(last + dt.timedelta(days=2)):
        introduce(team, run_out_quantity=400, run_out_by=last, run_out_done_on=last)
        outbox.work_off()
    assert told_of_it() == set()


def test_a_case_that_is_over_asks_for_nothing(team: Team) -> None:
    ready_to_sign(team)
    assert told(team.people["quality"], SIGN)
    team.fire("withdraw", note="no need")
    assert told(team.people["quality"], SIGN, "due", "blocked") == []
