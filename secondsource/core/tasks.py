"""Celery shells of the foundation."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from secondsource.core import jobs, outbox, sealing


@shared_task
def sweep_outbox() -> int:
    """Do what waits in the outbox."""
    return outbox.work_off()


@shared_task
def run_job(job_id: str) -> None:
    """Run one job that a page or the API started."""
    jobs.run(job_id)


@shared_task
def resume_jobs() -> int:
    """Queue jobs again whose worker died."""
    return jobs.resume()


@shared_task
def seal_audit() -> int:
    """Seal the audit rows written since the last time."""
    return sealing.seal_all()


@shared_task
def heartbeat() -> None:
    """Say that beat and a worker are alive."""
    jobs.beat("worker")


@worker_ready.connect
def beat_at_once(**_: Any) -> None:
    """The system is ready when a worker takes tasks, not only with beat's first round."""
    heartbeat.delay()


@shared_task
def forget_old_keys() -> int:
    """Remove answers of repeated requests after 24 hours, outbox rows done a month ago."""
    return jobs.forget_old()
