"""Celery shells of the composed pages."""

from celery import shared_task

from secondsource.workspace import figures
from secondsource.workspace.notifications import cases, digest


@shared_task
def refresh_company_figures() -> None:
    """The one row that the executive page reads."""
    figures.refresh_company()


@shared_task
def recompute_by_policy(follows: str) -> None:
    """What rests on a policy whose new version is in force."""
    figures.recompute_by_policy(follows)


@shared_task
def recompute_everything() -> dict[str, int]:
    """All stored figures, every night."""
    return figures.recompute_everything()


@shared_task
def notify_due() -> int:
    """Tell what came near or became overdue with the day."""
    return cases.follow_days()


@shared_task
def mail_digests() -> int:
    """Post the daily mails whose hour has come."""
    return digest.post_due()
