"""What a case's state makes of its source: status and caps, as one table.

The rows up to interim, rejected and withdrawn hold for a source that was never approved; one that
is approved or waits for requalification keeps its row until the case reaches transition.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Min, Q, Sum

from qualification.models import Case
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import Approval, Receipt, Source

ZERO = Decimal(0)
UNDER_WAY = (
    State.DRAFT, State.BUSINESS_CASE, State.SPEC_REVIEW, State.FMEA, State.PILOT_BUILD,
    State.APPROVAL,
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A source's status and caps: share of the month's demand, units left; None = no cap."""

    status: str
    share_cap: Decimal | None
    quantity_cap: Decimal | None


def row_of(case: Case, source: Source, state: str) -> Row | None:
    """What ``state`` makes of the source; None when the source keeps its row."""
    if state in UNDER_WAY:
        return _under_way(case, source, state)
    if state == State.TRANSITION:
        return Row(Source.Status.APPROVED, case.transition_share, None)
    if state == State.CLOSED:
        return Row(Source.Status.APPROVED, None, None)
    if state == State.ROLLED_BACK:
        return Row(Source.Status.REQUALIFY, ZERO, source.quantity_cap)
    if state in (State.REJECTED, State.WITHDRAWN):
        return _given_up(case, source)
    return None


def _given_up(case: Case, source: Source) -> Row | None:
    """Rejected or withdrawn: what the case itself had approved is approved no longer."""
    if approved_by(case, source) and approved_before(case, source):
        return Row(Source.Status.REQUALIFY, ZERO, source.quantity_cap)
    if was_approved(source) and not approved_by(case, source):
        return None
    return Row(Source.Status.CANDIDATE, ZERO, ZERO)


def _under_way(case: Case, source: Source, state: str) -> Row | None:
    pilot = open_pilot_quantity(case) if state == State.PILOT_BUILD else ZERO
    if approved_by(case, source):  # sent back from the transition
        before = approved_before(case, source)
        status = Source.Status.REQUALIFY if before else Source.Status.IN_QUALIFICATION
        return Row(status, ZERO, pilot)
    if was_approved(source):
        if source.status == Source.Status.REQUALIFY and source.share_cap == ZERO:
            return Row(source.status, ZERO, pilot)
        return None
    if state == State.APPROVAL and interim_holds(source):
        return None
    return Row(Source.Status.IN_QUALIFICATION, ZERO, pilot)


def was_approved(source: Source) -> bool:
    """Whether the source holds, or held, an approval that a new case must not disturb."""
    return source.status in (
        Source.Status.APPROVED,
        Source.Status.REQUALIFY,
        Source.Status.PHASE_OUT,
        Source.Status.DISQUALIFIED,
    )


def approved_by(case: Case, source: Source) -> bool:
    """Whether the approval that the source rests on is this very case's."""
    approval = source.approval
    return (
        source.status == Source.Status.APPROVED
        and approval is not None
        and (approval.kind, approval.evidence_ref) == (Approval.Kind.CASE, case.key)
    )


def approved_before(case: Case, source: Source) -> bool:
    """Whether something else than this case had approved the source earlier."""
    theirs = Approval.objects.filter(source=source).exclude(kind=Approval.Kind.INTERIM)
    return theirs.exclude(evidence_ref=case.key).exists()


def interim_holds(source: Source) -> bool:
    """Whether an interim approval is in force today."""
    approval = source.approval
    if source.status != Source.Status.INTERIM or approval is None or approval.ended_at:
        return False
    return approval.valid_to is None or approval.valid_to >= clock.business_day()


def open_pilot_quantity(case: Case) -> Decimal:
    """Units that may still be ordered for the pilot: planned less what has come since it began.

    Returns give none back. The beginning's day is UTC's: what came on the day before and was
    written down since then came to somebody in the west, where it was still that day.
    """
    planned = Decimal(case.pilot_quantity or 0)
    pilots = case.passages.filter(gate=State.PILOT_BUILD)
    began = pilots.aggregate(began=Min("entered_at"))["began"]
    if began is None:
        return planned
    day = began.date()
    since = Q(received_date__gte=day)
    since |= Q(received_date=day - dt.timedelta(days=1), created_at__gte=began)
    received = Receipt.objects.standing().filter(since, source=case.source_id, received_qty__gt=0)
    return max(ZERO, planned - (received.aggregate(n=Sum("received_qty"))["n"] or ZERO))


@transaction.atomic
def apply(case: Case, actor: Actor, *, state: str = "") -> Source:
    """Write the status and caps that follow from the case's state; a held case changes nothing.

    ``state`` names another row than that of the case's own state.
    """
    locked = Source.objects.select_for_update(of=("self",)).select_related("approval")
    source = locked.get(pk=case.source_id)
    wanted = state or str(case.state)
    row = row_of(case, source, wanted)
    if row is not None:
        _write(row, case, source, wanted, actor)
    case.source = source
    return source


def _write(row: Row, case: Case, source: Source, state: str, actor: Actor) -> None:
    if state == State.TRANSITION:
        sourcing.approve_source(
            source=source, kind=Approval.Kind.CASE, evidence_ref=case.key, actor=actor,
            share_cap=row.share_cap, quantity_cap=row.quantity_cap,
        )  # fmt: skip
        return
    ends = row.status == Source.Status.REQUALIFY and source.status == Source.Status.APPROVED
    if state == State.ROLLED_BACK or ends:
        reason = f"{case.key} {State(state).label}"
        sourcing.end_approval(source=source, actor=actor, reason=reason, share_cap=row.share_cap)
        return
    if row.status in (Source.Status.CANDIDATE, Source.Status.IN_QUALIFICATION):
        Approval.objects.filter(source=source, ended_at=None).update(ended_at=clock.now())
        source.approval = None
    sourcing.set_status(
        source=source, status=row.status, actor=actor, reason=f"{case.key} {state}",
        share_cap=row.share_cap, quantity_cap=row.quantity_cap,
    )  # fmt: skip
