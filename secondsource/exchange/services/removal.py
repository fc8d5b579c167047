"""Taking an import back: at once, or by job when it is large."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from secondsource.core import audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused
from secondsource.core.figures import unhurried
from secondsource.core.models import Job
from secondsource.exchange.models import Import
from secondsource.exchange.services.steps import (
    PERCENT,
    UNDO,
    S,
    kind_of,
    locked,
    locked_for_job,
    one_at_a_time,
)

#: Imports up to so many rows are taken back while the person waits.
AT_ONCE_ROWS = 5_000


def reasons_against_undo(imported: Import) -> list[Reason]:
    """Everything that was built on the import's rows."""
    return kind_of(imported).reasons_against_undo(imported)


@transaction.atomic
def undo(*, imported: Import, actor: Actor, expected: int | None = None) -> Import:
    """Take an import back: at once, or by job when it is large (then its state is ``running``).

    Raises ``RuleRefused`` with everything that was built on it.
    """
    row = locked(imported, actor, expected)
    if row.state != S.DONE:
        raise RuleRefused([Reason("wrong_state", f"This import is {row.state}, not done.")])
    if row.result.get("created", 0) + row.result.get("updated", 0) <= AT_ONCE_ROWS:
        return _take_back(row, actor)
    reasons = reasons_against_undo(row)
    if reasons:
        raise RuleRefused(reasons)
    row.state = S.RUNNING
    row.job = jobs.start(
        UNDO, actor=actor, payload={"import": row.pk}, label=f"Take back {row.name}"
    )
    return audit.save_as(row, actor)


def _take_back(row: Import, actor: Actor) -> Import:
    kind = kind_of(row)
    one_at_a_time(kind)
    kind.lock(row)
    reasons = kind.reasons_against_undo(row)
    if reasons:
        raise RuleRefused(reasons)
    kind.take_back(row, actor=actor)
    row.state, row.problem = S.UNDONE, None
    audit.save_as(row, actor, "undo")
    audit.record("exchange.import.undone", row, actor)
    return row


@jobs.runs(UNDO, queue="exchange")
def run_undo(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`undo` of a large import."""
    with unhurried():
        imported = locked_for_job(progress)
        progress.report(5, PERCENT)
        _take_back(imported, progress.actor)
        progress.report(PERCENT, PERCENT)
        return {"state": S.UNDONE}


@jobs.when_not_done(UNDO)
def note_not_undone(job: Job) -> None:
    """What could not be taken back stays as it was, with the reasons."""
    imported = Import.objects.filter(pk=job.payload["import"], state=S.RUNNING).first()
    if imported is not None:
        imported.state = S.DONE
        imported.problem = None if job.state == Job.State.CANCELLED else job.problem
        audit.save_as(imported, Actor.named_job(UNDO), "not undone")
