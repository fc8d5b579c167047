"""Changes that notify people: subscriptions to events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from incentives.models import BonusPool, ClosedMonth, SavingLine
from incentives.pool_workflow import ALLOCATION_FLOW, POOL_FLOW
from incentives.workflow import NEGOTIATION_FLOW, SPLIT_FLOW
from qualification.models import Case, ChecklistItem
from qualification.services.hand_over import HANDED_OVER
from qualification.sop_workflow import SOP_FLOW
from qualification.views import timeline as case_timeline
from qualification.workflow import CASE_FLOW
from secondsource.core import audit, jobs, outbox
from secondsource.core.models import Event, Job, Outbox
from secondsource.workspace.notifications import (
    cases,
    handed_work,
    job_results,
    mentions,
    pools,
    savings,
    sourcing,
    takeovers,
    versions,
    watchers,
)
from suppliers.rfq_workflow import RFQ_FLOW
from suppliers.workflow import TAKEOVER_FLOW

CASE_ACTIONS = [
    *map(CASE_FLOW.action, CASE_FLOW.transitions),
    "qualification.case.opened",
    "qualification.case.changed",
    "qualification.case.planned",
    "qualification.case.staffed",
    "qualification.case.handed_over",
    HANDED_OVER,
    "qualification.case.sponsored",
    "qualification.case.signed",
    "qualification.case.signatures_voided",
    "qualification.case.interim_given",
    "qualification.holdpoint.judged",
    "qualification.holdpoint.outdated",
    "qualification.trigger.breached",
    "qualification.trigger.cleared",
    "qualification.rollback.done",
    "qualification.deviation.decided",
    "qualification.deviation.confirmed",
    "qualification.clearance.added",
    "qualification.clearance.changed",
    "qualification.item.added",
    "qualification.item.done",
    "qualification.item.opened",
    "qualification.evidence.added",
    "qualification.evidence.removed",
]
#: Actions of an FMEA change what is due for their owners; watchers are not notified.
FMEA_ACTIONS = [
    *(f"qualification.fmea.action_{verb}" for verb in ("added", "changed", "completed", "removed")),
    "qualification.fmea.row_removed",
    "qualification.fmea.imported",
]
#: Owner and day of a step change what is due; watchers are not notified.
STEP_CHANGED = f"{audit.label(ChecklistItem)}.changed"
#: What else the history of a case tells: its watchers are told as well, but not of each cell of an
#: FMEA.
CASE_WORK = sorted(
    action
    for action in case_timeline.ACTIONS - {*CASE_ACTIONS, *FMEA_ACTIONS}
    if action.startswith("qualification.") and action != "qualification.fmea.row_added"
)
PART_ACTIONS = [
    "parts.part.changed",
    "parts.part.requirements",
    "parts.part.file_added",
    "parts.part.file_removed",
    "suppliers.source.added",
    "suppliers.source.changed",
    "suppliers.source.scope",
    "suppliers.source.status",
    "suppliers.approval.reviewed",
]
SAID = "core.comment.added"
TAKEOVERS = [
    *map(TAKEOVER_FLOW.action, TAKEOVER_FLOW.transitions),
    "suppliers.takeover.proposed",
    "suppliers.takeover.changed",
]
POLICIES = [f"core.policyversion.{verb}" for verb in ("drafted", "activated", "discarded")]
SOPS = [*map(SOP_FLOW.action, SOP_FLOW.transitions)]
POOLS = [
    *map(POOL_FLOW.action, POOL_FLOW.transitions),
    *(f"incentives.bonuspool.{verb}" for verb in ("shares_set", "rate_set", "followed")),
]
SHARES = [*map(ALLOCATION_FLOW.action, ALLOCATION_FLOW.transitions)]
#: A closed case lets its pool be paid.
CLOSED = CASE_FLOW.action("close")
MONTH_CLOSED = "incentives.month.closed"
#: What changes the lines of a case that wait for finance.
SETTLED = ["incentives.saving.validated", "incentives.saving.reversed"]
#: A case runs, or has a baseline.
BASELINES = [
    *map(CASE_FLOW.action, CASE_FLOW.transitions),
    "incentives.baseline.frozen",
    "incentives.baseline.entered",
]
RFQS = [
    *map(RFQ_FLOW.action, RFQ_FLOW.transitions), "suppliers.rfq.quoted", "suppliers.rfq.changed",
]  # fmt: skip
SPLITS = [*map(SPLIT_FLOW.action, SPLIT_FLOW.transitions), "incentives.splitproposal.proposed"]
AWARDED = NEGOTIATION_FLOW.action("award")
WATCHED = [*CASE_ACTIONS, *CASE_WORK, *PART_ACTIONS, SAID]

outbox.subscribe("notify_case", [*CASE_ACTIONS, *FMEA_ACTIONS, STEP_CHANGED])
outbox.subscribe("notify_watchers", WATCHED)
outbox.subscribe("notify_mentioned", [SAID])
outbox.subscribe("notify_takeover", TAKEOVERS)
outbox.subscribe("notify_receiver", [HANDED_OVER])
outbox.subscribe("notify_policy", POLICIES)
outbox.subscribe("notify_sop", SOPS)
outbox.subscribe("notify_savings", [MONTH_CLOSED, *SETTLED, *BASELINES])
outbox.subscribe("notify_pool", [*POOLS, *SHARES, CLOSED])
outbox.subscribe("notify_sourcing", [*RFQS, *SPLITS, AWARDED])


def _range(payload: dict[str, Any]) -> tuple[int, int]:
    return payload.get("first", payload["event"]), payload["event"]


@outbox.handles("notify_case")
def case_changed(payload: dict[str, Any]) -> None:
    """Notify the people of the cases that changed."""
    cases.follow_events(*_range(payload))


@outbox.handles("notify_watchers")
def watched_changed(payload: dict[str, Any]) -> None:
    """Notify people who watch, lead, sponsor or work in what changed."""
    watchers.follow_events(*_range(payload), actions=WATCHED)


@outbox.handles("notify_mentioned")
def commented(payload: dict[str, Any]) -> None:
    """Notify people who are mentioned in a comment."""
    mentions.follow_event(payload["event"])


@outbox.handles("notify_receiver")
def handed_over(payload: dict[str, Any]) -> None:
    """Notify the person to whom work of a case was handed over."""
    for event in Event.objects.filter(pk__range=_range(payload), action=HANDED_OVER):
        handed_work.follow_event(event)


@outbox.handles("notify_takeover")
def takeover_changed(payload: dict[str, Any]) -> None:
    """Notify people who can do the next step of a take-over."""
    for event in Event.objects.filter(pk=payload["event"], subject_id__isnull=False):
        takeovers.follow(event.subject_id or 0)


@outbox.handles("notify_policy")
def policy_changed(payload: dict[str, Any]) -> None:
    """Notify people who can activate a version of a policy."""
    for event in Event.objects.filter(pk__range=_range(payload), action__in=POLICIES):
        versions.follow_policy(event.subject_id or 0)


@outbox.handles("notify_sop")
def sop_changed(payload: dict[str, Any]) -> None:
    """Notify people who can activate a version of an SOP."""
    for event in Event.objects.filter(pk__range=_range(payload), action__in=SOPS):
        versions.follow_sop(event.subject_id or 0)


@outbox.handles("notify_pool")
def pool_changed(payload: dict[str, Any]) -> None:
    """Notify people for whom a pool waits."""
    about = _subjects(payload)
    found = (
        Q(pk__in=_of(about, POOLS))
        | Q(allocations__in=_of(about, SHARES))
        | Q(case__in=_of(about, [CLOSED]))
    )
    for pool in BonusPool.objects.filter(found).order_by("pk").distinct():
        pools.follow(pool.pk)


@outbox.handles("notify_savings")
def savings_changed(payload: dict[str, Any]) -> None:
    """Notify finance of months to validate, and procurement of baselines that are missing."""
    about = _subjects(payload)
    settled = SavingLine.objects.filter(case__in=_of(about, SETTLED)).values("month")
    months = Q(pk__in=_of(about, [MONTH_CLOSED])) | Q(month__in=settled)
    for month in ClosedMonth.objects.filter(months).order_by("pk"):
        savings.follow_month(month)
    for case in Case.objects.filter(pk__in=_of(about, BASELINES)).order_by("pk"):
        savings.follow_case(case)


def _subjects(payload: dict[str, Any]) -> dict[str, set[int]]:
    """Action → the ids of what it happened to.

    Each subject is followed once and in the order of its kind, so that two workers that tell of the
    same ones do not wait for each other.
    """
    found: dict[str, set[int]] = {}
    events = Event.objects.filter(pk__range=_range(payload), subject_id__isnull=False)
    for action, pk in events.values_list("action", "subject_id"):
        found.setdefault(action, set()).add(pk or 0)
    return found


def _of(about: dict[str, set[int]], actions: Iterable[str]) -> set[int]:
    return set().union(*(about.get(action, set()) for action in actions))


@outbox.handles("notify_sourcing")
def sourcing_changed(payload: dict[str, Any]) -> None:
    """Notify buyers of quotes and due dates, procurement of splits, and people of awards."""
    for event in Event.objects.filter(pk__range=_range(payload), subject_id__isnull=False):
        subject = event.subject_id or 0
        if event.action in RFQS:
            sourcing.follow_rfq(subject)
        elif event.action in SPLITS:
            sourcing.follow_split(subject)
        elif event.action == AWARDED:
            sourcing.follow_negotiation(subject)


@outbox.handles(jobs.ENDED)
def job_ended(payload: dict[str, Any]) -> None:
    """Notify the person who started a job that is done or failed."""
    for job in Job.objects.filter(pk=payload["job"]):
        job_results.job_ended(job)


@outbox.handles(outbox.FAILED)
def follow_up_failed(payload: dict[str, Any]) -> None:
    """Notify administrators of a task that is not tried again."""
    for row in Outbox.objects.filter(pk=payload["row"]):
        job_results.follow_up_failed(row)
