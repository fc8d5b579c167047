"""Work after changes of lower apps, after their commit."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from parts.signals import parts_changed
from qualification.workflow import CASE_FLOW
from secondsource.core import outbox
from secondsource.workspace.policies.services import TOPIC as POLICY_FIGURES
from secondsource.workspace.tasks import (
    recompute_by_policy,
    recompute_everything,
    refresh_company_figures,
)
from suppliers.signals import sources_changed

#: One row is computed for the whole company, so all changes that wait share a key.
TOPIC, KEY = "company_figures", "company"
outbox.subscribe(TOPIC, map(CASE_FLOW.action, CASE_FLOW.transitions), key=KEY)


@receiver([parts_changed, sources_changed])
def parts_or_sources_changed(sender: Any, **_: Any) -> None:
    """Recompute the company after an import, which changes many parts without an event for each."""
    outbox.post(TOPIC, {}, key=KEY)


@outbox.handles(TOPIC)
def compute_company_figures(payload: dict[str, Any]) -> None:
    """Compute the company's figures in a worker of the queue for figures."""
    refresh_company_figures.apply_async(retry=False)


@outbox.handles("all_figures")
def compute_all_figures(payload: dict[str, Any]) -> None:
    """Compute every stored figure, as the nightly run does; posted by migrations."""
    recompute_everything.apply_async(retry=False)


@outbox.handles(POLICY_FIGURES)
def follow_policy(payload: dict[str, Any]) -> None:
    """Compute what depends on the policy in a worker of the queue for figures."""
    recompute_by_policy.apply_async(args=[payload["follows"]], retry=False)
