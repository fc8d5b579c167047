"""Effects of the moves besides the change of state."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.db.models import F, QuerySet

from parts.models import PartFigures
from qualification import facts, figures, fmea_sheet, guards, introduction, linked_work
from qualification.breaches import end as end_breach
from qualification.models import Case, GatePassage, Rollback, SignOff, TriggerBreach
from qualification.models.cases import GATES, State, gates_before, gates_from
from qualification.signals import case_rolled_back
from secondsource.accounts.rights import Function
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.workflow import Move


def follow_state(case: Case, move: Move) -> None:
    """Record the passage and write the facts of the new state."""
    note_passage(case)
    facts.write(case, move.actor, note=move.note)


def note_passage(case: Case, *, passed: bool = False) -> None:
    """Close the open passage and, at a gate, begin the next."""
    now = clock.now()
    GatePassage.objects.filter(case=case, left_at=None).update(left_at=now, passed=passed)
    if case.state in GATES:
        GatePassage.objects.create(case=case, gate=case.state, entered_at=now)


def submit(case: Case, move: Move) -> None:
    """Begin the first gate."""
    note_passage(case)


def advance(case: Case, move: Move) -> None:
    """Pass the gate; its FMEA becomes a version; entering the transition approves the source."""
    note_passage(case, passed=True)
    if case.state == State.PILOT_BUILD:
        fmea_sheet.freeze(case, move.actor)
    if case.state == State.TRANSITION:
        facts.write(case, move.actor, note=move.note)


def close(case: Case, move: Move) -> None:
    """Close the case; its conversion counts from the first production receipt on.

    A trigger that a receipt breaches meanwhile is seen: the part is locked, as where it is written.
    """
    PartFigures.objects.lock([case.part_id])
    if TriggerBreach.objects.filter(transition__case=case, ended_at=None).exists():
        raise RuleRefused.one("trigger_breached", "A rollback trigger is breached.", "Clear it.")
    case.closed_at = clock.now()
    note_passage(case, passed=True)
    facts.write(case, move.actor, note=move.note)


#: Lots that the event of a rollback names; the containment list has all.
MOST_NAMED = 100


def roll_back(case: Case, move: Move) -> None:
    """Take the approval back, end open breaches and keep what the rollback took.

    The part is locked first, so that a trigger that a receipt breaches meanwhile is ended too.
    """
    PartFigures.objects.lock([case.part_id])
    follow_state(case, move)
    run = case.run
    if run is None:
        return
    open_ones = run.breaches.select_for_update(of=("self",)).filter(ended_at=None)
    for breach in open_ones.order_by("pk"):
        end_breach(breach, TriggerBreach.Ending.ROLLED_BACK, move.note, move.actor)
    hours = guards.hours_in(str(move.data.get("hours", "")))
    held = introduction.built_in(case, since=run.started_on)
    done = Rollback(
        transition=run, reason=move.note, decided_by=move.actor.user, decided_at=clock.now(),
        planned_hours=case.rollback_hours, hours=hours, units=introduction.units_in(held),
    )  # fmt: skip
    audit.save_as(done, move.actor, move.note)
    audit.record(
        "qualification.rollback.decided", case, move.actor, note=move.note,
        data={
            "rollback": done.key, "source": case.source.key, "run": run.run,
            "since": run.started_on.isoformat() if run.started_on else None,
            "planned_hours": _text(done.planned_hours), "hours": _text(hours),
            "units": done.units,
            "lots": [f"{row.product.code} {row.lot}" for row in held[:MOST_NAMED]],
        },
    )  # fmt: skip
    case_rolled_back.send(sender=Case, case=case, rollback=done, actor=move.actor)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def send_back(case: Case, move: Move) -> None:
    """Void the signatures from the earlier gate on; before its gate the FMEA is reopened too."""
    void_signatures(case, from_gate=case.state, move=move, why=f"sent back: {move.note}")
    if State.FMEA in gates_from(case.state):
        fmea_sheet.mark_reopened(case, move.actor, f"sent back: {move.note}")
        linked_work.refresh(case, move.actor)
    follow_state(case, move)


def reopen(case: Case, move: Move) -> None:
    """Reopen a case at a gate, as a send-back does; its FMEA is reopened at any gate.

    Pilot results from before a rollback count no more (``reopened``), so the passage begins first.
    The part is locked first, as where a case is opened, because a source has at most one open case.
    """
    PartFigures.objects.lock([case.part_id])
    case.closed_at = None
    note_passage(case)
    void_signatures(case, from_gate=case.state, move=move, why=f"reopened: {move.note}")
    fmea_sheet.mark_reopened(case, move.actor, f"reopened: {move.note}")
    linked_work.refresh(case, move.actor)
    facts.write(case, move.actor, note=move.note)


def void_signatures(
    case: Case,
    *,
    from_gate: str,
    move: Move,
    why: str,
    functions: Collection[str] = tuple(Function),
) -> None:
    """Void the signatures of this gate and all later ones, of these functions.

    One event lists the signers, whose tasks then include signing again.
    """
    later = gates_from(from_gate)
    standing = list(case.sign_offs.filter(gate__in=later, function__in=functions, voided_at=None))
    for signature in standing:
        signature.voided_at, signature.void_reason = clock.now(), why[:300]
        audit.save_as(signature, move.actor, why)
    if standing:
        signed = [
            {"person": s.signed_by_id, "gate": s.gate, "function": s.function} for s in standing
        ]
        audit.record(
            "qualification.case.signatures_voided", case, move.actor, note=why,
            data={"signed": signed},
        )  # fmt: skip


def raise_version(cases: Collection[Case], actor: Actor, why: str) -> None:
    """Raise the version of locked cases whose work changed: who read them before reads again."""
    if not cases:
        return
    traces.attribute(actor, why)
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    rows.update(version=F("version") + 1, updated_at=clock.now())
    for case in cases:
        case.version += 1


#: Gates whose work depends on the part's requirements and its sources' datasheets.
SPECIFICATION_GATES = (State.SPEC_REVIEW, State.FMEA, State.PILOT_BUILD, State.APPROVAL)


def void_on_specification(part_ids: Collection[int], actor: Actor, why: str) -> None:
    """Void the signatures of the present gates of open cases on these parts.

    Linked steps whose work is not done on the new specification are open again. The cases are
    locked in the order of their keys, after signatures under way.
    """
    cases = _locked(Case.objects.open().filter(part__in=part_ids))
    signed = SignOff.objects.filter(case__in=cases, voided_at=None)
    standing = set(signed.values_list("case", "gate"))
    gates = {case.pk: case.held_from or case.state for case in cases.values()}
    signable = [case for case in cases.values() if gates[case.pk] in SPECIFICATION_GATES]
    raise_version(signable, actor, why)
    for case in signable:
        if (case.pk, gates[case.pk]) in standing:
            void_signatures(case, from_gate=gates[case.pk], move=Move(actor), why=why)
    for case in cases.values():
        refresh_work(case, actor)


def _locked(cases: QuerySet[Case]) -> dict[int, Case]:
    """The cases by key, locked in its order."""
    return {case.pk: case for case in cases.select_for_update(of=("self",)).order_by("pk")}


def refresh_candidates(manufacturer_part_id: int, actor: Actor) -> None:
    """Refresh the linked steps of open cases on this manufacturer part."""
    mine = Case.objects.open().filter(source__manufacturer_part=manufacturer_part_id)
    for case in _locked(mine).values():
        refresh_work(case, actor)


def refresh_work(case: Case, actor: Actor, links: Collection[str] | None = None) -> bool:
    """Store which linked steps of a locked case are met; returns whether one is open again.

    One of a gate that is not ahead voids the signatures of the present gate.
    """
    here = case.held_from or case.state
    reopened = linked_work.refresh(case, actor, links)
    for item in reopened:
        if item.gate in gates_before(here) or item.gate == here:
            why = f"“{item.text}” is open again"
            void_signatures(case, from_gate=here, move=Move(actor), why=why)
            raise_version([case], actor, why)
    return bool(reopened)


def hold(case: Case, move: Move) -> None:
    """Freeze status and caps; the passage continues because the case does not leave the gate."""


def resume(case: Case, move: Move) -> None:
    """Return to the gate before the hold; an approval that ended meanwhile is not renewed."""
    case.held_from, case.held_at = "", None


def derive(case: Case, move: Move) -> None:
    """Resolve the source by the saved state, and refresh the case in the list of parts."""
    facts.resolve_source(case, move.actor)
    figures.refresh_case_columns([case.part_id])
