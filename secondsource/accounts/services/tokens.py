"""Issuing and revoking API tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from secondsource.accounts.models import ApiToken, User
from secondsource.accounts.models.tokens import SCOPES
from secondsource.accounts.services.people import MANAGE
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    RuleRefused,
    refuse_values,
)


@transaction.atomic
def issue_token(
    *, user: User, scopes: Iterable[str], days: int, actor: Actor, name: str = ""
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is not stored.

    ``days`` is 1 to 730. A token never permits more than its person may do, and a token issued by a
    token no more than that token. A token with the scope ``approve`` is issued by its own person.
    Raises ``ValuesRefused``, ``RuleRefused``, and ``PermissionRefused`` for a token of another
    person.
    """
    if actor.user == user:
        actor.require("accounts.issue_own_token")
    elif not actor.may(MANAGE):
        raise PermissionRefused(
            "Only an administrator issues tokens of other people.", permission=MANAGE
        )
    scopes = sorted(set(scopes))
    problems = _scope_problems(scopes, user, actor)
    if not 1 <= days <= 730:
        problems.append(
            FieldProblem("/days", "out_of_range", "A token is valid for 1 to 730 days.")
        )
    refuse_values(problems)
    if not user.is_active:
        raise RuleRefused.one(
            "deactivated", f"{user} is deactivated.", "Activate the account first."
        )
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


def _scope_problems(scopes: list[str], user: User, actor: Actor) -> list[FieldProblem]:
    """Problems of scopes that are unknown or that this actor may not give."""
    if not scopes:
        return [FieldProblem("/scopes", "required", "Name at least one scope.")]
    problems = []
    for scope in scopes:
        if scope not in SCOPES:
            detail = f"{scope!r} is not one of {', '.join(SCOPES)}."
            problems.append(FieldProblem("/scopes", "unknown_scope", detail))
        elif actor.scopes is not None and scope not in actor.scopes:
            detail = f"Your token lacks the scope {scope}, so it cannot give it."
            problems.append(FieldProblem("/scopes", "beyond_own_scopes", detail))
        elif scope == "approve" and actor.user not in (None, user):
            detail = "Only its own person can issue a token with the scope approve."
            problems.append(FieldProblem("/scopes", "approve_is_own", detail))
    return problems


def revoke_token(*, token: ApiToken, actor: Actor) -> None:
    """Revoke a token at once: one's own, or as an administrator that of anybody."""
    if actor.user == token.user:
        actor.require("accounts.issue_own_token")
    elif not actor.may(MANAGE):
        raise PermissionRefused(
            "Only an administrator revokes tokens of other people.", permission=MANAGE
        )
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().select_related("user").get(pk=token.pk)
        if token.revoked_at is not None:
            return
        traces.attribute(actor, "revoked")
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit.record("accounts.token.revoked", token.user, actor, data={"prefix": token.prefix})
