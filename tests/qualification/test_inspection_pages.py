"""Forms of samples, inspections and PPAP on the page of component tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from qualification import services
from qualification.models import InspectionLot, PpapElement, PpapSubmission, Sample
from qualification.views.timeline import timeline
from secondsource.core import clock
from tests.component_work import finish_component_tests, finish_inspections, finish_ppap
from tests.factories import Team


def url(team: Team, name: str, *more: Any) -> str:
    return reverse(name, args=[team.case.number, *more])


@pytest.fixture
def page(team: Team, browse: Callable[[Any], Any]) -> Any:
    """The browser of the case's engineer."""
    return browse(team.people["engineering"])


@pytest.fixture
def quality(team: Team, browse: Callable[[Any], Any]) -> Any:
    """The browser of the case's quality."""
    return browse(team.people["quality"])


def lot(**other: str) -> dict[str, str]:
    today = clock.business_day().isoformat()
    return {
        "lot": "P1", "size": "1,000", "inspected": "80", "defects": "3", "inspected_on": today,
    } | other  # fmt: skip


def test_a_sample_is_received_changed_and_removed(team: Team, page: Any) -> None:
    today = clock.business_day().isoformat()
    values = {"lot": "P1", "quantity": "500", "received_on": today, "purpose": "pilot"}
    answer = page.post(url(team, "case_sample_create"), values)
    assert answer.url == url(team, "case_tests") + "#inspections"
    sample = Sample.objects.get()
    form = url(team, "case_sample", sample.public_id)
    page.post(form, values | {"quantity": "400", "expected": "1"})
    assert Sample.objects.get().quantity == 400
    assert page.post(form, values | {"expected": "1"}).status_code == 409
    assert f"{url(team, 'case_lot_inspect')}?lot=P1" in page.get(answer.url).content.decode()
    page.post(
        url(team, "case_sample_remove", sample.public_id), {"reason": "Twice.", "expected": "2"}
    )
    assert not Sample.objects.exists()


def test_the_plan_is_shown_beside_the_inspection(team: Team, page: Any) -> None:
    answer = page.get(url(team, "case_lot_inspect") + "?lot=P1")
    assert answer.context["form"].initial["lot"] == "P1"
    assert "Normal inspection, AQL 1.0" in answer.content.decode()


def test_too_few_inspected_keep_what_was_typed(team: Team, page: Any) -> None:
    answer = page.post(url(team, "case_lot_inspect"), lot(inspected="13"))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"inspected"}
    assert 'value="1,000"' in answer.content.decode()
    assert not InspectionLot.objects.exists()


def test_a_rejected_lot_is_decided_on_by_quality_and_voided(
    team: Team, page: Any, quality: Any
) -> None:
    page.post(url(team, "case_lot_inspect"), lot())
    row = InspectionLot.objects.get()
    decide = url(team, "case_lot_decide", row.public_id)
    assert "Needs a decision by quality." in page.get(url(team, "case_tests")).content.decode()
    assert page.get(decide).status_code == 403
    quality.post(decide, {"decision": "sorted", "reason": "Sort by hand.", "expected": "1"})
    row.refresh_from_db()
    assert (row.decision, row.decided_by) == ("sorted", team.people["quality"])
    page.post(url(team, "case_lot_void", row.public_id), {"reason": "Typo.", "expected": "2"})
    assert InspectionLot.objects.get().void_reason == "Typo."


def test_the_ppap_is_started_judged_and_decided(team: Team, page: Any, quality: Any) -> None:
    page.post(url(team, "case_ppap_level"), {"level": "1"})
    elements = url(team, "case_ppap_elements")
    form = quality.get(elements).context["form"]
    posted = {name: field.initial for name, field in form.fields.items()} | {"expected": "1"}
    answer = quality.post(elements, posted | {"status-13": "not_applicable"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"reason-13"}
    changed = {"status-13": "not_applicable", "reason-13": "No appearance.",
               "status-18": "accepted"}  # fmt: skip
    assert quality.post(elements, posted | changed).url == url(team, "case_tests") + "#ppap"
    assert PpapElement.objects.get(number=13).reason == "No appearance."
    quality.post(url(team, "case_ppap_warrant"), {"disposition": "approved", "expected": "2"})
    assert PpapSubmission.objects.get().disposition == "approved"
    text = page.get(url(team, "case_tests")).content.decode()
    assert "Level 1, 1 of 1 elements accepted" in text
    assert "The warrant is approved." in text


def test_an_engineer_neither_accepts_nor_decides(team: Team, page: Any) -> None:
    services.set_ppap_level(case=team.case, level=1, actor=team.lead)
    assert page.get(url(team, "case_ppap_warrant")).status_code == 403
    elements = url(team, "case_ppap_elements")
    form = page.get(elements).context["form"]
    posted = {name: field.initial for name, field in form.fields.items()} | {"expected": "1"}
    assert page.post(elements, posted | {"status-18": "accepted"}).status_code == 403
    assert PpapElement.objects.get(number=18).status == "pending"


def test_somebody_faster_with_the_elements_is_shown(team: Team, page: Any) -> None:
    services.set_ppap_level(case=team.case, level=1, actor=team.lead)
    elements = url(team, "case_ppap_elements")
    form = page.get(elements).context["form"]
    posted = {name: field.initial for name, field in form.fields.items()} | {"expected": "1"}
    said = {13: services.Judgement("submitted")}
    services.set_ppap_elements(case=team.case, elements=said, actor=team["quality"])
    answer = page.post(elements, posted | {"status-18": "submitted"})
    assert answer.status_code == 409
    assert PpapElement.objects.get(number=18).status == "pending"


def test_the_history_says_in_words_what_was_done(team: Team) -> None:
    for finish in (finish_component_tests, finish_inspections, finish_ppap):
        finish(team)
    told = [event["what"] for event in timeline(team.case, most=99)]
    assert [what for what in told if what.startswith("qualification")] == []
    assert "inspected “lot PILOT accepted: 0 of 50 defective”" in told
    assert "set the PPAP level to 3" in told
    assert "approved the warrant" in told
