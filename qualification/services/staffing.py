"""Who leads a case, and who stands for which function in its team."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from qualification.guards import require_open
from qualification.models import Case, TeamMember
from secondsource.accounts.models import User
from secondsource.accounts.rights import CASE_WORKERS, Function
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, ValuesRefused


@transaction.atomic
def change_lead(
    *, case: Case, lead: User, actor: Actor, note: str = "", expected: int | None = None
) -> Case:
    """Hand an open case over to another lead: by its lead, or by quality.

    Signatures stand: they are of functions, not of the lead. Raises ``Stale``,
    ``PermissionRefused``, ``RuleRefused`` for a case that is over, ``ValuesRefused`` for somebody
    who does no work in cases or leads this one already.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    audit.check_version(case, expected)
    actor.require("qualification.staff_case", case)
    require_open(case)
    problems = lead_problems(lead)
    if lead.pk == case.lead_id:
        problems.append(FieldProblem("/lead", "leads_already", f"{lead.name} leads it already."))
    if problems:
        raise ValuesRefused(problems)
    before, case.lead = case.lead_id, lead
    audit.save_as(case, actor, note or "lead")
    audit.record(
        "qualification.case.handed_over", case, actor, note=note,
        data={"lead": {"before": before, "after": lead.pk}},
    )  # fmt: skip
    return case


def lead_problems(lead: User | None) -> list[FieldProblem]:
    """Why somebody cannot lead a case; nobody is told apart from somebody who may not."""
    if lead is None:
        return [FieldProblem("/lead", "required", "A case needs a lead.")]
    if not lead.is_active:
        return [FieldProblem("/lead", "inactive", f"{lead.name} has left.")]
    if not CASE_WORKERS.intersection(lead.roles):
        return [
            FieldProblem("/lead", "not_a_worker", f"{lead.name} does no work in qualifications.")
        ]
    return []


@transaction.atomic
def set_team(
    *,
    case: Case,
    members: Iterable[tuple[User, str]],
    actor: Actor,
    expected: int | None = None,
) -> list[TeamMember]:
    """Replace the team by (person, function) pairs; signatures that stand stay valid.

    Raises ``ValuesRefused`` for an unknown function, a person twice in one, somebody inactive.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    audit.check_version(case, expected)
    actor.require("qualification.staff_case", case)
    require_open(case)
    pairs = list(members)
    problems = [
        FieldProblem(f"/team/{i}/function", "unknown_function", f"{function!r} is no function.")
        for i, (_, function) in enumerate(pairs)
        if function not in Function.values or function == Function.SPONSOR
    ]
    problems += [
        FieldProblem(f"/team/{i}/person", "inactive", f"{user.name} has left.")
        for i, (user, _) in enumerate(pairs)
        if not user.is_active
    ]
    if len(set(pairs)) != len(pairs):
        problems.append(FieldProblem("/team", "duplicate", "A person stands twice in a function."))
    if problems:
        raise ValuesRefused(problems)
    TeamMember.objects.filter(case=case).delete()
    team = TeamMember.objects.bulk_create(
        [TeamMember(case=case, user=user, function=function) for user, function in pairs]
    )
    names = [{"person": user.pk, "function": str(function)} for user, function in pairs]
    audit.save_as(case, actor, "team")
    audit.record("qualification.case.staffed", case, actor, data={"team": names})
    return team
