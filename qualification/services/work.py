"""What every service that writes the work of a gate does first and last."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from qualification import effects, guards, linked_work
from qualification.models import Case
from qualification.models.cases import GATES, State, gates_from
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from secondsource.core.workflow import Move


def locked_case(case: Case, expected: int | None = None) -> Case:
    """The case under a row lock, which moves take too."""
    row = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("sponsor")
        .get(pk=case.pk)
    )
    audit.check_version(row, expected)
    return row


def require_current(case: Case, gate: str) -> None:
    """Raise ``RuleRefused`` unless the case is at this gate."""
    if case.state != gate:
        raise RuleRefused.one(
            "not_at_this_gate",
            f"{case.key} is at {case.get_state_display()}, not at {State(gate).label}.",
            "To reopen a passed gate, send the case back.",
        )


def case_for_work(
    case: Case,
    gate: str,
    actor: Actor,
    *,
    permission: str = "qualification.write_case",
    expected: int | None = None,
    reopened: bool = False,
) -> Case:
    """The locked case, for a change of the work of a gate that is the present one or ahead.

    ``reopened``: the work is open again although the gate is passed. Raises ``PermissionRefused``,
    ``Stale``, and ``RuleRefused`` for a case that is over, on hold or past the gate.
    """
    row = locked_case(case, expected)
    actor.require(permission, row)
    guards.require_open(row)
    if row.state == State.ON_HOLD:
        raise RuleRefused.one("on_hold", f"{row.key} is on hold.", "Resume it first.")
    if not reopened and not guards.is_ahead(row, gate):
        raise RuleRefused.one(
            "gate_passed",
            f"{row.key} has passed {State(gate).label}.",
            "To reopen a passed gate, send the case back.",
        )
    return row


def work_changed(
    case: Case, gate: str, actor: Actor, why: str, *, links: Collection[str] | None = None
) -> None:
    """Void the signatures of a gate whose work changed, and say which steps are met now.

    A step of another gate that this opens again voids the signatures of its gate too. ``links``:
    the work that depends on what changed (None for all).
    """
    void_gate(case, gate, actor, why)
    for item in linked_work.refresh(case, actor, links):
        if item.gate != gate:
            void_gate(case, item.gate, actor, f"“{item.text}” is open again")


def gate_touched(case: Case, gate: str) -> str:
    """The gate whose signatures a change of its work touches: the present one once it is passed."""
    here = guards.gate_of(case)
    return here if here in gates_from(gate) else gate


def void_gate(case: Case, gate: str, actor: Actor, why: str) -> None:
    """Void the signatures of a gate whose work changed.

    At the present gate the case gets a new version, so that nobody signs what they did not see.
    """
    if linked_work.waits(gate, why):
        return
    if gate in GATES:
        effects.void_signatures(case, from_gate=gate, move=Move(actor), why=why)
    if gate == guards.gate_of(case):
        effects.raise_version([case], actor, why)


@contextmanager
def work_of(case: Case, actor: Actor, links: Collection[str] | None = None) -> Iterator[None]:
    """Many changes of the work of a case in one transaction, judged once afterwards.

    Signatures of each gate whose work changed are void then, for the first reason. ``links``: only
    these steps, where the changes touch no other work.
    """
    with linked_work.waiting() as touched:
        yield
    for gate, why in touched.items():
        void_gate(case, gate, actor, why)
    effects.refresh_work(case, actor, links)
