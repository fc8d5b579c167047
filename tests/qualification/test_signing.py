"""Signatures: by function, four eyes, the sponsor last, void when the work is shown again."""

from __future__ import annotations

from typing import Any

import pytest

from qualification import services
from qualification.models import SignOff
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.formats import day
from tests import factories
from tests.factories import JOB, Team
from tests.qualification.asking import refusal


@pytest.fixture
def ready(team: Team) -> Team:
    """At the business case, its steps done."""
    team.jump_to(State.BUSINESS_CASE)
    team.do_items()
    return team


def test_a_team_member_signs_for_their_function(ready: Team) -> None:
    signature = services.sign(
        case=ready.case, function="quality", actor=ready["quality"], note=" seen "
    )
    assert (signature.gate, signature.function, signature.note) == (
        "business_case", "quality", "seen",
    )  # fmt: skip
    assert signature.signed_by == ready.people["quality"]


def test_the_sponsor_signs_last(ready: Team) -> None:
    def by_sponsor() -> SignOff:
        return services.sign(case=ready.case, function="sponsor", actor=ready["sponsor"])

    assert refusal(by_sponsor) == ["sponsor_last"]
    for function in ("engineering", "quality"):
        services.sign(case=ready.case, function=function, actor=ready[function])
    assert refusal(by_sponsor) == ["sponsor_last"]
    services.sign(case=ready.case, function="procurement", actor=ready["procurement"])
    assert by_sponsor().function == "sponsor"


