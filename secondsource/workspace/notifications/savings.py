"""Notifications of the savings ledger: a month to validate, a baseline that is missing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from incentives import waiting
from incentives.models import ClosedMonth
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import audit, jobs, notifications
from secondsource.core.formats import month_name
from secondsource.core.models import NotificationKind
from secondsource.core.notifications import News

_KINDS = [NotificationKind.SAVING]


@transaction.atomic
def follow_month(month: ClosedMonth) -> None:
    """Notify finance of a closed month with lines to validate; settle it when none is left."""
    jobs.take_turns(f"notify month {month.pk}")
    title = f"Validate the savings of {month_name(month.month)}"
    finance = User.objects.filter(is_active=True, roles__contains=[str(Role.FINANCE)])
    news = [
        _news(month, person, title, waiting.address_of(month))
        for person in finance
        if waiting.validation(person).rows.filter(pk=month.pk).exists()
    ]
    notifications.notify(news)
    notifications.settle(month, kinds=_KINDS, still=news)


@transaction.atomic
def follow_case(case: Case) -> None:
    """Notify procurement in the team of a case without baseline; settle it when there is one."""
    jobs.take_turns(f"notify baseline {case.pk}")
    buyers = User.objects.filter(is_active=True, roles__contains=[str(Role.PROCUREMENT)])
    missing = waiting.without_baseline(Case.objects.filter(pk=case.pk)).exists()
    people = buyers.filter(memberships__case=case).distinct() if missing else []
    url = reverse("case_savings", args=[case.number])
    news = [_news(case, person, f"Enter the baseline of {case.key}", url) for person in people]
    notifications.notify(news)
    notifications.settle(case, kinds=_KINDS, still=news)


def _news(subject: Any, person: User, title: str, url: str) -> News:
    name = audit.label(subject)
    return News(
        reader_id=person.pk, kind=NotificationKind.SAVING, key=f"{name} {subject.pk} saving",
        title=title, url=url, subject_type=name, subject_id=subject.pk,
    )  # fmt: skip
