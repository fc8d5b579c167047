"""Receivers of the ledger, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from incentives import services
from qualification.models import Case, Rollback
from qualification.signals import case_opened, case_rolled_back
from secondsource.core.actors import Actor


@receiver(case_opened)
def freeze_baseline(sender: Any, case: Case, actor: Actor, **_: Any) -> None:
    """Freeze the last price paid as the case opens; without a receipt there is none yet."""
    services.freeze_baselines(actor=actor, case_ids=[case.pk])


@receiver(case_rolled_back)
def take_savings_back(sender: Any, case: Case, rollback: Rollback, actor: Actor, **_: Any) -> None:
    """Take back the savings of the months that the rollback ends."""
    services.take_back_rollback(case=case, rollback=rollback, actor=actor)
