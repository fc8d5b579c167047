"""Writes around people and tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from secondsource.accounts.models import ApiToken, User
from secondsource.accounts.models.tokens import SCOPES
from secondsource.accounts.rights import Role
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.changing import problems_of
from secondsource.core.errors import Duplicate, FieldProblem, PermissionRefused, ValuesRefused


@transaction.atomic
def add_person(
    *, email: str, name: str, roles: Iterable[str], password: str | None, actor: Actor
) -> User:
    """Add a person. Raises ``Duplicate``, ``ValuesRefused``, ``PermissionRefused``."""
    actor.require("accounts.manage_people")
    roles = list(roles)
    problems = [
        FieldProblem("/roles", "unknown_role", f"{role!r} is not a role.")
        for role in roles
        if role not in Role.values
    ]
    if not roles:
        problems.append(FieldProblem("/roles", "required", "A person has at least one role."))
    user = User(email=email.strip().lower(), name=name.strip(), roles=roles)
    problems += _name_problems(user) + _password_problems(password, user)
    if problems:
        raise ValuesRefused(problems)
    if User.objects.filter(email__iexact=user.email).exists():
        raise Duplicate(f"{user.email} exists already.")
    user.set_password(password)
    traces.attribute(actor, "added")
    user.save()
    audit.record("accounts.user.added", user, actor, data={"roles": roles})
    return user


def _name_problems(user: User) -> list[FieldProblem]:
    try:
        user.clean_fields(exclude=["password", "roles"])
    except ValidationError as error:
        return problems_of(error)
    return []


def _password_problems(password: str | None, user: User) -> list[FieldProblem]:
    if password is None:
        return []
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [FieldProblem("/password", "weak_password", text) for text in error.messages]
    return []


@transaction.atomic
def issue_token(
    *, user: User, scopes: Iterable[str], days: int, actor: Actor, name: str = ""
) -> tuple[ApiToken, str]:
    """A new token and its text, which is never seen again.

    ``days`` is 1 to 730. A token can do no more than its person may, whatever its scopes.
    Raises ``ValuesRefused`` for unknown scopes, ``PermissionRefused`` for somebody else's token.
    """
    if actor.user is not None and actor.user != user and not actor.may("accounts.manage_people"):
        raise PermissionRefused("Only an administrator issues tokens of other people.")
    scopes = sorted(set(scopes))
    problems = [
        FieldProblem("/scopes", "unknown_scope", f"{scope!r} is none of {', '.join(SCOPES)}.")
        for scope in scopes
        if scope not in SCOPES
    ]
    if not scopes:
        problems.append(FieldProblem("/scopes", "required", "Name at least one scope."))
    if not 1 <= days <= 730:
        problems.append(FieldProblem("/days", "out_of_range", "A token lives 1 to 730 days."))
    if problems:
        raise ValuesRefused(problems)
    secret = ApiToken.new_secret()
    traces.attribute(actor, "issued")
    token = ApiToken.objects.create(
        user=user,
        name=name[:80],
        digest=ApiToken.digest_of(secret),
        prefix=secret[:9],
        scopes=scopes,
        expires_at=clock.now() + dt.timedelta(days=days),
    )
    audit.record(
        "accounts.token.issued", user, actor, data={"prefix": token.prefix, "scopes": scopes}
    )
    return token, secret


def revoke_token(*, token: ApiToken, actor: Actor) -> None:
    """End a token at once; one's own, or anybody's as administrator."""
    if actor.user != token.user and not actor.may("accounts.manage_people"):
        raise PermissionRefused("Only an administrator revokes tokens of other people.")
    with transaction.atomic():
        traces.attribute(actor, "revoked")
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit.record("accounts.token.revoked", token.user, actor, data={"prefix": token.prefix})


def set_theme(*, user: User, theme: str) -> None:
    """Keep the person's choice of light, dark or auto."""
    if theme not in User.Theme.values:
        raise ValuesRefused.one("/theme", "unknown_theme", "Choose light, dark or auto.")
    User.objects.filter(pk=user.pk).update(theme=theme)
