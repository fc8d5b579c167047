"""The list of notifications and its actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from secondsource.core import notifications
from secondsource.core.filtersets import RecordFilterSet
from secondsource.core.models import Notification, NotificationKind
from secondsource.core.tables import Column, Table
from secondsource.core.templatetags.ui import count
from secondsource.core.views import SIGNED_IN, ListPage, Page, go_to
from secondsource.workspace.notifications import sentences
from secondsource.workspace.notifications.subjects import visible_to

_CELLS = "workspace/notifications/cells/"
_STATES = [("unread", "Unread"), ("read", "Read")]


class NotificationFilter(RecordFilterSet):
    """By kind, and what is read or not."""

    kind = django_filters.MultipleChoiceFilter(choices=NotificationKind.choices, label="Kind")
    state = django_filters.ChoiceFilter(choices=_STATES, label="State", method="by_state")

    class Meta:
        model = Notification
        fields: ClassVar[list[str]] = ["kind"]

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Unread or read."""
        return rows.filter(read_at__isnull=value == "unread")


class NotificationList(ListPage):
    """The reader's notifications, the newest first."""

    permission_required = SIGNED_IN
    template_name = "workspace/notifications/list.html"
    page_title = "Notifications"
    noun = ("notification", "notifications")
    filterset_class = NotificationFilter
    default_sort = "-when"
    bulk_template = "workspace/notifications/bulk.html"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "Unread": "state=unread",
        "Mentions": "kind=mention",
        "Jobs": "kind=job",
    }
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No notifications yet",
        "text": "Signatures wanted, due work, mentions and changes of what you watch come here."
        " Imports report here when they are done.",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("what", "Notification", source="title", template=_CELLS + "what.html", css="ell",
               mobile="title"),
        Column("kind", "Kind", source=lambda row: row.get_kind_display(),
               css="nw"),
        Column("who", "By", css="nw"),
        Column("when", "When", order=("at", "pk"), source="at", css="nw", align="r",
               template="exchange/cells/when.html", mobile="sub"),
        Column("read", "Mark as read", template=_CELLS + "read.html", label_hidden=True, css="w0",
               source=lambda row: row.read_at is None, mobile="end"),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """The reader's own whose subject they still may see."""
        return visible_to(self.request.user)

    def get_table(self, queryset: QuerySet[Any]) -> Table:
        """With sentences and names for the rows of this page."""
        table = super().get_table(queryset)
        sentences.fill(table.page.rows)
        return table

    def view_counts(self) -> Mapping[str, int | str]:
        """How many are unread, as the bell counts them."""
        return {"Unread": self.nav_unread()}

    def nav_unread(self) -> int:
        """Unread rows, counted up to what one page can show."""
        return self.get_queryset().filter(read_at=None).order_by()[:999].count()


class NotificationOpen(Page):
    """Mark one as read and go to its subject."""

    permission_required = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """To the subject; one that is not the reader's is 404."""
        row = visible_to(request.user).filter(pk=self.kwargs["notification"]).first()
        if row is None:
            raise Http404("No such notification.")
        notifications.read(Notification.objects.filter(pk=row.pk))
        return go_to(request, row.url or reverse("notification_list"))


class NotificationsRead(Page):
    """Mark what is selected, or everything, as read."""

    permission_required = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect: this address takes posts alone."""
        return go_to(request, reverse("notification_list"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``selected`` names rows; ``all=1`` takes every unread one."""
        rows = Notification.objects.filter(reader=request.user)
        if request.POST.get("all") != "1":
            chosen = request.POST.getlist("selected")
            rows = rows.filter(pk__in=[int(pk) for pk in chosen if pk.isdecimal() and len(pk) < 19])
        messages.success(request, f"{count(notifications.read(rows), 'notification')} marked read.")
        return go_to(request, reverse("notification_list"))
