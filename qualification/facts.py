"""The facts of a case's state: approvals, revocations and runs of its transition.

``suppliers.resolve`` derives the source's status from them.
"""

from __future__ import annotations

from qualification.approval import terms_of
from qualification.approved_scope import approved_plants, approved_products
from qualification.models import Case, HoldPoint, RampStep, Transition
from qualification.models.cases import State
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from suppliers import services as sourcing
from suppliers.models import Approval, Revocation, Source
from suppliers.resolve import resolve

#: Months after the start with a hold point; the last one ends the transition [D: ≥ 3].
HOLD_POINT_MONTHS = (1, 2, 3)

#: State without an approval → how the case's approval and its transition end.
_ENDINGS = {
    State.ROLLED_BACK: (Revocation.Cause.ROLLED_BACK, Transition.Outcome.ROLLED_BACK),
    State.REJECTED: (Revocation.Cause.SENT_BACK, Transition.Outcome.REJECTED),
    State.WITHDRAWN: (Revocation.Cause.SENT_BACK, Transition.Outcome.WITHDRAWN),
}
_SENT_BACK = (Revocation.Cause.SENT_BACK, Transition.Outcome.SENT_BACK)


def resolve_source(case: Case, actor: Actor) -> None:
    """Derive the source's status and caps from the facts, including the case's saved state."""
    reason = f"{case.key} {case.get_state_display()}"
    resolve([case.part_id], actor=actor, reason=reason, figures_too=False)


def write(case: Case, actor: Actor, *, note: str = "") -> None:
    """Write the facts of the case's new state; a case on hold adds none.

    :func:`resolve_source` resolves the part after the state is saved.
    """
    if case.state == State.ON_HOLD:
        return
    run = case.run
    if case.state == State.TRANSITION:
        if run is None or run.started_on is None or run.ended_on is not None:
            _begin(case, actor)
    elif case.state == State.CLOSED:
        _end(run, Transition.Outcome.CLOSED, actor)
    else:
        cause, outcome = _ENDINGS.get(State(case.state), _SENT_BACK)
        _revoke(case, cause, actor, note)
        _end(run, outcome, actor)


def _begin(case: Case, actor: Actor) -> None:
    """Approve the source, start the run and add its hold points."""
    source = Source.objects.get(pk=case.source_id)
    sourcing.write_approval(
        source=source, kind=Approval.Kind.CASE, evidence_ref=case.key, actor=actor,
        products=approved_products(case), plants=approved_plants(case),
        **terms_of(case),
    )  # fmt: skip
    run = planned_run(case, actor)
    run.started_on = clock.business_day()
    audit.save_as(run, actor, "transition begins")
    dues = [add_months(run.started_on, months) for months in HOLD_POINT_MONTHS]
    points = [HoldPoint(transition=run, due=due) for due in dues]
    audit.bulk_create_as(HoldPoint, points, actor, "transition begins")


def planned_run(case: Case, actor: Actor) -> Transition:
    """The run that has not started; it is created with the ramp of an earlier run."""
    last = case.run
    if last is not None and last.started_on is None:
        return last
    number = last.run + 1 if last else 1
    run = audit.save_as(Transition(case=case, run=number), actor, f"run {number}")
    steps = [
        RampStep(transition=run, month=step.month, share=step.share)
        for step in (last.ramp.all() if last else ())
    ]
    audit.bulk_create_as(RampStep, steps, actor, f"run {number}")
    return run


def _end(run: Transition | None, outcome: str, actor: Actor) -> None:
    """End a started run. A closed one can be rolled back later."""
    if run is None or run.started_on is None or run.outcome == outcome:
        return
    if run.ended_on is not None and outcome != Transition.Outcome.ROLLED_BACK:
        return
    run.ended_on, run.outcome = clock.business_day(), outcome
    audit.save_as(run, actor, str(Transition.Outcome(outcome).label))


def _revoke(case: Case, cause: str, actor: Actor, note: str) -> None:
    """Revoke the approvals of this case, interim ones and that of its transition."""
    reason = f"{case.key} {case.get_state_display()}" + (f": {note}" if note else "")
    own = Approval.objects.standing().filter(
        source=case.source_id, evidence_ref=case.key, kind__in=["case", "interim"]
    )
    if case.state == State.APPROVAL:  # interim approvals of this gate stay valid
        own = own.exclude(kind=Approval.Kind.INTERIM)
    sourcing.revoke_approvals(approvals=own, cause=cause, actor=actor, reason=reason)
