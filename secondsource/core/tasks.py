"""Celery tasks of the foundation."""

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
    """Work off the outbox."""
    return outbox.work_off()


@shared_task
def run_job(job_id: str) -> None:
    """Run a job."""
    jobs.run(job_id)


@shared_task
def resume_jobs() -> int:
    """Queue jobs again whose worker or message was lost."""
    return jobs.resume()


@shared_task
def seal_audit() -> int:
    """Seal new audit rows."""
    return audit_seals.seal_all()


@worker_ready.connect
def begin_heartbeat(**_: Any) -> None:
    """Send heartbeats from a thread of the worker's main process, because a task would wait."""
    threading.Thread(target=_beat_for_ever, name="heartbeat", daemon=True).start()


def _beat_for_ever() -> None:
    while True:
        try:
            jobs.beat("worker")
        except DatabaseError as error:
            log.warning("heartbeat_failed", error=str(error))
        finally:
            connection.close()  # forked processes must not share it
        time.sleep(HEARTBEAT_SECONDS)


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """End child processes with a worker that is killed."""
    die_with_parent(signal.SIGKILL)


@shared_task
def sweep_files() -> int:
    """Remove stored files without rows."""
    return stored_files.sweep()


@shared_task
def forget_old_keys() -> int:
    """Remove old responses of idempotent requests, done outbox rows and notifications."""
    return jobs.forget_old() + notifications.forget_old()
