"""Permission predicates of cases, by roles and functions in the team."""

from __future__ import annotations

from typing import Any

import rules

from secondsource.accounts.rights import HIDDEN_FIELDS, HOLDERS, Function, Role
from secondsource.accounts.rules import has_any_role
from secondsource.accounts.visibility import hide

#: Readers without prices see it with two digits (``economics.readers.inputs``).
hide("qualification.businesscase", "prices", "saving_per_year")

_workers = has_any_role(
    [Role.ENGINEER, Role.QUALITY, Role.PROCUREMENT, Role.INTEGRATION], by_token=True
)
_quality = has_any_role([Role.QUALITY])
_signers = has_any_role(frozenset().union(*HOLDERS.values()))
_sees_prices = has_any_role(HIDDEN_FIELDS["prices"], by_token=True)
_sees_sums = has_any_role(HIDDEN_FIELDS["exposure"], by_token=True)
_superiors = has_any_role([Role.EXECUTIVE, Role.ADMIN])
_no_admin_only = has_any_role(
    [r for r in Role if r not in (Role.ADMIN, Role.VIEWER)], by_token=True
)


@rules.predicate
def is_lead(user: Any, case: Any = None) -> bool:
    """The person is the lead of this case."""
    return case is not None and case.lead_id == user.pk


@rules.predicate
def is_sponsor(user: Any, case: Any = None) -> bool:
    """The person is the sponsor of this case."""
    return case is not None and case.sponsor_id == user.pk


@rules.predicate
def _has_no_sponsor(user: Any, case: Any = None) -> bool:
    """The case has no sponsor."""
    return case is not None and case.sponsor_id is None


@rules.predicate
def in_team(user: Any, case: Any = None) -> bool:
    """The person is lead, sponsor or member of the team of this case."""
    if case is None:
        return True
    return (
        is_lead(user, case)
        or is_sponsor(user, case)
        or any(member.user_id == user.pk for member in case.team.all())
    )


@rules.predicate
def _wrote(user: Any, lesson: Any = None) -> bool:
    """The person wrote the lesson."""
    return lesson is not None and lesson.author_id == user.pk


#: Project cost is seen by everybody with prices and by the case's own people.
_sees_cost = _sees_sums & (_sees_prices | in_team)

rules.add_perm("qualification.open_case", _workers)
rules.add_perm("qualification.view_cost", _sees_cost)
rules.add_perm("qualification.plan_cost", _workers & _sees_cost)
rules.add_perm("qualification.log_cost", _sees_cost & (_workers | (_signers & in_team)))
rules.add_perm("qualification.lead_case", _workers & is_lead)
rules.add_perm("qualification.pass_case", _workers & is_lead)
rules.add_perm("qualification.close_case", _workers & is_lead)
rules.add_perm("qualification.reject_case", _quality | is_sponsor)
rules.add_perm("qualification.reopen_case", _quality | is_sponsor)
rules.add_perm("qualification.rollback_case", _quality | (_workers & is_lead))
rules.add_perm("qualification.sign_case", _signers & in_team)
rules.add_perm(
    "qualification.judge_deviation", has_any_role(HOLDERS[Function.ENGINEERING]) & in_team
)
rules.add_perm("qualification.confirm_deviation", _quality & in_team)
rules.add_perm("qualification.change_lesson", _quality | (_workers & _wrote))
rules.add_perm("qualification.judge_holdpoint", _quality | (_workers & is_lead))
rules.add_perm("qualification.waive_test", has_any_role([Role.ENGINEER, Role.QUALITY]) & in_team)
rules.add_perm("qualification.decide_lot", _quality)
rules.add_perm("qualification.judge_ppap", _quality)
rules.add_perm("qualification.staff_case", _workers & (is_lead | _quality))
rules.add_perm(
    "qualification.name_sponsor", (_workers & is_lead & _has_no_sponsor) | is_sponsor | _superiors
)
rules.add_perm("qualification.discuss_case", _no_admin_only)
rules.add_perm("qualification.approve_pilotplan", _quality)
rules.add_perm("qualification.make_dossier", _no_admin_only)
