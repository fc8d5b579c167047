"""Permission predicates and hidden fields of savings and shared credit."""

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
)  # fmt: skip


@rules.predicate
def _outside(user: Any, case: Any = None) -> bool:
    """The person is not lead, sponsor or member of the team of this case."""
    return case is None or not in_team.test(user, case)


#: Finance validates savings of a case in whose team it is not.
rules.add_perm("incentives.validate_saving", has_any_role([Role.FINANCE]) & _outside)
rules.add_perm("incentives.close_month", has_any_role([Role.FINANCE]))
