"""Hidden fields, declared once for pages, API, export, filter, ordering, search and history."""

from __future__ import annotations

from typing import Any

from secondsource.accounts.rights import HIDDEN_FIELDS, Role
from secondsource.core.actors import Actor

#: model label → field name → group of hidden fields (``rights.HIDDEN_FIELDS``).
FIELD_GROUPS: dict[str, dict[str, str]] = {}


def hide(model_label: str, group: str, *names: str) -> None:
    """Declare fields of a model as belonging to a hidden group (in an app's ``rules.py``)."""
    FIELD_GROUPS.setdefault(model_label, {}).update(dict.fromkeys(names, group))


def sees(actor: Actor | Any, group: str) -> bool:
    """Whether an actor (or a signed-in user) sees the fields of ``group``.

    A token sees a group only with the scope of that name, an integration role only by token.
    """
    if not isinstance(actor, Actor):
        actor = Actor(user=actor)
    if actor.user is None:
        return bool(actor.job)
    if actor.scopes is not None and group in ("prices", "margins") and group not in actor.scopes:
        return False
    roles = set(actor.user.roles)
    if actor.scopes is None:
        roles.discard(Role.INTEGRATION)
    return bool(actor.user.is_active and roles & HIDDEN_FIELDS[group])


def hidden_names(actor: Actor | Any, model_label: str) -> set[str]:
    """Names of the model's fields that are hidden from this actor."""
    groups = FIELD_GROUPS.get(model_label, {})
    unseen = {group for group in set(groups.values()) if not sees(actor, group)}
    return {name for name, group in groups.items() if group in unseen}
