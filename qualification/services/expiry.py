"""Effects of time: approvals that end, ramps that reach their next month."""

from __future__ import annotations

import structlog
from django.db.models import Q

from qualification.models import Transition
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers.models import Source
from suppliers.resolve import resolve

log = structlog.get_logger(__name__)


def expire_approvals(*, actor: Actor) -> int:
    """Resolve parts with ended approvals or a running ramp.

    Returns changed sources. Each part has a transaction of its own. A part that fails is logged and
    tried again in the next run.
    """
    today = clock.business_day()
    over = Q(status__in=["approved", "interim"], approval__valid_to__lt=today)
    running = Transition.objects.filter(started_on__isnull=False, ended_on=None)
    found = Source.objects.filter(over | Q(cases__runs__in=running))
    changed = 0
    for part_id in found.order_by("part_id").values_list("part_id", flat=True).distinct():
        try:
            changed += resolve([part_id], actor=actor, reason="time passed")
        except Exception:
            log.exception("approval_expiry_failed", part_id=part_id)
    return changed
