"""The days by which a case is to pass its gates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qualification import my_work, overdue, services
from qualification.gate_plan import planned_days
from qualification.models import Case
from qualification.models.cases import State
from qualification.next_move import with_work
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.formats import day
from tests.factories import Team

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 8, 3)


def test_template_by_risk_class_moves_weekends_to_monday() -> None:
    days = planned_days("low", MONDAY)
    assert [day.isoformat() for day in days.values()] == [
        "2026-08-10",
        "2026-08-20",
        "2026-08-27",
        "2026-09-17",
        "2026-09-24",
    ]
    late = planned_days("low", dt.date(2026, 8, 1))
    assert late[State.BUSINESS_CASE] == dt.date(2026, 8, 10)
    assert planned_days("high", MONDAY)[State.APPROVAL] > days[State.APPROVAL]


def test_given_approval_goes_before_the_template() -> None:
    approval = dt.date(2026, 8, 25)
    days = planned_days("low", MONDAY, approval=approval)
    assert days[State.SPEC_REVIEW] == dt.date(2026, 8, 20)
    assert {days[State.FMEA], days[State.PILOT_BUILD], days[State.APPROVAL]} == {approval}


def test_case_opens_with_its_days(team: Team) -> None:
    planned = dict(team.case.planned_gates.values_list("gate", "due"))
    assert planned == {
        str(gate): day for gate, day in planned_days("medium", clock.business_day()).items()
    }


def test_page_changes_a_day_and_the_rail_shows_it(
    team: Team, browse: Callable[[Any], Client]
) -> None:
    team.go_to(State.BUSINESS_CASE)
    browser = browse(team.people["engineering"])
    url = reverse("case_gates", args=[team.case.number])
    refused = browser.post(url, {"fmea": "2026-02-30", "expected": team.case.version})
    assert refused.status_code == 422
    body = {"business_case": "2026-01-05", "fmea": "2031-02-03", "expected": team.case.version}
    assert browser.post(url, body).status_code == 302
    days = dict(team.case.planned_gates.values_list("gate", "due"))
    assert (days["fmea"], "spec_review" in days) == (dt.date(2031, 2, 3), False)
    page = browser.get(team.case.get_absolute_url()).content.decode()
    assert "Due 3 Feb 2031" in page
    assert "overdue since 5 Jan" in page


def test_gate_without_a_day_is_refused(team: Team) -> None:
    days = {"transition": dt.date(2031, 1, 1)}
    with pytest.raises(ValuesRefused) as refusal:
        team.plan(planned_gates=days)
    assert [problem.pointer for problem in refusal.value.problems] == ["/planned_gates"]
    assert not team.case.planned_gates.filter(gate="transition").exists()


def test_another_day_voids_signatures_of_the_business_case(team: Team) -> None:
    team.go_to(State.BUSINESS_CASE)
    team.do_items()
    signature = services.sign(case=team.case, function="quality", actor=team["quality"])
    team.plan(planned_gates={"fmea": dt.date(2031, 2, 3)})
    signature.refresh_from_db()
    assert "planned gates" in signature.void_reason


def test_api_reads_and_changes_days(team: Team, api: Callable[..., Any]) -> None:
    caller = api(user=team.people["engineering"])
    body = {"planned_gates": [{"gate": "fmea", "due": "2031-02-03"}]}
    answer = caller.patch(f"/cases/{team.case.key}/", body)
    assert answer.status_code == 200
    assert {"gate": "fmea", "due": "2031-02-03"} in answer.json()["planned"]["gates"]


YESTERDAY = dt.timedelta(days=-1)


def late(team: Team) -> dt.date:
    """The gate of the case was planned for yesterday."""
    planned = clock.business_day() + YESTERDAY
    team.plan(planned_gates={str(team.case.state): planned})
    return planned


def listed(client: Client, query: str) -> list[str]:
    return [case.key for case in client.get(f"/q/?{query}").context["table"].page.rows]


def test_an_overdue_gate_stands_in_list_head_and_api(
    team: Team, browse: Callable[[Any], Client], api: Callable[..., Any]
) -> None:
    team.go_to(State.BUSINESS_CASE)
    client, caller = browse(team.people["quality"]), api(user=team.people["quality"])
    assert listed(client, "overdue=true") == []
    planned = late(team)
    assert listed(client, "overdue=true") == [team.case.key]
    assert listed(client, "overdue=false") == []
    page = client.get("/q/?open=true")
    assert {tab.label: tab.count for tab in page.context["tabs"]}["Overdue"] == 1
    assert "Overdue</span>" in page.content.decode()
    head = client.get(team.case.get_absolute_url()).content.decode()
    assert f"Overdue since {day(planned)}" in head
    [found] = caller.get("/cases/", overdue="true").json()["results"]
    assert (found["timing"]["gate_due"], found["timing"]["overdue_since"]) == (
        planned.isoformat(), planned.isoformat(),
    )  # fmt: skip
    team.fire("hold", note="no samples")
    assert listed(client, "overdue=true") == []


def test_my_work_says_what_is_overdue_and_whose(team: Team) -> None:
    team.go_to(State.BUSINESS_CASE)
    lead, quality = team.people["engineering"], team.people["quality"]
    item = services.add_item(
        case=team.case, gate=State.BUSINESS_CASE, text="Ask the market", actor=team.lead,
        owner=quality,
    )  # fmt: skip
    planned = late(team)
    mine = {t.key: t for t in my_work.tasks_of(quality, my_work.cases_of(quality))}
    assert (mine[f"step-{item.pk}"].due, mine[f"step-{item.pk}"].is_late) == (planned, True)
    leads = my_work.tasks_of(lead, my_work.cases_of(lead))
    [task] = [t for t in leads if quality.name in t.note]  # the step alone, the gate is not told
    assert (task.key, task.due, task.is_late) == (f"step-{item.pk}", planned, True)


def test_an_overdue_signature_of_another_is_one_entry(team: Team) -> None:
    team.jump_to(State.BUSINESS_CASE)
    team.do_items()
    planned = late(team)
    for function in ("engineering", "procurement"):
        services.sign(case=team.reload(), function=function, actor=team[function])
    lead = team.people["engineering"]
    [task] = my_work.tasks_of(lead, my_work.cases_of(lead))
    assert (task.kind, task.due, task.is_late) == ("wait", planned, True)
    assert task.title == "Business case: signatures of quality, sponsor"


@pytest.mark.parametrize("state", ["draft", "business_case", "pilot_build", "approval"])
def test_the_filter_and_the_chip_are_one_rule(team: Team, state: str) -> None:
    team.jump_to(state)
    tried: tuple[dict[str, Any], ...] = (
        {"due_date": clock.business_day() + YESTERDAY},
        {"due_date": None, "planned_gates": {"business_case": clock.business_day() + YESTERDAY}},
        {"due_date": None, "planned_gates": {"fmea": clock.business_day() + YESTERDAY}},
    )
    for days in tried:
        team.plan(**days)
        [read] = with_work(Case.objects.all())
        by_sql = overdue.overdue(Case.objects.all()).exists()
        assert bool(overdue.overdue_since(read)) == by_sql
        assert overdue.overdue_since(read) == overdue.overdue_since(team.reload())


def test_a_case_in_transition_is_not_overdue_by_its_approval(team: Team) -> None:
    team.plan(due_date=clock.business_day() + YESTERDAY)
    team.jump_to(State.TRANSITION)
    assert not overdue.overdue(Case.objects.all()).exists()
    assert overdue.overdue_since(team.reload()) is None


def test_a_ticked_step_with_a_day_and_evidence_is_read_everywhere(
    team: Team, browse: Callable[[Any], Client], api: Callable[..., Any]
) -> None:
    team.jump_to(State.APPROVAL)
    step = services.add_item(
        case=team.case, gate=State.APPROVAL, text="File the report", actor=team.lead
    )
    type(step).objects.filter(pk=step.pk).update(
        evidence_required=True, due_date=clock.business_day() + YESTERDAY, done_at=clock.now(),
        done_by=team.people["engineering"],
    )  # fmt: skip
    caller = api(user=team.people["quality"])
    for path in (f"/cases/{team.case.key}/", "/cases/"):
        assert caller.get(path).status_code == 200
    found = caller.get(f"/cases/{team.case.key}/").json()["timing"]["overdue_since"]
    assert found == (clock.business_day() + YESTERDAY).isoformat()  # it has no file yet
    client = browse(team.people["quality"])
    for path in ("/approvals/", "/q/?open=true", team.case.get_absolute_url()):
        assert client.get(path).status_code == 200
