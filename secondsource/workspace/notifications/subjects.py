"""What notifications are about: parts, cases, requests, splits and others, and who sees which."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from incentives.models import BonusPool, ClosedMonth, Negotiation, SplitProposal
from parts.models import Part
from qualification import my_work
from qualification.models import Case, Sop
from secondsource.core import audit
from secondsource.core.models import Notification, NotificationKind, PolicyVersion
from suppliers.models import Rfq, Takeover

PART, CASE, TAKEOVER = map(audit.label, (Part, Case, Takeover))
_PERMISSIONS = {
    PART: "parts.view_part",
    CASE: "qualification.view_case",
    TAKEOVER: "suppliers.view_takeover",
    audit.label(BonusPool): "incentives.view_pool",
    audit.label(ClosedMonth): "incentives.view_saving",
    audit.label(Rfq): "suppliers.view_rfq",
    audit.label(SplitProposal): "incentives.view_split",
    audit.label(Negotiation): "incentives.view_negotiation",
    audit.label(PolicyVersion): "accounts.view_policy",
    audit.label(Sop): "qualification.view_sop",
}
#: Those that plants and product lines limit.
_MODELS: dict[str, Any] = {
    audit.label(model): model for model in (Part, Case, Takeover, Rfq, SplitProposal, Negotiation)
}


@dataclass(frozen=True)
class Subject:
    """A part or case in words."""

    key: str
    about: str
    url: str


def find(subject_type: str, ids: Collection[int]) -> dict[int, Subject]:
    """The parts or cases with these ids; empty for other types."""
    if subject_type == PART:
        parts = Part.objects.filter(pk__in=ids)
        return {p.pk: Subject(p.ipn, p.description, p.get_absolute_url()) for p in parts}
    if subject_type == CASE:
        cases = Case.objects.filter(pk__in=ids).with_list_columns()
        return {c.pk: Subject(c.key, my_work.pair(c), c.get_absolute_url()) for c in cases}
    return {}


def visible_to(user: Any) -> QuerySet[Notification]:
    """The person's notifications whose subject they may see now."""
    rows = Notification.objects.filter(reader=user)
    if not user.has_perm("accounts.manage_jobs"):
        rows = rows.exclude(kind=NotificationKind.FOLLOW_UP)
    seen = Q(subject_id=None)
    for name, permission in _PERMISSIONS.items():
        if user.has_perm(permission):
            seen |= Q(subject_type=name) & _in_scope(name, user)
    return rows.filter(seen)


def _in_scope(name: str, user: Any) -> Q:
    """Filter rows for a person with plants or product lines; others see all."""
    if name not in _MODELS or not any(user.places):
        return Q()
    return Q(subject_id__in=_MODELS[name].objects.visible_to(user).values("pk"))
