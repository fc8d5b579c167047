"""Adding and changing plants, product lines and teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from secondsource.accounts.models.plants import Coded, Team
from secondsource.accounts.services.people import MANAGE
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.records import change, create

#: What can be changed of each; codes stand in files and addresses and stay.
CHANGEABLE = frozenset({"name", "country"})

C = TypeVar("C", bound=Coded)


@transaction.atomic
def add_place(*, model: type[C], values: Mapping[str, Any], actor: Actor) -> C:
    """Add a plant, product line or team; ``values`` may have the ``members`` of a team.

    Raises ``Duplicate`` for a code in use, ``ValuesRefused``, ``PermissionRefused``.
    """
    actor.require(MANAGE)
    plain, members = _apart(values)
    row = create(model(**plain), actor, duplicate=f"The code {plain['code']} exists already.")
    if members is not None:
        _set_members(row, members)
    audit.record(f"{audit.label(model)}.added", row, actor)
    return row


@transaction.atomic
def change_place(
    *, row: C, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> C:
    """Change its name, the country of a plant or the members of a team.

    Raises ``Stale``, ``ValuesRefused``, ``PermissionRefused``.
    """
    actor.require(MANAGE)
    plain, members = _apart(values)
    current = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    changed = change(current, plain, actor, allowed=CHANGEABLE, expected=expected)
    if members is None or {one.pk for one in members} == _members(changed):
        return changed
    if changed.version == current.version:
        audit.save_as(changed, actor, "members")
        audit.record(f"{audit.label(type(row))}.changed", changed, actor, data={"fields": []})
    _set_members(changed, members)
    return changed


def _apart(values: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    plain = dict(values)
    members = plain.pop("members", None)
    return {n: v.strip() if isinstance(v, str) else v for n, v in plain.items()}, members


def _members(row: Coded) -> set[int]:
    return set(row.members.values_list("pk", flat=True)) if isinstance(row, Team) else set()


def _set_members(row: Coded, members: Any) -> None:
    if isinstance(row, Team):
        row.members.set(members)
