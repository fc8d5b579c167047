"""Permission predicates of pools and shares, beside the rights of the roles."""

from __future__ import annotations

from typing import Any

import rules

from secondsource.accounts.rights import Role
from secondsource.accounts.rules import has_any_role

_earners = has_any_role(
    [Role.ENGINEER, Role.QUALITY, Role.PROCUREMENT, Role.FINANCE, Role.EXECUTIVE]
)


@rules.predicate
def _is_own(user: Any, allocation: Any = None) -> bool:
    """The share is this person's."""
    return allocation is not None and allocation.person_id == user.pk


rules.add_perm("incentives.agree_share", _earners & _is_own)
#: Nobody: the ledger claws back.
rules.add_perm("incentives.follow_ledger", rules.always_false)
