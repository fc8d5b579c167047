"""Long work with progress, stop and result.

A job is queued through the outbox in the caller's transaction, so it neither starts before the
commit nor gets lost when the broker is away. Progress lives in the cache, because the work's
own transaction is not yet visible; state and result live in the row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from secondsource.core import clock, outbox
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, Reason, Refused, RuleRefused, ValuesRefused
from secondsource.core.models import Heartbeat, IdempotencyKey, Job, Outbox

log = structlog.get_logger(__name__)

Runner = Callable[["Progress"], dict[str, Any]]
_runners: dict[str, Runner] = {}
_followers: dict[str, Callable[[Job], None]] = {}
_PROGRESS_SECONDS = 24 * 3600
#: So often a job is begun whose worker dies.
MOST_TRIES = 3
#: A worker takes up a job within the first; a queue is never as long as the second.
_TAKEN_UP, _UNHEARD = dt.timedelta(minutes=1), dt.timedelta(minutes=15)


class Cancelled(Exception):
    """Somebody stopped the job; its transaction is rolled back."""


class Progress:
    """What a runner is given: the job, whom it works for, and where to report."""

    def __init__(self, job: Job) -> None:
        self.job, self.payload = job, job.payload
        user = job.owner
        self.actor = Actor(user=user, origin="job") if user else Actor.named_job(job.kind)

    def report(self, done: int, total: int | None = None) -> None:
        """Tell how far the work is; raises :class:`Cancelled` when somebody stopped it."""
        cache.set(_key(self.job.pk), (done, total), _PROGRESS_SECONDS)
        if cache.get(_stop_key(self.job.pk)):
            raise Cancelled


def runs(kind: str) -> Callable[[Runner], Runner]:
    """Register what does the jobs of ``kind``."""

    def register(runner: Runner) -> Runner:
        _runners[kind] = runner
        return runner

    return register


def when_not_done(kind: str) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Register what follows when a job of ``kind`` failed or was stopped."""

    def register(follower: Callable[[Job], None]) -> Callable[[Job], None]:
        _followers[kind] = follower
        return follower

    return register


def start(kind: str, *, actor: Actor, payload: dict[str, Any], label: str = "") -> Job:
    """Queue a job in the caller's transaction."""
    if kind not in _runners:
        raise ValueError(f"no runner for {kind!r}")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind, label=label, owner=actor.user, payload=payload, created_at=clock.now()
        )
        outbox.post("job", {"job": str(job.pk)}, key=str(job.pk))
    return job


@outbox.handles("job")
def _enqueue(payload: dict[str, Any]) -> None:
    from secondsource.core.tasks import run_job  # tasks import this module

    job = Job.objects.filter(pk=payload["job"], state=Job.State.QUEUED).first()
    if job is not None:
        queue = "exchange" if job.kind.startswith("exchange.") else "default"
        run_job.apply_async((str(job.pk),), retry=False, queue=queue)


@transaction.atomic
def resume(limit: int = 100) -> int:
    """Queue jobs again whose worker died or whose message went with the broker; answers how many.

    The work holds its job's row until it ends, so a running job whose row is free has lost its
    worker. One that is queued twice is done once: the second run finds it done.
    """
    now, State = clock.now(), Job.State
    lost = Q(state=State.RUNNING, began__lt=now - _TAKEN_UP)
    lost |= Q(state=State.QUEUED, began__lt=now - _UNHEARD)
    began = Job.objects.alias(began=Coalesce("started_at", "created_at"))
    found = began.filter(lost).select_for_update(skip_locked=True, of=("self",))
    ids = list(found.order_by("created_at").values_list("pk", flat=True)[:limit])
    Job.objects.filter(pk__in=ids).update(state=State.QUEUED, started_at=now)
    for pk in ids:
        outbox.post("job", {"job": str(pk)}, key=str(pk))
    if ids:
        log.warning("jobs_resumed", jobs=[str(pk) for pk in ids])
    return len(ids)


