"""What the outbox asks of this app."""

from __future__ import annotations

from typing import Any

from secondsource.core import outbox
from secondsource.workspace.tasks import refresh_company_figures


@outbox.handles("company_figures")
def company_changed(payload: dict[str, Any]) -> None:
    """Compute the company's figures in a worker of the queue for figures."""
    refresh_company_figures.apply_async(retry=False)
