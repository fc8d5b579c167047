"""Signatures that a database holds from before the last hold point was judged are void."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.db import connection

from qualification.models import HoldPoint, SignOff
from qualification.models.cases import State
from secondsource.core import clock
from tests.factories import Team

MIGRATION = import_module("qualification.migrations.0009_steps_and_early_signatures")


def migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.VOID)
        cursor.executemany(MIGRATION.REWORD, [(new, old) for old, new in MIGRATION.STEPS.items()])


def sign_early(team: Team) -> SignOff:
    return SignOff.objects.create(
        case=team.case, gate=State.TRANSITION, function="quality",
        signed_by=team.people["quality"], signed_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("judged_after", [None, dt.timedelta(minutes=1)])
def test_an_early_signature_becomes_void(team: Team, judged_after: dt.timedelta | None) -> None:
    team.jump_to(State.TRANSITION)
    early = sign_early(team)
    if judged_after:
        late = clock.now() + judged_after
        HoldPoint.objects.update(verdict="pass", judged_at=late, judged_by=team.people["quality"])
    migrate()
    early.refresh_from_db()
    assert early.void_reason == "given before the last hold point was judged"
    assert early.history.count() == 2


def test_a_signature_after_the_last_hold_point_stands(team: Team) -> None:
    team.jump_to(State.TRANSITION)
    HoldPoint.objects.update(
        verdict="pass", judged_at=clock.now(), judged_by=team.people["quality"]
    )
    signed = sign_early(team)
    migrate()
    signed.refresh_from_db()
    assert signed.voided_at is None


def test_open_steps_are_worded_as_to_do_and_done_ones_stay(team: Team) -> None:
    steps = team.case.checklist.order_by("pk")
    open_step, done = steps[0], steps[1]
    steps.filter(pk=open_step.pk).update(text="Reliability test finished")
    steps.filter(pk=done.pk).update(
        text="Rollback rehearsed", done_at=clock.now(), done_by=team.people["quality"]
    )
    migrate()
    assert [steps.get(pk=one.pk).text for one in (open_step, done)] == [
        "Finish the reliability test", "Rollback rehearsed",
    ]  # fmt: skip
