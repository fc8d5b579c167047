"""The production part approval of a case: level, elements, warrant."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification import linked_work, ppap_work, services
from qualification.models import PpapElement, PpapSubmission
from qualification.models.cases import State
from qualification.services import Judgement
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import PolicyVersion
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal


def start(team: Team, level: int | None = None) -> PpapSubmission:
    return services.set_ppap_level(case=team.case, level=level, actor=team.lead)


def judge(team: Team, by: str, **elements: tuple[str, str]) -> PpapSubmission:
    """``e5=("accepted", "")``: element 5."""
    said = {int(name[1:]): Judgement(*status) for name, status in elements.items()}
    return services.set_ppap_elements(case=team.case, elements=said, actor=team[by])


def decide(team: Team, disposition: str, by: str = "quality", **more: Any) -> PpapSubmission:
    return services.decide_warrant(case=team.case, disposition=disposition, actor=team[by], **more)


def statuses(team: Team, status: str) -> list[int]:
    return list(team.case.ppap_elements.filter(status=status).values_list("number", flat=True))


def missing(team: Team) -> list[str]:
    return [reason.code for reason in linked_work.missing(team.case, "ppap")]


def problems(call: Any, *args: Any, **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        call(*args, **values)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("level", "pending"),
    [
        (1, [13, 18]),
        (2, [1, 2, 9, 10, 12, 13, 14, 18]),
        (3, [n for n in range(1, 19) if n not in (15, 16)]),
        (4, [18]),
        (5, list(range(1, 19))),
    ],
)
def test_a_level_asks_for_its_elements(team: Team, level: int, pending: list[int]) -> None:
    start(team, level)
    assert statuses(team, "pending") == pending
    assert team.case.ppap_elements.count() == 18


def test_the_risk_class_gives_the_first_level_by_the_house_rule(team: Team) -> None:
    assert start(team).level == 3
    PolicyVersion.objects.create(name="ppap", number=1, values={"level_medium": 2}, state="active")
    assert ppap_work.default_level(team.case) == 2


def test_another_level_changes_what_nobody_worked_on(team: Team) -> None:
    start(team, 3)
    judge(team, "quality", e1=("accepted", ""), e9=("submitted", ""))
    start(team, 1)
    assert statuses(team, "pending") == [13, 18]
    assert (statuses(team, "accepted"), statuses(team, "submitted")) == ([1], [9])
    assert problems(start, team, 6) == [("/level", "out_of_range")]


def test_what_does_not_apply_or_is_rejected_needs_a_reason(team: Team) -> None:
    start(team, 3)
    wrong = {"e13": ("not_applicable", " "), "e5": ("rejected", ""), "e6": ("lost", "")}
    assert problems(judge, team, "quality", **wrong) == [
        ("/13/reason", "required"), ("/5/reason", "required"), ("/6/status", "unknown"),
    ]  # fmt: skip
    assert problems(judge, team, "quality", e19=("accepted", "")) == [("/19", "unknown")]
    assert len(statuses(team, "pending")) == 16


def test_only_quality_accepts_and_rejects(team: Team) -> None:
    start(team, 3)
    judge(team, "engineering", e5=("submitted", ""), e13=("not_applicable", "No appearance."))
    for status in ("accepted", "rejected"):
        assert refusal(judge, team, "engineering", e5=(status, "x")) == ["not_permitted"]
    judge(team, "quality", e5=("accepted", ""))
    assert statuses(team, "accepted") == [5]


def test_completeness_leaves_out_what_does_not_apply(team: Team) -> None:
    start(team, 2)
    judge(team, "quality", e13=("not_applicable", "No appearance."), e18=("accepted", ""))
    assert ppap_work.completeness(team.case.ppap_elements.all()) == pytest.approx(1 / 7)
    assert linked_work.of("ppap").told(team.case).startswith("Level 2, 1 of 7 elements accepted")


def test_the_warrant_is_approved_once_every_element_is_accepted(team: Team) -> None:
    assert missing(team) == ["no_ppap"]
    start(team, 1)
    assert missing(team) == ["ppap_pending", "warrant_open"]
    assert refusal(decide, team, "approved") == ["ppap_pending"]
    judge(team, "quality", e13=("submitted", ""), e18=("rejected", "Not signed."))
    assert missing(team) == ["ppap_submitted", "ppap_rejected", "warrant_open"]
    judge(team, "quality", e13=("accepted", ""), e18=("accepted", ""))
    assert missing(team) == ["warrant_open"]
    found = decide(team, "approved")
    assert (found.decided_by, missing(team)) == (team.people["quality"], [])


def test_a_changed_element_voids_the_decision(team: Team) -> None:
    start(team, 4)
    judge(team, "quality", e18=("accepted", ""))
    decide(team, "approved")
    judge(team, "engineering", e14=("pending", ""))
    assert missing(team) == ["ppap_pending", "warrant_open"]
    assert PpapSubmission.objects.get().decided_by is None


def test_an_interim_approval_is_limited_and_does_not_finish(team: Team) -> None:
    start(team, 1)
    today = clock.business_day()
    assert problems(decide, team, "interim") == [
        ("/reason", "required"), ("/interim_until", "required"),
    ]  # fmt: skip
    yesterday = today - dt.timedelta(days=1)
    assert problems(decide, team, "interim", reason="x", interim_until=yesterday) == [
        ("/interim_until", "in_past")
    ]
    found = decide(team, "interim", reason="Line stop.", interim_quantity=500)
    assert (found.interim_quantity, found.interim_until) == (500, None)
    decide(team, "interim", reason="Line stop.", interim_until=today)
    assert missing(team) == ["ppap_pending", "warrant_open"]
    with clock.at(today + dt.timedelta(days=1)):
        assert "ended" in ppap_work.warrant_in_words(PpapSubmission.objects.get())


def test_a_rejected_warrant_needs_a_reason(team: Team) -> None:
    start(team, 1)
    assert problems(decide, team, "rejected") == [("/reason", "required")]
    assert problems(decide, team, "perhaps") == [("/disposition", "unknown")]
    assert decide(team, "rejected", reason="Dimensions.").disposition == "rejected"


def test_only_quality_decides_on_the_warrant(team: Team) -> None:
    start(team, 1)
    for who in ("engineering", "procurement", "sponsor"):
        assert refusal(decide, team, "approved", by=who) == ["not_permitted"]


def test_nothing_is_judged_before_the_start(team: Team) -> None:
    assert refusal(judge, team, "quality", e1=("accepted", "")) == ["no_ppap"]
    assert refusal(decide, team, "approved") == ["no_ppap"]


def test_the_approval_gate_waits_for_the_ppap(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    judge(team, "engineering", e15=("pending", ""))
    voided = team.case.sign_offs.get(gate="approval", function="quality")
    assert voided.void_reason == "the PPAP elements were changed"
    assert refusal(services.sign, case=team.case, function="engineering", actor=team.lead) == [
        "work_open",
        "work_open",
    ]


def test_an_old_version_is_stale(team: Team) -> None:
    start(team, 1)
    judge(team, "engineering", e13=("submitted", ""))
    old = {"case": team.case, "actor": team.lead, "expected": 1}
    assert refusal(services.set_ppap_level, level=2, **old) == ["stale"]
    assert refusal(services.set_ppap_elements, elements={}, **old) == ["stale"]
    said = {13: Judgement("pending", "", 1)}
    assert refusal(services.set_ppap_elements, case=team.case, elements=said, actor=team.lead) == [
        "stale"
    ]


def test_the_ppap_of_a_passed_gate_stays(team: Team) -> None:
    start(team, 1)
    team.jump_to(State.TRANSITION)
    assert refusal(judge, team, "quality", e13=("accepted", "")) == ["gate_passed"]
    assert PpapElement.objects.get(number=13).status == "pending"


@pytest.mark.parametrize("role", ["viewer", "finance", "executive"])
def test_only_case_workers_start_it(team: Team, role: str) -> None:
    who = factories.actor(role)
    assert refusal(services.set_ppap_level, case=team.case, actor=who) == ["not_permitted"]
