"""Celery tasks of qualification."""

from celery import shared_task

from qualification import services
from secondsource.core.actors import Actor


@shared_task
def expire_approvals() -> int:
    """End approvals whose last day is over, and refresh steps whose dates have passed.

    Triggers are watched first, so that a breach of today holds the ramp before its next month.
    """
    actor = Actor.named_job("expire_approvals")
    services.watch(actor=Actor.named_job("rollback_triggers"))
    services.refresh_hold_points(actor=Actor.named_job("hold_points"))
    return services.expire_approvals(actor=actor) + services.refresh_dated_work(actor=actor)
