"""Steps that are done by a value within limits or by a document."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qualification import guards, services
from qualification.models import ChecklistItem, StepKind
from qualification.models.cases import State
from secondsource.core.errors import RuleRefused, ValuesRefused
from secondsource.core.models import Attachment
from tests import factories
from tests.factories import Team

pytestmark = pytest.mark.django_db

LIMITS = {"kind": "value", "unit": "µF", "lower": Decimal("4.7"), "upper": Decimal(10)}


@pytest.fixture
def at_spec(team: Team) -> Team:
    team.jump_to(State.SPEC_REVIEW)
    return team


def step(team: Team, **fields: Any) -> ChecklistItem:
    fields = {"text": "Measure the capacitance under bias"} | fields
    return services.add_item(case=team.case, gate="spec_review", actor=team.lead, **fields)


def is_open(item: ChecklistItem) -> bool:
    return item in guards.open_items(item.case, "spec_review")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("2.1", "2.1\u202fµF is below 4.7\u202fµF."),
        ("4.7", ""),
        ("10", ""),
        ("10.0001", "10.0001\u202fµF is above 10\u202fµF."),
    ],
)
def test_value_is_done_within_its_limits(at_spec: Team, value: str, problem: str) -> None:
    item = step(at_spec, **LIMITS)
    services.set_value(item=item, value=Decimal(value), actor=at_spec.lead)
    item.refresh_from_db()
    assert (item.problem, is_open(item)) == (problem, bool(problem))
    assert item.history.latest().history_change_reason == f"value {value}\u202fµF"


def test_value_outside_opens_the_step_again(at_spec: Team) -> None:
    item = step(at_spec, **LIMITS)
    services.set_value(item=item, value=Decimal(5), actor=at_spec.lead)
    services.set_value(item=item, value=Decimal(2), actor=at_spec.lead)
    reasons = {r.about: r for r in guards.checklist_is_done(at_spec.reload(), None)}  # type: ignore[arg-type]
    reason = reasons[str(item.pk)]
    assert reason.detail == f"“{item.text}”: 2\u202fµF is below 4.7\u202fµF."
    assert reason.fix == "Enter a value of 4.7 to 10\u202fµF."


def test_value_changed_after_signing_voids_the_signature(at_spec: Team) -> None:
    item = step(at_spec, **LIMITS)
    at_spec.do_items()
    signature = services.sign(case=at_spec.case, function="quality", actor=at_spec["quality"])
    services.set_value(item=item, value=Decimal(6), actor=at_spec.lead)
    signature.refresh_from_db()
    assert signature.void_reason == f"the value of “{item.text}” was changed"


@pytest.mark.parametrize("kind", [StepKind.VALUE, StepKind.DOCUMENT])
def test_only_ticks_are_ticked(at_spec: Team, kind: str) -> None:
    item = step(at_spec, **(LIMITS if kind == StepKind.VALUE else {"kind": kind}))
    with pytest.raises(RuleRefused) as refusal:
        services.set_item(item=item, done=True, actor=at_spec.lead)
    assert refusal.value.reasons[0].code == f"{kind}_step"
    assert is_open(item)


def test_a_tick_has_no_value(at_spec: Team) -> None:
    item = step(at_spec)
    with pytest.raises(RuleRefused, match="has no value"):
        services.set_value(item=item, value=Decimal(1), actor=at_spec.lead)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "value"}, "/unit"),
        ({"unit": "V"}, "/kind"),
        ({"kind": "value", "unit": "V", "lower": Decimal(2), "upper": Decimal(1)}, "/upper"),
    ],
)
def test_step_without_sense_is_refused(at_spec: Team, fields: dict[str, Any], pointer: str) -> None:
    before = at_spec.case.checklist.count()
    with pytest.raises(ValuesRefused) as refusal:
        step(at_spec, **fields)
    assert [problem.pointer for problem in refusal.value.problems] == [pointer]
    assert at_spec.case.checklist.count() == before


def test_document_is_done_while_it_has_a_file(at_spec: Team) -> None:
    item = step(at_spec, kind="document")
    services.add_evidence(item=item, upload=factories.text_file(), actor=at_spec.lead)
    item.refresh_from_db()
    assert (item.done_by, is_open(item)) == (at_spec.lead.user, False)
    services.remove_evidence(
        item=item, attachment=Attachment.objects.get(), actor=at_spec.lead, reason="wrong lot"
    )
    item.refresh_from_db()
    assert (item.done_at, is_open(item)) == (None, True)


def test_page_shows_limits_and_keeps_typed_text(
    at_spec: Team, browse: Callable[[Any], Client]
) -> None:
    item = step(at_spec, guidance="Ceramics lose capacitance under bias.", **LIMITS)
    browser = browse(at_spec.people["engineering"])
    page = browser.get(at_spec.case.get_absolute_url()).content.decode()
    assert "4.7 to 10\u202fµF" in page
    assert "Ceramics lose capacitance under bias." in page
    url = reverse("case_item_value", args=[at_spec.case.number, item.public_id])
    for typed, told in (
        ("5,1", "Use a point: 5.1"),
        ("5100 nF", "Give the value in µF."),
    ):
        refused = browser.post(url, {"value": typed, "expected": item.version})
        assert refused.status_code == 422
        assert told in refused.content.decode()
        assert f'value="{typed}"' in refused.content.decode()
    assert browser.post(url, {"value": "5.1 uF", "expected": item.version}).status_code == 302
    item.refresh_from_db()
    assert (item.value, item.done_at is None) == (Decimal("5.1"), False)


def test_api_enters_a_value(at_spec: Team, api: Callable[..., Any]) -> None:
    item = step(at_spec, **LIMITS)
    url = f"/cases/{at_spec.case.key}/checklist/{item.public_id}/"
    answer = api(user=at_spec.people["engineering"]).patch(url, {"value": "2.1"})
    assert answer.status_code == 200
    shown = answer.json()
    assert {name: shown[name] for name in ("kind", "unit", "value", "done", "problem")} == {
        "kind": "value",
        "unit": "µF",
        "value": "2.1000",
        "done": False,
        "problem": "2.1\u202fµF is below 4.7\u202fµF.",
    }
