"""What the moves do besides changing the state."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from parts.models import PartFigures
from qualification import facts, figures
from qualification.models import Case, GatePassage, SignOff
from qualification.models.cases import GATES, State, gates_from
from secondsource.accounts.rights import Function
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.workflow import Move


def follow_state(case: Case, move: Move) -> None:
    """Note the passage and write the facts that the new state stands for."""
    note_passage(case)
    facts.write(case, move.actor, note=move.note)


def note_passage(case: Case, *, passed: bool = False) -> None:
    """Close the open passage and, at a gate, begin the next."""
    now = clock.now()
    GatePassage.objects.filter(case=case, left_at=None).update(left_at=now, passed=passed)
    if case.state in GATES:
        GatePassage.objects.create(case=case, gate=case.state, entered_at=now)


def submit(case: Case, move: Move) -> None:
    """The first gate begins; no fact follows from it."""
    note_passage(case)


def advance(case: Case, move: Move) -> None:
    """The gate is passed; only the transition adds facts, the approval above all."""
    note_passage(case, passed=True)
    if case.state == State.TRANSITION:
        facts.write(case, move.actor, note=move.note)


def close(case: Case, move: Move) -> None:
    """The conversion is done; it counts once a production receipt is in."""
    case.closed_at = clock.now()
    note_passage(case, passed=True)
    facts.write(case, move.actor, note=move.note)


def send_back(case: Case, move: Move) -> None:
    """Signatures from the earlier gate on are void; its work is to be shown again."""
    void_signatures(case, from_gate=case.state, move=move, why=f"sent back: {move.note}")
    follow_state(case, move)


def reopen(case: Case, move: Move) -> None:
    """As a send-back, from outside the gates.

    The part comes first, as where a new case is opened: both take the source's one open case.
    """
    PartFigures.objects.lock([case.part_id])
    case.closed_at = None
    void_signatures(case, from_gate=case.state, move=move, why=f"reopened: {move.note}")
    follow_state(case, move)


def void_signatures(
    case: Case,
    *,
    from_gate: str,
    move: Move,
    why: str,
    functions: Collection[str] = tuple(Function),
) -> None:
    """Void the signatures of this gate and all later ones, of these functions.

    One event names the signers; their work shows that they sign again.
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


#: Gates whose work rests on the requirements of the part and on the datasheets of its sources.
SPECIFICATION_GATES = (State.SPEC_REVIEW, State.FMEA, State.PILOT_BUILD, State.APPROVAL)


def void_on_specification(part_ids: Collection[int], actor: Actor, why: str) -> None:
    """Void what was signed at the present gates of open cases on these parts.

    The cases are locked in the order of their keys: a signature under way is waited for.
    """
    here = Q(state__in=SPECIFICATION_GATES)
    here |= Q(state=State.ON_HOLD, held_from__in=SPECIFICATION_GATES)
    open_cases = Case.objects.filter(here, part__in=part_ids).select_for_update(of=("self",))
    cases = {case.pk: case for case in open_cases.order_by("pk")}
    signed = SignOff.objects.filter(case__in=cases, voided_at=None)
    standing = set(signed.values_list("case", "gate"))
    for case in cases.values():
        gate = case.held_from or case.state
        if (case.pk, gate) in standing:
            void_signatures(case, from_gate=gate, move=Move(actor), why=why)


def hold(case: Case, move: Move) -> None:
    """Status and caps stay frozen; the passage goes on, because the gate is not left."""


def resume(case: Case, move: Move) -> None:
    """Back to the gate it was held from; an approval that ended meanwhile is not given again."""
    case.held_from, case.held_at = "", None


def derive(case: Case, move: Move) -> None:
    """What the saved state makes of the source, and what the parts list shows of the case."""
    facts.resolve_source(case, move.actor)
    figures.refresh_case_columns([case.part_id])
