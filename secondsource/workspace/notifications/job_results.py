"""Notifications of jobs that ended and of follow-up tasks that failed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from qualification.models import Dossier
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import jobs, notifications
from secondsource.core.models import Job, NotificationKind, Outbox
from secondsource.core.notifications import News
from secondsource.exchange.models import Export, Import
from secondsource.exchange.views.phrases import job_result
from suppliers.models import Datasheet


def job_ended(job: Job) -> None:
    """Notify the person who started it, with its result in numbers or why it failed."""
    if job.owner_id is None:
        return
    failed = job.state == Job.State.FAILED
    name = job.label or job.kind
    notifications.notify(
        [
            News(
                reader_id=job.owner_id, kind=NotificationKind.JOB, key=f"job {job.pk}",
                title=f"{name} failed" if failed else f"{name} is done",
                text=jobs.problem_in_words(job.problem) if failed else job_result(job),
                url=_page_of(job),
            )
        ]
    )  # fmt: skip


def _page_of(job: Job) -> str:
    """The import, export, dossier or datasheets that the job worked for, else the list of jobs."""
    found: Any = Import.objects.filter(job=job).first()
    found = found or Export.objects.filter(job=job).first()
    found = found or Dossier.objects.select_related("case").filter(job=job).first()
    if found:
        return str(found.get_absolute_url())
    sheet = Datasheet.objects.select_related("manufacturer_part").filter(job=job).first()
    if sheet is None:
        return reverse("job_list")
    return reverse("datasheets", args=[sheet.manufacturer_part.public_id])


def follow_up_failed(row: Outbox) -> None:
    """Notify every administrator; further failures of the same task are one notification."""
    admins = User.objects.filter(is_active=True, roles__contains=[str(Role.ADMIN)])
    notifications.notify(
        News(
            reader_id=pk, kind=NotificationKind.FOLLOW_UP, key=f"follow-up {row.topic}",
            title=f"The task {row.topic.replace('_', ' ')} failed", text=row.error,
            url=f"{reverse('follow_up_list')}?state=failed", number=row.pk,
        )
        for pk in admins.values_list("pk", flat=True)
    )  # fmt: skip
