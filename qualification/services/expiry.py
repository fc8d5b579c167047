"""Approvals that end by themselves."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from qualification import status_table
from qualification.models import Case
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import Approval, Source


def expire_approvals(*, actor: Actor) -> int:
    """End approvals whose last day is over; answers how many.

    An interim falls back to its case's row, any other approved source must be qualified again.
    """
    over = Approval.objects.filter(ended_at=None, valid_to__lt=clock.business_day())
    ids = list(over.order_by("source_id").values_list("source_id", flat=True))
    return sum(_expire(source_id, actor) for source_id in ids)


@transaction.atomic
def _expire(source_id: int, actor: Actor) -> bool:
    source = Source.objects.select_for_update(of=("self",)).get(pk=source_id)
    approval = source.approval
    if approval is None or approval.ended_at or not _is_over(approval):
        return False
    at_approval = Q(state=State.APPROVAL) | Q(state=State.ON_HOLD, held_from=State.APPROVAL)
    case = Case.objects.filter(at_approval, source=source).first()
    if source.status == Source.Status.INTERIM and case is not None:
        status_table.apply(case, actor, state=State.APPROVAL)
    else:
        sourcing.end_approval(source=source, actor=actor, reason=f"ended on {approval.valid_to}")
    return True


def _is_over(approval: Approval) -> bool:
    return approval.valid_to is not None and approval.valid_to < clock.business_day()
