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
from qualification.services.pilot_builds import BuildResult, record_pilot_build
from secondsource.core import clock
from tests import factories
from tests.case_work import pilot_rows
from tests.factories import Team

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
