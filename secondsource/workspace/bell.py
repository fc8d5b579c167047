"""The bell: jobs of the reader that are done or failed, and how many of them are news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.counting import capped_counts
from secondsource.core.models import Job
from secondsource.core.views import SIGNED_IN, Page
from secondsource.exchange.models import Import
from secondsource.exchange.views.words import problem_in_words

#: Older jobs are found in the list of jobs.
DAYS = 30
SHOWN = 30
#: More news than that are ``9+``.
MOST = 9
_OVER = (Job.State.DONE, Job.State.FAILED)
_UNDERWAY = (Job.State.QUEUED, Job.State.RUNNING)


def jobs_of(user: Any) -> QuerySet[Job]:
    """The person's jobs of the last days."""
    since = clock.now() - dt.timedelta(days=DAYS)
    return Job.objects.filter(owner=user, created_at__gt=since)


def news_of(user: Any) -> QuerySet[Job]:
    """Those that ended since the person last looked."""
    ended = jobs_of(user).filter(state__in=_OVER)
    return ended.filter(finished_at__gt=user.jobs_seen_at) if user.jobs_seen_at else ended


def counted(user: Any) -> dict[str, QuerySet[Any]]:
    """What the frame counts for the bell, for one statement with its other counts."""
    return {"news": news_of(user), "underway": jobs_of(user).filter(state__in=_UNDERWAY)}


def mark(counts: Mapping[str, int]) -> dict[str, Any]:
    """The bell in the top bar: address, words, figure; ``underway`` makes it ask again."""
    news = counts["news"]
    shown = "" if not news else str(news) if news <= MOST else f"{MOST}+"
    return {
        "url": reverse("bell"),
        "label": f"Finished jobs, {shown} new" if shown else "Finished jobs",
        "count": shown,
        "underway": bool(counts["underway"]),
    }


class BellPage(Page):
    """What ended, newest first. Reading it is what makes it old."""

    permission_required = SIGNED_IN
    template_name = "workspace/bell.html"
    page_title = "Finished jobs"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list; what stands on it counts as seen from now on."""
        user: Any = request.user
        before = user.jobs_seen_at
        ended = list(jobs_of(user).filter(state__in=_OVER).order_by("-finished_at")[:SHOWN])
        imports = {row.job_id: row for row in Import.objects.filter(job__in=ended)}
        rows = [
            {
                "job": job,
                "new": before is None or (job.finished_at and job.finished_at > before),
                "url": imports[job.pk].get_absolute_url() if job.pk in imports else "",
                "problem": problem_in_words(job.problem),
            }
            for job in ended
        ]
        if any(row["new"] for row in rows):
            latest = max(job.finished_at for job in ended if job.finished_at)
            User.objects.filter(pk=user.pk).update(jobs_seen_at=latest)
            user.jobs_seen_at = latest  # the bell of this very page has nothing new
        return self.respond(self.get_context_data(rows=rows, days=DAYS))


class BellMark(Page):
    """The bell alone, asked again while a job of the reader is under way."""

    permission_required = SIGNED_IN
    template_name = "components/bell.html"
    fragments: ClassVar[Mapping[str, str]] = {}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The present counts, and the job that ended last for the live region."""
        user = self.request.user
        counts = capped_counts(counted(user), cap=MOST)
        last = news_of(user).order_by("-finished_at").first() if counts["news"] else None
        told = f"{last.label or last.kind}: {last.get_state_display().lower()}" if last else ""
        return super().get_context_data(bell=mark(counts), told=told, **context)
