"""Celery shells of files in and out."""

from celery import shared_task

from secondsource.exchange.services import exports


@shared_task
def forget_exports() -> int:
    """Remove exported files that are a few days old."""
    return exports.forget_old()
