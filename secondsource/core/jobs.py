"""Long work with progress, stop and result.

A job is queued through the outbox in the caller's transaction, so it does not start before the
commit and is not lost without a broker. Progress is in the cache, because the work's transaction is
not visible yet; state, tries and result are in the row.
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
#: Most tries of a job whose worker or database is lost.
MOST_TRIES = 3
#: Seconds between tries after a lock or a deadlock; after the last one the job fails.
BACK_OFF = (0.5, 1.0, 2.0, 4.0, 8.0)
#: The time until a worker locks a job's row, and the first wait for a new message.
_TAKEN_UP, _UNHEARD = dt.timedelta(seconds=10), dt.timedelta(seconds=20)
#: Jobs have longer time limits than requests.
_LIMITS = """
SET LOCAL lock_timeout = '30min'; SET LOCAL statement_timeout = '30min';
SET LOCAL idle_in_transaction_session_timeout = '10min'
"""


class Cancelled(Exception):
    """The job was stopped; its transaction is rolled back."""


class Progress:
    """The argument of a runner: the job, its actor, and the report of progress."""

    def __init__(self, job: Job) -> None:
        self.job, self.payload = job, job.payload
        user = job.owner
        self.actor = Actor(user=user, origin="job") if user else Actor.named_job(job.kind)

    def report(self, done: int, total: int | None = None) -> None:
        """Report progress. Raises :class:`Cancelled` if the job was stopped."""
        caches["optional"].set(_key(self.job.pk), (done, total), _PROGRESS_SECONDS)
        if caches["optional"].get(_stop_key(self.job.pk)):
            raise Cancelled


def runs(kind: str, *, queue: str = "default") -> Callable[[Runner], Runner]:
    """Register the runner of jobs of ``kind`` and their queue."""

    def register(runner: Runner) -> Runner:
        _runners[kind], _queues[kind] = runner, queue
        return runner

    return register


def when_not_done(kind: str) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Register a function for jobs of ``kind`` that failed or were stopped."""

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
    """Queue jobs again whose worker or message was lost.

    Returns their number. A running job locks its row until it ends, so a running job with a free
    row has lost its worker. A queued job can just be in a long queue: it gets another message each
    time its wait has doubled. Superfluous messages have no effect.
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
    """Run a queued job once; a second message for it returns at once.

    After a lock, a deadlock or a serialization failure the work is tried again. Raises faults of
    the infrastructure, after which the message must be sent again.
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
    """Begin a try. Returns None if the job is over or another worker locks its row."""
    waiting = Job.objects.filter(pk=job_id, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    held = waiting.select_related("owner").select_for_update(skip_locked=True, of=("self",))
    job = held.first()
    if job is not None:
        job.state, job.started_at, job.tries = Job.State.RUNNING, clock.now(), job.tries + 1
        job.save(update_fields=["state", "started_at", "tries"])
    return job


def _persist(job: Job) -> None:
    """Run the work, again after each conflict with other work."""
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
    """A try, in a transaction that locks the job's row."""
    queries.execute(_LIMITS)
    # Another message can have begun a later try since the claim.
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


def take_turns(*names: str) -> None:
    """Wait for these turns, in this order, and keep them until the end of the transaction."""
    taken = "SELECT pg_advisory_xact_lock(hashtext(name)) FROM unnest(%s::text[]) AS name"
    queries.execute(taken, (list(names),))


def try_turn(name: str) -> bool:
    """Take the turn until the end of the transaction; False if another transaction has it."""
    return bool(queries.column("SELECT pg_try_advisory_xact_lock(hashtext(%s))", (name,))[0])


def problem_of(refusal: Refused | ValuesRefused) -> dict[str, Any]:
    """The stored form of a refusal."""
    if isinstance(refusal, ValuesRefused):
        return {"title": "Refused", "errors": [p.as_json() for p in refusal.problems]}
    return {"title": "Refused", "reasons": [r.as_json() for r in refusal.reasons]}


def problem_in_words(problem: dict[str, Any] | None) -> str:
    """Every reason of a stored problem as sentences; '' without one."""
    if not problem:
        return ""
    listed = problem.get("reasons") or problem.get("errors") or [problem]
    return " ".join(filter(None, (str(one.get("detail", "")) for one in listed)))


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
        raise PermissionRefused("Only its owner or an administrator can stop this job.")
    if job.state in (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED):
        raise RuleRefused.one("job_over", f"This job is {job.state} already.")
    cache.set(_stop_key(job.pk), True, _PROGRESS_SECONDS)
    queued = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if queued.update(state=Job.State.CANCELLED):
        _close(job, Job.State.CANCELLED)
    job.refresh_from_db()
    return job


def progress_of(job: Job) -> dict[str, Any]:
    """The progress of a job: done, total, and the estimated seconds left (None = unknown)."""
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
    """Record the heartbeat of a background process."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def forget_old() -> int:
    """Remove responses older than 24 hours and outbox rows done over 30 days ago."""
    now = clock.now()
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=now - dt.timedelta(hours=24)).delete()
    rows, _ = Outbox.objects.filter(done_at__lt=now - dt.timedelta(days=30)).delete()
    return keys + rows
