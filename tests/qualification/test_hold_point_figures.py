"""Hold points judged from receipts, order lines and pilot builds; corrected receipts ask again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qualification import services, task_counts
from qualification.breaches import open_breaches
from qualification.models import HoldPoint, HoldPointFigures
from qualification.models.cases import State
from qualification.my_work import cases_of, tasks_of
from qualification.pilot_verdicts import locked_plan
from secondsource.core import clock, outbox
from secondsource.core.models import Event, Notification
from suppliers import services as sourcing
from suppliers.models import Receipt
from tests import factories
from tests.case_work import pilot_products, pilot_rows
from tests.factories import JOB, Team
from tests.qualification.asking import refusal
from tests.threads import at_once


@pytest.fixture
def running(team: Team) -> Team:
    """In transition since today, with a pilot build of 9 good units of 9."""
    product = factories.product(uses={team.source.part: 1})
    pilot_rows(team.case, product, team.people["quality"])
    team.jump_to(State.TRANSITION)
    return team


def first(team: Team) -> HoldPoint:
    found = team.case.hold_points.first()
    assert isinstance(found, HoldPoint)
    return found


def figures(team: Team) -> HoldPointFigures:
    return HoldPointFigures.objects.get(hold_point=first(team))


def lot(team: Team, quantity: int = 1000, rejected: int = 0, **fields: Any) -> Receipt:
    line = factories.order_line(team.source, quantity, agreed_date=clock.business_day())
    return factories.receipt(
        team.source, quantity, rejected_qty=Decimal(rejected), order_line=line, **fields
    )


def judge(team: Team, verdict: str = "pass") -> HoldPoint:
    return services.judge_hold_point(
        hold_point=first(team), verdict=verdict, note="seen", actor=team["quality"]
    )


def test_a_receipt_gives_the_figures(running: Team) -> None:
    lot(running, 10_000, 2)
    found = figures(running)
    assert (found.dppm, found.otd, found.pilot_yield) == (200, 100, 100)
    assert (found.since, found.until) == (clock.business_day(), clock.business_day())
    assert found.proposal == "pass"


@pytest.mark.parametrize(
    ("quantity", "rejected", "proposal"), [(99, 0, "not_enough"), (1000, 1, "pass"),
                                           (1000, 2, "fail")]
)  # fmt: skip
def test_what_is_proposed(running: Team, quantity: int, rejected: int, proposal: str) -> None:
    lot(running, quantity, rejected)
    assert figures(running).proposal == proposal


def test_a_rate_just_beyond_its_limit_fails_and_shows_it(running: Team) -> None:
    lot(running, 999_999, 1000)
    found = figures(running)
    assert (found.proposal, found.dppm) == ("fail", 1000)
    assert found.in_words[0] == "DPPM 1,000.001 (1,000 of 999,999), at most 1,000"
    assert found.in_words[2] == "Yield 100 % (9 of 9), at least 95 %"


def test_without_order_lines_there_is_no_proposal(running: Team) -> None:
    factories.receipt(running.source, 1000)
    assert (figures(running).otd, figures(running).proposal) == (None, "not_enough")


def test_a_late_line_counts_on_the_day_after(running: Team) -> None:
    lot(running)
    factories.order_line(running.source, 50, agreed_date=clock.business_day())
    assert figures(running).otd == 100
    with clock.at(clock.business_day() + dt.timedelta(days=1)):
        services.refresh_hold_points(actor=JOB)
    assert figures(running).otd == 50


def test_a_run_after_a_rollback_counts_nothing_from_before_it(running: Team) -> None:
    lot(running, 1000, 30)
    running.fire("roll_back", note="Bad lot", by="quality")
    running.fire("reopen", note="Repaired", by="quality")
    running.go_to(State.TRANSITION)
    services.watch(actor=JOB)
    assert not open_breaches(running.case)
    lot(running, 500)
    services.refresh_hold_points(actor=JOB)
    found = figures(running)
    assert (found.received, found.rejected, found.dppm) == (500, 0, 0)
    built = pilot_products(running)[0]
    planned = locked_plan(running.case)
    assert planned is not None
    units = planned.models.get(product=built).units
    assert (found.started, found.good, found.pilot_yield) == (units, units, 100)


def test_the_job_writes_nothing_twice(running: Team) -> None:
    lot(running)
    services.refresh_hold_points(actor=JOB)
    assert services.refresh_hold_points(actor=JOB) == 0


def test_the_figures_stay_with_the_judgement(running: Team) -> None:
    lot(running, 10_000, 2)
    with clock.at(first(running).due):
        judge(running)
    event = Event.objects.get(action="qualification.holdpoint.judged")
    assert (event.data["figures"]["dppm"], event.data["figures"]["proposal"]) == ("200.00", "pass")
    with clock.at(first(running).due + dt.timedelta(days=5)):
        lot(running, 10_000, 9)  # after its day
    found = figures(running)
    assert (found.dppm, found.outdated_at) == (200, None)
    assert found.frozen_at is not None


def test_a_corrected_receipt_asks_for_another_judgement(running: Team) -> None:
    wrong = lot(running, 10_000, 2)
    lot(running, 10_000)
    with clock.at(first(running).due):
        judge(running)
        sourcing.correct_receipt(receipt=wrong, reason="Wrong lot", actor=JOB)
        found = figures(running)
        assert (found.dppm, first(running).verdict) == (100, "pass")
        assert found.outdated_at is not None
        assert Event.objects.filter(action="qualification.holdpoint.outdated").count() == 1
        judge(running, "fail")
    found = figures(running)
    assert (found.dppm, found.outdated_at, first(running).verdict) == (0, None, "fail")
    verdicts = list(first(running).history.order_by("history_id").values_list("verdict", flat=True))
    assert verdicts == ["", "pass", "fail"]
    last = Event.objects.filter(action="qualification.holdpoint.judged").latest("pk")
    assert last.data["before"] == "pass"


def test_quality_and_lead_are_asked_until_it_is_judged_again(running: Team) -> None:
    wrong = lot(running, 10_000, 2)
    with clock.at(first(running).due):
        judge(running)
        sourcing.correct_receipt(receipt=wrong, reason="Wrong lot", actor=JOB)
        outbox.work_off()
        asked = Notification.objects.filter(key__startswith="hold-again", settled_at=None)
        people = running.people
        assert set(asked.values_list("reader", flat=True)) == {
            people["engineering"].pk,
            people["quality"].pk,
        }
        judge(running)
        outbox.work_off()
        assert not asked.exists()


def test_it_is_a_task_of_quality_and_lead_until_it_is_judged_again(running: Team) -> None:
    wrong = lot(running, 10_000, 2)
    due = first(running).due
    with clock.at(due):
        judge(running)
        sourcing.correct_receipt(receipt=wrong, reason="Wrong lot", actor=JOB)
        for function in ("engineering", "quality"):
            reader = running.people[function]
            mine = tasks_of(reader, cases_of(reader))
            again = [task for task in mine if task.key == f"hold-again-{first(running).pk}"]
            assert [(task.group, task.kind) for task in again] == [("due", "hold")]
            to_do = sum(task.group != "waiting" for task in mine)
            assert task_counts.count(reader, cap=99) == to_do
        buyer = running.people["procurement"]
        assert not [t for t in tasks_of(buyer, cases_of(buyer)) if t.kind == "hold"]
        judge(running)
        assert task_counts.count(running.people["quality"], cap=99) == 0


def test_it_is_judged_again_only_when_figures_differ(running: Team) -> None:
    lot(running)
    with clock.at(first(running).due):
        judge(running)
        assert refusal(judge, running, "fail") == ["judged"]


def test_the_pages_show_the_figures(running: Team, browse: Any) -> None:
    wrong = lot(running, 10_000, 2)
    client, url = browse(running.people["quality"]), f"/q/{running.case.key}/"
    text = client.get(url).content.decode()
    assert "DPPM 200 (2 of 10,000), at most 1,000" in text
    with clock.at(first(running).due):
        form = client.get(f"{url}hold-points/{first(running).public_id}/").content.decode()
        assert "Proposed: <b>Pass</b>" in form
        judge(running)
        sourcing.correct_receipt(receipt=wrong, reason="Wrong lot", actor=JOB)
        text = client.get(url).content.decode()
    assert "The verdict stands; judge it again." in text


def test_the_api_shows_them(running: Team, api: Any) -> None:
    lot(running, 10_000, 2)
    caller = api(user=running.people["quality"])
    shown = caller.get(f"/cases/{running.case.key}/transition/").json()["checkpoints"][0]
    assert (shown["figures"]["dppm"], shown["figures"]["proposal"]) == ("200.00", "pass")


@pytest.mark.django_db(transaction=True)
def test_a_correction_beside_a_judgement_is_never_lost(transactional_db: None) -> None:
    alone = Team()
    alone.jump_to(State.TRANSITION)
    wrong = lot(alone, 10_000, 2)
    lot(alone, 10_000)
    due = first(alone).due

    def judged() -> None:
        with clock.at(due):
            judge(alone)

    def corrected() -> None:
        with clock.at(due):
            sourcing.correct_receipt(receipt=wrong, reason="Wrong lot", actor=JOB)

    assert at_once(judged, corrected) == ["done", "done"]
    found = figures(alone)
    assert first(alone).verdict == "pass"
    # Judged on the corrected figures, or asked to judge again.
    assert found.dppm == 0 or found.outdated_at is not None
