"""Celery tasks of the ledger."""

from celery import shared_task

from incentives import services
from secondsource.core.actors import Actor
from secondsource.core.figures import unhurried


@shared_task
def close_overtaken_splits() -> int:
    """Withdraw proposed splits that can no longer be accepted; returns how many."""
    return services.close_overtaken()


@shared_task
def recompute_savings() -> int:
    """Freeze baselines that receipts show now, and compute all lines; returns those written."""
    actor = Actor.named_job("savings")
    with unhurried():
        services.freeze_baselines(actor=actor)
        done = services.recompute_realised(actor=actor)
        services.recompute_foreseen(actor=actor)
    return done.written
