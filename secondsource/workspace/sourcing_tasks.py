"""Tasks of a person in requests for quotation and splits, beside those in cases.

Who bought asks and compares; where that person is gone, all of procurement does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse

from incentives.models import SplitProposal
from qualification.case_task import BLOCKS, DUE, TO_DO, WAITING, Task
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import formats
from secondsource.core.templatetags.ui import count
from suppliers.models import Rfq

#: The most requests and the most splits in the list.
MOST = 50


def tasks_of(user: User) -> list[Task]:
    """Every task of the person about a request or a split."""
    return [*_of_rfqs(user), *_of_splits(user)]


def counted(user: User) -> dict[str, QuerySet[Any]]:
    """The rows behind those that the person does."""
    if not _buys(user):
        return {}
    return {"rfqs": _closed_rfqs(user), "splits": _splits(user).exclude(proposed_by=user)}


def _task(group: str, key: str, title: str, note: str, url: str, due: Any = None) -> Task:
    return Task(
        key=key, kind="sourcing", group=group, title=title, note=note, case=None, url=url, due=due
    )


def _buys(user: User) -> bool:
    return user.has_role(Role.PROCUREMENT)


def _own_rfqs(user: User) -> QuerySet[Any]:
    gone = Q(buyer=None) | Q(buyer__is_active=False) | ~Q(buyer__roles__contains=["procurement"])
    seen: QuerySet[Any] = Rfq.objects.visible_to(user)
    return seen.filter(Q(buyer=user) | gone)


def _closed_rfqs(user: User) -> QuerySet[Any]:
    return _own_rfqs(user).filter(state=Rfq.State.CLOSED)


def _splits(user: User) -> QuerySet[Any]:
    seen: QuerySet[Any] = SplitProposal.objects.visible_to(user)
    return seen.filter(state=SplitProposal.State.PROPOSED)


def _with_answers(rfqs: QuerySet[Any]) -> QuerySet[Any]:
    """Adds how many are asked and have quoted, and the first day on which a last quote ends."""
    last = Q(invitations__quotes__revision=F("invitations__revision"))
    return rfqs.annotate(
        asked=Count("invitations", distinct=True),
        quoted=Count("invitations", filter=Q(invitations__revision__gt=0), distinct=True),
        first_end=Min("invitations__quotes__valid_to", filter=last),
    ).order_by("due", "pk")[:MOST]


def _of_rfqs(user: User) -> Iterator[Task]:
    if not _buys(user):
        return
    states = (Rfq.State.CLOSED, Rfq.State.SENT)
    for rfq in _with_answers(_own_rfqs(user).filter(state__in=states)):
        yield _to_compare(rfq) if rfq.state == Rfq.State.CLOSED else _awaited(rfq)


def _to_compare(rfq: Any) -> Task:
    """A closed request: its quotes are compared and accepted while they are valid."""
    key, name, end = f"rfq-{rfq.pk}", rfq.reference, rfq.first_end
    if not rfq.quoted:
        title = f"{name} is closed without a quote"
        note = f"{rfq.title} · ask again, or cancel it"
        return _task(TO_DO, key, title, note, rfq.get_absolute_url())
    note = f"{rfq.title} · {_answered(rfq)}"
    if end is not None:
        note += f", the first to {formats.day(end)}"
    return _task(
        DUE, key, f"Compare and accept quotes for {name}", note,
        reverse("rfq_matrix", args=[rfq.public_id]), due=end,
    )  # fmt: skip


def _awaited(rfq: Any) -> Task:
    """A request that suppliers have not all answered."""
    return _task(
        WAITING, f"rfq-{rfq.pk}", f"Quotes for {rfq.reference}",
        f"{rfq.title} · {_answered(rfq)}", rfq.get_absolute_url(), due=rfq.due,
    )  # fmt: skip


def _answered(rfq: Any) -> str:
    return f"{rfq.quoted} of {count(rfq.asked, 'supplier')} quoted"


def _of_splits(user: User) -> Iterator[Task]:
    """Proposed splits of others, whose authors wait, and own ones without an answer."""
    rows = _splits(user) if _buys(user) else _splits(user).filter(proposed_by=user)
    for split in _listed(rows):
        key, url = f"split-{split.pk}", split.get_absolute_url()
        if split.proposed_by_id == user.pk:
            note = f"{_shares(split)} · waits for procurement"
            yield _task(WAITING, key, f"Split of {split.part.ipn}", note, url)
        else:
            who = f" · {split.proposed_by.name} proposed it" if split.proposed_by else ""
            title = f"Answer the split of {split.part.ipn}"
            yield _task(BLOCKS, key, title, f"{_shares(split)}{who}", url)


def _listed(rows: QuerySet[Any]) -> QuerySet[Any]:
    found = rows.select_related("part", "proposed_by")
    return found.prefetch_related("shares__source__manufacturer_part").order_by("pk")[:MOST]


def _shares(split: SplitProposal) -> str:
    """``70 % TPS-1, 30 % LM-2``."""
    return ", ".join(
        f"{formats.percent(row.share)} {row.source.manufacturer_part.mpn}"
        for row in split.shares.all()
        if row.share
    )
