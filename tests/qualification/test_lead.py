"""Handing a case over to another lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qualification import services
from qualification.models import SignOff
from qualification.models.cases import State
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal, refused_move

Browse = Callable[..., Any]
HANDED_OVER = "qualification.case.handed_over"


def hand_over(team: Team, lead: Any, by: str = "engineering", **fields: Any) -> Any:
    return services.change_lead(case=team.case, lead=lead, actor=team[by], **fields)


def events() -> int:
    return Event.objects.filter(action=HANDED_OVER).count()


def test_the_lead_hands_over(team: Team) -> None:
    buyer, version = team.people["procurement"], team.case.version
    hand_over(team, buyer, note="on leave")
    case = team.reload()
    assert (case.lead, case.version) == (buyer, version + 1)
    event = Event.objects.get(action=HANDED_OVER)
    lead = {"before": team.people["engineering"].pk, "after": buyer.pk}
    assert (event.note, event.data) == ("on leave", {"lead": lead})
    newest = case.history.first()
    assert (newest.lead_id, newest.history_change_reason) == (buyer.pk, "on leave")


def test_quality_takes_over_for_somebody_who_left(team: Team) -> None:
    team.people["engineering"].is_active = False
    team.people["engineering"].save()
    hand_over(team, team.people["quality"], by="quality")
    assert team.reload().lead == team.people["quality"]


def test_the_new_lead_moves_the_case_and_the_old_one_does_not(team: Team) -> None:
    hand_over(team, team.people["procurement"])
    assert refused_move(team, "submit") == ["not_permitted"]
    assert team.fire("submit", by="procurement").state == State.BUSINESS_CASE


def test_signatures_stand(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    hand_over(team, team.people["procurement"])
    assert SignOff.objects.filter(case=team.case, gate="spec_review", voided_at=None).count() == 1


@pytest.mark.parametrize("by", ["procurement", "sponsor"])
def test_nobody_else_hands_over(team: Team, by: str) -> None:
    lead = team.people["procurement"]
    assert refusal(hand_over, team, lead, by=by) == ["not_permitted"]
    assert (team.reload().lead, events()) == (team.people["engineering"], 0)


@pytest.mark.parametrize(
    ("role", "active", "code"),
    [("finance", True, "not_a_worker"), ("viewer", True, "not_a_worker"),
     ("engineer", False, "inactive")],
)  # fmt: skip
def test_a_lead_works_in_cases(team: Team, role: str, active: bool, code: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        hand_over(team, factories.person(role, is_active=active))
    assert [(p.pointer, p.code) for p in caught.value.problems] == [("/lead", code)]
    assert (team.reload().lead, events()) == (team.people["engineering"], 0)


def test_who_leads_already_is_no_new_lead(team: Team) -> None:
    with pytest.raises(ValuesRefused) as caught:
        hand_over(team, team.people["engineering"])
    assert [p.code for p in caught.value.problems] == ["leads_already"]
    assert events() == 0


def test_a_case_that_is_over_keeps_its_lead(team: Team) -> None:
    team.fire("withdraw", note="why")
    assert refusal(hand_over, team, team.people["procurement"]) == ["case_over"]
    assert team.reload().lead == team.people["engineering"]


def test_a_lead_changed_on_an_old_reading_is_refused(team: Team) -> None:
    assert refusal(hand_over, team, team.people["procurement"], expected=1) == ["stale"]


def test_the_page_hands_over_and_says_so(team: Team, browse: Browse) -> None:
    buyer = team.people["procurement"]
    client, url = browse(team.people["quality"]), team.case.get_absolute_url()
    assert f"{url}lead/" in client.get(url).content.decode()
    body = {"lead": buyer.pk, "note": "on leave", "expected": team.case.version}
    assert client.post(f"{url}lead/", body).status_code == 302
    assert team.reload().lead == buyer
    text = client.get(url).content.decode()
    assert f"{buyer.name} leads {team.case.key} now." in text
    old = team.people["engineering"].name
    assert f"handed the lead over from {old} to {buyer.name}" in text


def test_the_page_keeps_what_was_typed_when_refused(team: Team, browse: Browse) -> None:
    lead = team.people["engineering"]
    body = {"lead": lead.pk, "note": "still me", "expected": team.case.version}
    answer = browse(lead).post(team.case.get_absolute_url() + "lead/", body)
    assert answer.status_code == 422
    assert f"{lead.name} leads it already." in answer.content.decode()
    assert "still me" in answer.content.decode()


def test_two_at_once_get_the_conflict(team: Team, browse: Browse) -> None:
    seen = team.case.version
    hand_over(team, team.people["procurement"], by="quality")
    body = {"lead": team.people["engineering"].pk, "expected": seen}
    client = browse(team.people["quality"])
    answer = client.post(team.case.get_absolute_url() + "lead/", body)
    assert answer.status_code == 409
    assert f"{team.people['quality'].name} changed this" in answer.content.decode()
    assert team.reload().lead == team.people["procurement"]


def test_who_may_not_staff_finds_no_link(team: Team, browse: Browse) -> None:
    client, url = browse(team.people["procurement"]), team.case.get_absolute_url()
    assert f"{url}lead/" not in client.get(url).content.decode()
    assert client.get(f"{url}lead/").status_code == 403
