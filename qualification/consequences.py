"""Preview of a move: the source's status, its caps, and orders before and after."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.text import capfirst

from qualification import facts
from qualification.models import Case, SignOff
from qualification.models.cases import State, gates_from
from qualification.workflow import CASE_FLOW
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.formats import day, number, percent
from secondsource.core.workflow import Move
from suppliers.derivation import SourceState, derive
from suppliers.models import Source

_PREVIEW = Actor.named_job("preview")


@dataclass(frozen=True)
class SourceTerms:
    """A source's status and its caps for orders; None = no cap."""

    status: str
    share_cap: Decimal | None
    units_left: Decimal | None


@dataclass(frozen=True)
class Consequence:
    """A row of the comparison: its label, and the values now and after the move."""

    label: str
    now: str
    after: str

    @property
    def changes(self) -> bool:
        """Whether the values differ."""
        return self.now != self.after


def target(case: Case, name: str, to: str = "") -> str:
    """The state after the move; ``to`` is the gate chosen for a send-back or reopening."""
    move = Move(Actor(), data={"to": to} if to else {})
    return CASE_FLOW.transitions[name].target_of(copy.copy(case), move)


def changes(case: Case, source: Source, name: str, to: str = "") -> list[Consequence]:
    """State, source status, caps and the answer to an order, now and after the move."""
    state = target(case, name, to)
    now, after = _row(source, _derived(source)), _row_after(case, source, name, to)
    return [
        Consequence("Case", in_words(case.state), in_words(state)),
        Consequence("Source", _status(now), _status(after)),
        Consequence("Share of a month's demand", _share(now), _share(after)),
        Consequence("Units left", _units(now), _units(after)),
        Consequence("Orders", answer(now, source), answer(after, source)),
        _counting(source, now, after),
    ]


def _counting(source: Source, now: SourceTerms, after: SourceTerms) -> Consequence:
    """The number of counted sources: approved and not nominal."""
    others = (
        Source.objects.filter(part=source.part_id, status=Source.Status.APPROVED)
        .exclude(independence=Source.Independence.NOMINAL)
        .exclude(pk=source.pk)
        .count()
    )
    approved = Source.Status.APPROVED
    counting = source.status == approved and source.independence != Source.Independence.NOMINAL
    second = counting or source.would_count
    counts = [others + int(second and row.status == approved) for row in (now, after)]
    return Consequence("Approved sources", *(number(count) for count in counts))


def _row_after(case: Case, source: Source, name: str, to: str) -> SourceTerms:
    """The terms after the move: its facts are written in a transaction that is rolled back."""
    with transaction.atomic():
        before = transaction.savepoint()
        try:
            moved = Case.objects.get(pk=case.pk)
            move = Move(_PREVIEW, data={"to": to} if to else {})
            moved.state = CASE_FLOW.transitions[name].target_of(moved, move)
            facts.write(moved, _PREVIEW)
            Case.objects.filter(pk=case.pk).update(
                state=moved.state, held_from=moved.held_from, held_at=moved.held_at
            )
            return _row(source, _derived(source))
        finally:
            transaction.savepoint_rollback(before)


def _derived(source: Source) -> SourceState:
    return derive([source.part_id], clock.business_day())[source.pk]


def _row(source: Source, state: SourceState) -> SourceTerms:
    if state.quantity_cap is None:
        return SourceTerms(state.status, state.share_cap, None)
    since = state.quantity_since or clock.now()
    found = Source.objects.with_units_left(state.quantity_cap, since).get(pk=source.pk)
    return SourceTerms(state.status, state.share_cap, found.units_left)


def in_words(state: str) -> str:
    """A state with a capital: ``Spec review``, ``FMEA``."""
    return str(capfirst(State(state).label))


def _status(row: SourceTerms) -> str:
    return str(capfirst(Source.Status(row.status).label))


def _share(row: SourceTerms) -> str:
    return "no cap" if row.share_cap is None else f"up to {percent(row.share_cap)}"


def _units(row: SourceTerms) -> str:
    return "no cap" if row.units_left is None else number(row.units_left)


def answer(row: SourceTerms, source: Source) -> str:
    """The answer of ``/check/`` to an order under these terms."""
    left = row.units_left or Decimal(0)
    if row.status == Source.Status.IN_QUALIFICATION:
        return f"allowed up to {number(left)} units" if left else "blocked"
    if row.status == Source.Status.INTERIM:
        until = source.approval.valid_to if source.approval else None
        last = f" until {day(until)}" if until else ""
        return f"allowed up to {number(left)} units{last}"
    if row.status == Source.Status.APPROVED:
        return "allowed" if row.share_cap is None else f"allowed, warned above {_share(row)[6:]}"
    if row.status == Source.Status.REQUALIFY and row.share_cap != 0:
        return "warned"
    return "warned" if row.status == Source.Status.PHASE_OUT else "blocked"


#: Moves that end or undo something: the page that confirms them has the focus on Cancel.
GRAVE = ("reject", "withdraw", "roll_back")

#: Move → how to undo it. Nothing is deleted; another move reverses it.
_REVERSAL = {
    "submit": "a submitted case stays submitted; the lead can put it on hold or withdraw it.",
    "pass": "the lead sends the case back with a reason. Later signatures become void.",
    "close": "quality or the lead rolls the case back. It then no longer counts as a conversion.",
    "send_back": "the case passes the gates again, each with new signatures.",
    "hold": "the lead resumes the case at the same gate, with the same caps.",
    "resume": "the lead puts the case on hold again.",
    "reject": "quality or the sponsor reopens the case at the business case.",
    "withdraw": "not possible. A new case on the source starts as a draft.",
    "roll_back": "quality or the sponsor reopens the case at the pilot build or the spec review.",
    "reopen": "quality or the sponsor rejects the case, or the lead withdraws it.",
}


def way_back(name: str) -> str:
    """How to undo a move, in a sentence."""
    return f"To undo: {_REVERSAL[name]}"


#: Moves with the case's key inside their name.
_AROUND = {
    "hold": "Put {key} on hold", "send_back": "Send {key} back", "roll_back": "Roll {key} back"
}  # fmt: skip


def act(case: Case, name: str) -> str:
    """The title of a move: ``Put SSQ-0003 on hold``, ``Pass SSQ-0001 to spec review``."""
    transition = CASE_FLOW.transitions.get(name)
    if transition is None:
        return f"Move {case.key}"
    if name == "pass" and case.state in transition.sources:
        label = State(target(case, name)).label
        return f"Pass {case.key} to {label}"
    return _AROUND.get(name, f"{transition.label} {{key}}").format(key=case.key)


def seen_by(case: Case, actor: Actor) -> list[str]:
    """The people who are notified: lead, sponsor and team, without the actor."""
    people = {case.lead_id: case.lead}
    if case.sponsor is not None:
        people[case.sponsor.pk] = case.sponsor
    people |= {member.user_id: member.user for member in case.team.select_related("user")}
    own = actor.user.pk if actor.user else None
    return sorted(str(person) for key, person in people.items() if key != own)


def voided(case: Case, signatures: Iterable[SignOff], name: str, to: str = "") -> list[SignOff]:
    """Signatures that the move voids: those of the gate it leads to and of all later gates."""
    if name not in ("send_back", "reopen"):
        return []
    later = gates_from(target(case, name, to))
    return [s for s in signatures if s.voided_at is None and s.gate in later]
