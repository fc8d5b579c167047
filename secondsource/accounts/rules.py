"""Permission predicates of people and roles, registered under the names of ``rights.RIGHTS``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rules

from secondsource.accounts.rights import HIDDEN_FIELDS, RIGHTS, Role
from secondsource.core.actors import scope_of


def has_any_role(roles: Iterable[str], *, by_token: bool = False) -> rules.Predicate:
    """A predicate: an active person with one of ``roles``.

    ``by_token``: an integration holds it by its token, so never in a browser.
    """
    wanted = frozenset(str(role) for role in roles)
    in_browser = wanted - {Role.INTEGRATION} if by_token else wanted

    @rules.predicate
    def holds(user: Any, obj: Any = None) -> bool:
        if not user.is_active:
            return False
        return bool((in_browser if user.in_browser else wanted).intersection(user.roles))

    return holds


#: Read by token alone: the pages show prices, the API leaves them out without the scope ``prices``.
READ_BY_TOKEN = {
    "suppliers.view_offer", "suppliers.view_quote", "suppliers.view_priceagreement",
    "incentives.view_negotiation", "incentives.view_split",
}  # fmt: skip

for name, roles in RIGHTS.items():
    by_token = scope_of(name) != "read" or name in READ_BY_TOKEN
    rules.add_perm(name, has_any_role(roles, by_token=by_token))

# For pages; an integration sees hidden fields only by a token.
for group, roles in HIDDEN_FIELDS.items():
    rules.add_perm(f"accounts.see_{group}", has_any_role(roles - {Role.INTEGRATION}))
