"""Writing a file that was read: always a job, everything in one transaction."""

from __future__ import annotations

from typing import Any

from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.figures import unhurried
from secondsource.core.models import Job
from secondsource.exchange.bulk import rejects
from secondsource.exchange.models import Import
from secondsource.exchange.services.steps import (
    PERCENT,
    WRITE,
    S,
    kind_of,
    locked_for_job,
    one_at_a_time,
)


@jobs.runs(WRITE, queue="exchange")
def run_import(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`confirm`."""
    with unhurried():
        imported, actor = locked_for_job(progress), progress.actor
        kind = kind_of(imported)
        one_at_a_time(kind)
        imported.result = kind.write_file(imported, actor, progress.report)
        imported.state, imported.done_at = S.DONE, clock.now()
        audit.save_as(imported, actor)
        audit.record("exchange.import.done", imported, actor, data=imported.result)
        progress.report(PERCENT, PERCENT)
        return imported.result


#: Jobs of BOMs that an earlier version queued.
jobs.runs("exchange.import_bom", queue="exchange")(run_import)


@jobs.when_not_done("exchange.import_bom")
@jobs.when_not_done(WRITE)
def note_failure(job: Job) -> None:
    """A stopped import can be confirmed again; a failed one says why."""
    stopped = job.state == Job.State.CANCELLED
    imported = Import.objects.filter(pk=job.payload["import"], state=S.RUNNING).first()
    if imported is not None:
        imported.state = S.PREVIEWED if stopped else S.FAILED
        imported.problem = None if stopped else job.problem
        if not stopped:
            rejects.recover(imported)
        audit.save_as(imported, Actor.named_job(WRITE), "stopped" if stopped else "failed")
