"""My work: what blocks others, what is due, what waits for others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from qualification import services
from qualification.models.cases import State
from qualification.my_work import cases_of, tasks_of
from secondsource.accounts.models import User
from secondsource.core import clock
from tests import factories
from tests.factories import Team

Browse = Callable[..., Any]


def tasks(user: User) -> list[tuple[str, str, str]]:
    """(group, kind, title) of everything that waits for a person."""
    return [(task.group, task.kind, task.title) for task in tasks_of(user, cases_of(user))]


def test_open_steps_are_to_do_by_the_lead_and_due_once_they_have_a_day(team: Team) -> None:
    item = team.with_steps(3)[0]
    found = tasks(team.people["engineering"])
    assert [entry[:2] for entry in found] == [("to_do", "step")] * 3
    services.change_item(item=item, values={"due_date": clock.business_day()}, actor=team.lead)
    found = tasks(team.people["engineering"])
    assert [entry[0] for entry in found] == ["due", "to_do", "to_do"]
    assert tasks(team.people["quality"]) == []


@pytest.mark.parametrize(("days", "group"), [(-1, "due"), (7, "due"), (8, "to_do")])
def test_what_is_due_after_a_week_is_to_do(team: Team, days: int, group: str) -> None:
    item, _ = team.with_steps(2)
    due = clock.business_day() + dt.timedelta(days=days)
    services.change_item(item=item, values={"due_date": due}, actor=team.lead)
    found = [t for t in tasks_of(team.lead.user, cases_of(team.lead.user)) if t.subject == item]
    assert [task.group for task in found] == [group]


def test_the_last_step_blocks_who_signs(team: Team) -> None:
    items = team.with_steps(3)
    for item in items[1:]:
        services.set_item(item=item, done=True, actor=team.lead)
    (task,) = tasks_of(team.people["engineering"], cases_of(team.people["engineering"]))
    assert (task.group, task.title) == ("blocks", items[0].text)
    quality, buyer = team.people["quality"], team.people["procurement"]
    assert task.note == f"{team.case.key} · Business case · {quality.name}, {buyer.name} wait"


def test_a_step_given_to_somebody_blocks_the_lead(team: Team) -> None:
    (item,) = team.with_steps(1)
    values = {"owner": team.people["quality"], "due_date": clock.business_day()}
    services.change_item(item=item, values=values, actor=team.lead)
    (task,) = tasks_of(team.people["quality"], cases_of(team.people["quality"]))
    assert (task.group, task.kind, task.title, task.is_late) == ("blocks", "step", item.text, True)
    assert ("waiting", "wait", item.text) in tasks(team.people["engineering"])


def test_signatures_wait_for_each_function_and_last_for_the_sponsor(team: Team) -> None:
    team.fire("submit")
    team.do_items()
    for function in ("engineering", "quality", "procurement"):
        assert tasks(team.people[function]) == [
            ("blocks", "sign", f"Sign Business case for {function.title()}")
        ]
        assert tasks(team.people["sponsor"]) == []
        services.sign(case=team.case, function=function, actor=team[function])
    assert tasks(team.people["sponsor"]) == [("blocks", "sign", "Sign Business case for Sponsor")]
    assert tasks(team.people["engineering"]) == [
        ("waiting", "wait", "Business case: signatures of sponsor")
    ]


def test_a_case_that_nothing_blocks_is_to_be_passed(team: Team) -> None:
    team.fire("submit")
    team.do_items()
    team.sign()
    assert tasks(team.people["engineering"]) == [
        ("blocks", "move", f"Pass {team.case.key} to Spec review")
    ]


def test_a_draft_is_to_be_submitted(team: Team) -> None:
    assert tasks(team.people["engineering"]) == [("to_do", "move", f"Submit {team.case.key}")]


def test_what_the_plan_lacks_is_due(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    team.sign()
    team.plan(rollback_rehearsed_on=None, transition_share=None)
    assert [title for _, kind, title in tasks(team.people["engineering"]) if kind == "plan"] == [
        "Rehearse the rollback",
        "Set the transition share",
    ]


def test_a_hold_point_is_due_on_its_day(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    first = team.case.hold_points.all()[0]
    quality = team.people["quality"]
    assert [entry[:2] for entry in tasks(quality)] == [("waiting", "wait")]
    with clock.at(first.due):
        assert [entry[:2] for entry in tasks(quality)] == [("due", "hold")]
    assert tasks(team.people["procurement"]) == []


def test_a_held_case_waits(team: Team) -> None:
    team.fire("submit")
    team.fire("hold", note="why")
    assert tasks(team.people["engineering"]) == [("waiting", "wait", f"{team.case.key} is on hold")]


def test_what_blocks_others_stands_first_then_by_day(team: Team) -> None:
    late, early = team.with_steps(2)
    lead = team.people["engineering"]
    for item, days in ((late, 9), (early, 2)):
        day = clock.business_day() + dt.timedelta(days=days)
        services.change_item(item=item, values={"due_date": day}, actor=team.lead)
    other = Team()
    services.set_team(case=other.case, members=[(lead, "engineering")], actor=other.lead)
    other.fire("submit")
    other.do_items()
    found = tasks(lead)
    assert found[0] == ("blocks", "sign", "Sign Business case for Engineering")
    assert [title for _, _, title in found[1:3]] == [early.text, late.text]


def test_the_page_groups_and_shows_the_chosen_task(team: Team, browse: Browse) -> None:
    team.fire("submit")
    team.do_items()
    client = browse(team.people["quality"])
    answer = client.get("/work/")
    text = answer.content.decode()
    assert "1 thing blocks other people. Do it first." in text
    assert [(label, total) for label, _, total, _ in answer.context["groups"]] == [
        ("Blocks others", 1)
    ]
    assert f'action="{team.case.get_absolute_url()}sign/quality/"' in text
    body = {"note": "", "expected": team.reload().version}
    assert client.post(f"{team.case.get_absolute_url()}sign/quality/", body).status_code == 302
    assert "Nothing waits for you" in client.get("/work/").content.decode()


def test_a_hold_point_of_today_is_said_to_be_due(team: Team, browse: Browse) -> None:
    team.jump_to(State.TRANSITION)
    with clock.at(team.case.hold_points.all()[0].due):
        text = browse(team.people["quality"]).get("/work/").content.decode()
    assert "1 thing is due this week." in text


def test_any_task_can_be_chosen(team: Team, browse: Browse) -> None:
    item = team.with_steps(3)[2]
    client = browse(team.people["engineering"])
    assert client.get(f"/work/?item=step-{item.pk}").context["chosen"].title == item.text
    text = client.get(f"/work/?item=step-{item.pk}").content.decode()
    assert text.count('data-key="e"') == 1
    assert client.get("/work/?item=gone").status_code == 200
    fragment = client.get(
        f"/work/?item=step-{item.pk}",
        headers={"HX-Request": "true", "HX-Target": "div#inbox"},
    ).content.decode()
    assert fragment.lstrip().startswith('<div class="inbox three asked" id="inbox">')


def test_work_of_others_is_not_mine(team: Team, browse: Browse) -> None:
    team.fire("submit")
    text = browse(factories.person("engineer")).get("/work/").content.decode()
    assert team.case.key not in text
    assert "You lead, sponsor or work in no open case." in text


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("admin", 403), ("executive", 200)])
def test_who_has_my_work(db: None, browse: Browse, role: str, status: int) -> None:
    assert browse(factories.person(role)).get("/work/").status_code == status


def test_an_engineer_lands_on_my_work(db: None, browse: Browse) -> None:
    assert browse(factories.person("engineer")).get("/")["Location"] == "/work/"


def test_ctrl_k_finds_a_case(team: Team, browse: Browse) -> None:
    client = browse(team.people["quality"])
    text = client.get("/jump/", {"q": team.source.manufacturer_part.mpn[:-1]}).content.decode()
    assert team.case.get_absolute_url() in text
    answer = client.get("/jump/", {"q": team.case.key})
    assert answer["Location"] == team.case.get_absolute_url()
    assert team.case.key not in browse(factories.person("admin")).get(
        "/jump/", {"q": team.case.key}
    ).content.decode().partition("<main")[2].replace(f'value="{team.case.key}"', "")


def test_a_long_group_shows_its_first_fifty_and_all_on_request(team: Team, browse: Browse) -> None:
    team.with_steps(60)
    client = browse(team.people["engineering"])
    short = client.get("/work/").content.decode()
    assert short.count('id="task-step-') == 50
    assert "Show all 60" in short
    assert client.get("/work/?all=1").content.decode().count('id="task-step-') == 60


def test_the_preview_shows_the_chosen_step_before_the_others(team: Team, browse: Browse) -> None:
    item = team.with_steps(12)[-1]
    client = browse(team.people["engineering"])
    shown = client.get(f"/work/?item=step-{item.pk}").context["steps"]
    assert (len(shown), shown[0]) == (8, item)
    assert "All steps of the gate" in client.get("/work/").content.decode()
