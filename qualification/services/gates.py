"""Services for the signatures of a gate."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from qualification import effects, guards, linked_work
from qualification.models import Case, SignOff
from qualification.models.cases import GATES, State, gates_from
from qualification.services import business_case
from qualification.services.work import locked_case
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function, holders_in_words
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, Reason, RuleRefused
from secondsource.core.records import create
from secondsource.core.workflow import Move


def functions_of(case: Case, user: User) -> list[str]:
    """Functions for which the person can sign: they have them in the team and a role for them."""
    held = [m.function for m in case.team.all() if m.user_id == user.pk]
    if case.sponsor_id == user.pk:
        held.append(Function.SPONSOR)
    return [str(function) for function in held if user.is_active and user.may_hold(function)]


@transaction.atomic
def sign(
    *, case: Case, function: str, actor: Actor, note: str = "", expected: int | None = None
) -> SignOff:
    """Sign the gate for a function that the person has in the team and a role for.

    Each person signs a gate once (four eyes); the sponsor signs last; the transition is signed
    after its last hold point. Roles are read again from the database. The signature keeps the
    version of the case; each change of the work of its gate raises that version. Raises
    ``PermissionRefused``, ``RuleRefused`` with every reason, ``Stale``.
    """
    case = locked_case(case, expected)
    if actor.user is None:
        raise PermissionRefused("Only a person signs.")
    actor.require("qualification.sign_case", case)
    person = User.objects.get(pk=actor.user.pk)
    given = Prefetch("sign_offs", SignOff.objects.select_related("signed_by"))
    prefetch_related_objects([case], "team", "required_signatures", given)
    if function not in functions_of(case, person):
        raise _not_a_signer(case, function, person)
    reasons = _against_signing(case, function, person)
    if reasons:
        raise RuleRefused(reasons)
    later = gates_from(case.state)
    if any(
        (s.function, s.voided_at) == (function, None) and s.gate in later
        for s in case.sign_offs.all()
    ):
        why = f"given without the role {holders_in_words(function)}"
        effects.void_signatures(
            case, from_gate=case.state, move=Move(actor), why=why, functions=(function,)
        )
    if case.state == State.BUSINESS_CASE:
        business_case.freeze(case, actor)
    signature = create(
        SignOff(
            case=case, gate=case.state, function=function, signed_by=actor.user,
            signed_at=clock.now(), note=note.strip(), case_version=case.version,
            work_versions=linked_work.versions(case, case.state),
        ),
        actor,
        reason=note,
        duplicate=f"{Function(function).label} has signed already.",
    )  # fmt: skip
    audit.record(
        "qualification.case.signed", case, actor, note=note,
        data={"gate": case.state, "function": function},
    )  # fmt: skip
    return signature


def _not_a_signer(case: Case, function: str, person: User) -> PermissionRefused:
    holds = any(m.user_id == person.pk and m.function == function for m in case.team.all())
    if holds or (function == Function.SPONSOR and case.sponsor_id == person.pk):
        return PermissionRefused(
            f"You have the function {function} in this case, but not the role "
            f"{holders_in_words(function)}.",
        )
    return PermissionRefused(
        f"You do not sign for {function} in this case.", "The case lead can change the team."
    )


def _against_signing(case: Case, function: str, user: User) -> list[Reason]:
    if case.state not in GATES:
        return [Reason("no_gate", f"A case that is {case.get_state_display()} cannot be signed.")]
    gate = State(case.state)
    if function not in guards.required_functions(case, gate):
        return [Reason("not_required", f"This gate needs no signature of {function}.")]
    move = Move(Actor(user))
    reasons = [
        *guards.checklist_is_done(case, move),
        *guards.hold_points_are_judged(case, move),
    ]
    standing = guards.standing_signatures(case, gate)
    if any(s.function == function and guards.counts(s) for s in standing):
        reasons.append(Reason("signed", f"{Function(function).label} has signed already."))
    elif any(s.signed_by_id == user.pk for s in standing):
        reasons.append(
            Reason(
                "four_eyes",
                "You have signed this gate for another function.",
                "Somebody else signs.",
            )
        )
    missing = guards.missing_signatures(case, gate)
    if function == Function.SPONSOR and missing != [Function.SPONSOR]:
        reasons.append(Reason("sponsor_last", "The sponsor signs after all others."))
    return reasons
