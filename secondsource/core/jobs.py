"""Long work with progress, stop and result.

A job is queued through the outbox in the caller's transaction, so it neither starts before the
commit nor gets lost when the broker is away. Progress lives in the cache, because the work's
own transaction is not yet visible; state, tries and result live in the row.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache, caches
from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value

from secondsource.core import clock, faults, outbox, queries, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, Refused, RuleRefused, ValuesRefused
from secondsource.core.models import Heartbeat, IdempotencyKey, Job, Outbox

log = structlog.get_logger(__name__)

Runner = Callable[["Progress"], dict[str, Any]]
_runners: dict[str, Runner] = {}
_queues: dict[str, str] = {}
_followers: dict[str, Callable[[Job], None]] = {}
_PROGRESS_SECONDS = 24 * 3600
#: Topic of jobs that are done or failed; its receiver notifies their owners.
ENDED = "job_ended"
#: So often a job is begun whose worker or database is lost in the middle.
MOST_TRIES = 3
#: Seconds between tries of work that met a lock or a deadlock; after the last one it has failed.
BACK_OFF = (0.5, 1.0, 2.0, 4.0, 8.0)
#: A worker holds a job's row within the first; the second is the first wait for a message.
_TAKEN_UP, _UNHEARD = dt.timedelta(seconds=10), dt.timedelta(seconds=20)
#: Work may wait for other work and may take long; the limits of requests do not hold for it.
_LIMITS = """
SET LOCAL lock_timeout = '30min'; SET LOCAL statement_timeout = '30min';
SET LOCAL idle_in_transaction_session_timeout = '10min'
"""


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
        caches["optional"].set(_key(self.job.pk), (done, total), _PROGRESS_SECONDS)
        if caches["optional"].get(_stop_key(self.job.pk)):
            raise Cancelled


def runs(kind: str, *, queue: str = "default") -> Callable[[Runner], Runner]:
    """Register what does the jobs of ``kind``, and the queue in which they wait."""

    def register(runner: Runner) -> Runner:
        _runners[kind], _queues[kind] = runner, queue
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
            kind=kind, label=label, owner=actor.user, payload=payload,
            created_at=clock.now(), queued_at=clock.now(),
        )  # fmt: skip
        outbox.post("job", {"job": str(job.pk)}, key=str(job.pk))
    return job


@outbox.handles("job")
def _enqueue(payload: dict[str, Any]) -> None:
    from secondsource.core.tasks import run_job  # tasks import this module

    job = Job.objects.filter(pk=payload["job"], state=Job.State.QUEUED).first()
    if job is not None:
        queue = _queues.get(job.kind, "default")
        run_job.apply_async((str(job.pk),), retry=False, queue=queue)


@transaction.atomic
def resume(limit: int = 100) -> int:
    """Queue jobs again whose worker was lost or whose message is gone; answers how many.

    The work holds its job's row until it ends, so a running job whose row is free has lost its
    worker. A queued one may only have a long queue before it: each time it has waited as long
    again as until its last message, it gets another one. A message too many does nothing.
    """
    now, State = clock.now(), Job.State
    waited = ExpressionWrapper(Value(now, DateTimeField()) - F("queued_at"), DurationField())
    before = ExpressionWrapper(F("queued_at") - F("created_at"), DurationField())
    lost = Q(state=State.RUNNING, started_at__lt=now - _TAKEN_UP)
    lost |= Q(state=State.QUEUED, queued_at__lt=now - _UNHEARD, waited__gte=F("before"))
    found = Job.objects.alias(waited=waited, before=before).filter(lost)
    held = found.select_for_update(skip_locked=True, of=("self",)).order_by("created_at")
    ids = list(held.values_list("pk", flat=True)[:limit])
    Job.objects.filter(pk__in=ids).update(state=State.QUEUED, queued_at=now)
    for pk in ids:
        outbox.post("job", {"job": str(pk)}, key=str(pk))
    if ids:
        log.warning("jobs_resumed", jobs=[str(pk) for pk in ids])
    return len(ids)


def run(job_id: str) -> None:
    """Do a queued job once; a second message for it returns at once.

    Work that meets a lock, a deadlock or a serialization failure is done again after a wait.
    Raises what the infrastructure could not do: then the message must come again.
    """
    job = _claim(job_id)
    if job is None:
        return
    try:
        _persist(job)
    except Cancelled:
        _close(job, Job.State.CANCELLED)
    except (Refused, ValuesRefused) as refusal:
        _close(job, Job.State.FAILED, problem=problem_of(refusal))
    except Exception as error:
        fault = faults.fault_of(error)
        if fault is faults.AWAY:
            raise
        log.exception("job_failed", job_id=job_id, kind=job.kind)
        detail = fault.detail if fault else type(error).__name__
        _close(job, Job.State.FAILED, problem={"title": "Failed", "detail": detail})


@transaction.atomic
def _claim(job_id: str) -> Job | None:
    """Begin a try; None when the job is over or another worker holds its row."""
    waiting = Job.objects.filter(pk=job_id, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    held = waiting.select_related("owner").select_for_update(skip_locked=True, of=("self",))
    job = held.first()
    if job is not None:
        job.state, job.started_at, job.tries = Job.State.RUNNING, clock.now(), job.tries + 1
        job.save(update_fields=["state", "started_at", "tries"])
    return job


def _persist(job: Job) -> None:
    """Work, and again after each wait while other work is in the way."""
    for seconds in (*BACK_OFF, None):
        try:
            _work(job)
            return
        except Exception as error:
            if faults.fault_of(error) is not faults.BUSY:
                raise
            if seconds is None:
                detail = "Other work changed the same data each time; nothing was written."
                raise RuleRefused.one("busy", detail, "Start it again later.") from error
            log.warning("job_waits", job_id=str(job.pk), kind=job.kind, error=str(error))
            time.sleep(seconds)


@transaction.atomic
def _work(job: Job) -> None:
    """One try, in one transaction that holds the job's row."""
    queries.execute(_LIMITS)
    # Between claim and this lock another message may have begun a later try: that one works.
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, tries=job.tries)
    if mine.select_for_update(skip_locked=True).first() is None:
        return
    if job.tries > MOST_TRIES:
        detail = f"Its worker or database was lost {MOST_TRIES} times; nothing was written."
        raise RuleRefused.one("worker_lost", detail, "Try less at once.")
    progress = Progress(job)
    traces.attribute(progress.actor, job.label or job.kind)
    result = _runners[job.kind](progress)
    _close(job, Job.State.DONE, result=result)


