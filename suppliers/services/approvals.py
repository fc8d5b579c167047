"""Services that give and revoke approvals of sources.

``qualification`` and take-overs decide on approvals. ``suppliers.resolve`` derives the source's
status.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from parts.models import PartFigures, Product
from secondsource.accounts.models import Plant
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused
from suppliers.models import Approval, Revocation, Source
from suppliers.signals import sources_changed


@transaction.atomic
def approve_legacy(*, source: Source, evidence_ref: str, actor: Actor) -> Source:
    """Approve an incumbent that is in use, as legacy and for review.

    Refused for a part with an incumbent, and for sources with a case.
    """
    actor.require("parts.write_part", source.part)
    PartFigures.objects.lock([source.part_id])
    row = Source.objects.select_related("part").get(pk=source.pk)
    others = Source.objects.filter(part_id=row.part_id, role=Source.Role.INCUMBENT)
    was_judged = row.history.exclude(status=Source.Status.CANDIDATE).exists()
    if was_judged or others.exclude(pk=row.pk).exists():
        raise RuleRefused.one(
            "not_an_incumbent",
            "Only a part's first source can be approved as legacy.",
            "Open a case for an alternate.",
        )
    row.role = Source.Role.INCUMBENT
    audit.save_as(row, actor, "incumbent")
    kind = Approval.Kind.LEGACY
    return approve_source(source=row, kind=kind, evidence_ref=evidence_ref, actor=actor)


def approve_source(
    *,
    source: Source,
    kind: str,
    evidence_ref: str,
    actor: Actor,
    valid_to: dt.date | None = None,
    quantity: Decimal | None = None,
    share: Decimal | None = None,
    conditions: str = "",
) -> Source:
    """Approve a source from today on, for the products that it is meant for.

    A present approval is superseded. Returns the resolved source.
    """
    with transaction.atomic():
        write_approval(
            source=source, kind=kind, evidence_ref=evidence_ref, actor=actor, valid_to=valid_to,
            quantity=quantity, share=share, conditions=conditions,
        )  # fmt: skip
        sources_changed.send(
            sender=Source, part_ids={source.part_id}, actor=actor,
            reason=f"{kind} approval: {evidence_ref}",
        )  # fmt: skip
    source.refresh_from_db()
    return source


def write_approval(
    *,
    source: Source,
    kind: str,
    evidence_ref: str,
    actor: Actor,
    products: Iterable[Product] | None = None,
    plants: Iterable[Plant] = (),
    second_id: int | None = None,
    **terms: Any,
) -> Approval:
    """Write the approval in the caller's transaction; the caller resolves the part.

    ``terms``: ``valid_to``, ``quantity``, ``share``, ``conditions``, ``accepted_risks``.
    ``products`` None means those of the source; others replace those of the source.
    """
    PartFigures.objects.lock([source.part_id])
    revoke_approvals(
        approvals=Approval.objects.filter(source=source),
        cause=Revocation.Cause.SUPERSEDED,
        actor=actor,
        reason=f"{kind} approval: {evidence_ref}",
    )
    traces.attribute_to(actor)
    approval = Approval.objects.create(
        source=source,
        kind=kind,
        evidence_ref=evidence_ref,
        valid_from=clock.business_day(),
        actor_id=actor.user_id,
        job=actor.job,
        second_id=second_id,
        created_at=clock.now(),
        **terms,
    )
    scope = list(source.scope.all() if products is None else products)
    if products is not None:
        traces.attribute(actor, f"{kind} approval: {evidence_ref}")
        source.scope.set(scope)
    if scope:
        approval.products.set(scope)
    if places := list(plants):
        approval.plants.set(places)
    return approval


def revoke_approvals(
    *, approvals: QuerySet[Approval], cause: str, actor: Actor, reason: str
) -> int:
    """Revoke those of these approvals that are not revoked, in the caller's transaction.

    The caller resolves their parts. Returns how many were revoked.
    """
    over = list(approvals.filter(revocation=None))
    traces.attribute_to(actor)
    Revocation.objects.bulk_create(
        Revocation(
            approval=approval, cause=cause, reason=reason, actor_id=actor.user_id, job=actor.job,
            created_at=clock.now(),
        )
        for approval in over
    )  # fmt: skip
    return len(over)


@transaction.atomic
def withdraw_approval(*, source: Source, actor: Actor, reason: str) -> Source:
    """Revoke the approval of a source, which must be qualified again."""
    PartFigures.objects.lock([source.part_id])
    own = Approval.objects.filter(source=source)
    if not revoke_approvals(
        approvals=own, cause=Revocation.Cause.WITHDRAWN, actor=actor, reason=reason
    ):
        raise RuleRefused.one("not_approved", "This source has no approval.")
    sources_changed.send(sender=Source, part_ids={source.part_id}, actor=actor, reason=reason)
    source.refresh_from_db()
    return source
