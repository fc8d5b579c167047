"""Services for closing a month: it is asked for, a job computes all lines and closes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from incentives.models import ClosedMonth
from incentives.services.baselines import LEDGER
from incentives.services.foreseen import recompute_foreseen
from incentives.services.realised import recompute_realised
from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.formats import month_name
from secondsource.core.models import Job
from secondsource.core.records import create

JOB = "incentives.close_month"
#: The turn of those who ask; it is not that of the ledger, for which a request would have to wait.
_ASKING = "closing of months"
_WAITING = (Job.State.QUEUED, Job.State.RUNNING)
#: How long a closing that failed is shown.
_SHOWN = dt.timedelta(days=1)


@transaction.atomic
def start_closing(*, month: dt.date, actor: Actor, note: str = "") -> Job:
    """Queue the closing of a month that is over; its job computes all lines once more.

    Raises ``RuleRefused`` for a month that is closed, being closed or not over, ``ValuesRefused``.
    """
    actor.require("incentives.close_month")
    jobs.take_turns(_ASKING)
    _refuse(month)
    if Job.objects.filter(kind=JOB, state__in=_WAITING, payload__month=str(month)).exists():
        told = f"{month_name(month)} is being closed."
        raise RuleRefused.one("month_closing", told, "Wait until it is done.")
    payload = {"month": str(month), "note": note.strip()}
    return jobs.start(JOB, actor=actor, payload=payload, label=f"Close {month_name(month)}")


@jobs.runs(JOB)
def run_closing(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`start_closing`."""
    month = dt.date.fromisoformat(progress.payload["month"])
    close_month(month=month, actor=progress.actor, note=progress.payload["note"], job=progress)
    return {"month": str(month)}


@transaction.atomic
def close_month(
    *, month: dt.date, actor: Actor, note: str = "", job: jobs.Progress | None = None
) -> ClosedMonth:
    """Close a month that is over, after its lines were computed once more.

    Raises ``RuleRefused`` for a month that is closed or not over, ``ValuesRefused``.
    """
    actor.require("incentives.close_month")
    jobs.take_turns(LEDGER)
    _refuse(month)
    for done, compute in enumerate((recompute_realised, recompute_foreseen)):
        if job is not None:
            job.report(done, 2)
        compute(actor=actor)
    closed = create(
        ClosedMonth(month=month, closed_by=actor.user, closed_at=clock.now(), note=note.strip()),
        actor,
        duplicate=f"{month_name(month)} is closed already.",
    )
    audit.record("incentives.month.closed", closed, actor, note=month_name(month))
    return closed


def closings() -> list[Job]:
    """Closings that wait or run, and those of today that failed and were not repeated."""
    jobs_of = Job.objects.filter(kind=JOB).order_by("payload__month", "-created_at")
    lately = clock.now() - _SHOWN
    latest = {job.payload["month"]: job for job in reversed(jobs_of.filter(created_at__gt=lately))}
    closed = {str(month) for month in ClosedMonth.objects.values_list("month", flat=True)}
    shown = (*_WAITING, Job.State.FAILED)
    return [job for month, job in latest.items() if job.state in shown and month not in closed]


def _refuse(month: dt.date) -> None:
    if month.day != 1:
        refuse_values([FieldProblem("/month", "not_first_day", "The first day of a month.")])
    if ClosedMonth.objects.filter(month=month).exists():
        raise RuleRefused.one("month_closed", f"{month_name(month)} is closed already.")
    if month >= clock.business_day().replace(day=1):
        raise RuleRefused.one(
            "month_runs", f"{month_name(month)} is not over.", "Close it when its last day is past."
        )