def run(job_id: str) -> None:
    """Do a queued job once; whoever moves it from queued to running does it."""
    seen = Job.objects.filter(pk=job_id, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    if not seen.update(state=Job.State.RUNNING, started_at=clock.now()):
        return
    job = Job.objects.select_related("owner").get(pk=job_id)
    progress = Progress(job)
    try:
        with transaction.atomic():
            # A redelivered task waits here until the first run ended, then finds it done.
            locked = Job.objects.select_for_update().get(pk=job_id)
            if locked.state != Job.State.RUNNING:
                return
            _refuse_deadly(job_id)
            result = _runners[job.kind](progress)
            _close(job, Job.State.DONE, result=result)
    except Cancelled:
        _close(job, Job.State.CANCELLED)
    except (Refused, ValuesRefused) as refusal:
        _close(job, Job.State.FAILED, problem=problem_of(refusal))
    except Exception as error:
        log.exception("job_failed", job_id=job_id, kind=job.kind)
        _close(job, Job.State.FAILED, problem={"title": "Failed", "detail": type(error).__name__})


def _refuse_deadly(job_id: str) -> None:
    """A job during which workers die again and again is given up, or it would take all of them."""
    key = f"job-tries:{job_id}"
    cache.add(key, 0, _PROGRESS_SECONDS)
    if cache.incr(key) > MOST_TRIES:
        detail = f"Its worker died {MOST_TRIES} times in the middle; nothing was written."
        raise RuleRefused([Reason("worker_lost", detail, "Try less at once.")])


def problem_of(refusal: Refused | ValuesRefused) -> dict[str, Any]:
    """A refusal as it is stored with a job."""
    if isinstance(refusal, ValuesRefused):
        return {"title": "Refused", "errors": [p.as_json() for p in refusal.problems]}
    return {"title": "Refused", "reasons": [r.as_json() for r in refusal.reasons]}


def _close(job: Job, state: str, **fields: Any) -> None:
    done, total = cache.get(_key(job.pk)) or (job.done, job.total)
    Job.objects.filter(pk=job.pk).update(
        state=state, finished_at=clock.now(), done=done, total=total, **fields
    )
    if state != Job.State.DONE and job.kind in _followers:
        job.refresh_from_db()
        _followers[job.kind](job)


def cancel(job: Job, *, actor: Actor) -> Job:
    """Stop a job: a queued one at once, a running one at its next report."""
    if actor.user_id != job.owner_id and not actor.may("accounts.manage_jobs"):
        raise PermissionRefused("Only who started this job, or an administrator, may stop it.")
    if job.state in (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED):
        raise RuleRefused([Reason("job_over", f"This job is {job.state} already.")])
    cache.set(_stop_key(job.pk), True, _PROGRESS_SECONDS)
    queued = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if queued.update(state=Job.State.CANCELLED):
        _close(job, Job.State.CANCELLED)
    job.refresh_from_db()
    return job


def progress_of(job: Job) -> dict[str, Any]:
    """How far a job is: done, total, and the seconds left at the pace so far (None = unknown)."""
    done, total, eta = job.done, job.total, None
    if job.state == Job.State.RUNNING:
        done, total = cache.get(_key(job.pk)) or (done, total)
        if done and total and job.started_at:
            passed = (clock.now() - job.started_at).total_seconds()
            eta = round(passed * (total - done) / done)
    return {"done": done, "total": total, "eta_s": eta}


def _key(pk: Any) -> str:
    return f"job-progress:{pk}"


def _stop_key(pk: Any) -> str:
    return f"job-stop:{pk}"


def beat(name: str) -> None:
    """Note that a background process is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def forget_old() -> int:
    """Remove answers older than 24 hours and outbox rows done over 30 days ago."""
    now = clock.now()
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=now - dt.timedelta(hours=24)).delete()
    rows, _ = Outbox.objects.filter(done_at__lt=now - dt.timedelta(days=30)).delete()
    return keys + rows
