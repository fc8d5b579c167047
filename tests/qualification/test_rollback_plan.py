"""The rollback plan: triggers, steps with owners, rehearsals; required before approval."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qualification import linked_work, rollback, services
from qualification.models import Rehearsal, RollbackStep, RollbackTrigger
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal, refused_move
from tests.rollback_work import rehearse, step, trigger
from tests.threads import at_once


def lacking(team: Team) -> list[str]:
    return [reason.code for reason in rollback.missing(team.reload())]


def problems(call: Any, *args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(ValuesRefused) as caught:
        call(*args, **kwargs)
    return [problem.pointer for problem in caught.value.problems]


def test_a_new_case_begins_with_the_limits_of_the_house_rules(team: Team) -> None:
    plan = team.case.rollback
    assert plan is not None
    assert [row.limit for row in plan.triggers.all()] == [
        "DPPM above 1,000 within 30 days",
        "on-time delivery below 80 % within 60 days",
    ]


def test_it_is_complete_with_triggers_steps_and_owners(team: Team) -> None:
    assert lacking(team) == ["no_rollback_step"]
    step(team)
    assert lacking(team) == []
    for limit in RollbackTrigger.objects.all():
        services.remove_trigger(trigger=limit, reason="other limits", actor=team.lead)
    assert lacking(team) == ["no_trigger"]


def test_steps_fit_into_the_hours_of_the_plan_and_owners_stay(team: Team) -> None:
    made = step(team, hours=Decimal(50))
    assert lacking(team) == ["steps_too_long"]
    made.owner.is_active = False
    made.owner.save()
    assert lacking(team) == ["owner_left", "steps_too_long"]


def test_more_hours_in_the_plan_meet_the_step_of_the_checklist(team: Team) -> None:
    step(team, hours=Decimal(50))
    team.plan(rollback_hours=Decimal(60))
    assert team.case.checklist.get(link="rollback_plan").met_at is not None


def test_approval_needs_the_plan_rehearsed_as_it_is(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    step(team, "Tell the plant")
    team.sign()
    assert refused_move(team, "pass") == ["rollback_not_rehearsed"]
    rehearse(team)
    team.sign()
    assert team.fire("pass").state == State.TRANSITION


def test_approval_names_everything_that_the_plan_lacks(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    item = team.case.checklist.get(link="rollback_plan")
    found = linked_work.missing(team.reload(), item.link)
    assert [reason.code for reason in found] == ["no_rollback_step"]
    assert "work_open" in refused_move(team, "pass")


def test_a_failed_rehearsal_ends_an_earlier_one(team: Team) -> None:
    rehearse(team)
    rehearse(team, "failed", note="The feeders were not there")
    plan = team.reload().rollback
    assert plan is not None
    assert plan.rehearsed_on is None
    assert "failed" in rollback.rehearsal_in_words(plan)
    assert list(plan.rehearsals.values_list("result", flat=True)) == ["passed", "passed", "failed"]


def test_a_rehearsal_is_not_in_the_future(team: Team) -> None:
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    before = Rehearsal.objects.count()
    assert problems(rehearse, team, held_on=tomorrow) == ["/held_on"]
    assert Rehearsal.objects.count() == before


def test_a_failure_says_what_failed_and_every_rehearsal_how_long(team: Team) -> None:
    assert problems(rehearse, team, "failed", hours=None) == ["/note", "/hours"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"threshold": Decimal(-1)}, ["/threshold"]),
        ({"metric": "otd", "threshold": Decimal(101)}, ["/threshold"]),
        ({"window_days": 0}, ["/window_days"]),
    ],
)
def test_limits_that_are_none(team: Team, values: dict[str, Any], found: list[str]) -> None:
    assert problems(trigger, team, **values) == found
    assert RollbackTrigger.objects.filter(plan__case=team.case).count() == 2


def test_the_same_limit_stands_once(team: Team) -> None:
    trigger(team)
    assert refusal(trigger, team) == ["duplicate"]


def test_a_change_voids_the_signatures_of_the_approval(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    team.sign()
    services.change_trigger(
        trigger=RollbackTrigger.objects.filter(plan__case=team.case).earliest("pk"),
        values={"threshold": Decimal(500)}, actor=team.lead,
    )  # fmt: skip
    given = team.case.sign_offs.filter(gate=State.APPROVAL)
    assert {s.void_reason for s in given} == {"the rollback plan was changed"}


def test_the_plan_is_fixed_once_it_is_approved(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    assert refusal(step, team) == ["gate_passed"]
    assert not RollbackStep.objects.exists()


def test_who_does_not_work_on_cases_writes_no_plan(team: Team) -> None:
    found = refusal(
        services.add_step, case=team.case, text="Stop", owner=team.people["quality"],
        hours=Decimal(1), actor=team["sponsor"],
    )  # fmt: skip
    assert found == ["not_permitted"]


def test_the_day_in_the_plan_is_kept_as_a_rehearsal(team: Team) -> None:
    kept = Rehearsal.objects.get(plan__case=team.case)
    assert (kept.result, kept.hours, kept.held_by) == ("passed", None, team.people["engineering"])


def test_the_history_says_who_changed_what(team: Team) -> None:
    step(team, "Tell the plant")
    event = Event.objects.filter(action="qualification.rollback.planned").latest("pk")
    assert (event.actor_id, event.note) == (team.lead.user_id, "Tell the plant")


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_of_one_reading_the_slower_is_stale(transactional_db: None) -> None:
    alone = Team()
    made = step(alone)

    def reword(text: str) -> Any:
        return lambda: services.change_step(
            step=made, values={"text": text}, actor=alone.lead, expected=1
        )

    assert at_once(reword("Stop line 1"), reword("Stop line 2")) == ["done", "stale"]
    assert RollbackStep.objects.get().version == 2


def test_the_page_writes_a_plan(team: Team, browse: Any) -> None:
    client, url = browse(team.people["engineering"]), f"/q/{team.case.key}/rollback/"
    owner = team.people["procurement"]
    posts = {
        "steps/new/": {"text": "Block the lots", "owner": owner.pk, "hours": "6.5"},
        "triggers/new/": {
            "metric": "yield", "operator": "below", "threshold": "97", "window_days": "14",
        },
        "rehearsals/new/": {
            "held_on": clock.business_day().isoformat(), "result": "passed", "hours": "5",
            "held_by": owner.pk,
        },
    }  # fmt: skip
    for address, values in posts.items():
        answer = client.post(url + address, {**values, "expected": team.reload().version})
        assert answer.status_code == 302, (address, answer.content.decode()[-3000:])
    text = client.get(url).content.decode()
    for shown in ("Block the lots", owner.name, "yield below 97 % within 14 days", "Passed"):
        assert shown in text
    assert lacking(team) == []


def test_the_form_keeps_what_was_typed(team: Team, browse: Any) -> None:
    url = f"/q/{team.case.key}/rollback/rehearsals/new/"
    late = (clock.business_day() + dt.timedelta(days=3)).isoformat()
    values = {"held_on": late, "result": "passed", "hours": "4", "note": "as planned",
              "held_by": team.people["quality"].pk, "expected": team.case.version}  # fmt: skip
    answer = browse(team.people["engineering"]).post(url, values)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "A rehearsal is in the past." in text
    assert "as planned" in text


def test_the_api_writes_a_plan(team: Team, api: Any) -> None:
    writer, url = api(user=team.people["engineering"]), f"/cases/{team.case.key}/"
    made = writer.post(
        f"{url}rollback-steps/",
        {"text": "Block the lots", "owner": team.people["quality"].email, "hours": "4.5"},
    )
    assert made.status_code == 201, made.json()
    assert made.json()["position"] == 1
    changed = writer.patch(f"{url}rollback-steps/{made.json()['id']}/", {"hours": "5"})
    assert changed.json()["hours"] == "5.0"
    limit = writer.get(f"{url}rollback-triggers/").json()["results"][0]
    assert limit["limit"] == "DPPM above 1,000 within 30 days"
    path = f"{url}rollback-triggers/{limit['id']}/?reason=twice"
    assert writer.send("DELETE", path).status_code == 204
    late = (clock.business_day() + dt.timedelta(days=1)).isoformat()
    refused = writer.post(f"{url}rehearsals/", {"held_on": late, "result": "passed", "hours": "3"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/held_on"


def test_a_low_risk_passive_is_planned_too(db: None) -> None:
    of = factories.part(category=factories.category("passives", "low"), risk_class="low")
    case = services.open_case(
        source=factories.alternate(of), actor=factories.actor("engineer"), start_reason="early"
    )
    assert case.checklist.filter(link="rollback_plan").exists()
