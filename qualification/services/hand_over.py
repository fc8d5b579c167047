"""Handing one's open work over to another person, all of it or what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from django.db import transaction

from qualification.guards import gate_of, required_functions
from qualification.held_work import Held, held_by
from qualification.models import Case
from qualification.models.cases import GATES, State, gates_from
from qualification.owners import owner_problems
from qualification.services.team import change_lead, name_sponsor, pass_function_on
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    Refused,
    RuleRefused,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.records import change

HANDED_OVER = "qualification.case.work_handed_over"
_LONGEST = 2000


@transaction.atomic
def hand_over(
    *, to: User | None, reason: str, actor: Actor, keys: Collection[str] | None = None
) -> list[Held]:
    """Hand over what the actor holds, or of it what ``keys`` name (``held_work.Held.key``).

    All of it or nothing. Raises ``RuleRefused`` with a reason for everything that cannot be handed
    over: what the actor does not hold any more, a function that the other person may not hold or
    that would make them sign a gate twice, a case that they do not see.
    """
    giver = actor.user
    if giver is None:
        raise PermissionRefused("Only a person hands over their work.")
    refuse_values(_problems(giver, to, reason, keys))
    assert to is not None
    cases = {held.case.pk for held in held_by(giver)}
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=cases).order_by("pk"))
    held = {one.key: one for one in held_by(giver)}  # read again: the cases are locked now
    wanted = list(held) if keys is None else list(dict.fromkeys(keys))
    reasons = [_not_held(key) for key in wanted if key not in held]
    chosen = sorted((held[key] for key in wanted if key in held), key=_order)
    if not wanted:
        reasons.append(Reason("nothing_held", "You hold no open work."))
    for one in chosen:
        reasons += _hand(one, to, reason.strip(), actor)
    if reasons:
        raise RuleRefused(reasons)
    _tell(chosen, to, reason.strip(), actor)
    return chosen


#: A lead staffs the team before leaving; who joined it sees its steps.
_KINDS = ("function", "sponsor", "lead", "step", "action", "rollback")


def _order(one: Held) -> tuple[int, int]:
    return _KINDS.index(one.kind), one.case.number


def _not_held(key: str) -> Reason:
    detail = f"You do not hold {key} any more: somebody handed it over or it is done."
    return Reason("not_held", detail, "Open the page again.", key)


def _problems(
    giver: User, to: User | None, reason: str, keys: Collection[str] | None
) -> Iterator[FieldProblem]:
    if to is None:
        yield FieldProblem("/to", "required", "Choose a person.")
    elif to.pk == giver.pk:
        yield FieldProblem("/to", "oneself", "Choose somebody else.")
    else:
        yield from owner_problems(to, "/to")
    if not reason.strip():
        yield FieldProblem("/reason", "required", "Give the reason.")
    elif len(reason) > _LONGEST:
        yield FieldProblem("/reason", "too_long", "At most 2,000 characters.")
    if keys is not None and not keys:
        yield FieldProblem("/keys", "required", "Choose what you hand over.")


def _hand(one: Held, to: User, reason: str, actor: Actor) -> list[Reason]:
    """Hand one thing over. Returns why it cannot be, each reason with the case's key."""
    try:
        with transaction.atomic():
            _HANDLERS[one.kind](one, to, reason, actor)
    except (Refused, ValuesRefused) as refusal:
        told = refusal.reasons if isinstance(refusal, Refused) else refusal.problems
        return [
            Reason(why.code, f"{one.case.key}, {one.title}: {why.detail}",
                   getattr(why, "fix", ""), one.key)
            for why in told
        ]  # fmt: skip
    return []


def _hand_function(one: Held, to: User, reason: str, actor: Actor) -> None:
    case = Case.objects.get(pk=one.case.pk)
    team = [(member.user, str(member.function)) for member in case.team.select_related("user")]
    _refuse_second_signature(case, to, one.function, team)
    pass_function_on(case=case, function=one.function, to=to, actor=actor)


def _refuse_second_signature(
    case: Case, to: User, function: str, team: list[tuple[User, str]]
) -> None:
    """Nobody signs for two required functions of one gate."""
    others = {what for person, what in team if person.pk == to.pk and what != function}
    others |= {str(Function.SPONSOR)} if case.sponsor_id == to.pk else set()
    ahead = GATES if case.state == State.DRAFT else gates_from(gate_of(case))
    for gate in ahead:
        asked = set(map(str, required_functions(case, gate)))
        if function in asked and (twice := others & asked):
            held = ", ".join(sorted(Function(what).label.lower() for what in twice))
            raise RuleRefused.one(
                "second_signature",
                f"{to.name} signs for {held} already, and nobody signs a gate for two functions.",
                "Choose somebody else for this function.",
            )


def _hand_owned(one: Held, to: User, reason: str, actor: Actor) -> None:
    """A step, an action or a step of the rollback: another owner changes nothing that was signed,
    and a rollback that was rehearsed stays so.
    """
    _refuse_unseen(one.case, to)
    row = type(one.subject).objects.select_for_update(of=("self",)).get(pk=one.subject.pk)
    change(row, {"owner": to}, actor, allowed=frozenset({"owner"}))


def _refuse_unseen(case: Case, to: User) -> None:
    if not Case.objects.visible_to(to).filter(pk=case.pk).exists():
        raise RuleRefused.one(
            "not_seen", f"{to.name} does not see this case: it is outside of their plants.",
            "Add them to the team first.",
        )  # fmt: skip


def _hand_sponsor(one: Held, to: User, reason: str, actor: Actor) -> None:
    name_sponsor(case=one.case, sponsor=to, actor=actor, note=reason)


def _hand_lead(one: Held, to: User, reason: str, actor: Actor) -> None:
    change_lead(case=one.case, lead=to, actor=actor, note=reason)


_HANDLERS: dict[str, Callable[[Held, User, str, Actor], None]] = {
    "function": _hand_function,
    "step": _hand_owned,
    "action": _hand_owned,
    "rollback": _hand_owned,
    "sponsor": _hand_sponsor,
    "lead": _hand_lead,
}


def _tell(handed: list[Held], to: User, reason: str, actor: Actor) -> None:
    """An event for each case, which notifies the other person."""
    by_case: dict[int, list[Held]] = {}
    for one in handed:
        by_case.setdefault(one.case.pk, []).append(one)
    for things in by_case.values():
        audit.record(
            HANDED_OVER, things[0].case, actor, note=reason,
            data={"receiver": {"after": to.pk}, "what": [one.title for one in things]},
        )  # fmt: skip
