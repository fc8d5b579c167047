"""The bell of the frame: how many notifications are unread."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from secondsource.core.models import Job
from secondsource.core.row_counts import capped_counts
from secondsource.core.views import SIGNED_IN, Page
from secondsource.workspace.notifications.subjects import visible_to

#: More unread ones than that are ``9+``.
MOST = 9
_UNDERWAY = (Job.State.QUEUED, Job.State.RUNNING)
#: Seconds between two questions of an open page; shorter while a job of the reader runs.
EVERY_S, SOON_S = 60, 5


def counted(user: Any) -> dict[str, QuerySet[Any]]:
    """The queryset that the frame counts for the bell, in one statement with its other counts."""
    return {
        "unread": visible_to(user).filter(read_at=None),
        "underway": Job.objects.filter(owner=user, state__in=_UNDERWAY),
    }


def mark(counts: Mapping[str, int], path: str = "") -> dict[str, Any]:
    """Context of the bell: address, label, number, and the time of the next poll."""
    url = reverse("notification_list")
    unread = counts["unread"]
    shown = "" if not unread else str(unread) if unread <= MOST else f"{MOST}+"
    return {
        "url": url,
        "current": path.startswith(url),
        "label": f"Notifications, {shown} unread" if shown else "Notifications",
        "count": shown,
        "unread": unread,
        "every": SOON_S if counts["underway"] else EVERY_S,
    }


class BellMark(Page):
    """The bell alone, polled by open pages; 304 while nothing is new."""

    permission_required = SIGNED_IN
    template_name = "components/bell.html"
    fragments: ClassVar[Mapping[str, str]] = {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``unread`` is the number on the page; when there are more, the newest is announced."""
        bell = mark(capped_counts(counted(request.user), cap=MOST))
        before = request.GET.get("unread", "")
        more = before.isdecimal() and bell["unread"] > min(int(before[:9]), MOST + 1)
        newest = visible_to(request.user).filter(read_at=None).order_by("-at", "-id")
        told = next((row.title for row in newest[:1]), "") if more else ""
        tag = f'"{hashlib.sha256(repr((bell, told)).encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
        response = self.respond(self.get_context_data(bell=bell, told=told))
        response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
        return response
