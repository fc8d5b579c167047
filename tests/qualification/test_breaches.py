"""Breached triggers: found in receipts, told, they hold the ramp until somebody decides."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.breaches import open_breaches
from qualification.models import Rollback, TriggerBreach
from qualification.models.cases import State
from qualification.services.expiry import expire_approvals
from qualification.workflow import CASE_FLOW
from secondsource.core import clock, outbox
from secondsource.core.calendar import add_months
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event, Notification
from suppliers import services as sourcing
from suppliers.models import Receipt
from tests import factories
from tests.factories import JOB, Team
from tests.qualification.asking import refusal, refused_move, row
from tests.rollback_work import step, trigger
from tests.threads import at_once, held_open

RAMP = [(1, Decimal("0.1")), (2, Decimal("0.3"))]


@pytest.fixture
def running(team: Team) -> Team:
    """In transition since today, by a ramp of two steps."""
    team.plan(ramp=RAMP)
    step(team)
    team.jump_to(State.TRANSITION)
    return team


def bad_lot(team: Team, rejected: int = 12) -> Receipt:
    return factories.receipt(team.source, 1000, rejected_qty=Decimal(rejected))


def breach_of(team: Team) -> TriggerBreach:
    return TriggerBreach.objects.get(transition__case=team.case)


def told(team: Team) -> set[int]:
    """Who has an unread notification that the case is blocked."""
    outbox.work_off()
    rows = Notification.objects.filter(subject_id=team.case.pk, kind="blocked", settled_at=None)
    return set(rows.values_list("reader", flat=True))


def test_a_value_just_beyond_its_limit_is_told_with_its_digits() -> None:
    breach = TriggerBreach(
        metric="dppm", operator="above", threshold=Decimal("1000.0000"), window_days=30,
        value=Decimal("1000.0010"), counted=Decimal(1000), of_total=Decimal(999_999),
    )  # fmt: skip
    assert breach.in_words == "DPPM above 1,000 within 30 days: 1,000.001 (1,000 of 999,999)"


def test_a_bad_lot_breaches_the_trigger(running: Team) -> None:
    bad_lot(running)
    breach = breach_of(running)
    assert breach.in_words == "DPPM above 1,000 within 30 days: 12,000 (12 of 1,000)"
    assert (breach.counted_from, breach.counted_to) == (clock.business_day(),) * 2
    event = Event.objects.get(action="qualification.trigger.breached")
    assert (event.subject_id, event.note) == (running.case.pk, breach.in_words)


def test_a_good_lot_does_not(running: Team) -> None:
    bad_lot(running, 1)
    assert not TriggerBreach.objects.exists()


def test_lots_before_the_transition_and_before_the_window_do_not_count(team: Team) -> None:
    factories.receipt(team.source, 1000, rejected_qty=Decimal(500))
    with clock.at(clock.business_day() + dt.timedelta(days=1)):
        team.jump_to(State.TRANSITION)
        assert services.watch(actor=JOB) == 0


def test_a_late_line_breaches_on_time_delivery_by_night(running: Team) -> None:
    today = clock.business_day()
    factories.order_line(running.source, 100, agreed_date=today + dt.timedelta(days=2))
    assert services.watch(actor=JOB) == 0
    with clock.at(today + dt.timedelta(days=3)):
        assert services.watch(actor=JOB) == 1
    assert breach_of(running).in_words == (
        "on-time delivery below 80 % within 60 days: 0 % (0 of 1)"
    )


def test_a_delivery_in_time_breaches_nothing(running: Team) -> None:
    today = clock.business_day()
    line = factories.order_line(running.source, 100, agreed_date=today)
    factories.receipt(running.source, 100, order_line=line)
    with clock.at(today + dt.timedelta(days=3)):
        assert services.watch(actor=JOB) == 0


def test_returns_are_counted_in_units(team: Team) -> None:
    trigger(team, "returns", operator="above", threshold=Decimal(50))
    team.jump_to(State.TRANSITION)
    factories.receipt(team.source, 1000)
    factories.receipt(team.source, -60)
    assert breach_of(team).value == 60


def test_the_ramp_stays_at_the_share_of_the_breach(running: Team) -> None:
    bad_lot(running)
    with clock.at(add_months(clock.business_day(), 1)):
        expire_approvals(actor=JOB)
        assert row(running.source)[1] == Decimal("0.1")
        assert running.reload().share_today == Decimal("0.1")
        services.clear_breach(breach=breach_of(running), reason="Sorted", actor=running["quality"])
        assert row(running.source)[1] == Decimal("0.3")
        assert running.reload().share_today == Decimal("0.3")
    codes = [reason["code"] for reason in running.source.reasons]
    assert codes == ["ramp"]


def test_the_source_says_why_its_share_is_held(running: Team) -> None:
    bad_lot(running)
    running.source.refresh_from_db()
    assert [reason["code"] for reason in running.source.reasons] == ["trigger_breached"]


def test_what_was_counted_before_clearing_does_not_breach_again(running: Team) -> None:
    bad_lot(running)
    services.clear_breach(breach=breach_of(running), reason="Sorted", actor=running["quality"])
    assert services.watch(actor=JOB) == 0
    bad_lot(running)
    assert TriggerBreach.objects.filter(ended_at=None).count() == 1
    assert TriggerBreach.objects.filter(ending="cleared").count() == 1


def test_the_people_and_the_owners_of_the_steps_are_told(team: Team) -> None:
    owner = factories.person("engineer")
    step(team, owner=owner)
    team.jump_to(State.TRANSITION)
    bad_lot(team)
    assert told(team) == {owner.pk, *(person.pk for person in team.people.values())}
    services.clear_breach(breach=breach_of(team), reason="Sorted", actor=team["quality"])
    assert told(team) == set()


def test_a_breach_is_cleared_once_and_with_a_reason(running: Team) -> None:
    bad_lot(running)
    breach = breach_of(running)
    with pytest.raises(ValuesRefused):
        services.clear_breach(breach=breach, reason=" ", actor=running["quality"])
    services.clear_breach(breach=breach, reason="Sorted", actor=running["quality"])
    found = refusal(services.clear_breach, breach=breach, reason="Again", actor=running["quality"])
    assert found == ["ended"]


def test_procurement_does_not_clear_it(running: Team) -> None:
    bad_lot(running)
    found = refusal(
        services.clear_breach, breach=breach_of(running), reason="x", actor=running["procurement"]
    )
    assert found == ["not_permitted"]
    assert open_breaches(running.case)


def test_a_breached_case_is_not_closed(running: Team) -> None:
    last = max(point.due for point in running.case.hold_points.all())
    with clock.at(last):
        for point in running.case.hold_points.all():
            services.judge_hold_point(
                hold_point=point, verdict="pass", note="good", actor=running["quality"]
            )
        running.do_items()
        running.sign()
        bad_lot(running)
        assert refused_move(running, "close") == ["trigger_breached"]
        services.clear_breach(breach=breach_of(running), reason="Old", actor=running["quality"])
        assert running.fire("close").state == State.CLOSED


def test_customers_returns_are_reported(team: Team) -> None:
    limit = trigger(team, "customer_returns", operator="above", threshold=Decimal(3))
    found = refusal(
        services.report_breach, trigger=limit, value=Decimal(5), note="x", actor=team.lead
    )
    assert found == ["no_transition"]
    team.jump_to(State.TRANSITION)
    with pytest.raises(ValuesRefused) as caught:
        services.report_breach(trigger=limit, value=Decimal(2), note="", actor=team.lead)
    assert [p.pointer for p in caught.value.problems] == ["/value", "/note"]
    services.report_breach(trigger=limit, value=Decimal(5), note="Complaint 7", actor=team.lead)
    assert breach_of(team).reported_by == team.people["engineering"]
    found = refusal(
        services.report_breach, trigger=limit, value=Decimal(6), note="x", actor=team.lead
    )
    assert found == ["duplicate"]


def test_a_rollback_ends_the_breach_and_keeps_its_hours(running: Team) -> None:
    bad_lot(running)
    running.fire("roll_back", note="Bad lot", data={"hours": "31.5"}, by="quality")
    breach, done = breach_of(running), Rollback.objects.get()
    assert (breach.ending, breach.reason) == ("rolled_back", "Bad lot")
    assert (done.hours, done.planned_hours) == (Decimal("31.5"), Decimal(48))
    assert done.decided_by == running.people["quality"]
    assert row(running.source)[:2] == ("requalify", Decimal(0))
    event = Event.objects.get(action="qualification.rollback.decided")
    assert (event.data["hours"], event.data["source"]) == ("31.5", running.source.key)


def test_hours_that_are_none_are_refused(running: Team) -> None:
    found = refused_move(running, "roll_back", "quality", note="why", data={"hours": "two days"})
    assert found == ["hours_unclear"]
    assert not Rollback.objects.exists()


def test_the_hours_are_recorded_when_it_is_over(running: Team) -> None:
    running.fire("roll_back", note="Bad lot", by="quality")
    done = Rollback.objects.get()
    outbox.work_off()
    owners = Notification.objects.filter(kind="due", title__contains="Block the lots in stock")
    assert set(owners.values_list("reader", "settled_at")) == {
        (running.people["procurement"].pk, None)
    }
    services.finish_rollback(rollback=done, hours=Decimal(40), actor=running["quality"])
    outbox.work_off()
    assert not owners.filter(settled_at=None).exists()
    found = refusal(
        services.finish_rollback, rollback=done, hours=Decimal(1), actor=running["quality"]
    )
    assert found == ["finished"]
    done.refresh_from_db()
    assert done.hours == 40


def test_a_case_that_goes_on_begins_without_the_breach(running: Team) -> None:
    bad_lot(running)
    running.fire("roll_back", note="Bad lot", by="quality")
    running.fire("reopen", note="Repaired", by="quality")
    assert open_breaches(running.reload()) == []


def test_the_pages_show_and_clear_it(running: Team, browse: Any) -> None:
    bad_lot(running)
    client, breach = browse(running.people["quality"]), breach_of(running)
    page = client.get(f"/q/{running.case.key}/").content.decode()
    assert "Trigger breached: DPPM above 1,000" in page
    assert "Trigger breached" in client.get("/q/?open=true").content.decode()
    url = f"/q/{running.case.key}/rollback/"
    assert "12,000 (12 of 1,000)" in client.get(url).content.decode()
    form = f"{url}breaches/{breach.public_id}/clear/"
    assert client.post(form, {"reason": "", "expected": breach.version}).status_code == 422
    assert client.post(form, {"reason": "Sorted", "expected": breach.version}).status_code == 302
    assert "Trigger breached" not in client.get(f"/q/{running.case.key}/").content.decode()


def test_the_dashboard_and_my_work_show_it(running: Team, browse: Any) -> None:
    bad_lot(running)
    for reader in (running.people["sponsor"], factories.person("viewer")):
        page = browse(reader).get("/dashboard/").content.decode()
        assert "trigger breached." in page
        assert "12,000 (12 of 1,000)" in page
    work = browse(running.people["engineering"]).get("/work/").content.decode()
    groups = ("Blocks others", "Due this week", "To do", "Waiting on others")
    ahead = work[: work.index("Decide on the breached trigger")]
    assert [name for name in groups if f"{name} <span" in ahead] == ["Blocks others"]
    services.clear_breach(breach=breach_of(running), reason="Sorted", actor=running["quality"])
    page = browse(running.people["sponsor"]).get("/dashboard/").content.decode()
    assert "trigger breached." not in page


def test_the_page_of_the_move_takes_the_hours(running: Team, browse: Any) -> None:
    client, url = browse(running.people["quality"]), f"/q/{running.case.key}/moves/roll_back/"
    assert "id_hours" in client.get(url).content.decode()
    answer = client.post(
        url, {"note": "Bad lot", "hours": "12", "expected": running.reload().version}
    )
    assert answer.status_code == 302
    assert Rollback.objects.get().hours == 12


def test_the_api_reads_clears_and_rolls_back(running: Team, api: Any) -> None:
    bad_lot(running)
    caller, url = api(user=running.people["quality"]), f"/cases/{running.case.key}/"
    shown = caller.get(f"{url}breaches/").json()["results"][0]
    assert (shown["metric"], shown["value"], shown["ended_at"]) == ("dppm", "12000.0000", None)
    cleared = caller.post(f"{url}breaches/{shown['id']}/clear/", {"reason": "Sorted"})
    assert cleared.json()["ending"] == "cleared"
    limit = caller.get(f"{url}rollback-triggers/").json()["results"][0]["id"]
    body = {"trigger": limit, "value": "5000", "note": "Line 2"}
    assert caller.post(f"{url}breaches/", body).status_code == 201
    moved = caller.post(
        f"{url}moves/", {"name": "roll_back", "note": "Bad", "data": {"hours": "9"}}
    )
    assert moved.status_code == 200, moved.json()
    done = caller.get(f"{url}rollbacks/").json()["results"][0]
    assert (done["hours"], done["planned_hours"]) == ("9.0", "48.0")


# Two at once


@pytest.fixture
def alone(transactional_db: None) -> Team:
    """In transition, seen by other connections."""
    team = Team()
    team.jump_to(State.TRANSITION)
    return team


@pytest.mark.django_db(transaction=True)
def test_two_evaluations_at_once_write_one_breach(alone: Team) -> None:
    factories.order_line(alone.source, 100, agreed_date=clock.business_day())
    later = clock.business_day() + dt.timedelta(days=3)

    def look() -> None:
        with clock.at(later):
            services.watch(actor=JOB)

    assert at_once(look, look, look) == ["done"] * 3
    assert TriggerBreach.objects.count() == 1
    assert Event.objects.filter(action="qualification.trigger.breached").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_rollbacks_one_wins(alone: Team) -> None:
    def back() -> None:
        CASE_FLOW.fire(alone.case.pk, "roll_back", actor=alone["quality"], note="Bad lot")

    assert at_once(back, back) == ["done", "wrong_state"]
    assert Rollback.objects.count() == 1
    assert Event.objects.filter(action="qualification.rollback.decided").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_breach_while_a_rollback_is_under_way_stands_in_order(alone: Team) -> None:
    def back() -> None:
        CASE_FLOW.fire(alone.case.pk, "roll_back", actor=alone["quality"], note="Bad lot")

    assert at_once(back, lambda: bad_lot(alone)) == ["done", "done"]
    assert alone.reload().state == State.ROLLED_BACK
    assert Receipt.objects.count() == 1
    # Recorded before the rollback it was ended by it; recorded after, no transition ran any more.
    assert not TriggerBreach.objects.filter(ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_case_is_closed_or_breached_never_both(alone: Team) -> None:
    last = max(point.due for point in alone.case.hold_points.all())
    with clock.at(last):
        for point in alone.case.hold_points.all():
            services.judge_hold_point(
                hold_point=point, verdict="pass", note="good", actor=alone["quality"]
            )
        alone.do_items()
        alone.sign()

    def close() -> None:
        with clock.at(last):
            CASE_FLOW.fire(alone.case.pk, "close", actor=alone.lead)

    def receive() -> None:
        with clock.at(last):
            bad_lot(alone)

    assert at_once(close, receive) in (["done", "done"], ["done", "trigger_breached"])
    assert Receipt.objects.count() == 1
    is_open = TriggerBreach.objects.filter(ended_at=None).exists()
    assert (alone.reload().state == State.CLOSED) is not is_open


@pytest.mark.django_db(transaction=True)
def test_a_breach_that_is_being_written_is_ended_by_the_rollback(alone: Team) -> None:
    def back() -> None:
        CASE_FLOW.fire(alone.case.pk, "roll_back", actor=alone["quality"], note="Bad lot")

    with held_open(lambda: bad_lot(alone)):
        assert not TriggerBreach.objects.exists()  # nobody else sees it yet
    back()
    assert breach_of(alone).ending == "rolled_back"


@pytest.mark.django_db(transaction=True)
def test_a_wrong_receipt_and_its_correction_leave_the_breach_on_record(alone: Team) -> None:
    wrong = bad_lot(alone)
    sourcing.correct_receipt(receipt=wrong, reason="Other part", actor=JOB)
    assert breach_of(alone).ended_at is None  # a person says that it was none
