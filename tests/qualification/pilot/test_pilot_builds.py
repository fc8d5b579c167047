"""Results are facts: added under the locked plan, corrected by counter-entries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from qualification.models import PilotBuild, PilotPlan, ReliabilityTest
from qualification.models.cases import State
from qualification.pilot_parameters import life_tests_of
from qualification.pilot_verdicts import locked_plan, results_of
from qualification.services.pilot_builds import (
    BuildResult,
    correct_pilot_build,
    record_pilot_build,
)
from qualification.services.reliability_tests import TestResult, record_reliability_test
from secondsource.core import clock
from secondsource.core.errors import PermissionRefused, ValuesRefused
from tests import case_work, factories
from tests.factories import Team
from tests.qualification.asking import refusal
from tests.qualification.pilot.test_pilot_plans import problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(team: Team) -> PilotPlan:
    """A locked plan of two models, 250 units each, in a case at its pilot build."""
    team.jump_to(State.PILOT_BUILD)
    case_work.finish_pilot_plan(team)
    found = locked_plan(team.case)
    assert found is not None
    return found


def result(plan: PilotPlan, started: int = 100, good: int = 99, **fields: Any) -> BuildResult:
    fields = {"product": plan.models.first().product, "lot": "L-1",
              "built_on": clock.business_day(), **fields}  # type: ignore[union-attr]  # fmt: skip
    return BuildResult(started=started, good=good, **fields)


def record(team: Team, made: BuildResult, by: str = "engineering") -> PilotBuild:
    return record_pilot_build(case=team.case, result=made, actor=team[by])


def test_a_result_counts_with_what_failed(team: Team, plan: PilotPlan) -> None:
    build = record(team, result(plan, defects=[("lead skew", 1)]))
    first = results_of(plan).models[0]
    assert (first.started, first.good) == (100, 99)
    assert list(build.defects.values_list("description", "count")) == [("lead skew", 1)]
    assert build.entered_by == team.people["engineering"]


def test_every_wrong_value_is_named(team: Team, plan: PilotPlan) -> None:
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    wrong = result(plan, 240, 241, product=factories.product(), lot=" ", built_on=tomorrow)
    found = problems(record_pilot_build, case=team.case, result=wrong, actor=team.lead)
    assert found == {
        "/product": "not_planned", "/lot": "required", "/built_on": "in_future",
        "/good": "above_started",
    }  # fmt: skip
    assert not PilotBuild.objects.exists()


def test_a_build_before_its_plan_is_not_judged_by_it(team: Team, plan: PilotPlan) -> None:
    early = result(plan, built_on=clock.business_day() - dt.timedelta(days=1))
    found = problems(record_pilot_build, case=team.case, result=early, actor=team.lead)
    assert found == {"/built_on": "before_plan"}


def test_defects_stay_within_the_failed_units(team: Team, plan: PilotPlan) -> None:
    wrong = result(plan, 10, 8, defects=[("skew", 3), ("Skew", 1), ("", 1)])
    found = problems(record_pilot_build, case=team.case, result=wrong, actor=team.lead)
    assert found == {
        "/defects/0/count": "above_failed", "/defects/1/description": "duplicate",
        "/defects/2/description": "required",
    }  # fmt: skip


def test_a_result_is_not_entered_twice_nor_beyond_the_plan(team: Team, plan: PilotPlan) -> None:
    record(team, result(plan))
    again = result(plan, 200, 200)
    codes = refusal(record_pilot_build, case=team.case, result=again, actor=team.lead)
    assert codes == ["duplicate", "beyond_plan"]
    assert PilotBuild.objects.count() == 1


def test_there_are_no_results_without_a_locked_plan(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    draft = case_work.draft_pilot(team)
    codes = refusal(record_pilot_build, case=team.case, result=result(draft), actor=team.lead)
    assert codes == ["no_locked_plan"]


def test_there_are_no_results_before_the_gate(team: Team) -> None:
    case_work.finish_pilot_plan(team)
    plan = locked_plan(team.case)
    assert plan is not None
    codes = refusal(record_pilot_build, case=team.case, result=result(plan), actor=team.lead)
    assert codes == ["not_at_this_gate"]


def test_a_reader_enters_nothing(team: Team, plan: PilotPlan) -> None:
    with pytest.raises(PermissionRefused):
        record_pilot_build(case=team.case, result=result(plan), actor=factories.actor("viewer"))
    assert not PilotBuild.objects.exists()


def test_a_corrected_result_and_its_counter_entry_do_not_count(team: Team, plan: PilotPlan) -> None:
    build = record(team, result(plan))
    entry = correct_pilot_build(build=build, reason="Counted twice", actor=team["quality"])
    assert (entry.started, entry.good, entry.corrects, entry.note) == (
        -100, -99, build, "Counted twice",
    )  # fmt: skip
    assert results_of(plan).started == 0
    assert record(team, result(plan, 50, 50)).started == 50
    assert refusal(correct_pilot_build, build=build, reason="Again", actor=team["quality"]) == [
        "corrected"
    ]
    with pytest.raises(ValuesRefused):
        correct_pilot_build(build=entry, reason=" ", actor=team["quality"])


@pytest.mark.parametrize("change", ["SET good = 100", "SET lot = 'other'"])
def test_the_database_keeps_a_result(team: Team, plan: PilotPlan, change: str) -> None:
    record(team, result(plan))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE qualification_pilotbuild {change}")
    assert PilotBuild.objects.get().good == 99


def test_a_result_voids_the_signatures_of_the_gate(team: Team, plan: PilotPlan) -> None:
    for model in plan.models.select_related("product"):
        record(team, result(plan, 240, 240, product=model.product))
    team.do_items()
    team.sign()
    record(team, result(plan, 5, 5, lot="L-2"))
    voided = team.case.sign_offs.filter(gate="pilot_build").values_list("void_reason", flat=True)
    assert len(voided) == 2
    assert all("a pilot result was added" in why for why in voided)


def test_a_failing_result_opens_the_step_again(team: Team, plan: PilotPlan) -> None:
    for model in plan.models.select_related("product"):
        record(team, result(plan, 100, 100, product=model.product))
    step = team.case.checklist.get(link="pilot_results")
    assert step.met_at is not None
    record(team, result(plan, 100, 40, lot="L-2"))
    step.refresh_from_db()
    assert step.met_at is None


def test_a_life_test_without_a_failure_shows_a_bound(team: Team, plan: PilotPlan) -> None:
    """231 × 1000 h without a failure at 0.7 eV, 55/125 °C, 60 %: 51.0864 FIT (domain 4.7)."""
    made = TestResult(name="HTOL", devices=231, hours=Decimal(1000), use_c=Decimal(55),
                      stress_c=Decimal(125))  # fmt: skip
    record_reliability_test(case=team.case, result=made, actor=team["quality"])
    (shown,) = life_tests_of(team.case)
    assert round(shown.fit_upper, 4) == 51.0864
    assert round(shown.acceleration or 0, 5) == 77.64538


def test_a_wrong_life_test_is_replaced_with_a_reason(team: Team, plan: PilotPlan) -> None:
    made = TestResult(name="HTOL", devices=10, hours=Decimal(1000))
    first = record_reliability_test(case=team.case, result=made, actor=team.lead)
    again = {"case": team.case, "result": made, "actor": team.lead, "replaces": first}
    assert problems(record_reliability_test, **again) == {"/reason": "required"}
    record_reliability_test(**again, reason="A device was not counted")
    assert [one.test.replaces for one in life_tests_of(team.case)] == [first]
    assert refusal(record_reliability_test, **again, reason="Once more") == ["replaced"]
    wrong = TestResult(name="", devices=2, hours=Decimal(0), failures=3, use_c=Decimal(5))
    assert problems(record_reliability_test, case=team.case, result=wrong, actor=team.lead) == {
        "/name": "required", "/failures": "above_devices", "/hours": "out_of_range",
        "/stress_c": "both",
    }  # fmt: skip
    assert ReliabilityTest.objects.count() == 2
