"""Results from before a rollback are history once the case is reopened."""

from __future__ import annotations

from typing import Any

import pytest

from qualification.models import (
    ChecklistItem,
    Measurement,
    MeasurementBatch,
    PilotBuild,
    PilotPlan,
)
from qualification.models.cases import State
from qualification.pilot_parameters import counted_measurements
from qualification.pilot_verdicts import results_of
from qualification.pilot_work import missing_results
from qualification.services.pilot_builds import (
    BuildResult,
    correct_pilot_build,
    record_pilot_build,
)
from qualification.services.pilot_plans import PlannedParameter, lock_pilot_plan
from secondsource.core import clock
from secondsource.exchange import services as exchange
from tests import factories
from tests.case_work import draft_pilot, finish_pilot_plan, pilot_rows
from tests.exchange.bulk.files import problems, send, take
from tests.factories import Team
from tests.qualification.asking import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(team: Team) -> PilotBuild:
    """A build of 9 good units and a measurement, of a case that was rolled back."""
    product = factories.product("PUMP", uses={team.source.part: 1})
    build = pilot_rows(team.case, product, team.people["quality"])
    batch = MeasurementBatch.objects.create(plan=PilotPlan.objects.get(number=2), origin="a file")
    Measurement.objects.create(batch=batch, parameter="Vout", arm="alternate", value=3.3)
    team.jump_to(State.TRANSITION)
    team.fire("roll_back", note="Bad lot", by="quality")
    return PilotBuild.objects.select_related("plan").get(pk=build.pk)


def test_a_rolled_back_case_keeps_its_verdict(built: PilotBuild) -> None:
    assert results_of(built.plan).started == 9
    assert counted_measurements(PilotPlan.objects.get(number=2)).count() == 1


@pytest.mark.parametrize("gate", ["pilot_build", "spec_review"])
def test_reopened_it_asks_for_new_builds(team: Team, built: PilotBuild, gate: str) -> None:
    team.fire("reopen", note="Repaired", by="quality", data={"to": gate})
    assert results_of(built.plan).started == 0
    assert counted_measurements(PilotPlan.objects.get(number=2)).count() == 0
    assert [reason.code for reason in missing_results(team.case)] == [
        "pilot_not_built",
        "pilot_lots",
    ]
    step = ChecklistItem.objects.get(case=team.case, link="pilot_results")
    assert step.met_at is None
    assert PilotBuild.objects.get() == built


def test_new_builds_count_beside_the_history(
    team: Team, built: PilotBuild, browse: Any, api: Any
) -> None:
    team.fire("reopen", note="Repaired", by="quality")
    result = BuildResult(
        product=built.product, lot="NEW-77", built_on=clock.business_day(), started=40, good=40
    )
    record_pilot_build(case=team.case, result=result, actor=team.lead)
    assert (results_of(built.plan).started, results_of(built.plan).good) == (40, 40)
    reader = team.people["quality"]
    page = browse(reader).get(f"/q/{team.case.key}/pilot/").content.decode()
    assert page.count("Built before the rollback") == 1
    listed = api(user=reader).get(f"/cases/{team.case.key}/pilot-builds/").json()["results"]
    assert {row["lot"]: row["before_rollback"] for row in listed} == {"P-1": True, "NEW-77": False}


def result(built: PilotBuild, units: int, lot: str = "NEW-77") -> BuildResult:
    return BuildResult(
        product=built.product, lot=lot, built_on=clock.business_day(), started=units, good=units
    )


def test_the_units_of_the_plan_are_there_again(team: Team, built: PilotBuild) -> None:
    team.fire("reopen", note="Repaired", by="quality")
    record_pilot_build(case=team.case, result=result(built, 30), actor=team.lead)
    beyond = refusal(
        record_pilot_build, case=team.case, result=result(built, 21, "NEW-78"), actor=team.lead
    )
    assert beyond == ["beyond_plan"]
    head = "Product,Built on,Lot,Started,Good\n"
    row = f"PUMP,{clock.business_day()},NEW-79,{{0}},{{0}}\n"
    assert problems(send(head + row.format(21), "pilot_results", team.lead)) == [
        (2, "started", "beyond_plan")
    ]
    assert take(head + row.format(20), "pilot_results", team.lead).result["created"] == 1
    assert results_of(built.plan).started == 50


def test_what_was_built_before_is_not_corrected_any_more(team: Team, built: PilotBuild) -> None:
    team.fire("reopen", note="Repaired", by="quality")
    found = refusal(correct_pilot_build, build=built, reason="Wrong lot", actor=team.lead)
    assert found == ["before_rollback"]
    assert PilotBuild.objects.get() == built


def test_a_file_from_before_is_not_undone_any_more(team: Team) -> None:
    factories.product("PUMP", uses={team.source.part: 1})
    team.jump_to(State.PILOT_BUILD)
    finish_pilot_plan(team)
    text = f"Product,Built on,Lot,Started,Good\nPUMP,{clock.business_day()},OLD-1,500,500\n"
    done = take(text, "pilot_results", team.lead)
    team.go_to(State.TRANSITION)
    team.fire("roll_back", note="Bad lot", by="quality")
    team.fire("reopen", note="Repaired", by="quality")
    assert refusal(exchange.undo, imported=done, actor=team.lead) == ["before_rollback"]
    assert PilotBuild.objects.standing().filter(batch=done.public_id).count() == 1


def test_a_unit_measured_before_is_measured_again(team: Team) -> None:
    factories.product("PUMP", uses={team.source.part: 1})
    team.jump_to(State.PILOT_BUILD)
    planned = PlannedParameter(name="Vout", unit="V", lower_limit=3.0, upper_limit=3.6)
    lock_pilot_plan(plan=draft_pilot(team, parameters=[planned]), actor=team["quality"])
    text = f"Case,Parameter,Value,Source,Serial\n{team.case.key},Vout,3.3,incumbent,I-1\n"
    take(text, "measurements", team.lead)
    assert problems(send(text, "measurements", team.lead)) == [(2, "serial", "on_record")]
    team.go_to(State.TRANSITION)
    team.fire("roll_back", note="Bad lot", by="quality")
    team.fire("reopen", note="Repaired", by="quality")
    again = take(text.replace("3.3", "3.4"), "measurements", team.lead)
    assert (again.state, again.result["created"]) == ("done", 1)
    plan = PilotPlan.objects.get()
    assert list(counted_measurements(plan).values_list("value", flat=True)) == [3.4]
    assert problems(send(text, "measurements", team.lead)) == [(2, "serial", "on_record")]
