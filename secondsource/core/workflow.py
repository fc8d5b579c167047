"""Workflows: tables of moves, through which every change of state goes.

``fire`` does in one transaction: lock and read the object, compare the version, check state,
permission and all guards, run the effect, save, and write the event with its outbox rows. It raises
all reasons of a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, transaction

from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, Reason, TransitionRefused
from secondsource.core.models import Record
from secondsource.core.records import refused_by_database

S = TypeVar("S", bound=Record)


@dataclass(frozen=True)
class Move:
    """A call of a move: actor, note and data; the effect can add ``facts`` to its event."""

    actor: Actor
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


Guard = Callable[[Any, Move], Iterable[Reason]]
Effect = Callable[[Any, Move], None]
Target = str | Callable[[Any, Move], str]


@dataclass(frozen=True)
class MoveDefinition:
    """The definition of a move: source states, target, permission, guards and effect."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: Target
    permission: str
    guards: tuple[Guard, ...] = ()
    effect: Effect | None = None
    needs_note: bool = False

    def target_of(self, obj: Any, move: Move) -> str:
        """The state of ``obj`` after this move."""
        return self.target if isinstance(self.target, str) else self.target(obj, move)


@dataclass(frozen=True)
class OfferedMove:
    """An offered move with the reasons against it."""

    name: str
    label: str
    allowed: bool
    reasons: list[Reason]
    needs_note: bool

    def as_json(self) -> dict[str, Any]:
        """The offer as the API shows it."""
        return {
            "name": self.name,
            "label": self.label,
            "allowed": self.allowed,
            "needs_note": self.needs_note,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


class Workflow(Generic[S]):
    """The moves of a model's ``state``."""

    def __init__(
        self, model: type[S], transitions: Iterable[MoveDefinition], *, after: Effect | None = None
    ) -> None:
        """``after`` runs after every saved move in its transaction."""
        self.model, self.after = model, after
        self.transitions = {transition.name: transition for transition in transitions}

    def action(self, name: str) -> str:
        """The action of this move's events."""
        return f"{audit.label(self.model)}.{name}"

    def offered(
        self, obj: S, actor: Actor, data: Mapping[str, Any] | None = None
    ) -> list[OfferedMove]:
        """The moves of the object's state, with all reasons against each for this actor.

        ``data`` is that of the move.
        """
        move = Move(actor, data=data or {})
        return [
            self._offer(transition, obj, move)
            for transition in self.transitions.values()
            if obj.state in transition.sources  # type: ignore[attr-defined]
        ]

    def _offer(self, transition: MoveDefinition, obj: S, move: Move) -> OfferedMove:
        reasons = self._unmet(transition, obj, move)
        return OfferedMove(
            transition.name, transition.label, not reasons, reasons, transition.needs_note
        )

    def _unmet(self, transition: MoveDefinition, obj: S, move: Move) -> list[Reason]:
        reasons = []
        if not move.actor.may(transition.permission, obj):
            reasons.append(Reason("not_permitted", f"You may not “{transition.label}” here.", ""))
        for guard in transition.guards:
            reasons.extend(guard(obj, move))
        return reasons

    def fire(
        self,
        pk: int,
        name: str,
        *,
        actor: Actor,
        note: str = "",
        data: Mapping[str, Any] | None = None,
        expected: int | None = None,
    ) -> S:
        """Do the move, or raise all reasons against it.

        Raises ``Stale``, ``PermissionRefused``, ``TransitionRefused``, ``Model.DoesNotExist``, and
        ``Duplicate`` if the new state violates uniqueness.
        """
        move = Move(actor, note.strip(), data or {})
        with transaction.atomic():
            obj = self.model._default_manager.select_for_update(of=("self",), no_key=True).get(
                pk=pk
            )
            audit.check_version(obj, expected)
            transition = self._judge(obj, name, move)
            before = obj.state  # type: ignore[attr-defined]
            obj.state = transition.target_of(obj, move)  # type: ignore[attr-defined]
            traces.attribute(actor, note)
            if transition.effect:
                transition.effect(obj, move)
            self._save(obj, actor, note or transition.label)
            change = {"from": before, "to": obj.state, **move.facts}  # type: ignore[attr-defined]
            action = self.action(transition.name)
            audit.record(action, obj, actor, note=move.note, data=change)
            if self.after:
                self.after(obj, move)
        return obj

    def _save(self, obj: S, actor: Actor, note: str) -> None:
        try:
            audit.save_as(obj, actor, note)
        except IntegrityError as error:
            raise refused_by_database(error, "Another object has this state already.") from None

    def _judge(self, obj: S, name: str, move: Move) -> MoveDefinition:
        transition = self.transitions.get(name)
        state = obj.state  # type: ignore[attr-defined]
        if transition is None:
            raise TransitionRefused.one("unknown_move", f"There is no move {name!r}.")
        if state not in transition.sources:
            raise TransitionRefused.one(
                "wrong_state", f"{transition.label} is not possible while {state}."
            )
        if not move.actor.may(transition.permission, obj):
            raise PermissionRefused(
                f"You may not “{transition.label}” here.",
                move.actor.way_to(transition.permission, obj),
            )
        reasons = [reason for guard in transition.guards for reason in guard(obj, move)]
        if transition.needs_note and not move.note:
            reasons.insert(0, Reason("note_missing", "A reason is needed.", "Write why."))
        if reasons:
            raise TransitionRefused(reasons)
        return transition
