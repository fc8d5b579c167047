"""Permission predicates of people and roles, registered under the names of ``rights.RIGHTS``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rules

from secondsource.accounts.rights import HIDDEN_FIELDS, RIGHTS, Role
from secondsource.core.actors import scope_of


def has_any_role(roles: Iterable[str], *, writes: bool = False) -> rules.Predicate:
    """A predicate: an active person with one of ``roles``.

    ``writes``: an integration holds it by its token's scope, so never in a browser.
    """
    wanted = frozenset(str(role) for role in roles)
    in_browser = wanted - {Role.INTEGRATION} if writes else wanted

    @rules.predicate
    def holds(user: Any, obj: Any = None) -> bool:
        if not user.is_active:
            return False
        return bool((in_browser if user.in_browser else wanted).intersection(user.roles))

    return holds


for name, roles in RIGHTS.items():
    rules.add_perm(name, has_any_role(roles, writes=scope_of(name) != "read"))

# What pages ask; an integration sees hidden fields by token only.
for group, roles in HIDDEN_FIELDS.items():
    rules.add_perm(f"accounts.see_{group}", has_any_role(roles - {Role.INTEGRATION}))
