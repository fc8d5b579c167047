"""Two at once: one lock, one draft, one result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qualification.models import PilotBuild, PilotPlan
from qualification.models.cases import State
from qualification.pilot_verdicts import locked_plan
from qualification.services.pilot_builds import BuildResult, record_pilot_build
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedPilot,
    lock_pilot_plan,
    save_pilot_plan,
)
from secondsource.core import clock
from secondsource.core.actors import Actor
from tests import case_work, factories
from tests.factories import Team
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_at_once_one_drafts_one_locks_one_enters(transactional_db: None) -> None:
    team = Team()
    products = case_work.pilot_products(team)
    models = [PlannedModel(product=p, units=40, floor=case_work.FLOOR) for p in products]
    planned = PlannedPilot(models=models)

    def draft(who: str) -> Callable[[], Any]:
        actor = team[who]
        return lambda: save_pilot_plan(case=team.case, planned=planned, actor=actor, expected=0)

    assert at_once(draft("engineering"), draft("procurement")) == ["done", "stale"]
    plan = PilotPlan.objects.get()

    def lock(actor: Actor) -> Callable[[], Any]:
        return lambda: lock_pilot_plan(plan=plan, actor=actor)

    assert at_once(lock(team["quality"]), lock(factories.actor("quality"))) == [
        "done", "plan_locked",
    ]  # fmt: skip
    assert locked_plan(team.case) == plan
    team.jump_to(State.PILOT_BUILD)
    result = BuildResult(
        product=products[0], lot="L-1", built_on=clock.business_day(), started=30, good=30
    )

    def enter() -> None:
        record_pilot_build(case=team.case, result=result, actor=team.lead)

    assert at_once(enter, enter) == ["done", "duplicate,beyond_plan"]
    assert PilotBuild.objects.count() == 1
