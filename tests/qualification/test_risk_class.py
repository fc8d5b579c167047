"""A case's risk class: at least its category's, and what a higher one asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parts import services as catalogue
from parts.models import Category
from qualification import services
from qualification.models import Case, SignOff
from qualification.models.cases import State
from secondsource.core.errors import ValuesRefused
from suppliers.models import Source
from tests import factories
from tests.factories import JOB, Team

Browse = Callable[..., Any]


def source_of(risk_class: str) -> Source:
    of = factories.part(risk_class=risk_class)
    factories.incumbent(of)
    return factories.alternate(of)


def refused(call: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        call()
    return [(p.pointer, p.code) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("least", "wanted"), [("high", "medium"), ("high", "low"), ("medium", "low")]
)
def test_a_case_below_its_category_is_not_opened(db: None, least: str, wanted: str) -> None:
    source, who = source_of(least), factories.actor()
    found = refused(lambda: services.open_case(source=source, actor=who, risk_class=wanted))
    assert found == [("/risk_class", "below_category")]
    assert Case.objects.filter(source=source).count() == 0


def test_a_case_above_its_category_is_opened(db: None) -> None:
    case = services.open_case(source=source_of("low"), actor=factories.actor(), risk_class="high")
    assert (case.risk_class, case.checklist.count()) == ("high", 19)


def test_an_open_case_is_not_lowered_below(team: Team) -> None:
    assert refused(lambda: team.plan(risk_class="low")) == [("/risk_class", "below_category")]
    assert team.reload().risk_class == "medium"


def test_a_raised_class_brings_its_steps(team: Team) -> None:
    assert team.case.checklist.count() == 18
    team.plan(risk_class="high")
    new = team.case.checklist.get(text="Finish the reliability test")
    assert (new.gate, new.position, new.evidence_required) == ("pilot_build", 5, True)
    assert team.case.checklist.count() == 19


def test_lowered_and_raised_again_no_step_stands_twice(team: Team) -> None:
    for wanted in ("high", "medium", "high"):
        team.plan(risk_class=wanted)
    assert team.case.checklist.filter(text="Finish the reliability test").count() == 1


def test_a_passed_gate_gets_no_step(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.plan(risk_class="high")
    assert team.case.checklist.filter(text="Finish the reliability test").count() == 0


def test_what_was_signed_without_the_new_step_is_void(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    team.plan(risk_class="high")
    signature = SignOff.objects.get(case=team.case, gate="pilot_build")
    assert signature.void_reason == "the risk class was raised to high"


def test_a_category_raised_later_leaves_the_rest_of_the_plan_editable(team: Team) -> None:
    category = Category.objects.get(pk=team.case.part.category_id)
    catalogue.change_category(category=category, values={"risk_class": "high"}, actor=JOB)
    team.plan(risk_class="medium", summary="still planned")
    assert (team.case.risk_class, team.case.summary) == ("medium", "still planned")


def test_the_page_tells_at_the_field(db: None, browse: Browse) -> None:
    source, who = source_of("high"), factories.person()
    body = {"kind": "second_source", "risk_class": "low", "lead": who.pk, "summary": "typed"}
    answer = browse(who).post(f"/q/new/?source={source.public_id}", body)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "is of risk class high: a case on it cannot be below." in text
    assert "typed" in text
    assert Case.objects.filter(source=source).count() == 0