def take_turns(name: str) -> None:
    """Wait until no other transaction has this turn, and keep it to the end of this one."""
    queries.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (name,))


def try_turn(name: str) -> bool:
    """Take a turn that nobody has, to the end of this transaction; False when somebody has it."""
    return bool(queries.column("SELECT pg_try_advisory_xact_lock(hashtext(%s))", (name,))[0])


def problem_of(refusal: Refused | ValuesRefused) -> dict[str, Any]:
    """A refusal as it is stored with a job."""
    if isinstance(refusal, ValuesRefused):
        return {"title": "Refused", "errors": [p.as_json() for p in refusal.problems]}
    return {"title": "Refused", "reasons": [r.as_json() for r in refusal.reasons]}


@transaction.atomic
def _close(job: Job, state: str, **fields: Any) -> None:
    done, total = caches["optional"].get(_key(job.pk)) or (job.done, job.total)
    Job.objects.filter(pk=job.pk).update(
        state=state, finished_at=clock.now(), done=done, total=total, **fields
    )
    if job.owner_id and state != Job.State.CANCELLED:
        outbox.post(ENDED, {"job": str(job.pk)}, key=str(job.pk))
    if state != Job.State.DONE and job.kind in _followers:
        job.refresh_from_db()
        _followers[job.kind](job)


def cancel(job: Job, *, actor: Actor) -> Job:
    """Stop a job: a queued one at once, a running one at its next report."""
    if actor.user_id != job.owner_id and not actor.may("accounts.manage_jobs"):
        raise PermissionRefused("Only who started this job, or an administrator, may stop it.")
    if job.state in (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED):
        raise RuleRefused.one("job_over", f"This job is {job.state} already.")
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
        done, total = caches["optional"].get(_key(job.pk)) or (done, total)
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
