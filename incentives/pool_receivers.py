"""Pools follow the ledger and rollbacks, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from incentives.services import pools
from incentives.signals import savings_changed
from qualification.models import Case, Rollback
from qualification.signals import case_rolled_back, costs_changed
from secondsource.core.actors import Actor


@receiver(savings_changed)
def follow_savings(
    sender: Any, case_ids: Collection[int], actor: Actor, why: str, **_: Any
) -> None:
    """Compute the pools of these cases again."""
    pools.follow_ledger(case_ids=case_ids, actor=actor, why=why)


@receiver(costs_changed)
def follow_costs(sender: Any, case: Case, actor: Actor, **_: Any) -> None:
    """Compute the pool of the case again, as long as nobody released it."""
    pools.follow_ledger(
        case_ids=[case.pk], actor=actor, why="cost of the case changed", released=False
    )


@receiver(case_rolled_back)
def cancel_unpaid(sender: Any, case: Case, rollback: Rollback, **_: Any) -> None:
    """Cancel pools of which nothing is paid; what is paid follows the ledger."""
    pools.follow_rollback(case=case, why=rollback.reason)
