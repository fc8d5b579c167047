"""What cases taught: written at their end, shown on the next case, proposed for the SOP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qualification import services
from qualification.models import Lesson, Sop, SopItem
from qualification.models.cases import State
from qualification.sop_workflow import SOP_FLOW
from secondsource.core.errors import PermissionRefused, RuleRefused, Stale, ValuesRefused
from tests import factories
from tests.factories import Team

pytestmark = pytest.mark.django_db

TEXT = "Tolerance drifts beyond 1 % after soldering."


@pytest.fixture
def rejected(team: Team) -> Team:
    team.jump_to(State.SPEC_REVIEW)
    team.fire("reject", "quality", note="drift")
    return team


def lesson(team: Team, **fields: Any) -> Lesson:
    fields = {"gate": "spec_review", "text": TEXT, "actor": team.lead} | fields
    return services.write_lesson(case=team.case, **fields)


@pytest.mark.parametrize("move", ["reject", "withdraw"])
def test_a_case_that_is_over_teaches(team: Team, move: str) -> None:
    team.jump_to(State.SPEC_REVIEW)
    by = "quality" if move == "reject" else "engineering"
    team.fire(move, by, note="drift")
    written = lesson(team)
    assert (written.category, written.author) == (team.case.part.category, team.lead.user)
    assert written.history.get().history_user_id == team.lead.user_id


def test_a_case_under_way_does_not_teach_yet(team: Team) -> None:
    team.jump_to(State.SPEC_REVIEW)
    team.fire("hold", note="waits")
    with pytest.raises(RuleRefused) as refusal:
        lesson(team)
    assert [reason.code for reason in refusal.value.reasons] == ["too_early"]
    assert not Lesson.objects.exists()


def test_lesson_is_refused(rejected: Team) -> None:
    with pytest.raises(ValuesRefused) as refusal:
        lesson(rejected, gate="closed", text=" ")
    assert [problem.pointer for problem in refusal.value.problems] == ["/gate", "/text"]
    with pytest.raises(PermissionRefused):
        lesson(rejected, actor=factories.actor("viewer"))
    assert not Lesson.objects.exists()


def test_step_goes_into_a_draft_of_the_sop(rejected: Team) -> None:
    first = lesson(rejected, step="Measure the tolerance after soldering")
    second = lesson(rejected, text="Ask for samples early.", step="Order samples", gate="fmea")
    draft = Sop.objects.get(state="draft")
    assert (draft.family, draft.category, draft.risk_class) == ("", None, "medium")
    assert draft.reason == f"Lesson of {rejected.case.key}: {TEXT}"
    steps = SopItem.objects.filter(sop=draft, lesson__isnull=False).order_by("pk")
    assert [(s.gate, s.text, s.guidance, s.lesson) for s in steps] == [
        ("spec_review", "Measure the tolerance after soldering", TEXT, first),
        ("fmea", "Order samples", "Ask for samples early.", second),
    ]
    SOP_FLOW.fire(draft.pk, "propose", actor=rejected.lead)
    SOP_FLOW.fire(draft.pk, "activate", actor=rejected["quality"], note="agreed")
    again = services.open_case(source=factories.alternate(rejected.case.part), actor=rejected.lead)
    assert again.checklist.filter(text="Measure the tolerance after soldering").exists()


def test_step_waits_for_a_proposal(rejected: Team) -> None:
    lesson(rejected, step="Measure the tolerance after soldering")
    SOP_FLOW.fire(Sop.objects.get(state="draft").pk, "propose", actor=rejected.lead)
    with pytest.raises(RuleRefused) as refusal:
        lesson(rejected, step="Another step")
    assert [reason.code for reason in refusal.value.reasons] == ["proposal_waits"]
    assert Lesson.objects.count() == 1


def test_next_case_of_the_category_shows_it(
    rejected: Team, browse: Callable[[Any], Client]
) -> None:
    lesson(rejected)
    browser = browse(rejected.people["engineering"])
    source = factories.alternate(rejected.case.part)
    form = browser.get(f"{reverse('case_create')}?source={source.public_id}")
    assert TEXT in form.content.decode()
    near = services.open_case(source=source, actor=rejected.lead)
    assert TEXT in browser.get(near.get_absolute_url()).content.decode()
    other = factories.part(category=factories.category("interface", "medium"))
    far = services.open_case(source=factories.alternate(other), actor=rejected.lead)
    assert TEXT not in browser.get(far.get_absolute_url()).content.decode()


def test_lesson_is_found_by_words_category_and_gate(
    rejected: Team, browse: Callable[[Any], Client]
) -> None:
    lesson(rejected)
    browser = browse(factories.person("viewer"))
    path = rejected.case.part.category.path
    for query, found in (
        ("search=SOLDERING", True),
        (f"search={rejected.case.key}", True),
        (f"category={path}&gate=spec_review", True),
        ("search=flux", False),
        ("gate=fmea", False),
    ):
        page = browser.get(f"{reverse('lesson_list')}?{query}").content.decode()
        assert (TEXT in page) == found, query


def test_page_writes_a_lesson(rejected: Team, browse: Callable[[Any], Client]) -> None:
    browser = browse(rejected.people["engineering"])
    url = reverse("case_lesson_create", args=[rejected.case.number])
    refused = browser.post(url, {"gate": "spec_review", "step": "Kept"})
    assert refused.status_code == 422
    assert "Kept" in refused.content.decode()
    assert browser.post(url, {"gate": "spec_review", "text": TEXT}).status_code == 302
    page = browser.get(rejected.case.get_absolute_url()).content.decode()
    assert TEXT in page
    assert "wrote the lesson" in page


def test_api_writes_and_finds_a_lesson(rejected: Team, api: Callable[..., Any]) -> None:
    caller = api(user=rejected.people["engineering"])
    body = {"case": rejected.case.key, "gate": "spec_review", "text": TEXT, "step": "Measure it"}
    made = caller.post("/lessons/", body)
    assert made.status_code == 201
    assert made.json()["steps"][0]["code"] == "measure-it"
    (found,) = caller.get("/lessons/", search="soldering").json()["results"]
    assert found == made.json()
    assert caller.post("/lessons/", body | {"case": "SSQ-9999"}).status_code == 422


def test_who_wrote_it_or_quality_changes_it(rejected: Team) -> None:
    written = lesson(rejected)
    services.change_lesson(lesson=written, values={"text": "Drifts."}, actor=rejected.lead)
    written.refresh_from_db()
    services.change_lesson(lesson=written, values={"gate": "fmea"}, actor=rejected["quality"])
    written.refresh_from_db()
    assert (written.text, written.gate, written.author) == ("Drifts.", "fmea", rejected.lead.user)
    kept = list(written.history.order_by("version").values_list("text", "gate"))
    assert kept == [(TEXT, "spec_review"), ("Drifts.", "spec_review"), ("Drifts.", "fmea")]


@pytest.mark.parametrize("who", ["procurement", "sponsor"])
def test_nobody_else_changes_it(rejected: Team, who: str) -> None:
    written = lesson(rejected)
    with pytest.raises(PermissionRefused):
        services.change_lesson(lesson=written, values={"text": "x"}, actor=rejected[who])
    written.refresh_from_db()
    assert (written.text, written.version) == (TEXT, 1)


def test_a_change_is_refused_whole(rejected: Team) -> None:
    written = lesson(rejected)
    with pytest.raises(ValuesRefused) as refusal:
        services.change_lesson(
            lesson=written, values={"text": " ", "gate": "closed"}, actor=rejected.lead
        )
    assert [problem.pointer for problem in refusal.value.problems] == ["/gate", "/text"]


def test_two_change_a_lesson_and_one_is_stale(rejected: Team) -> None:
    written = lesson(rejected)
    values = {"lesson": written, "actor": rejected.lead, "expected": 1}
    services.change_lesson(values={"text": "first"}, **values)
    with pytest.raises(Stale):
        services.change_lesson(values={"text": "second"}, **values)
    written.refresh_from_db()
    assert written.text == "first"


def test_the_page_changes_a_lesson(rejected: Team, browse: Callable[[Any], Client]) -> None:
    written = lesson(rejected)
    url = reverse("case_lesson", args=[rejected.case.number, written.public_id])
    assert browse(rejected.people["procurement"]).get(url).status_code == 403
    browser = browse(rejected.people["engineering"])
    assert url in browser.get(rejected.case.get_absolute_url()).content.decode()
    body = {"gate": "fmea", "text": "Drifts.", "expected": 1}
    assert browser.post(url, body | {"text": ""}).status_code == 422
    assert browser.post(url, body).status_code == 302
    assert browser.post(url, body | {"text": "Late."}).status_code == 409
    page = browser.get(rejected.case.get_absolute_url()).content.decode()
    assert "changed the lesson to “Drifts.”" in page


def test_api_changes_a_lesson_on_its_version(rejected: Team, api: Callable[..., Any]) -> None:
    url = f"/lessons/{lesson(rejected).public_id}/"
    caller = api(user=rejected.people["quality"])
    answer = caller.patch(url, {"text": "Drifts."}, if_match='"1"')
    assert (answer.status_code, answer.json()["text"]) == (200, "Drifts.")
    assert caller.patch(url, {"text": "Late."}, if_match='"1"').status_code == 412
    other = api(user=rejected.people["procurement"])
    assert other.patch(url, {"text": "Mine."}).status_code == 403
    assert len(caller.get(f"{url}history/").json()["results"]) == 2
