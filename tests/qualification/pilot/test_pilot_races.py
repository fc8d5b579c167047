"""Two at once: one lock, one draft, one result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

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
from secondsource.exchange.services import confirm
from tests import case_work, factories
from tests.exchange.bulk.files import send
from tests.exchange.imports import do
from tests.factories import Team
from tests.threads import LONGEST_WAIT, at_once, held_open, in_thread
from tests.workers import wait_until

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


def test_a_file_waits_for_a_result_that_is_being_entered(transactional_db: None) -> None:
    team = Team()
    case_work.finish_pilot_plan(team)
    team.jump_to(State.PILOT_BUILD)
    product, day = case_work.pilot_products(team)[0], clock.business_day()
    result = BuildResult(product=product, lot="L-1", built_on=day, started=30, good=20)
    text = f"Product,Built on,Lot,Started,Good\n{product.code},{day.isoformat()},L-1,30,30\n"
    imported = send(text, "pilot_results", team.lead)
    confirm(imported=imported, actor=team.lead)

    def enter() -> None:
        record_pilot_build(case=team.case, result=result, actor=team.lead)

    with ThreadPoolExecutor(1) as pool:
        with held_open(enter):
            job = pool.submit(in_thread, lambda: do(imported))
            wait_until(somebody_waits)
        job.result(LONGEST_WAIT)
    assert PilotBuild.objects.get().good == 20


def somebody_waits() -> bool:
    """Whether a connection waits for a lock of another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])
