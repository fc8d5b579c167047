"""Notifications of versions of policies and SOPs that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from qualification.models import Sop
from qualification.sop_workflow import ACTIVATE, worked_on
from secondsource.accounts.models import User
from secondsource.accounts.rights import RIGHTS
from secondsource.core import audit, jobs, notifications
from secondsource.core.actors import Actor
from secondsource.core.models import NotificationKind, PolicyVersion
from secondsource.core.notifications import News
from secondsource.workspace.policies.registry import POLICIES


@transaction.atomic
def follow_policy(pk: int) -> None:
    """Notify people who can activate a draft of a policy, or settle what is done."""
    jobs.take_turns(f"notify policy version {pk}")
    draft = PolicyVersion.objects.filter(pk=pk, state=PolicyVersion.State.DRAFT).first()
    news = list(_of_policy(draft)) if draft and draft.name in POLICIES else []
    _write(PolicyVersion, pk, news)


@transaction.atomic
def follow_sop(pk: int) -> None:
    """Notify people who can activate a proposed version of an SOP, or settle what is done."""
    jobs.take_turns(f"notify SOP {pk}")
    sop = Sop.objects.filter(pk=pk, state=Sop.State.PROPOSED).first()
    _write(Sop, pk, list(_of_sop(sop)) if sop else [])


def _write(model: type[Any], pk: int, news: list[News]) -> None:
    notifications.notify(news)
    kinds = [NotificationKind.VERSION]
    notifications.settle_all(audit.label(model), [pk], kinds=kinds, still=news)


def _of_policy(draft: PolicyVersion) -> Iterator[News]:
    policy = POLICIES[draft.name]
    for person in _holders(policy.activate_right):
        if person.pk != draft.drafted_by_id:
            title = f"Activate version {draft.number} of the policy {policy.title}"
            yield _news(draft, person, title, draft.note)


def _of_sop(sop: Sop) -> Iterator[News]:
    for person in _holders(ACTIVATE):
        if not worked_on(sop, Actor(user=person)):
            yield _news(sop, person, f"Activate the SOP {sop}", sop.reason)


def _holders(right: str) -> Iterator[User]:
    roles = [str(role) for role in RIGHTS[right]]
    yield from User.objects.filter(is_active=True, roles__overlap=roles)


def _news(version: PolicyVersion | Sop, person: User, title: str, text: str) -> News:
    return News(
        reader_id=person.pk, kind=NotificationKind.VERSION,
        key=f"{audit.label(version)}-{version.pk}", title=title, text=text[:500],
        url=version.get_absolute_url(), subject_type=audit.label(version),
        subject_id=version.pk, actor_id=version.drafted_by_id,
    )  # fmt: skip
