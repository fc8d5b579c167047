"""The parts and cases that a person watches or has muted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from parts.models import Part
from qualification.models import Case
from secondsource.core.models import Watch
from secondsource.core.tables import Column, Table
from secondsource.core.views import SIGNED_IN, ListPage, Page, go_to
from secondsource.workspace.notifications.subjects import CASE, PART, Subject, find

_CELLS = "workspace/notifications/cells/"
_GONE = Subject("–", "", "")


def watches_of(user: Any) -> QuerySet[Watch]:
    """The person's watches of what they may see."""
    parts = Part.objects.visible_to(user).values("pk")
    cases = Case.objects.visible_to(user).values("pk")
    seen = Q(subject_type=PART, subject_id__in=parts) | Q(subject_type=CASE, subject_id__in=cases)
    return Watch.objects.filter(seen, user=user)


class WatchList(ListPage):
    """Watched parts and cases, the newest first."""

    permission_required = SIGNED_IN
    template_name = "workspace/notifications/watch_list.html"
    page_title = "What I watch"
    noun = ("watch", "watches")
    default_sort = "-subject"
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "You watch nothing",
        "text": "Press Watch on a part or case and its changes come to your notifications.",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("subject", "Part or case", order="pk", source=lambda row: row.subject.key, css="nw",
               template=_CELLS + "subject.html", mobile="title"),
        Column("about", "About", source=lambda row: row.subject.about, css="ell", mobile="sub"),
        Column("state", "State", source=lambda row: "Muted" if row.muted else "Watching",
               css="nw", mobile="sub"),
        Column("end", "End", template=_CELLS + "watch_end.html", label_hidden=True, css="w0",
               source="muted", mobile="end"),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """The reader's own."""
        return watches_of(self.request.user)

    def get_table(self, queryset: QuerySet[Any]) -> Table:
        """With the parts and cases of this page."""
        table = super().get_table(queryset)
        rows = table.page.rows
        for kind in (PART, CASE):
            mine = [row for row in rows if row.subject_type == kind]
            found = find(kind, [row.subject_id for row in mine])
            for row in mine:
                row.subject = found.get(row.subject_id, _GONE)
        return table


class WatchEnd(Page):
    """Stop watching, or end a mute."""

    permission_required = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect: this address takes posts alone."""
        return go_to(request, reverse("watch_list"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Remove the reader's row."""
        row = Watch.objects.filter(user=self.actor.user, pk=self.kwargs["watch"]).first()
        if row is None:
            raise Http404("You do not watch this.")
        row.delete()
        messages.success(request, "No longer muted." if row.muted else "You no longer watch it.")
        return go_to(request, reverse("watch_list"))
