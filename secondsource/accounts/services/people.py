"""Adding, changing, deactivating people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from secondsource.accounts.models import Plant, ProductLine, User
from secondsource.accounts.rights import Role
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    Duplicate,
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    Stale,
    ValuesRefused,
    refuse_values,
)
from secondsource.core.records import problems_of

MANAGE = "accounts.manage_people"
#: The fields that an administrator can change; plants and product lines are lists of records.
CHANGEABLE = frozenset({"name", "email", "roles", "plants", "product_lines"})
_SCOPE = ("plants", "product_lines")


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    password: str | None,
    actor: Actor,
    plants: Iterable[Plant] = (),
    product_lines: Iterable[ProductLine] = (),
) -> User:
    """Add a person. Raises ``Duplicate``, ``ValuesRefused``, ``PermissionRefused``.

    Without a password the person cannot sign in until they set one by a link.
    """
    actor.require(MANAGE)
    user = User(
        email=email.strip().lower(), name=name.strip(), roles=_in_order(roles),
        time_zone=str(settings.COMPANY_TIME_ZONE),
    )  # fmt: skip
    problems = _problems(user) + _password_problems(password, user)
    refuse_values(problems)
    user.set_password(password)
    traces.attribute(actor, "added")
    _write(user)
    _set_scope(user, {"plants": plants, "product_lines": product_lines})
    audit.record("accounts.user.added", user, actor, data={"roles": user.roles})
    return user


@transaction.atomic
def change_person(
    *, user: User, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> User:
    """Change what an administrator may change; unchanged values write nothing.

    Raises ``Stale``, ``Duplicate``, ``ValuesRefused``, ``PermissionRefused``, and ``RuleRefused``
    where the change would leave no administrator or take the actor's own role.
    """
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise KeyError(f"not changeable: {sorted(unknown)}")
    row = _locked(user, actor, expected)
    changes = _changes(row, values)
    if not changes:
        return row
    if Role.ADMIN in row.roles and Role.ADMIN not in changes.get("roles", row.roles):
        _check_leaving(row, actor)
    before = list(row.roles)
    for name in changes.keys() - set(_SCOPE):
        setattr(row, name, changes[name])
    refuse_values(_problems(row))
    traces.attribute(actor, "changed")
    row.version += 1
    _write(row)
    _set_scope(row, changes)
    if "email" in changes:  # allauth's own copy of the address would still open the account
        EmailAddress.objects.filter(user=row).delete()
    data: dict[str, Any] = {"fields": sorted(changes)}
    if "roles" in changes:
        data["roles"] = {"before": before, "after": row.roles}
    audit.record("accounts.user.changed", row, actor, data=data)
    return row


def deactivate_person(*, user: User, actor: Actor, expected: int | None = None) -> User:
    """End a person's access at once: sessions, tokens and links. Records still name the person.

    Raises ``RuleRefused`` for oneself and for the last administrator.
    """
    return _set_active(user, False, actor, expected)


def activate_person(*, user: User, actor: Actor, expected: int | None = None) -> User:
    """Give access back with the former roles and scope."""
    return _set_active(user, True, actor, expected)


@transaction.atomic
def _set_active(user: User, active: bool, actor: Actor, expected: int | None) -> User:
    row = _locked(user, actor, expected)
    if row.is_active == active:
        return row
    if not active:
        if row.pk == actor.user_id:
            raise RuleRefused.one(
                "own_account", "Nobody deactivates themselves.", "Ask another admin."
            )
        if Role.ADMIN in row.roles:
            _check_leaving(row, actor)
    act = "activated" if active else "deactivated"
    traces.attribute(actor, act)
    row.is_active = active
    row.version += 1
    row.save()
    audit.record(f"accounts.user.{act}", row, actor)
    return row


def set_theme(*, user: User, theme: str) -> None:
    """Store the person's choice of light, dark or auto."""
    if theme not in User.Theme.values:
        raise ValuesRefused.one("/theme", "unknown_theme", "Choose light, dark or auto.")
    User.objects.filter(pk=user.pk).update(theme=theme)


