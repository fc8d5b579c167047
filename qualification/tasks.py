"""Celery tasks of qualification."""

from celery import shared_task

from qualification import services
from secondsource.core.actors import Actor


@shared_task
def expire_approvals() -> int:
    """End approvals whose last day is over, and open steps whose evidence has expired."""
    actor = Actor.named_job("expire_approvals")
    return services.expire_approvals(actor=actor) + services.reopen_expired(actor=actor)
