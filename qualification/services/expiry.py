"""Effects of time: approvals that end, ramps that reach their next month, expired evidence."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import Q

from qualification import effects
from qualification.models import Case, ChecklistItem, Transition
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from suppliers.declared import LIST_MONTHS
from suppliers.models import Declaration, Source
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


def reopen_expired(*, actor: Actor) -> int:
    """Open the steps again whose clearance or declaration has expired; void their signatures.

    Returns the number of cases. Each has a transaction of its own; one that fails is logged and
    tried again in the next run.
    """
    links = (ChecklistItem.Link.CLEARANCE, ChecklistItem.Link.DECLARATIONS)
    met = ChecklistItem.objects.filter(link__in=links, met_at__isnull=False)
    today = clock.business_day()
    old = Declaration.objects.filter(
        Q(exemption_expires__lt=today) | Q(list_date__lt=add_months(today, -LIST_MONTHS))
    )
    over = Q(clearances__valid_to__lt=today)
    over |= Q(source__manufacturer_part__in=old.values("manufacturer_part"))
    found = Case.objects.open().filter(over, checklist__in=met)
    changed = 0
    for case_id in found.order_by("pk").values_list("pk", flat=True).distinct():
        try:
            with transaction.atomic():
                case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
                changed += effects.refresh_work(case, actor)
        except Exception:
            log.exception("reopening_failed", case_id=case_id)
    return changed
