"""What a case's state makes of its source: status and caps, as one table.

The rows up to interim, rejected and withdrawn hold for a source that was never approved; one that
is approved or waits for requalification keeps its row until the case reaches transition.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from qualification.models import Case
from qualification.models.cases import State
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import Approval, Source

ZERO = Decimal(0)


@transaction.atomic
def apply(case: Case, actor: Actor) -> Source:
    """Write the status and caps that follow from the case's state; a held case changes nothing."""
    source = Source.objects.select_for_update(of=("self",)).get(pk=case.source_id)
    _ROWS.get(State(case.state), _keep)(case, source, actor)
    case.source = source
    return source


def was_approved(source: Source) -> bool:
    """Whether the source holds, or held, an approval that a new case must not disturb."""
    return source.status in (
        Source.Status.APPROVED,
        Source.Status.REQUALIFY,
        Source.Status.PHASE_OUT,
        Source.Status.DISQUALIFIED,
    )


def _keep(case: Case, source: Source, actor: Actor) -> None:
    """No row of the table: the source stays as it is."""


def _under_way(case: Case, source: Source, actor: Actor) -> None:
    pilot = case.pilot_quantity if case.state == State.PILOT_BUILD else 0
    if was_approved(source):
        if source.status == Source.Status.REQUALIFY and source.share_cap == ZERO:
            _set(source, source.status, case, actor, quantity_cap=Decimal(pilot or 0))
        return
    Approval.objects.filter(source=source, ended_at=None).update(ended_at=case.updated_at)
    source.approval = None
    _set(
        source, Source.Status.IN_QUALIFICATION, case, actor,
        share_cap=ZERO, quantity_cap=Decimal(pilot or 0),
    )  # fmt: skip


def _transition(case: Case, source: Source, actor: Actor) -> None:
    sourcing.approve_source(
        source=source,
        kind=Approval.Kind.CASE,
        evidence_ref=case.key,
        actor=actor,
        share_cap=case.transition_share,
        quantity_cap=None,
    )


def _closed(case: Case, source: Source, actor: Actor) -> None:
    _set(source, Source.Status.APPROVED, case, actor, share_cap=None, quantity_cap=None)


def _rolled_back(case: Case, source: Source, actor: Actor) -> None:
    sourcing.end_approval(
        source=source, actor=actor, reason=f"{case.key} rolled back", share_cap=ZERO
    )


def _back_to_candidate(case: Case, source: Source, actor: Actor) -> None:
    if was_approved(source):
        return
    Approval.objects.filter(source=source, ended_at=None).update(ended_at=case.updated_at)
    source.approval = None
    _set(source, Source.Status.CANDIDATE, case, actor, share_cap=ZERO, quantity_cap=ZERO)


def _set(source: Source, status: str, case: Case, actor: Actor, **caps: Decimal | None) -> None:
    sourcing.set_status(
        source=source, status=status, actor=actor, reason=f"{case.key} {case.state}", **caps
    )


_ROWS = {
    State.DRAFT: _under_way,
    State.BUSINESS_CASE: _under_way,
    State.SPEC_REVIEW: _under_way,
    State.FMEA: _under_way,
    State.PILOT_BUILD: _under_way,
    State.APPROVAL: _under_way,
    State.TRANSITION: _transition,
    State.CLOSED: _closed,
    State.ROLLED_BACK: _rolled_back,
    State.REJECTED: _back_to_candidate,
    State.WITHDRAWN: _back_to_candidate,
}
