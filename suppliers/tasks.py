"""Celery tasks of sourcing."""

from celery import shared_task

from secondsource.core.actors import Actor
from suppliers import rfq_days


@shared_task
def close_overdue_rfqs() -> int:
    """Close the requests for quotation whose due date is over."""
    return rfq_days.close_overdue(actor=Actor.named_job("due_rfqs"))
