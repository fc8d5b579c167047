"""My work: the tasks of the reader, what they block, and tasks of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import format_html

from incentives import waiting
from qualification import my_work, task_counts
from qualification.case_standing import Standing
from qualification.models import Case
from qualification.my_work import BLOCKS, DUE, TO_DO, WAITING, Task
from qualification.next_move import liftable
from qualification.views.panels import dressed_steps
from qualification.views.six_figures import figures_to_sign
from secondsource.core.templatetags.ui import count
from secondsource.core.views import Page
from secondsource.workspace import effort, sourcing_tasks
from secondsource.workspace.navigation import MOST_COUNTED
from secondsource.workspace.snoozed import SNOOZED, put_last

GROUPS = (
    (BLOCKS, "Blocks others", "circle-alert"),
    (DUE, "Due this week", "calendar-clock"),
    (TO_DO, "To do", "circle-dashed"),
    (WAITING, "Waiting on others", "hourglass"),
    (SNOOZED, "Snoozed", "clock-alert"),
)


#: Tasks of a group on the page; the others come with ``?all=1``.
MOST_SHOWN = 50
#: Steps of the gate beside the chosen task; the page of the case has all.
MOST_STEPS = 8


def every_task(user: Any) -> list[Task]:
    """The person's tasks of all kinds, those that were put aside last."""
    cases = my_work.cases_of(user)
    return _tasks(user, cases, my_work.standings_of(cases))


def _tasks(user: Any, cases: list[Case], standings: Mapping[int, Standing]) -> list[Task]:
    more = [*waiting.tasks_of(user, cases), *sourcing_tasks.tasks_of(user)]
    return put_last(my_work.tasks_of(user, cases, standings, more), user)


class MyWorkPage(Page):
    """The reader's tasks by group, ``?item=`` beside them in full."""

    permission_required = "workspace.view_my_work"
    template_name = "workspace/my_work.html"
    page_title = "My work"
    fragments: ClassVar[Mapping[str, str]] = {"inbox": "workspace/my_work_inbox.html"}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Groups, the chosen task, the reader's cases."""
        cases = my_work.cases_of(self.request.user)
        standings = my_work.standings_of(cases)
        tasks = _tasks(self.request.user, cases, standings)
        return super().get_context_data(
            groups=[
                (label, icon, len(found), found[: self._most()])
                for name, label, icon in GROUPS
                if (found := [task for task in tasks if task.group == name])
            ],
            tasks=tasks,
            lead=_lead(tasks),
            to_do=sum(task.group != WAITING for task in tasks),
            waiting=sum(task.group == WAITING for task in tasks),
            cases=[(case, len(liftable(standings[case.pk].unmet))) for case in cases],
            **self._chosen(tasks, standings),
            **context,
        )

    def _most(self) -> int | None:
        """How many tasks of a group are shown; None with ``?all=1`` for every one."""
        return None if self.request.GET.get("all") == "1" else MOST_SHOWN

    def _chosen(self, tasks: list[Task], standings: Mapping[int, Standing]) -> dict[str, Any]:
        """The task of the address, else the first, with the files of its gate's steps."""
        wanted = self.request.GET.get("item", "")
        task = next((task for task in tasks if task.key == wanted), None)
        chosen = task or next(iter(tasks), None)
        if chosen is None:
            return {"chosen": None}
        if chosen.case is None or chosen.kind == "money":
            return {"asked": task is not None, "chosen": chosen, "case": chosen.case}
        may = self.actor.may("qualification.write_case", chosen.case)
        return {
            "asked": task is not None,
            "chosen": chosen,
            "case": chosen.case,
            **_steps_of(chosen, chosen.case),
            "may_work": may,
            "pair": my_work.pair(chosen.case),
            "reasons": (standings.get(chosen.case.pk) or Standing(chosen.case)).unmet,
            "figures": figures_to_sign(chosen.case, self.actor) if chosen.kind == "sign" else [],
            **self._effort(chosen.case),
        }

    def _effort(self, case: Case) -> dict[str, Any]:
        """The reader's hours and the buttons that log more, for who may."""
        if not self.actor.may("qualification.log_cost", case):
            return {}
        return {"effort": effort.on_case(case, self.request.user), "effort_steps": effort.STEPS}


def _steps_of(chosen: Task, case: Case) -> dict[str, Any]:
    """The steps of the gate for the preview, that of the task first; ``more`` are on the case."""
    first = chosen.subject if chosen.kind == "step" else None
    steps = dressed_steps(case, case.state, first=first, most=MOST_STEPS + 1)
    return {"steps": steps[:MOST_STEPS], "more_steps": len(steps) > MOST_STEPS}


class MyWorkCount(Page):
    """The number of the reader's tasks, which the navigation fetches after the page."""

    permission_required = "workspace.view_my_work"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The number alone; empty for none."""
        more = {**waiting.counted(request.user), **sourcing_tasks.counted(request.user)}
        found = task_counts.count(request.user, cap=MOST_COUNTED, more=more)
        if not found:
            return HttpResponse("")
        shown = str(found) if found <= MOST_COUNTED else f"{MOST_COUNTED}+"
        return HttpResponse(format_html('{}<span class="vh"> to do</span>', shown))


def _lead(tasks: list[Task]) -> str:
    """The sentence below the heading."""
    blocking, due, to_do = (sum(t.group == name for t in tasks) for name in (BLOCKS, DUE, TO_DO))
    if blocking:
        first = "it" if blocking == 1 else "those"
        return f"{count(blocking, 'thing blocks', 'things block')} other people. Do {first} first."
    if due:
        return f"{count(due, 'thing is', 'things are')} due this week."
    return f"{count(to_do, 'thing is', 'things are')} to do." if to_do else "Nothing waits for you."
