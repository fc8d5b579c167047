"""Moves by page: said before, fired, refused, and beaten to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qualification import consequences, services
from qualification.models.cases import State
from qualification.workflow import CASE_FLOW
from secondsource.core.formats import THIN_SPACE
from tests import factories
from tests.factories import Team

Browse = Callable[..., Any]


@pytest.fixture
def lead(team: Team, browse: Browse) -> Any:
    return browse(team.people["engineering"])


def at(team: Team, move: str) -> str:
    return f"{team.case.get_absolute_url()}moves/{move}/"


def rows(answer: Any) -> dict[str, tuple[str, str]]:
    return {change.label: (change.now, change.after) for change in answer.context["changes"]}


def test_it_is_confirmed_and_fired(team: Team, lead: Any) -> None:
    assert lead.get(at(team, "submit")).status_code == 200
    assert team.reload().state == State.DRAFT
    answer = lead.post(at(team, "submit"), {"note": "go", "expected": team.case.version})
    assert (answer.status_code, answer["Location"]) == (302, team.case.get_absolute_url())
    assert team.reload().state == State.BUSINESS_CASE


def test_it_says_what_changes(team: Team, lead: Any) -> None:
    team.jump_to(State.APPROVAL)
    assert rows(lead.get(at(team, "pass"))) == {
        "Case": ("Approval", "Transition"),
        "Source": ("In qualification", "Approved"),
        "Share of a month's demand": (f"up to 0{THIN_SPACE}%", f"up to 40{THIN_SPACE}%"),
        "Units left": ("0", "no cap"),
        "Orders": ("blocked", f"allowed, warned above 40{THIN_SPACE}%"),
        "Approved sources": ("1", "2"),
    }


def test_what_it_says_is_what_happens(team: Team, lead: Any) -> None:
    team.jump_to(State.FMEA)
    team.do_items()
    team.sign()
    said = rows(lead.get(at(team, "pass")))
    team.fire("pass")
    assert said["Units left"] == ("0", "500")
    assert (team.source.quantity_cap, team.source.status) == (500, "in_qualification")


def test_a_nominal_source_counts_neither_before_nor_after(team: Team, lead: Any) -> None:
    team.jump_to(State.APPROVAL)
    type(team.source).objects.filter(pk=team.source.pk).update(
        independence="nominal", would_count=False
    )
    assert rows(lead.get(at(team, "pass")))["Approved sources"] == ("1", "1")


def test_it_says_who_sees_it_and_how_it_is_taken_back(team: Team, lead: Any) -> None:
    answer = lead.get(at(team, "withdraw"))
    others = sorted({str(p) for p in team.people.values()} - {str(team.people["engineering"])})
    assert answer.context["seen_by"] == others
    assert "To undo: not possible." in answer.content.decode()


def test_every_move_says_how_it_is_taken_back() -> None:
    assert [bool(consequences.way_back(name)) for name in CASE_FLOW.transitions] == [True] * 10


@pytest.mark.parametrize(("move", "grave"), [("withdraw", True), ("submit", False)])
def test_the_focus_of_a_grave_move_starts_on_cancel(
    team: Team, lead: Any, move: str, grave: bool
) -> None:
    text = lead.get(at(team, move)).content.decode()
    assert ("data-cancel data-first" in text, 'class="btn dng"' in text) == (grave, grave)


def test_the_dialog_gets_the_confirmation_without_the_frame(team: Team, lead: Any) -> None:
    headers = {"HX-Request": "true", "HX-Target": "dialog#dialog"}
    text = lead.get(at(team, "submit"), headers=headers).content.decode()
    assert ("<html" in text, 'id="dialog-h"' in text, 'name="expected"' in text) == (
        False, True, True,
    )  # fmt: skip
    answer = lead.post(at(team, "submit"), {"expected": team.case.version}, headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, team.case.get_absolute_url())
    assert team.reload().state == State.BUSINESS_CASE


@pytest.mark.parametrize(
    ("move", "by", "after"),
    [
        ("reject", "quality", ("Candidate", "blocked")),
        ("withdraw", "engineering", ("Candidate", "blocked")),
        ("roll_back", "engineering", ("Requalify", "blocked")),
        ("hold", "engineering", ("Approved", f"allowed, warned above 40{THIN_SPACE}%")),
    ],
)
def test_it_says_what_ending_it_means(
    team: Team, browse: Browse, move: str, by: str, after: tuple[str, str]
) -> None:
    team.jump_to(State.TRANSITION if move in ("roll_back", "hold") else State.FMEA)
    found = rows(browse(team.people[by]).get(at(team, move)))
    assert (found["Source"][1], found["Orders"][1]) == after


def test_send_back_names_gates_and_voided_signatures(team: Team, lead: Any) -> None:
    team.jump_to(State.PILOT_BUILD)
    answer = lead.get(at(team, "send_back") + "?to=business_case")
    assert [gate for gate, _ in answer.context["choices"]] == [
        "fmea", "spec_review", "business_case",
    ]  # fmt: skip
    assert len(answer.context["voided"]) == 8
    assert rows(answer)["Case"] == ("Pilot build", "Business case")
    lead.post(at(team, "send_back"), {"note": "wrong die", "to": "spec_review"})
    assert team.reload().state == State.SPEC_REVIEW


def test_all_reasons_of_a_refusal_are_told(team: Team, lead: Any) -> None:
    team.fire("submit")
    answer = lead.post(at(team, "pass"), {"note": "hurry"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "5 things stop this." in text
    assert "The expected saving is not known" in text
    assert "The exposure is not known" in text
    assert text.count("has not signed.") == 4
    assert "hurry" in text
    assert team.reload().state == State.BUSINESS_CASE


def test_a_missing_reason_is_refused(team: Team, lead: Any) -> None:
    team.fire("submit")
    answer = lead.post(at(team, "hold"), {"note": " "})
    assert answer.status_code == 422
    assert "A reason is needed." in answer.content.decode()
    assert team.reload().state == State.BUSINESS_CASE


def test_who_was_slower_is_told_who_was_faster(team: Team, lead: Any) -> None:
    seen = team.case.version
    services.change_case(case=team.case, values={"summary": "New scope"}, actor=team["quality"])
    answer = lead.post(at(team, "submit"), {"expected": seen})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{team.people['quality'].name} changed this" in text
    assert "Summary: – → New scope" in text
    assert f'name="expected" value="{seen + 1}"' in text
    assert team.reload().state == State.DRAFT


def test_a_move_that_the_state_does_not_offer_does_not_exist(team: Team, lead: Any) -> None:
    for move in ("pass", "resume", "nothing"):
        assert lead.get(at(team, move)).status_code == 404


def test_posting_a_move_of_another_state_is_refused(team: Team, lead: Any) -> None:
    assert lead.post(at(team, "pass"), {}).status_code == 422
    assert lead.post(at(team, "nothing"), {}).status_code == 422
    assert team.reload().state == State.DRAFT


def test_not_everybody_moves(team: Team, browse: Browse) -> None:
    for who in (team.people["procurement"], factories.person("viewer")):
        assert browse(who).post(at(team, "submit"), {}).status_code == 403
    assert team.reload().state == State.DRAFT


@pytest.mark.parametrize("expected", ["abc", "", "1e9"])
def test_a_version_that_cannot_be_read_is_refused(team: Team, lead: Any, expected: str) -> None:
    answer = lead.post(at(team, "submit"), {"note": "go", "expected": expected})
    assert answer.status_code == 422
    assert "has no valid version of the record" in answer.content.decode()
    assert team.reload().state == State.DRAFT


@pytest.mark.parametrize("move", ["submit", "withdraw", "pass", "nothing"])
def test_a_version_that_never_was_is_a_conflict(team: Team, lead: Any, move: str) -> None:
    answer = lead.post(at(team, move), {"note": "go", "expected": "999999"})
    assert answer.status_code == 409
    assert "version" in answer.content.decode()
    assert team.reload().state == State.DRAFT
