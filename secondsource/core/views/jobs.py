"""A job as the progress bar shows it (``components/progress.html``)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from secondsource.core import jobs
from secondsource.core.models import Job

#: States of jobs that the bar shows by another word.
_SHOWN = {Job.State.CANCELLED: "stopped", Job.State.QUEUED: "running"}


def job_shown(job: Job, poll_url: str) -> dict[str, Any]:
    """State, progress and problem of a job; ``poll_url`` answers with what replaces the bar."""
    progress = jobs.progress_of(job)
    done, total, left = progress["done"], progress["total"], progress["eta_s"]
    return {
        "pk": str(job.pk), "label": job.label, "state": _SHOWN.get(Job.State(job.state), job.state),
        "done": done, "total": total, "percent": round(100 * done / total) if total else None,
        "left": f"{left} s left" if left else "", "problem": jobs.problem_in_words(job.problem),
        "stop_url": reverse("job_stop", args=[job.pk]), "poll_url": poll_url,
    }  # fmt: skip
