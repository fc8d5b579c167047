"""Celery shells of the foundation."""

import signal
import threading
import time
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_process_init, worker_ready
from django.db import DatabaseError, connection

from secondsource.core import audit_seals, jobs, notifications, outbox, stored_files
from secondsource.embedded.processes import die_with_parent

log = structlog.get_logger(__name__)
HEARTBEAT_SECONDS = 10


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
    return audit_seals.seal_all()


@worker_ready.connect
def begin_heartbeat(**_: Any) -> None:
    """Beat from a thread of the worker's main process: a task would wait for a free process."""
    threading.Thread(target=_beat_for_ever, name="heartbeat", daemon=True).start()


def _beat_for_ever() -> None:
    while True:
        try:
            jobs.beat("worker")
        except DatabaseError as error:
            log.warning("heartbeat_failed", error=str(error))
        finally:
            connection.close()  # a process that is forked meanwhile must not share it
        time.sleep(HEARTBEAT_SECONDS)


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """A worker that is killed outright leaves no process at work behind."""
    die_with_parent(signal.SIGKILL)


@shared_task
def sweep_files() -> int:
    """Remove stored files that no row names."""
    return stored_files.sweep()


@shared_task
def forget_old_keys() -> int:
    """Remove answers of repeated requests, outbox rows done and notifications that are old."""
    return jobs.forget_old() + notifications.forget_old()
