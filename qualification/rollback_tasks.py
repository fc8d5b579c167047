"""Tasks of a rollback that is under way, for the owners of its steps and the lead."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from qualification.case_task import BLOCKS, Task, pair
from qualification.models import Case, RollbackStep
from qualification.next_move import with_work
from qualification.reopened import rolling_back
from secondsource.accounts.models import User


def way_back(user: User) -> list[Task]:
    """Rollbacks under way: the steps that the person owns, and for the lead the hours it took."""
    concerned = Q(lead=user) | Q(rollback_plan__steps__owner=user)
    cases = rolling_back().visible_to(user).filter(concerned)
    found = list(cases.values_list("pk", flat=True).distinct())
    if not found:
        return []
    rows = with_work(Case.objects.with_list_columns()).in_bulk(found)
    steps = RollbackStep.objects.filter(owner=user, plan__case__in=found)
    tasks = [
        _way_back(rows[step.plan.case_id], f"rollback-{step.pk}", step.text)
        for step in steps.select_related("plan")
    ]
    led = [case for case in rows.values() if case.lead_id == user.pk]
    said = "Record how long the rollback took"
    return [*tasks, *(_way_back(case, f"rollback-hours-{case.number}", said) for case in led)]


def _way_back(case: Case, key: str, title: str) -> Task:
    return Task(
        key=key,
        kind="rollback",
        group=BLOCKS,
        title=title,
        note=f"{case.key} · {pair(case)} · rolled back, the line waits for the incumbent",
        case=case,
        url=reverse("case_rollback", args=[case.number]),
    )
