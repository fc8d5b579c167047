"""Template tags of cases: ``{% load cases %}``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import SafeString

from qualification import consequences, credit, overdue
from qualification.credit import Credit
from qualification.models import Case
from qualification.models.cases import OPEN_STATES, State
from secondsource.core import clock
from secondsource.core.formats import day
from secondsource.core.templatetags.ui import mrail

register = template.Library()
_RANK = {str(state): rank for rank, state in enumerate(State)}


#: The pages of a case beside its workspace: URL name and label, in the order of the gates. Readers
#: without a right in ``NEEDED`` have no tab of it.
PAGES: tuple[tuple[str, str], ...] = (
    ("case_detail", "Overview"),
    ("case_business_case", "Business case"),
    ("case_spec_review", "Spec review"),
    ("case_fmea", "FMEA"),
    ("case_pilot", "Pilot build"),
    ("case_tests", "Component tests"),
    ("case_approval", "Approval"),
    ("case_rollback", "Rollback"),
    ("case_introduction", "Introduction"),
    ("case_savings", "Savings"),
)
NEEDED = {"case_savings": "incentives.view_saving"}


@register.inclusion_tag("components/tabs.html", takes_context=True)
def case_tabs(context: Any, case: Case) -> dict[str, Any]:
    """The pages of a case as tabs."""
    here = context["request"].resolver_match.url_name
    tabs = [
        {"label": label, "url": reverse(name, args=[case.number]), "current": name == here}
        for name, label in PAGES
        if name not in NEEDED or context["request"].user.has_perm(NEEDED[name])
    ]
    tabs = tabs if len(tabs) > 1 else []
    return {"tabs": tabs, "tabs_label": f"Pages of {case.key}"}


@register.filter
def in_words(state: str) -> str:
    """A state with a capital: ``Spec review``."""
    return consequences.in_words(state)


@register.filter
def dictkey(choices: list[tuple[str, str]], key: str) -> str:
    """The value of a key in a dictionary."""
    return dict(choices).get(key, "")


@register.filter
def is_late(case: Case) -> bool:
    """Whether a case that is not approved yet is past its due date."""
    waits = case.state in overdue.PLANNED or case.state == State.ON_HOLD
    return waits and case.due_date is not None and _over(case.due_date)


def _over(date: dt.date) -> bool:
    return date < clock.business_day()


@register.simple_tag
def gate_rail(case: Case) -> SafeString:
    """The small rail of tables; red while the case is blocked."""
    state = case.held_from if case.state == State.ON_HOLD else case.state
    rank = _RANK[state]
    current = rank if rank <= _RANK[State.TRANSITION] else 8 if state == State.CLOSED else 0
    return mrail(current, blocked=bool(standstill(case)), label=in_words(case.state))


@register.simple_tag
def standstill(case: Case) -> str:
    """What blocks an open case loaded ``with_work``; '' for nothing."""
    if case.state == State.ON_HOLD:
        return "On hold"
    if case.state not in OPEN_STATES:
        return ""
    if case.state == State.TRANSITION:
        if vars(case).get("is_breached"):
            return "Trigger breached"
        for point in case.hold_points.all():
            if point.verdict == "fail":
                return "Hold point failed"
            if not point.verdict and _over(point.due):
                return "Hold point overdue"
    return "Overdue" if overdue.overdue_since(case) else ""


@register.filter
def overdue_since(case: Case) -> dt.date | None:
    """The first planned day of a case that is over."""
    return overdue.overdue_since(case)


@register.filter
def when(date: dt.date | None) -> str:
    """``Today`` or the day."""
    return "Today" if date == clock.business_day() else day(date)


@register.simple_tag
def credits_of(sources: Iterable[Any]) -> dict[int, Credit]:
    """Who brought these sources in, by id."""
    return credit.of_sources([source.pk for source in sources if source.was_approved])
