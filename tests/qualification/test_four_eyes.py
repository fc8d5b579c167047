"""Four eyes by role: who may hold a function, sign for it, and change the sponsor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qualification import services
from qualification.models import Case, SignOff, TeamMember
from qualification.models.cases import State
from secondsource.accounts.models import User
from secondsource.accounts.rights import HOLDERS, Function, Role
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Event
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal, refused_move

Browse = Callable[[Any], Any]
TEAM_FUNCTIONS = [function for function in Function if function != Function.SPONSOR]


def members(team: Team) -> set[tuple[int, str]]:
    return set(TeamMember.objects.filter(case=team.case).values_list("user_id", "function"))


def sponsor_of(team: Team) -> User | None:
    return Case.objects.get(pk=team.case.pk).sponsor


def without_sponsor(team: Team) -> None:
    Case.objects.filter(pk=team.case.pk).update(sponsor=None)


def ready(team: Team, gate: State = State.SPEC_REVIEW) -> None:
    team.jump_to(gate)
    team.do_items()


def set_team(team: Team, *pairs: tuple[User, str], by: Actor | None = None) -> None:
    services.set_team(case=team.reload(), members=pairs, actor=by or team.lead)


def take_away(user: User, *left: str) -> None:
    User.objects.filter(pk=user.pk).update(roles=list(left))


# --- the team --------------------------------------------------------------------------------


@pytest.mark.parametrize("function", TEAM_FUNCTIONS)
def test_only_the_roles_of_a_function_hold_it(team: Team, function: Function) -> None:
    before = members(team)
    for role in Role:
        user = factories.person(role)
        if role in HOLDERS[function]:
            set_team(team, (user, function))
            assert members(team) == {(user.pk, str(function))}
            before = members(team)
            continue
        with pytest.raises(ValuesRefused) as caught:
            set_team(team, (user, function))
        found = [(p.pointer, p.code) for p in caught.value.problems]
        assert found == [("/team/0/person", "role_missing")]
        assert members(team) == before


def test_every_member_that_cannot_be_is_named(team: Team) -> None:
    gone = factories.person("viewer", is_active=False)
    with pytest.raises(ValuesRefused) as caught:
        set_team(team, (team.people["engineering"], "quality"), (gone, "test"))
    assert [(p.pointer, p.code) for p in caught.value.problems] == [
        ("/team/0/person", "role_missing"),
        ("/team/1/person", "inactive"),
        ("/team/1/person", "role_missing"),
    ]


def test_the_lead_cannot_stand_in_for_quality_over_the_api(team: Team, api: Any) -> None:
    lead = api(user=team.people["engineering"])
    body = {"team": [{"person": lead.user.email, "function": "quality"}]}
    answer = lead.patch(f"/cases/{team.case.key}/", body)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/team/0/person", "role_missing")
    ]
    assert len(members(team)) == 3


# --- signing ---------------------------------------------------------------------------------


def test_a_role_taken_away_signs_nothing(team: Team) -> None:
    ready(team)
    quality = team["quality"]  # as a session has the person since it began
    take_away(quality.user, "engineer")
    found = refusal(services.sign, case=team.case, function="quality", actor=quality)
    assert found == ["not_permitted"]
    assert SignOff.objects.filter(case=team.case, gate="spec_review").count() == 0


def test_who_left_signs_nothing(team: Team) -> None:
    ready(team)
    quality = team["quality"]
    User.objects.filter(pk=quality.user.pk).update(is_active=False)
    found = refusal(services.sign, case=team.case, function="quality", actor=quality)
    assert found == ["not_permitted"]
    assert SignOff.objects.filter(case=team.case, gate="spec_review").count() == 0


def test_a_holder_without_the_role_signs_nothing_over_the_api(team: Team, api: Any) -> None:
    ready(team)
    engineer = factories.person("engineer")
    TeamMember.objects.create(case=team.case, user=engineer, function="quality")
    caller = api(user=engineer)
    answer = caller.post(f"/cases/{team.case.key}/sign-offs/", {"function": "quality"})
    assert answer.status_code == 403
    assert SignOff.objects.filter(case=team.case, gate="spec_review").count() == 0


def test_a_holder_without_the_role_signs_nothing_on_the_page(team: Team, browse: Browse) -> None:
    ready(team)
    engineer = factories.person("engineer")
    TeamMember.objects.create(case=team.case, user=engineer, function="quality")
    url = f"{team.case.get_absolute_url()}sign/quality/"
    assert browse(engineer).post(url, {"note": ""}).status_code == 403
    assert SignOff.objects.filter(case=team.case, gate="spec_review").count() == 0


# --- passing ---------------------------------------------------------------------------------


def forged(team: Team, signer: User) -> SignOff:
    return SignOff.objects.create(
        case=team.case, gate="spec_review", function="quality", signed_by=signer,
        signed_at=clock.now(),
    )  # fmt: skip


def test_a_signature_without_the_role_does_not_pass_a_gate(team: Team) -> None:
    ready(team)
    services.sign(case=team.case, function="engineering", actor=team["engineering"])
    forged(team, factories.person("engineer"))
    assert refused_move(team, "pass") == ["not_signed"]


def test_it_gives_way_to_the_signature_of_quality(team: Team, browse: Browse) -> None:
    ready(team)
    services.sign(case=team.case, function="engineering", actor=team["engineering"])
    unfounded = forged(team, factories.person("engineer"))
    page = browse(team.people["quality"]).get(team.case.get_absolute_url()).content.decode()
    assert "Does not count:" in page
    services.sign(case=team.case, function="quality", actor=team["quality"])
    unfounded.refresh_from_db()
    assert unfounded.void_reason == "given without the role quality"
    assert team.fire("pass").state == State.FMEA


def test_a_gate_passed_before_keeps_its_signatures(team: Team) -> None:
    ready(team)
    team.sign()
    team.fire("pass")
    take_away(team.people["quality"], "engineer")
    standing = SignOff.objects.filter(case=team.case, gate="spec_review", voided_at=None)
    assert standing.count() == 2


def test_one_person_with_two_roles_signs_once(team: Team) -> None:
    ready(team)
    both = factories.actor("engineer", "quality")
    set_team(team, (both.user, "engineering"), (both.user, "quality"))
    services.sign(case=team.reload(), function="engineering", actor=both)
    found = refusal(services.sign, case=team.case, function="quality", actor=both)
    assert found == ["four_eyes"]
    assert SignOff.objects.filter(case=team.case, gate="spec_review").count() == 1


# --- the sponsor -----------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["engineering", "quality", "procurement"])
def test_no_team_member_changes_the_sponsor(team: Team, by: str) -> None:
    other = factories.person("executive")
    for call, extra in (
        (services.name_sponsor, {"sponsor": other, "note": "mine"}),
        (services.change_case, {"values": {"sponsor": other}}),
        (services.change_case, {"values": {"sponsor": None}}),
    ):
        with pytest.raises(PermissionRefused):
            call(case=team.case, actor=team[by], **extra)
    assert sponsor_of(team) == team.people["sponsor"]


def test_no_case_worker_changes_the_sponsor_over_the_api(team: Team, api: Any) -> None:
    other, url = factories.person("executive"), f"/cases/{team.case.key}/"
    for role in ("engineer", "quality", "procurement", "integration", "finance", "viewer"):
        caller = api(role)
        body = {"sponsor": other.email, "note": "mine"}
        assert caller.patch(url, {"sponsor": other.email}).status_code == 403
        assert caller.post(f"{url}sponsor/", body).status_code == 403
    assert sponsor_of(team) == team.people["sponsor"]


@pytest.mark.parametrize("role", ["executive", "admin", "sponsor"])
def test_sponsor_executive_and_admin_change_it_with_a_reason(team: Team, role: str) -> None:
    team.jump_to(State.BUSINESS_CASE)
    team.do_items()
    team.sign()
    by = team["sponsor"] if role == "sponsor" else factories.actor(role)
    other = factories.person("executive")
    with pytest.raises(ValuesRefused) as caught:
        services.name_sponsor(case=team.reload(), sponsor=other, actor=by, note=" ")
    assert [p.pointer for p in caught.value.problems] == ["/note"]
    services.name_sponsor(case=team.reload(), sponsor=other, actor=by, note="moves on")
    assert sponsor_of(team) == other
    event = Event.objects.get(action="qualification.case.sponsored", note="moves on")
    before = team.people["sponsor"].pk
    assert event.data == {"sponsor": {"before": before, "after": other.pk}}
    voided = SignOff.objects.exclude(voided_at=None).get(case=team.case)
    assert (voided.function, voided.void_reason) == ("sponsor", "the case has another sponsor")


def test_an_executive_changes_it_over_the_api(team: Team, api: Any) -> None:
    other = factories.person("executive")
    url = f"/cases/{team.case.key}/sponsor/"
    caller = api("executive")
    assert caller.post(url, {"sponsor": other.email}).status_code == 422
    answer = caller.post(url, {"sponsor": other.email, "note": "moves on"})
    assert (answer.status_code, answer.json()["sponsor"]) == (200, other.email)
    assert sponsor_of(team) == other


def test_an_administrator_changes_it_on_the_page(team: Team, browse: Browse) -> None:
    other = factories.person("executive")
    url = f"{team.case.get_absolute_url()}sponsor/"
    client = browse(factories.person("admin"))
    assert client.get(url).status_code == 200
    body = {"sponsor": other.pk, "note": "moves on", "expected": team.case.version}
    assert client.post(url, body | {"note": ""}).status_code == 422
    assert client.post(url, body).status_code == 302
    assert sponsor_of(team) == other


def test_the_lead_names_the_first_sponsor(team: Team, browse: Browse) -> None:
    without_sponsor(team)
    url = f"{team.case.get_absolute_url()}sponsor/"
    body = {"sponsor": team.people["sponsor"].pk, "note": ""}
    assert browse(team.people["quality"]).post(url, body).status_code == 403
    assert browse(team.people["engineering"]).post(url, body).status_code == 302
    assert sponsor_of(team) == team.people["sponsor"]
    assert browse(team.people["engineering"]).post(url, body).status_code == 403


@pytest.mark.parametrize(
    ("role", "active", "code"),
    [("quality", True, "not_executive"), ("executive", False, "inactive")],
)
def test_nobody_else_becomes_the_sponsor(team: Team, role: str, active: bool, code: str) -> None:
    without_sponsor(team)
    other = factories.person(role, is_active=active)
    for call in (
        lambda: services.name_sponsor(case=team.reload(), sponsor=other, actor=team.lead),
        lambda: team.plan(sponsor=other),
        lambda: services.open_case(
            source=factories.alternate(team.source.part), actor=team.lead, sponsor=other
        ),
    ):
        with pytest.raises(ValuesRefused) as caught:
            call()
        assert [(p.pointer, p.code) for p in caught.value.problems] == [("/sponsor", code)]
    assert sponsor_of(team) is None
    assert Case.objects.count() == 1
