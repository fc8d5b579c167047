"""The moves of a qualification case as a table."""

from __future__ import annotations

from typing import Any

from qualification import effects, guards
from qualification.models import Case
from qualification.models.cases import GATES, State
from secondsource.core import clock
from secondsource.core.workflow import Move, MoveDefinition, Workflow

S = State
OPEN_GATES = tuple(str(gate) for gate in GATES)
BEFORE_TRANSITION = tuple(str(gate) for gate in GATES if gate != S.TRANSITION)


def next_gate(case: Any, move: Move) -> str:
    """The gate after the present one."""
    return str(GATES[GATES.index(S(case.state)) + 1])


def earlier_gate(case: Any, move: Move) -> str:
    """The gate in ``to``, else the one before."""
    wanted = move.data.get("to")
    return str(wanted) if wanted else str(GATES[max(0, GATES.index(S(case.state)) - 1)])


def held_gate(case: Any, move: Move) -> str:
    """The gate before the hold."""
    return str(case.held_from)


def put_aside(case: Any, move: Move) -> str:
    """On hold; stores the gate."""
    case.held_from, case.held_at = case.state, clock.now()
    return str(S.ON_HOLD)


def reopened_gate(case: Any, move: Move) -> str:
    """The first gate for rejected cases; pilot build or spec review for rolled-back ones."""
    if case.state == S.REJECTED:
        return str(S.BUSINESS_CASE)
    return str(move.data.get("to") or S.PILOT_BUILD)


GATE_GUARDS = (guards.checklist_is_done, guards.signatures_are_there)

CASE_FLOW: Workflow[Case] = Workflow(
    Case,
    [
        MoveDefinition(
            "submit", "Submit", (S.DRAFT,), S.BUSINESS_CASE, "qualification.lead_case",
            (guards.late_start_has_reason,), effects.submit,
        ),
        MoveDefinition(
            "pass", "Pass gate", BEFORE_TRANSITION, next_gate, "qualification.pass_case",
            (
                guards.team_is_whole, *GATE_GUARDS, guards.pilot_has_quantity,
                guards.way_back_is_ready,
            ),
            effects.advance,
        ),
        MoveDefinition(
            "close", "Close", (S.TRANSITION,), S.CLOSED, "qualification.close_case",
            (
                guards.hold_points_are_passed, guards.no_trigger_is_breached,
                guards.team_is_whole, *GATE_GUARDS,
            ),
            effects.close,
        ),
        MoveDefinition(
            "send_back", "Send back", OPEN_GATES, earlier_gate, "qualification.lead_case",
            (guards.has_an_earlier_gate, guards.goes_back_to_an_earlier_gate),
            effects.send_back, needs_note=True,
        ),
        MoveDefinition(
            "hold", "Put on hold", OPEN_GATES, put_aside, "qualification.lead_case",
            (), effects.hold, needs_note=True,
        ),
        MoveDefinition(
            "resume", "Resume", (S.ON_HOLD,), held_gate, "qualification.lead_case",
            (), effects.resume,
        ),
        MoveDefinition(
            "reject", "Reject", OPEN_GATES, S.REJECTED, "qualification.reject_case",
            (), effects.follow_state, needs_note=True,
        ),
        MoveDefinition(
            "withdraw", "Withdraw", (S.DRAFT, *OPEN_GATES, S.ON_HOLD), S.WITHDRAWN,
            "qualification.lead_case", (), effects.follow_state, needs_note=True,
        ),
        MoveDefinition(
            "roll_back", "Roll back", (S.TRANSITION, S.CLOSED), S.ROLLED_BACK,
            "qualification.rollback_case", (guards.rollback_hours_are_known,), effects.roll_back,
            needs_note=True,
        ),
        MoveDefinition(
            "reopen", "Reopen", (S.ROLLED_BACK, S.REJECTED), reopened_gate,
            "qualification.reopen_case", (guards.reopens_somewhere_sensible, guards.source_is_free),
            effects.reopen, needs_note=True,
        ),
    ],
    after=effects.derive,
)  # fmt: skip
