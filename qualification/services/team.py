"""Services for the lead, sponsor and team of a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from qualification import effects
from qualification.guards import gate_of, require_open
from qualification.models import Case, TeamMember
from qualification.models.cases import GATES
from secondsource.accounts.models import User
from secondsource.accounts.rights import CASE_WORKERS, Function, holders_in_words
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, PermissionRefused, refuse_values
from secondsource.core.workflow import Move


@transaction.atomic
def change_lead(
    *, case: Case, lead: User, actor: Actor, note: str = "", expected: int | None = None
) -> Case:
    """Hand an open case over to another lead, by its lead or by quality.

    Signatures stay valid. Raises ``Stale``,
    ``PermissionRefused``, ``RuleRefused`` for a case that is over, ``ValuesRefused`` for the
    present lead and for people who do not work in cases.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    audit.check_version(case, expected)
    actor.require("qualification.staff_case", case)
    require_open(case)
    problems = lead_problems(lead)
    if lead.pk == case.lead_id:
        problems.append(FieldProblem("/lead", "leads_already", f"{lead.name} leads it already."))
    refuse_values(problems)
    before, case.lead = case.lead_id, lead
    audit.save_as(case, actor, note or "lead")
    audit.record(
        "qualification.case.handed_over", case, actor, note=note,
        data={"lead": {"before": before, "after": lead.pk}},
    )  # fmt: skip
    return case


def lead_problems(lead: User | None) -> list[FieldProblem]:
    """Problems of a lead: none given, or no right to work in cases."""
    if lead is None:
        return [FieldProblem("/lead", "required", "A case needs a lead.")]
    if not lead.is_active:
        return [FieldProblem("/lead", "inactive", f"{lead.name} has left.")]
    if not CASE_WORKERS.intersection(lead.roles):
        return [FieldProblem("/lead", "not_a_worker", f"{lead.name} does not work in cases.")]
    return []


@transaction.atomic
def set_team(
    *,
    case: Case,
    members: Iterable[tuple[User, str]],
    actor: Actor,
    expected: int | None = None,
) -> list[TeamMember]:
    """Replace the team by (person, function) pairs.

    A signature of the present gate becomes void if its signer no longer has the function.
    Raises ``ValuesRefused`` for an unknown function, a repeated pair, and a person who is inactive
    or has no role for the function.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    audit.check_version(case, expected)
    actor.require("qualification.staff_case", case)
    return _replace_team(case, list(members), actor)


@transaction.atomic
def pass_function_on(*, case: Case, function: str, to: User, actor: Actor) -> list[TeamMember]:
    """Give the actor's own function to another person; everybody may, who holds it.

    Refused as in :func:`set_team`, and for a function that the actor does not hold.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    team = [(member.user, str(member.function)) for member in case.team.select_related("user")]
    if (actor.user, function) not in team:
        raise PermissionRefused(f"You do not hold the function {function} in {case.key}.")
    passed = [(actor.user, function), (to, function)]
    kept = [pair for pair in team if pair not in passed]
    return _replace_team(case, [*kept, (to, function)], actor)


def _replace_team(case: Case, pairs: list[tuple[User, str]], actor: Actor) -> list[TeamMember]:
    require_open(case)
    refuse_values(team_problems(pairs))
    traces.attribute(actor, "team")
    TeamMember.objects.filter(case=case).delete()
    team = write_team(case, pairs, actor)
    audit.save_as(case, actor, "team")
    _void_of_former_members(case, set(pairs), actor)
    return team


def team_problems(pairs: Sequence[tuple[User, str]]) -> list[FieldProblem]:
    """Problems of these members."""
    problems = [
        problem
        for i, (user, function) in enumerate(pairs)
        for problem in _member_problems(f"/team/{i}", user, function)
    ]
    if len(set(pairs)) != len(pairs):
        detail = "A person is named twice for one function."
        problems.append(FieldProblem("/team", "duplicate", detail))
    return problems


def write_team(case: Case, pairs: Sequence[tuple[User, str]], actor: Actor) -> list[TeamMember]:
    """Add checked members in the caller's transaction."""
    traces.attribute(actor, "team")
    team = TeamMember.objects.bulk_create(
        [TeamMember(case=case, user=user, function=function) for user, function in pairs]
    )
    names = [{"person": user.pk, "function": str(function)} for user, function in pairs]
    audit.record("qualification.case.staffed", case, actor, data={"team": names})
    return team


def _member_problems(pointer: str, user: User, function: str) -> list[FieldProblem]:
    if function not in Function.values or function == Function.SPONSOR:
        detail = f"{function!r} is not a function."
        return [FieldProblem(f"{pointer}/function", "unknown_function", detail)]
    problems = []
    if not user.is_active:
        problems.append(FieldProblem(f"{pointer}/person", "inactive", f"{user.name} has left."))
    if not user.may_hold(function):
        detail = (
            f"{user.name} cannot hold the function {function}:"
            f" it needs the role {holders_in_words(function)}."
        )
        problems.append(FieldProblem(f"{pointer}/person", "role_missing", detail))
    return problems


def sponsor_problems(sponsor: User | None) -> list[FieldProblem]:
    """Problems of a sponsor. None is allowed before the business case is passed."""
    if sponsor is None:
        return []
    problems = []
    if not sponsor.is_active:
        problems.append(FieldProblem("/sponsor", "inactive", f"{sponsor.name} has left."))
    if not sponsor.may_hold(Function.SPONSOR):
        problems.append(FieldProblem("/sponsor", "not_executive", "A sponsor is an executive."))
    return problems


def _void_of_former_members(case: Case, pairs: set[tuple[User, str]], actor: Actor) -> None:
    gate = gate_of(case)
    if gate not in GATES:
        return
    holders = {(user.pk, str(function)) for user, function in pairs}
    standing = case.sign_offs.filter(gate=gate, voided_at=None).exclude(function=Function.SPONSOR)
    left = {s.function for s in standing if (s.signed_by_id, s.function) not in holders}
    if left:
        why = "the signer no longer holds the function"
        effects.void_signatures(case, from_gate=gate, move=Move(actor), why=why, functions=left)


@transaction.atomic
def name_sponsor(
    *, case: Case, sponsor: User | None, actor: Actor, note: str = "", expected: int | None = None
) -> Case:
    """Name the sponsor of an open case. Another sponsor voids the signature of the former one.

    The lead names the first one. Afterwards the sponsor, an executive or an administrator
    changes it, with a reason. Raises ``Stale``, ``PermissionRefused``, ``ValuesRefused``,
    ``RuleRefused`` for a case that is over.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    audit.check_version(case, expected)
    before = case.sponsor_id
    if (sponsor.pk if sponsor else None) == before:
        return case
    if not actor.may("qualification.name_sponsor", case):
        raise PermissionRefused(
            f"You may not name the sponsor of {case.key}.",
            "The lead names the first sponsor. Afterwards the sponsor, an executive or an"
            " administrator changes it.",
        )
    require_open(case)
    problems = sponsor_problems(sponsor)
    if before and not note.strip():
        problems.append(FieldProblem("/note", "required", "Give the reason for the change."))
    refuse_values(problems)
    case.sponsor = sponsor
    audit.save_as(case, actor, note or "sponsor")
    audit.record(
        "qualification.case.sponsored", case, actor, note=note,
        data={"sponsor": {"before": before, "after": case.sponsor_id}},
    )  # fmt: skip
    if gate_of(case) in GATES:
        effects.void_signatures(
            case, from_gate=gate_of(case), move=Move(actor), why="the case has another sponsor",
            functions=(Function.SPONSOR,),
        )  # fmt: skip
    return case
