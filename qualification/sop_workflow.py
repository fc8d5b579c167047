"""The moves of a version of an SOP: a person drafts and proposes, another one activates."""

from __future__ import annotations

from collections.abc import Iterator

from qualification.models import Sop, SopItem
from qualification.sop_changes import changes_of
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.core.workflow import Move, MoveDefinition, Workflow

S = Sop.State
WRITE, ACTIVATE = "qualification.write_sop", "qualification.activate_sop"


def differs(sop: Sop, move: Move) -> Iterator[Reason]:
    """The version has steps, and they differ from those that it was drafted from."""
    if not sop.items.exists():
        yield Reason("no_steps", "This version has no steps.", "Add one.")
    elif sop.derived_from is not None and not changes_of(sop):
        same = f"Nothing differs from {sop.derived_from}."
        yield Reason("no_change", same, "Change, add or remove a step.")


def was_not_drafted_by_the_actor(sop: Sop, move: Move) -> Iterator[Reason]:
    """Two persons: whoever drafted the version or wrote its steps does not activate it."""
    if worked_on(sop, move.actor):
        yield Reason(
            "same_person",
            "You worked on this version, so a second person activates it.",
            "Ask another person of quality.",
        )


def worked_on(sop: Sop, actor: Actor) -> bool:
    """Whether the actor drafted the version or wrote one of its steps."""
    if actor.user_id is None:
        return False
    written = SopItem.history.filter(sop_id=sop.pk, history_user_id=actor.user_id)
    return sop.drafted_by_id == actor.user_id or bool(written.exists())


def derives_from_the_one_in_force(sop: Sop, move: Move) -> Iterator[Reason]:
    """No other version came into force since the draft was begun."""
    in_force = sop.siblings().filter(state=S.ACTIVE).first()
    if in_force is not None and in_force.pk != sop.derived_from_id:
        yield Reason(
            "outdated",
            f"{in_force} came into force since this version was drafted.",
            "Discard it and draft the next version.",
        )


def activate(sop: Sop, move: Move) -> None:
    """Supersede the version in force; cases that are open keep theirs."""
    in_force = sop.siblings().select_for_update(of=("self",)).filter(state=S.ACTIVE).first()
    if in_force is not None:
        in_force.state = S.SUPERSEDED
        audit.save_as(in_force, move.actor, f"superseded by version {sop.number}")
        move.facts["superseded"] = in_force.number
    sop.activated_by, sop.activated_at = move.actor.user, clock.now()


SOP_FLOW: Workflow[Sop] = Workflow(
    Sop,
    [
        MoveDefinition("propose", "Propose", (S.DRAFT,), S.PROPOSED, WRITE, (differs,)),
        MoveDefinition(
            "activate", "Activate", (S.PROPOSED,), S.ACTIVE, ACTIVATE,
            (differs, was_not_drafted_by_the_actor, derives_from_the_one_in_force), activate,
            needs_note=True,
        ),
        MoveDefinition(
            "return", "Return to draft", (S.PROPOSED,), S.DRAFT, WRITE, needs_note=True
        ),
        MoveDefinition(
            "discard", "Discard", (S.DRAFT, S.PROPOSED), S.DISCARDED, WRITE, needs_note=True
        ),
    ],
)  # fmt: skip
