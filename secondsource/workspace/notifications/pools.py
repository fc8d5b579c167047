"""Notifications of bonus pools: a share to agree to, a question, a dispute, a release, a payment,
and to those who have a share, that it was paid or taken back.

They name no amount: a mail is read by more people than a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from incentives import pool_figures
from incentives.models import Allocation, BonusPool, PayoutBatch
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import audit, jobs, notifications
from secondsource.core.models import NotificationKind
from secondsource.core.notifications import News

S, A = BonusPool.State, Allocation.State


@transaction.atomic
def follow(pk: int) -> None:
    """Notify people who can do the next step of a pool; settle what is done."""
    jobs.take_turns(f"notify pool {pk}")
    pool = BonusPool.objects.filter(pk=pk).select_related("case").first()
    if pool is not None:
        news = [*_waiting(pool), *_paid(pool)]
        notifications.notify(news)
        notifications.settle(pool, kinds=[NotificationKind.POOL], still=news)


def _waiting(pool: BonusPool) -> Iterator[News]:
    shares = list(pool.allocations.select_related("person"))
    states = {one.state for one in shares}
    key = pool.case.key
    if pool.state == S.IN_AGREEMENT:
        for one in shares:
            if one.state == A.PROPOSED and one.person.is_active:
                yield _news(pool, one.person, "share", f"Agree to your share of {key}")
        if A.QUESTIONED in states:
            yield from _all(pool, "question", f"Answer a question on {key}", _deciders(pool))
        if not states & {A.PROPOSED, A.QUESTIONED}:
            yield from _release(pool)
    if A.DISPUTED in states and pool.state not in (S.DRAFT, S.CANCELLED):
        yield from _all(pool, "dispute", f"Decide a dispute on {key}", _outside(pool))
    if pool.state in pool_figures.RELEASED and pool_figures.payable(pool, shares):
        people = _without_share(pool, Role.FINANCE)
        yield from _all(pool, "pay", f"Pay the bonus pool of {key}", people)


def _paid(pool: BonusPool) -> Iterator[News]:
    """The people of the newest payment or clawback."""
    batches = list(pool.batches.order_by("pk"))
    if not batches:
        return
    title = f"Your bonus of {pool.case.key} is paid"
    if batches[-1].kind == PayoutBatch.Kind.CLAWBACK:
        title = f"A part of your bonus of {pool.case.key} was taken back"
    for payout in batches[-1].payouts.select_related("person"):
        yield replace(_news(pool, payout.person, "payout", title), number=len(batches))


def _release(pool: BonusPool) -> Iterator[News]:
    if not pool.amount:
        return
    role = Role.EXECUTIVE if pool.finance_by_id else Role.FINANCE
    people = _without_share(pool, role).exclude(pk=pool.finance_by_id or 0)
    yield from _all(pool, f"release-{role}", f"Release the bonus pool of {pool.case.key}", people)


def _without_share(pool: BonusPool, *roles: Role) -> QuerySet[User]:
    people = User.objects.filter(is_active=True, roles__overlap=list(roles))
    return people.exclude(allocations__pool=pool)


def _deciders(pool: BonusPool) -> QuerySet[User]:
    """Who answers questions: finance and executives without a share."""
    return _without_share(pool, Role.FINANCE, Role.EXECUTIVE)


def _outside(pool: BonusPool) -> QuerySet[User]:
    """Who decides disputes: those of them outside the team of the case."""
    case = pool.case
    inside = [case.lead_id, case.sponsor_id or 0, *case.team.values_list("user_id", flat=True)]
    return _deciders(pool).exclude(pk__in=inside)


def _all(pool: BonusPool, what: str, title: str, people: QuerySet[User]) -> Iterator[News]:
    for person in people:
        yield _news(pool, person, what, title)


def _news(pool: BonusPool, person: User, what: str, title: str) -> News:
    return News(
        reader_id=person.pk, kind=NotificationKind.POOL, key=f"pool-{pool.pk}-{what}",
        title=title, text=str(pool), url=pool.get_absolute_url(),
        subject_type=audit.label(pool), subject_id=pool.pk, actor_id=pool.proposed_by_id,
    )  # fmt: skip
