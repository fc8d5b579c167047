"""A task of a person in a case, as My work, notifications and counts know it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from qualification.models import Case
from secondsource.core import clock

BLOCKS, DUE, TO_DO, WAITING = "blocks", "due", "to_do", "waiting"
_RANK = {group: rank for rank, group in enumerate((BLOCKS, DUE, TO_DO, WAITING))}
#: What is due later is to do, not due.
DUE_WITHIN = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Task:
    """A task: its group, text, who waits, its address and its day.

    ``key`` identifies it in addresses; ``kind`` is sign, step, hold, move, plan, receipt, action,
    rollback, money, sourcing or wait; ``subject`` is the step, hold point or action, ``function``
    that of a signature. A task about a month of savings, a request for quotation or a split has no
    ``case``.
    """

    key: str
    kind: str
    group: str
    title: str
    note: str
    case: Case | None
    url: str
    due: dt.date | None = None
    subject: Any = None
    function: str = ""

    @property
    def is_late(self) -> bool:
        """Due today or before."""
        return self.due is not None and self.due <= clock.business_day()


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Tasks by group and day. What has no day, or one after a week, is not due, only to do."""
    last = clock.business_day() + DUE_WITHIN
    placed = [
        replace(task, group=TO_DO)
        if task.group == DUE and (task.due is None or task.due > last)
        else task
        for task in tasks
    ]
    return sorted(placed, key=_place)


def _place(task: Task) -> tuple[int, dt.date, int]:
    number = task.case.number if task.case else 0
    return _RANK[task.group], task.due or dt.date.max, number


def pair(case: Case) -> str:
    """``STM32F4 → GD32F4``."""
    figures = getattr(case.part, "figures", None)
    first = figures.incumbent_mpn if figures and figures.incumbent_mpn else "–"
    return f"{first} → {case.source.manufacturer_part.mpn}"
