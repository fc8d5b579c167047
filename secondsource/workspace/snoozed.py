"""Tasks that a person put aside: they stand last on My work until their day, and are counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from qualification.case_task import WAITING, Task
from secondsource.accounts.models import User
from secondsource.core import clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.core.formats import day
from secondsource.workspace.models import SnoozedTask

SNOOZED = "snoozed"
#: The most days [D].
MOST_DAYS = 30


def put_last(tasks: Iterable[Task], user: User) -> list[Task]:
    """The tasks, those that were put aside in a group of their own at the end."""
    rows = SnoozedTask.objects.filter(user=user, until__gt=clock.business_day())
    until = dict(rows.values_list("key", "until"))
    given = list(tasks)
    aside = [
        replace(one, group=SNOOZED, note=f"{one.note} · back {day(until[one.key])}")
        for one in given
        if one.key in until
    ]
    return [one for one in given if one.key not in until] + aside


def snooze(*, task: Task, days: int, actor: Actor) -> dt.date:
    """Put a task aside, until its own day at the latest; returns the day on which it is back.

    ``days`` is 0 to take it up again.
    """
    if actor.user is None:
        raise PermissionRefused("Only a person has tasks.")
    today = clock.business_day()
    if not 0 <= days <= MOST_DAYS:
        raise RuleRefused.one("days", f"0 to {MOST_DAYS} days.")
    if days and task.group == WAITING:
        raise RuleRefused.one("waiting", "This waits for others: there is nothing to put aside.")
    until = today + dt.timedelta(days)
    if task.due is not None and today < task.due < until:
        until = task.due
    traces.attribute(actor, "snoozed")
    SnoozedTask.objects.update_or_create(
        user=actor.user, key=task.key, defaults={"until": until}
    )  # fmt: skip
    return until
