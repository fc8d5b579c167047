"""Permission predicates and hidden fields of negotiations, splits, savings and shared credit."""

from __future__ import annotations

from typing import Any

import rules

from qualification.rules import in_team
from secondsource.accounts.rights import Role
from secondsource.accounts.rules import has_any_role
from secondsource.accounts.visibility import hide

hide("incentives.baseline", "prices", "price", "currency")
hide(
    "incentives.savingline", "prices",
    "baseline_price", "paid_price", "amount", "currency", "fx_effect",
    "market_effect",
)  # fmt: skip
hide("incentives.poolbase", "prices", "validated", "rebate_lost", "project_cost", "net")


@rules.predicate
def _outside(user: Any, case: Any = None) -> bool:
    """The person is not lead, sponsor or member of the team of this case."""
    return case is None or not in_team.test(user, case)


#: Finance validates savings of a case in whose team it is not.
rules.add_perm("incentives.validate_saving", has_any_role([Role.FINANCE]) & _outside)
rules.add_perm("incentives.close_month", has_any_role([Role.FINANCE]))
hide("incentives.negotiationround", "prices", "target_price", "should_cost")
hide("incentives.roundprice", "prices", "price")
hide("incentives.awardline", "prices", "price")
hide("incentives.splitproposal", "prices", "yearly_cost")
hide("incentives.splitproposal", "exposure", "exposure")
hide("incentives.splitshare", "prices", "unit_cost")


@rules.predicate
def _proposed_by_another(user: Any, split: Any = None) -> bool:
    """The person did not propose the split."""
    return split is None or split.proposed_by_id != user.pk


@rules.predicate
def _proposed(user: Any, split: Any = None) -> bool:
    """The person proposed the split."""
    return split is None or split.proposed_by_id == user.pk


rules.add_perm(
    "incentives.withdraw_split",
    has_any_role([Role.ENGINEER, Role.QUALITY, Role.PROCUREMENT]) & _proposed,
)
#: Nobody: the job closes what is overtaken.
rules.add_perm("incentives.follow_split", rules.always_false)
rules.add_perm("incentives.decide_split", has_any_role([Role.PROCUREMENT]) & _proposed_by_another)
