"""Writing a bulk file that was read: always a job, everything in one transaction."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.figures import unhurried
from secondsource.core.models import Job
from secondsource.exchange.bulk import rejects
from secondsource.exchange.bulk.kind import Counts
from secondsource.exchange.bulk.mapping import BulkMapping
from secondsource.exchange.models import Import
from secondsource.exchange.services.bulk.confirmation import needs_you
from secondsource.exchange.services.bulk.intake import keep, staged
from secondsource.exchange.services.bulk.steps import (
    PERCENT,
    WRITE,
    S,
    figures_of,
    kind_of,
    locked_for_job,
    one_at_a_time,
)


@jobs.runs(WRITE, queue="exchange")
def run_import(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`confirm`: everything in one transaction."""
    with unhurried():
        imported = locked_for_job(progress)
        kind, actor = kind_of(imported), progress.actor
        actor.require(kind.permission)
        one_at_a_time(kind)
        mapping = BulkMapping.from_json(imported.mapping)
        with imported.file.open("rb") as file:
            stream = cast(BinaryIO, file)
            stage = staged(kind, mapping, stream, imported, actor, progress.report, share=50)
            if stage.bad and not imported.partial:
                keep(imported, stage, kind.classify(stage), stream)
                raise RuleRefused([needs_you(imported)])
            counts = kind.write(stage, imported)
            progress.report(90, PERCENT)
            keep(imported, stage, counts, stream)
        return _finish(imported, counts, actor, progress)


def _finish(
    imported: Import, counts: Counts, actor: Actor, progress: jobs.Progress
) -> dict[str, Any]:
    imported.result = {**figures_of(imported), **counts.as_json(), "partial": imported.partial}
    imported.state, imported.done_at = S.DONE, clock.now()
    audit.save_as(imported, actor)
    audit.record("exchange.import.done", imported, actor, data=imported.result)
    progress.report(PERCENT, PERCENT)
    return imported.result


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
