"""The task that turns a closed case into a conversion: its first production receipt."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from qualification.case_task import TO_DO, Task, pair
from qualification.models import Case
from qualification.next_move import with_work
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role

#: The most first receipts in the list.
MOST_RECEIPTS = 50


def first_receipts(user: User) -> list[Task]:
    """Closed cases without a production receipt of their source, for procurement."""
    if not user.has_role(Role.PROCUREMENT):
        return []
    waiting = Case.objects.visible_to(user).awaiting_receipt().order_by("number")
    found = list(waiting.values_list("pk", flat=True)[:MOST_RECEIPTS])
    if not found:
        return []
    rows = Case.objects.filter(pk__in=found).with_list_columns()
    return [
        Task(
            key=f"receipt-{case.number}",
            kind="receipt",
            group=TO_DO,
            title="Record the first production receipt",
            note=f"{case.key} · {pair(case)} · counts as a conversion after it",
            case=case,
            url=_receipt_address(case),
        )
        for case in with_work(rows.order_by("number"))
    ]


def _receipt_address(case: Case) -> str:
    url = reverse("receipt_create", args=[case.part.ipn])
    return f"{url}?{urlencode({'source': case.source.key, 'purpose': 'production'})}"
