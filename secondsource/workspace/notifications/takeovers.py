"""Notifications of take-overs that wait for quality or for the second person."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from secondsource.accounts.models import User
from secondsource.accounts.rights import RIGHTS
from secondsource.core import audit, jobs, notifications
from secondsource.core.models import NotificationKind
from secondsource.core.notifications import News
from suppliers.models import Takeover

_WAITS = {
    Takeover.State.PROPOSED: ("suppliers.confirm_takeover", "Confirm the take-over"),
    Takeover.State.CONFIRMED: ("suppliers.approve_takeover", "Approve the take-over"),
}


@transaction.atomic
def follow(pk: int) -> None:
    """Notify people who can do the next step of a batch; settle what is done."""
    jobs.take_turns(f"notify takeover {pk}")
    batch = Takeover.objects.filter(pk=pk).first()
    if batch is not None:
        news = list(_waiting(batch))
        notifications.notify(news)
        notifications.settle(batch, kinds=[NotificationKind.TAKEOVER], still=news)


def _waiting(batch: Takeover) -> Iterator[News]:
    permission, title = _WAITS.get(Takeover.State(batch.state), ("", ""))
    if not permission:
        return
    roles = [str(role) for role in RIGHTS[permission]]
    people = User.objects.filter(is_active=True, roles__overlap=roles)
    if batch.state == Takeover.State.CONFIRMED:
        # Who confirmed its rows is not their second person.
        confirmed = batch.rows.filter(state="confirmed").values("confirmed_by")
        people = people.exclude(pk__in=confirmed)
    for person in people:
        if Takeover.objects.visible_to(person).filter(pk=batch.pk).exists():
            yield News(
                reader_id=person.pk, kind=NotificationKind.TAKEOVER,
                key=f"takeover-{batch.pk}-{batch.state}", title=f"{title} {batch.reference}",
                text=_rows(batch.rows.count()), url=batch.get_absolute_url(),
                subject_type=audit.label(batch), subject_id=batch.pk,
                actor_id=batch.proposed_by_id,
            )  # fmt: skip


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
