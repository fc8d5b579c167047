"""Celery shells of the composed pages."""

from celery import shared_task

from secondsource.workspace import figures
from secondsource.workspace.notifications import cases, digest, sourcing


@shared_task
def refresh_company_figures() -> None:
    """The one row that the executive page reads."""
    figures.refresh_company()


@shared_task
def recompute_by_policy(follows: str) -> None:
    """Compute figures again after a policy version is activated."""
    figures.recompute_by_policy(follows)


@shared_task
def recompute_everything() -> dict[str, int]:
    """All stored figures, every night."""
    return figures.recompute_everything()


@shared_task
def notify_due() -> int:
    """Notify of what is due soon or overdue today."""
    return cases.follow_days() + sourcing.follow_days()


@shared_task
def mail_digests() -> int:
    """Send the daily mails that are due this hour."""
    return digest.post_due()