def test_nobody_signs_before_the_steps_are_done(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    with pytest.raises(RuleRefused) as refused:
        services.sign(case=team.case, function="quality", actor=team["quality"])
    steps = team.case.checklist.in_bulk()
    found = [(r.code, steps[int(r.about)].link, r.detail) for r in refused.value.reasons]
    assert sorted(found) == [
        ("item_open", "", "“Compare the datasheets of incumbent and candidate” is not done."),
        ("work_open", "clearance", "No search for intellectual property conflicts is on record."),
        ("work_open", "declarations", "No declaration on record: REACH."),
        ("work_open", "declarations", "No declaration on record: RoHS."),
        ("work_open", "declarations", "No declaration on record: conflict minerals."),
        (
            "work_open", "deviations",
            "Nothing is compared: the part has no requirement with a limit.",
        ),
    ]  # fmt: skip
    assert not SignOff.objects.filter(case=team.case, gate="spec_review").exists()


def test_nobody_signs_the_transition_before_its_last_hold_point(team: Team, browse: Any) -> None:
    team.jump_to(State.TRANSITION)
    team.do_items()
    points = list(team.case.hold_points.all())
    case, quality = team.case, team["quality"]
    clients = [browse(team.people[function]) for function in ("quality", "procurement")]
    sign_page = f"{case.get_absolute_url()}sign/"
    for still_open in (3, 2, 1):
        found = refusal(services.sign, case=case, function="quality", actor=quality)
        assert found == ["hold_point_ahead"] * still_open
        for client in clients:
            text = client.get(case.get_absolute_url()).content.decode()
            assert (sign_page in text, text.count("After the last hold point")) == (False, 2)
            assert sign_page not in client.get("/work/").content.decode()
        assert clients[1].get("/work/count/").content == b'1<span class="vh"> to do</span>'
        point = points[3 - still_open]
        with clock.at(point.due):
            services.judge_hold_point(hold_point=point, verdict="pass", note="", actor=quality)
    assert not SignOff.objects.filter(case=case, gate="transition").exists()
    for client in clients:
        assert sign_page in client.get(case.get_absolute_url()).content.decode()
        assert sign_page in client.get("/work/").content.decode()
    # Beside the baseline, which procurement enters.
    assert clients[1].get("/work/count/").content == b'2<span class="vh"> to do</span>'
    team.sign()
    assert SignOff.objects.filter(case=case, gate="transition", voided_at=None).count() == 2


def test_every_open_hold_point_is_named_to_who_signs_by_page(team: Team, browse: Any) -> None:
    team.jump_to(State.TRANSITION)
    team.do_items()
    url = f"{team.case.get_absolute_url()}sign/quality/"
    answer = browse(team.people["quality"]).post(url, {"expected": team.case.version, "note": ""})
    text = answer.content.decode()
    for point in team.case.hold_points.all():
        assert f"The hold point of {day(point.due)} is not due yet." in text
    assert not SignOff.objects.filter(case=team.case, gate="transition").exists()


def test_a_function_signs_once(ready: Team) -> None:
    services.sign(case=ready.case, function="quality", actor=ready["quality"])
    again = refusal(services.sign, case=ready.case, function="quality", actor=ready["quality"])
    assert again == ["signed"]


def test_one_person_signs_a_gate_once(ready: Team) -> None:
    both = ready["quality"]
    members = [
        (both.user, "engineering"),
        (both.user, "quality"),
        (ready.people["procurement"], "procurement"),
    ]
    services.set_team(case=ready.case, members=members, actor=ready.lead)
    services.sign(case=ready.case, function="engineering", actor=both)
    found = refusal(services.sign, case=ready.case, function="quality", actor=both)
    assert found == ["four_eyes"]
    assert SignOff.objects.filter(case=ready.case).count() == 1


def test_nobody_signs_for_a_function_of_others(ready: Team) -> None:
    found = refusal(services.sign, case=ready.case, function="quality", actor=ready["procurement"])
    assert found == ["not_permitted"]
    assert SignOff.objects.count() == 0


@pytest.mark.parametrize("role", ["quality", "executive", "viewer", "admin"])
def test_nobody_outside_the_team_signs(ready: Team, role: str) -> None:
    outsider = factories.actor(role)
    found = refusal(services.sign, case=ready.case, function="quality", actor=outsider)
    assert found == ["not_permitted"]


def test_a_job_does_not_sign(ready: Team) -> None:
    assert refusal(services.sign, case=ready.case, function="quality", actor=JOB) == [
        "not_permitted"
    ]


def test_a_token_without_approve_does_not_sign(ready: Team) -> None:
    token = Actor(ready.people["quality"], scopes=frozenset({"read", "write"}), origin="api")
    assert refusal(services.sign, case=ready.case, function="quality", actor=token) == [
        "not_permitted"
    ]


def test_a_function_that_the_gate_does_not_ask_cannot_sign(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    found = refusal(
        services.sign, case=team.case, function="procurement", actor=team["procurement"]
    )
    assert found == ["not_required"]


def test_nothing_is_signed_outside_the_gates(team: Team) -> None:
    found = refusal(services.sign, case=team.case, function="quality", actor=team["quality"])
    assert found == ["no_gate"]


def test_who_saw_another_version_does_not_sign(ready: Team) -> None:
    found = refusal(
        services.sign, case=ready.case, function="quality", actor=ready["quality"], expected=1
    )
    assert found == ["stale"]


def test_opening_a_step_voids_the_signatures_of_its_gate(ready: Team) -> None:
    item = services.add_item(
        case=ready.case, gate=State.BUSINESS_CASE, text="Ask the buyer", actor=ready.lead
    )
    services.set_item(item=item, done=True, actor=ready.lead)
    ready.sign()
    services.set_item(item=item, done=False, actor=ready.lead)
    given = SignOff.objects.filter(case=ready.case)
    assert given.count() == 4
    assert {s.void_reason for s in given} == {f"“{item.text}” was opened again"}
    services.set_item(item=item, done=True, actor=ready.lead)
    assert services.sign(case=ready.case, function="quality", actor=ready["quality"])


def test_send_back_voids_that_gate_and_all_later_ones(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.fire("send_back", note="wrong lot", data={"to": "fmea"})
    voided = SignOff.objects.filter(case=team.case).exclude(voided_at=None)
    standing = SignOff.objects.filter(case=team.case, voided_at=None)
    assert set(voided.values_list("gate", flat=True)) == {"fmea", "pilot_build"}
    assert set(standing.values_list("gate", flat=True)) == {"business_case", "spec_review"}
    assert set(voided.values_list("void_reason", flat=True)) == {"sent back: wrong lot"}


def test_reopening_voids_from_where_it_reopens(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    team.fire("roll_back", note="returns")
    team.fire("reopen", "quality", note="cause found")
    standing = SignOff.objects.filter(case=team.case, voided_at=None)
    assert set(standing.values_list("gate", flat=True)) == {"business_case", "spec_review", "fmea"}


def test_a_hold_voids_nothing(ready: Team) -> None:
    ready.sign()
    ready.fire("hold", note="why")
    ready.fire("resume")
    assert SignOff.objects.filter(case=ready.case, voided_at=None).count() == 4
    assert ready.fire("pass").state == State.SPEC_REVIEW
