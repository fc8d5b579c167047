"""Notifications of sourcing: quotes that came by link, due dates, splits to answer, awards.

They name no price: a mail is read by more people than a page. What they say follows from the
present state, so that a second run writes nothing new, and what is done is settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F, Q, QuerySet

from incentives.models import Negotiation, SplitProposal
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import audit, clock, formats, notifications
from secondsource.core.models import NotificationKind, Record
from secondsource.core.notifications import News
from secondsource.core.templatetags.ui import count
from secondsource.workspace.notifications.cases import SOON, when
from suppliers.models import Quote, Rfq, RfqInvitation
from suppliers.rfq_workflow import RFQ_FLOW

KINDS = [NotificationKind.SOURCING]
_S = Rfq.State


def follow_days() -> int:
    """Notify of requests that are due soon; returns how many."""
    near = Rfq.objects.filter(state=_S.SENT, due__lte=clock.business_day() + SOON)
    found = list(near.values_list("pk", flat=True))
    for pk in found:
        follow_rfq(pk)
    return len(found)


@transaction.atomic
def follow_rfq(pk: int) -> None:
    """Notify of what a request needs, and of its award; settle what is done."""
    rfq = Rfq.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if rfq is not None:
        _tell(rfq, [*_while_sent(rfq), *_closed(rfq), *_awarded(rfq)])


def _tell(subject: Record, news: list[News]) -> None:
    notifications.notify(news)
    notifications.settle(subject, kinds=KINDS, still=news)


def buyers_of(rfq: Rfq) -> list[User]:
    """The buyer of a request; all of procurement where nobody is, or who was has left."""
    own = _procurement().filter(pk=rfq.buyer_id or 0)
    return _who_see(rfq, own if own.exists() else _procurement())


def _procurement() -> QuerySet[User]:
    return User.objects.filter(is_active=True, roles__contains=[Role.PROCUREMENT])


def _who_see(subject: Rfq | SplitProposal | Negotiation, people: Iterable[User]) -> list[User]:
    rows = type(subject).objects
    return [one for one in people if rows.visible_to(one).filter(pk=subject.pk).exists()]


def _while_sent(rfq: Rfq) -> Iterator[News]:
    """The last quote of each supplier that came by its link, and the due date."""
    if rfq.state != _S.SENT:
        return
    quotes = Quote.objects.filter(
        invitation__rfq=rfq, revision=F("invitation__revision"), channel=Quote.Channel.LINK
    ).select_related("invitation__supplier")
    readers = buyers_of(rfq)
    for quote in quotes:
        title = f"{quote.invitation.supplier.name} has quoted for {rfq.reference}"
        text = f"{rfq.title} · quote {quote.revision}, by its link"
        key = f"rfq-{rfq.pk}-quote-{quote.invitation_id}"
        for reader in readers:
            yield _news(rfq, reader, key, title, text, number=quote.revision)
    if rfq.due <= clock.business_day() + SOON:
        title = f"{when(rfq.due)}: quotes for {rfq.reference}"
        for reader in readers:
            yield _news(rfq, reader, f"rfq-{rfq.pk}-due", title, f"{rfq.title} · {answered(rfq)}")


def answered(rfq: Rfq) -> str:
    """``2 of 3 suppliers have quoted``."""
    asked = RfqInvitation.objects.filter(rfq=rfq)
    quoted = asked.filter(revision__gt=0).count()
    return f"{quoted} of {count(asked.count(), 'supplier')} have quoted"


def _closed(rfq: Rfq) -> Iterator[News]:
    if rfq.state != _S.CLOSED:
        return
    quoted = rfq.invitations.filter(revision__gt=0).exists()
    title = f"Compare the quotes for {rfq.reference}"
    if not quoted:
        title = f"{rfq.reference} is closed without a quote"
    for reader in buyers_of(rfq):
        yield _news(rfq, reader, f"rfq-{rfq.pk}-closed", title, f"{rfq.title} · {answered(rfq)}")


def _awarded(rfq: Rfq) -> Iterator[News]:
    """The buyer, and who leads a case on an awarded part, unless they awarded it."""
    event = audit.events_of(rfq).filter(action=RFQ_FLOW.action("award")).first()
    if rfq.state != _S.AWARDED or event is None:
        return
    won = rfq.lines.filter(quoted__accepted_on__isnull=False).distinct()
    parts = {line.part_id: line.part.ipn for line in won.select_related("part")}
    leads = User.objects.filter(
        pk__in=Case.objects.open().filter(part__in=parts).values("lead"), is_active=True
    )
    readers = {one.pk: one for one in [*buyers_of(rfq), *_who_see(rfq, leads)]}
    readers.pop(event.actor_id or 0, None)
    text = f"{rfq.title} · {', '.join(sorted(parts.values()))}"
    for reader in readers.values():
        yield _news(
            rfq, reader, f"rfq-{rfq.pk}-award", f"{rfq.reference} is awarded", text,
            number=event.pk, actor_id=event.actor_id,
        )  # fmt: skip


@transaction.atomic
def follow_split(pk: int) -> None:
    """Notify procurement of a split to answer, and then its author of the answer."""
    rows = SplitProposal.objects.select_for_update(of=("self",)).select_related("part")
    split = rows.filter(pk=pk).first()
    if split is None:
        return
    state = SplitProposal.State(split.state)
    ipn, shares = split.part.ipn, shares_of(split)
    if state == SplitProposal.State.PROPOSED:
        news = [
            _news(split, reader, f"split-{pk}-answer", f"Answer the split of {ipn}", shares,
                  actor_id=split.proposed_by_id)
            for reader in deciders_of(split)
        ]  # fmt: skip
    else:
        author = User.objects.filter(pk=split.proposed_by_id or 0, is_active=True)
        title = f"The split of {ipn} was {state.label.lower()}"
        news = [
            _news(split, reader, f"split-{pk}-answered", title, shares,
                  actor_id=split.decided_by_id)
            for reader in _who_see(split, author.exclude(pk=split.decided_by_id or 0))
        ]  # fmt: skip
    _tell(split, news)


def deciders_of(split: SplitProposal) -> list[User]:
    """Who may accept a split: those with the right, without its author."""
    return _who_see(split, _procurement().exclude(pk=split.proposed_by_id or 0))


def shares_of(split: SplitProposal) -> str:
    """``70 % TPS-1, 30 % LM-2``."""
    rows = split.shares.select_related("source__manufacturer_part")
    return ", ".join(
        f"{formats.percent(row.share)} {row.source.manufacturer_part.mpn}"
        for row in rows
        if row.share
    )


@transaction.atomic
def follow_negotiation(pk: int) -> None:
    """Notify who opened an awarded negotiation, and the people of its case."""
    rows = Negotiation.objects.select_for_update(of=("self",)).select_related("part", "case")
    deal = rows.filter(pk=pk).first()
    if deal is None or deal.state != Negotiation.State.AWARDED:
        return
    wanted = Q(pk=deal.opened_by_id or 0)
    if deal.case is not None:
        wanted |= Q(pk=deal.case.lead_id) | Q(pk=deal.case.sponsor_id or 0)
        wanted |= Q(pk__in=deal.case.team.values("user"))
    people = User.objects.filter(wanted, is_active=True).exclude(pk=deal.decided_by_id or 0)
    text = f"{deal.part.ipn} {deal.part.description}".strip()
    _tell(deal, [
        _news(deal, reader, f"award-{pk}", f"{deal.key} is awarded", text,
              actor_id=deal.decided_by_id)
        for reader in _who_see(deal, people.distinct())
    ])  # fmt: skip


def _news(
    subject: Rfq | SplitProposal | Negotiation,
    reader: User,
    key: str,
    title: str,
    text: str,
    *,
    number: int = 0,
    actor_id: int | None = None,
) -> News:
    return News(
        reader_id=reader.pk, kind=NotificationKind.SOURCING, key=key, title=title, text=text,
        url=subject.get_absolute_url(), subject_type=audit.label(subject), subject_id=subject.pk,
        actor_id=actor_id, number=number,
    )  # fmt: skip
