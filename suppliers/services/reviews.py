"""Services for reviews of approvals without a case: kept for a time, or withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import QuerySet

from parts.models import PartFigures
from secondsource.core import audit, clock, policies
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from secondsource.core.errors import FieldProblem, PermissionRefused, refuse_values
from suppliers.house_rules import TakeoverPolicy
from suppliers.models import (
    Approval,
    ApprovalReview,
    Revocation,
    Source,
    Takeover,
    TakeoverRow,
)
from suppliers.services.approvals import revoke_approvals
from suppliers.services.takeovers import Proposal, against_renewal, propose_takeover
from suppliers.signals import sources_changed

Reviewed = Sequence[tuple[Source, Approval]]


def _locked(
    sources: Sequence[Source], actor: Actor, reason: str, problems: list[FieldProblem]
) -> Reviewed:
    """The sources with their approvals, under the locks of their parts.

    Sources that cannot be reviewed are added to ``problems``. Raises ``PermissionRefused``.
    """
    actor.require("suppliers.review_approval")
    if actor.user_id is None:
        raise PermissionRefused("Only a person reviews an approval.")
    if not reason.strip():
        problems.append(FieldProblem("/reason", "required", "Give the reason."))
    if not sources:
        problems.append(FieldProblem("/sources", "required", "Choose at least one source."))
    PartFigures.objects.lock({source.part_id for source in sources})
    found = Source.objects.to_review().filter(pk__in=[source.pk for source in sources])
    rows = [
        (row, row.approval)
        for row in found.select_related(
            "part", "approval__revocation", "manufacturer_part__manufacturer"
        )
    ]
    problems += [
        FieldProblem("/sources", "not_reviewed", f"{one} has no legacy or taken-over approval.")
        for one in sorted(set(sources) - {row for row, _ in rows}, key=lambda one: one.pk)
    ]
    return rows


@transaction.atomic
def keep_approvals(
    *, sources: Sequence[Source], months: int, reason: str, actor: Actor
) -> Takeover | None:
    """Keep the approvals of these sources for some months, with the reason.

    A legacy approval has no last day; its next review is due then. A taken-over approval needs a
    second person: this returns a batch confirmed by the reviewer that waits for them, or None
    without such approvals. Refused for ended approvals, sources that are not approved, and renewals
    that wait already. Raises ``ValuesRefused``, ``PermissionRefused``.
    """
    problems: list[FieldProblem] = []
    most = policies.active(TakeoverPolicy)[0].months_at_most
    if not 1 <= months <= most:
        problems.append(FieldProblem("/months", "out_of_range", f"1 to {most} months."))
    rows = _locked(sources, actor, reason, problems)
    taken_over = [row for row in rows if row[1].kind == Approval.Kind.TAKEOVER]
    problems += _against_renewals(taken_over)
    refuse_values(problems)
    until = add_months(clock.business_day(), months)
    _note(rows, ApprovalReview.Decision.KEEP, reason, actor, until=until)
    if not taken_over:
        return None
    takeover = propose_takeover(
        document=f"Review of {clock.business_day():%d %b %Y}",
        proposals=[
            Proposal(
                source.part, source.manufacturer_part, tuple(approval.products.all()), until,
                approval.evidence_ref, renews=approval,
            )
            for source, approval in taken_over
        ],
        actor=actor,
        origin="review",
    )  # fmt: skip
    from suppliers.workflow import TAKEOVER_FLOW  # the moves import services

    return TAKEOVER_FLOW.fire(takeover.pk, "confirm", actor=actor, note=reason)


def _against_renewals(taken_over: Reviewed) -> Iterator[FieldProblem]:
    waiting = {
        row.source_id: row.takeover
        for row in _open_renewals([source for source, _ in taken_over]).select_related("takeover")
    }
    for source, approval in taken_over:
        if finding := against_renewal(source, approval.pk):
            yield FieldProblem("/sources", finding.code, f"{source}: {finding.detail}")
        if source.pk in waiting:
            detail = f"{source}: a renewal waits already in {waiting[source.pk]}."
            yield FieldProblem("/sources", "renewal_waits", detail)


def _open_renewals(sources: Sequence[Source]) -> QuerySet[TakeoverRow]:
    State = TakeoverRow.State
    rows: QuerySet[TakeoverRow] = TakeoverRow.objects.filter(
        source__in=sources, renews__isnull=False, state__in=(State.PROPOSED, State.CONFIRMED)
    )
    return rows


def _refuse_renewals(sources: Sequence[Source], reason: str, actor: Actor) -> None:
    """Refuse the open renewals of these sources; locks the batches."""
    from suppliers.workflow import TAKEOVER_FLOW  # the moves import services

    batches = Takeover.objects.filter(pk__in=_open_renewals(sources).values("takeover"))
    for batch in batches.select_for_update().order_by("pk"):
        rows = _open_renewals(sources).filter(takeover=batch)
        keys = [str(key) for key in rows.values_list("public_id", flat=True)]
        if keys:
            note = f"The approval was withdrawn: {reason.strip()}"
            TAKEOVER_FLOW.fire(batch.pk, "refuse", actor=actor, note=note, data={"rows": keys})


@transaction.atomic
def withdraw_approvals(*, sources: Sequence[Source], reason: str, actor: Actor) -> int:
    """Revoke the approvals of these sources, which must be qualified. Returns how many.

    Open renewals of these approvals are refused, with the reason.
    """
    actor.require("suppliers.review_approval")
    if actor.user_id is not None and reason.strip():
        # Batches are locked before parts, as in moves, to avoid deadlocks.
        _refuse_renewals(sources, reason, actor)
    problems: list[FieldProblem] = []
    rows = _locked(sources, actor, reason, problems)
    problems += [
        FieldProblem("/sources", "renewal_waits", f"{one.source}: kept by somebody else. Reload.")
        for one in _open_renewals([row for row, _ in rows] if reason.strip() else [])
    ]
    refuse_values(problems)
    _note(rows, ApprovalReview.Decision.WITHDRAW, reason, actor)
    revoked = revoke_approvals(
        approvals=Approval.objects.filter(pk__in=[approval.pk for _, approval in rows]),
        cause=Revocation.Cause.WITHDRAWN,
        actor=actor,
        reason=reason.strip(),
    )
    sources_changed.send(
        sender=Source, part_ids={row.part_id for row, _ in rows}, actor=actor, reason=reason.strip()
    )
    return revoked


def _note(
    rows: Reviewed, decision: str, reason: str, actor: Actor, until: dt.date | None = None
) -> None:
    assert actor.user_id is not None  # checked in _locked
    ApprovalReview.objects.bulk_create(
        [
            ApprovalReview(
                approval=approval, decision=decision, until=until, reason=reason.strip(),
                actor_id=actor.user_id, created_at=clock.now(),
            )
            for _, approval in rows
        ]
    )  # fmt: skip
    data = {"decision": decision, "until": until and until.isoformat()}
    audit.record_all(
        "suppliers.approval.reviewed", [(row, data) for row, _ in rows], actor,
        note=reason.strip(),
    )  # fmt: skip