def set_time_zone(*, user: User, name: str) -> None:
    """Store the zone in which the person sees times and gets the daily mail."""
    if name not in available_timezones():
        detail = f"No time zone is called {name}."
        raise ValuesRefused.one("/time_zone", "unknown_time_zone", detail)
    User.objects.filter(pk=user.pk).update(time_zone=name)


def _locked(user: User, actor: Actor, expected: int | None) -> User:
    """The person under the lock for which every change of an administrator waits.

    The right is checked again because the actor can have lost the role meanwhile.
    """
    actor.require(MANAGE)
    concerned = User.objects.filter(Q(pk=user.pk) | Q(roles__contains=[Role.ADMIN]))
    rows = {row.pk: row for row in concerned.select_for_update(no_key=True).order_by("pk")}
    if actor.user is not None:
        own = rows.get(actor.user.pk)
        if own is None or not own.is_active or Role.ADMIN not in own.roles:
            raise PermissionRefused("You are not an administrator any more.", permission=MANAGE)
    row = rows[user.pk]
    if expected is not None and row.version != expected:
        raise Stale(expected=expected, current=row.version)
    return row


def _check_leaving(row: User, actor: Actor) -> None:
    """Refuse to take the role ``admin`` from oneself and from the last administrator."""
    reasons = []
    if row.pk == actor.user_id:
        reasons.append(
            Reason("own_admin_role", "You cannot take the role admin from yourself.",
                   "Ask another admin.")
        )  # fmt: skip
    others = User.objects.filter(is_active=True, roles__contains=[Role.ADMIN]).exclude(pk=row.pk)
    if row.is_active and not others.exists():
        reasons.append(
            Reason("last_admin", f"{row} is the last administrator.", "Add another one first.")
        )
    if reasons:
        raise RuleRefused(reasons)


def _changes(row: User, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ, cleaned."""
    given = dict(values)
    for name in given.keys() & {"name", "email"}:
        given[name] = given[name].strip()
    if "email" in given:
        given["email"] = given["email"].lower()
    if "roles" in given:
        given["roles"] = _in_order(given["roles"])
    for name in given.keys() & set(_SCOPE):
        given[name] = list(given[name])
    return {name: value for name, value in given.items() if _present(row, name) != _key(value)}


def _present(row: User, name: str) -> Any:
    if name not in _SCOPE:
        return getattr(row, name)
    return set(getattr(row, name).values_list("pk", flat=True))


def _key(value: Any) -> Any:
    records = isinstance(value, list) and all(isinstance(one, Plant | ProductLine) for one in value)
    return {one.pk for one in value} if records else value


def _set_scope(row: User, values: Mapping[str, Iterable[Any]]) -> None:
    for name in _SCOPE:
        if name in values:
            getattr(row, name).set(values[name])


def _write(row: User) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Duplicate(f"{row.email} exists already.") from None


def _in_order(roles: Iterable[str]) -> list[str]:
    """Each role once, in the order of ``Role``; unknown roles at the end."""
    given = {str(role): None for role in roles}
    known = [str(role) for role in Role if str(role) in given]
    return known + [role for role in given if role not in known]


def _problems(user: User) -> list[FieldProblem]:
    problems = [
        FieldProblem("/roles", "unknown_role", f"{role!r} is not a role.")
        for role in user.roles
        if role not in Role.values
    ]
    if not user.roles:
        problems.append(FieldProblem("/roles", "required", "A person has at least one role."))
    try:
        user.clean_fields(exclude=["password", "roles"])
    except ValidationError as error:
        problems += problems_of(error)
    return problems


def _password_problems(password: str | None, user: User) -> list[FieldProblem]:
    if password is None:
        return []
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [FieldProblem("/password", "weak_password", text) for text in error.messages]
    return []
