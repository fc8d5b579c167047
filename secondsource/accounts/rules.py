"""Permission predicates of people and roles, registered under the names of ``rights.RIGHTS``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rules

from secondsource.accounts.rights import HIDDEN_FIELDS, RIGHTS, Role


def has_any_role(roles: Iterable[str]) -> rules.Predicate:
    """A predicate: an active person with one of ``roles``."""
    wanted = frozenset(str(role) for role in roles)

    @rules.predicate
    def holds(user: Any, obj: Any = None) -> bool:
        return bool(user.is_active and wanted.intersection(user.roles))

    return holds


for name, roles in RIGHTS.items():
    rules.add_perm(name, has_any_role(roles))

# What pages ask; an integration sees hidden fields by token only.
for group, roles in HIDDEN_FIELDS.items():
    rules.add_perm(f"accounts.see_{group}", has_any_role(roles - {Role.INTEGRATION}))
