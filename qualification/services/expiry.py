"""Effects of time: approvals that end, ramps that reach their next month, steps with dates."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from qualification import component_verdicts, effects
from qualification.models import (
    Case,
    ChecklistItem,
    ComponentTest,
    CustomerApproval,
    IpClearance,
    Transition,
)
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from suppliers.declared import LIST_MONTHS
from suppliers.models import Declaration, Offer, Source
from suppliers.resolve import resolve

log = structlog.get_logger(__name__)

Link = ChecklistItem.Link
#: States in which the business case is still open to its prices.
EARLY = (State.DRAFT, State.BUSINESS_CASE)
#: How long after its last day an offer is looked at, so that days without a run are made up for.
LOOK_BACK = dt.timedelta(days=7)


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


def refresh_dated_work(*, actor: Actor) -> int:
    """Update which linked steps are met where a date has passed that decides on it.

    A step that opens again voids the signatures that rest on it. Returns the number of cases with a
    change. Each has a transaction of its own; one that fails is logged and tried again in the next
    run.
    """
    changed = 0
    for case_id in _cases_with_passed_dates().values_list("pk", flat=True):
        try:
            with transaction.atomic():
                case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
                before = _met(case)
                effects.refresh_work(case, actor)
                changed += _met(case) != before
        except Exception:
            log.exception("dated_work_failed", case_id=case_id)
    return changed


def _met(case: Case) -> set[int]:
    return set(case.checklist.filter(met_at__isnull=False).values_list("pk", flat=True))


def _cases_with_passed_dates() -> QuerySet[Case]:
    """Open cases in which a step has its state from before a date, in the order of their keys."""
    today = clock.business_day()
    tests = ComponentTest.objects.filter(
        origin=ComponentTest.Origin.GENERIC,
        data_date__lt=component_verdicts.Judge.of_today().oldest,
        waived_by=None,
    )
    silent = CustomerApproval.objects.standing().filter(
        answer="", sent_on__isnull=False, due__lt=today
    )
    old = Declaration.objects.filter(
        Q(exemption_expires__lt=today) | Q(list_date__lt=add_months(today, -LIST_MONTHS))
    )
    expired = IpClearance.objects.filter(valid_to__lt=today)
    declared = Q(source__manufacturer_part__in=old.values("manufacturer_part"))
    found = _stands(Link.CLEARANCE, met=True) & Q(pk__in=expired.values("case"))
    found |= _stands(Link.DECLARATIONS, met=True) & declared
    found |= _stands(Link.COMPONENT_TESTS, met=True) & Q(pk__in=tests.values("case"))
    found |= _stands(Link.CUSTOMER_APPROVALS, met=False) & Q(
        pk__in=silent.exclude(silence_clause="").values("case")
    )
    found |= _stands(Link.BUSINESS_CASE, met=True) & _lost_an_offer(today)
    return Case.objects.open().filter(found).order_by("pk")


def _stands(link: str, *, met: bool) -> Q:
    """Cases whose step with this link is stored as met, or as open."""
    return Q(
        Exists(ChecklistItem.objects.filter(case=OuterRef("pk"), link=link, met_at__isnull=not met))
    )


def _lost_an_offer(today: dt.date) -> Q:
    """Business cases that are not passed, on parts with an offer that ended in these days.

    An older offer was the reason of a refresh in its time.
    """
    ended = Offer.objects.filter(valid_to__lt=today, valid_to__gte=today - LOOK_BACK)
    parts = Source.objects.filter(manufacturer_part__in=ended.values("manufacturer_part"))
    early = Q(state__in=EARLY) | Q(state=State.ON_HOLD, held_from=State.BUSINESS_CASE)
    return early & Q(part__in=parts.values("part"))
