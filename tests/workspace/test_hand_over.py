"""Handing one's open work over: all of it or nothing, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.held_work import held_by
from qualification.models import Case, FmeaAction, FmeaRow, Rollback
from qualification.models.cases import State
from qualification.my_work import tasks_of
from secondsource.accounts.models import Plant
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Event
from tests import factories, rollback_work
from tests.api.callers import Api, add_user
from tests.factories import Team, person
from tests.threads import at_once
from tests.workspace.notifications.reading import told


@pytest.fixture
def team(db: None) -> Team:
    return Team()


def give(team: Team, to: Any, *, by: str = "engineering", keys: Any = None) -> list[str]:
    handed = services.hand_over(to=to, reason="parental leave", keys=keys, actor=team[by])
    team.reload()
    return [one.key for one in handed]


def refused(call: Callable[[], Any]) -> list[str]:
    with pytest.raises(RuleRefused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def action_of(team: Team) -> FmeaAction:
    team.jump_to(State.FMEA)
    row = FmeaRow.objects.filter(fmea__case=team.case).first()
    if row is None:
        row = services.add_row(case=team.case, values={"function": "Keeps 3.3 V"}, actor=team.lead)
    return services.add_action(
        row=row, values={"description": "Measure", "owner": team.lead.user}, actor=team.lead
    )


def test_lead_function_and_steps_go_to_the_other_person_who_is_told(team: Team) -> None:
    (step,), other = team.with_steps(1), person("engineer")
    services.change_item(item=step, values={"owner": team.lead.user}, actor=team.lead)
    number = team.case.number
    assert give(team, other) == [
        f"function-{number}-engineering", f"lead-{number}", f"step-{step.pk}"
    ]  # fmt: skip
    step.refresh_from_db()
    assert (team.case.lead, step.owner) == (other, other)
    assert team.case.team.get(function="engineering").user == other
    assert held_by(team.people["engineering"]) == []
    event = Event.objects.get(action="qualification.case.work_handed_over")
    assert (event.note, event.data["receiver"]) == ("parental leave", {"after": other.pk})
    [title] = told(other, "handed")
    assert title.startswith(f"Handed over to you in {team.case.key}: ")


def test_only_what_is_chosen_goes(team: Team) -> None:
    other = person("engineer")
    assert give(team, other, keys=[f"lead-{team.case.number}"]) == [f"lead-{team.case.number}"]
    assert team.case.lead == other
    assert team.case.team.get(function="engineering").user == team.people["engineering"]


def test_a_function_goes_to_nobody_who_may_not_hold_it_and_nothing_else_then(team: Team) -> None:
    buyer = person("procurement")
    assert refused(lambda: give(team, buyer)) == ["role_missing"]
    assert team.reload().lead == team.people["engineering"]


def test_nobody_gets_two_functions_that_sign_one_gate(team: Team) -> None:
    quality = team.people["quality"]
    assert refused(lambda: give(team, quality)) == ["second_signature"]
    assert team.reload().lead == team.people["engineering"]


def test_who_does_not_lead_hands_their_own_function_and_steps_over(team: Team) -> None:
    (step,), other = team.with_steps(1), person("procurement")
    buyer = team.people["procurement"]
    services.change_item(item=step, values={"owner": buyer}, actor=team.lead)
    number = team.case.number
    assert give(team, other, by="procurement") == [
        f"function-{number}-procurement", f"step-{step.pk}"
    ]  # fmt: skip
    step.refresh_from_db()
    assert (team.case.team.get(function="procurement").user, step.owner) == (other, other)
    assert team.case.team.count() == len(team.people) - 1


def test_nobody_passes_a_function_on_that_another_holds(team: Team) -> None:
    with pytest.raises(PermissionRefused):
        services.pass_function_on(
            case=team.case, function="quality", to=person("quality"), actor=team["procurement"]
        )
    assert team.case.team.get(function="quality").user == team.people["quality"]


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_work_goes_to_nobody_who_only_reads(team: Team, role: str) -> None:
    action, reader = action_of(team), person(role)
    step = team.case.checklist.filter(gate=State.FMEA, link="").earliest("pk")
    services.change_item(item=step, values={"owner": team.lead.user}, actor=team.lead)
    calls: list[Callable[[], Any]] = [
        lambda: give(team, reader, keys=[f"step-{step.pk}"]),
        lambda: services.change_item(item=step, values={"owner": reader}, actor=team.lead),
        lambda: services.change_action(action=action, values={"owner": reader}, actor=team.lead),
        lambda: rollback_work.step(team, owner=reader),
    ]
    for call in calls:
        with pytest.raises(ValuesRefused) as caught:
            call()
        assert [problem.code for problem in caught.value.problems] == ["no_worker"]
    step.refresh_from_db()
    assert step.owner == team.lead.user


def test_a_step_of_a_rollback_under_way_goes_to_the_other_person_and_stays_rehearsed(
    team: Team,
) -> None:
    step = rollback_work.step(team)
    rollback_work.rehearse(team)
    team.jump_to(State.TRANSITION, onward=True)
    owner, other = step.owner, person("quality")
    team.fire("roll_back", by="quality", note="lots failed")
    key, rehearsed = f"rollback-{step.pk}", team.case.rollback_rehearsed_on
    assert key in {task.key for task in tasks_of(owner, [])}
    assert give(team, other, by="procurement", keys=[key]) == [key]
    step.refresh_from_db()
    assert (step.owner, team.case.rollback_rehearsed_on) == (other, rehearsed)
    assert rehearsed is not None
    assert key in {task.key for task in tasks_of(other, [])}
    assert step.text in " ".join(told(other, "due"))
    done = Rollback.objects.get(transition__case=team.case)
    services.finish_rollback(rollback=done, hours=Decimal(6), actor=team["quality"])
    assert tasks_of(other, []) == []
    assert key not in {one.key for one in held_by(other)}


def test_a_signature_goes_void_with_its_function(team: Team) -> None:
    team.fire("submit")
    team.do_items()
    services.sign(case=team.case, function="engineering", actor=team.lead)
    give(team, person("engineer"))
    assert not team.case.sign_offs.filter(voided_at=None).exists()


def test_a_sponsor_hands_over_to_an_executive_alone(team: Team) -> None:
    assert refused(lambda: give(team, person("engineer"), by="sponsor")) == ["not_executive"]
    other = person("executive")
    give(team, other, by="sponsor")
    assert team.case.sponsor == other


def test_an_action_of_the_fmea_goes_without_a_change_of_what_was_signed(team: Team) -> None:
    action, other = action_of(team), person("engineer")
    version = action.row.fmea.version
    give(team, other, keys=[f"action-{action.pk}"])
    action.refresh_from_db()
    assert (action.owner, action.row.fmea.version) == (other, version)


def test_a_step_goes_to_nobody_who_does_not_see_the_case(team: Team) -> None:
    (step,), other = team.with_steps(1), person("engineer")
    services.change_item(item=step, values={"owner": team.lead.user}, actor=team.lead)
    factories.product(uses={team.source.part: 1})
    other.plants.set([Plant.objects.create(code="FAR", name="Far")])
    assert refused(lambda: give(team, other, keys=[f"step-{step.pk}"])) == ["not_seen"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " "}, "required"), ({"to": None}, "required"), ({"keys": []}, "required"),
        ({"reason": "x" * 2001}, "too_long"),
    ],
)  # fmt: skip
def test_what_is_missing_is_refused_at_its_field(
    team: Team, values: dict[str, Any], code: str
) -> None:
    given = {"to": person("engineer"), "reason": "why", "keys": None} | values
    with pytest.raises(ValuesRefused) as caught:
        services.hand_over(actor=team.lead, **given)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_nobody_hands_over_to_themselves_or_to_somebody_who_left(team: Team) -> None:
    for other, code in (
        (team.people["engineering"], "oneself"), (person("engineer", is_active=False), "inactive"),
    ):  # fmt: skip
        with pytest.raises(ValuesRefused) as caught:
            give(team, other)
        assert caught.value.problems[0].code == code


def test_who_holds_nothing_is_told(team: Team) -> None:
    call = lambda: services.hand_over(  # noqa: E731
        to=person("engineer"), reason="why", actor=Actor(user=person("engineer"))
    )
    assert refused(call) == ["nothing_held"]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_hands_over_and_the_other_is_told(transactional_db: None) -> None:
    team = Team()
    first, second = person("engineer"), person("engineer")
    key = f"lead-{team.case.number}"

    def call(to: Any) -> Callable[[], Any]:
        return lambda: services.hand_over(to=to, reason="why", keys=[key], actor=team.lead)

    assert at_once(call(first), call(second)) == ["done", "not_held"]
    assert Case.objects.get(pk=team.case.pk).lead in (first, second)
    assert Event.objects.filter(action="qualification.case.work_handed_over").count() == 1


def test_the_page_hands_over_what_is_ticked(team: Team, browse: Callable[[Any], Any]) -> None:
    other, client = person("engineer"), browse(team.people["engineering"])
    page = client.get("/work/hand-over/").content.decode()
    key = f"lead-{team.case.number}"
    assert f'value="{key}"' in page
    answer = client.post("/work/hand-over/", {"to": other.pk, "reason": "leave", "keys": [key]})
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    assert team.reload().lead == other
    again = client.post("/work/hand-over/", {"to": other.pk, "reason": "leave", "keys": [key]})
    assert again.status_code == 422
    assert "any more" in again.content.decode()


def test_the_api_lists_and_hands_over(api: Callable[..., Api]) -> None:
    caller, other = api("engineer"), add_user("engineer", "other@example.com")
    team = Team(people={
        "engineering": caller.user, "quality": person("quality"),
        "procurement": person("procurement"), "sponsor": person("executive"),
    })  # fmt: skip
    held = caller.get("/my-work/held/").json()["results"]
    assert {one["kind"] for one in held} == {"function", "lead"}
    body = {"to": other.email, "reason": "leave"}
    assert len(caller.post("/my-work/hand-over/", body).json()["results"]) == 2
    assert team.reload().lead == other
    assert caller.post("/my-work/hand-over/", body).status_code == 422
