"""Tasks that follow a change once it is committed: what waits, what failed, and another try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from secondsource.core import outbox
from secondsource.core.errors import RuleRefused
from secondsource.core.models import Outbox
from secondsource.core.tables import Column
from secondsource.core.views import ListPage, ObjectPage, go_to
from secondsource.exchange.filters import OutboxFilter


class FollowUpList(ListPage):
    """The outbox, for administrators: the failed ones need a person."""

    permission_required = "accounts.manage_jobs"
    template_name = "exchange/follow_up_list.html"
    page_title = "Follow-up tasks"
    noun = ("task", "tasks")
    filterset_class = OutboxFilter
    default_sort = "-when"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "Failed": "state=failed",
        "Waiting": "state=waiting",
    }
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No tasks yet",
        "text": "Work that follows a change, such as new figures, is listed here.",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("topic", "Task", source="label", order=("topic", "pk"), css="nw", mobile="title"),
        Column("state", "State", order=("state", "pk"), css="nw", mobile="end",
               template="exchange/cells/job_state.html"),
        Column("attempts", "Tries", align="r", css="nw"),
        Column("error", "Problem", css="s", mobile="sub"),
        Column("when", "Since", order=("-created_at", "pk"), source="created_at", align="r",
               template="exchange/cells/when.html", css="nw", mobile="sub"),
        Column("next", "Next try", align="r", template="exchange/cells/when.html", css="nw",
               source=lambda row: row.due_at if row.state == Outbox.State.WAITING else None),
        Column("retry", "Try again", template="exchange/cells/retry.html", label_hidden=True,
               css="w0", source=lambda row: row.state == Outbox.State.FAILED),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """Every row: it belongs to the system, not to a person."""
        return Outbox.objects.all()


class FollowUpRetry(ObjectPage):
    """Let a failed task be tried again, after asking."""

    permission_required = "accounts.manage_jobs"
    template_name = "exchange/follow_up_retry.html"
    page_title = "Try again"
    lookup: ClassVar[Mapping[str, str]] = {"task": "pk"}
    context_name = "task"

    def get_queryset(self) -> QuerySet[Any]:
        """Every row."""
        return Outbox.objects.all()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The row is due at once."""
        try:
            outbox.retry(pk=self.object.pk, actor=self.actor)
        except RuleRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "The task runs again now.")
        return go_to(request, reverse("follow_up_list"))
