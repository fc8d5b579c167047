"""What a person holds in open cases and can hand over: leads, functions, steps, FMEA actions,
steps of the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from qualification.consequences import in_words
from qualification.guards import gate_of
from qualification.models import Case, ChecklistItem, FmeaAction, RollbackStep, TeamMember
from qualification.models.cases import OPEN_STATES, gates_from
from qualification.reopened import rolling_back
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function


@dataclass(frozen=True)
class Held:
    """Something that somebody holds.

    ``key`` identifies it in forms and the API; ``kind`` is function, step, action, rollback,
    sponsor or lead.
    """

    key: str
    kind: str
    title: str
    case: Case
    subject: Any = None
    function: str = ""


def held_by(user: User) -> list[Held]:
    """Everything that the person holds, by case."""
    found = [
        *_functions(user), *_steps(user), *_actions(user), *_way_back(user), *_sponsored(user),
        *_led(user),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.case.number)


def _open_cases() -> Any:
    return Case.objects.filter(state__in=OPEN_STATES).select_related("part", "lead", "sponsor")


def _functions(user: User) -> Iterator[Held]:
    mine = TeamMember.objects.filter(user=user, case__in=_open_cases())
    for row in mine.select_related("case__part", "case__lead", "case__sponsor").order_by("pk"):
        yield Held(
            key=f"function-{row.case.number}-{row.function}", kind="function", case=row.case,
            title=f"Function {Function(row.function).label.lower()}", function=row.function,
        )  # fmt: skip


def _steps(user: User) -> Iterator[Held]:
    """Open steps of the present gate and of later ones."""
    mine = ChecklistItem.objects.filter(
        owner=user, done_at=None, met_at=None, case__in=_open_cases()
    ).select_related("case__part", "case__lead", "case__sponsor")
    for item in mine.order_by("position", "pk"):
        if item.case.state == "draft" or item.gate in gates_from(gate_of(item.case)):
            yield Held(
                key=f"step-{item.pk}", kind="step", case=item.case, subject=item,
                title=f"Step of {in_words(item.gate)}: {item.text}",
            )  # fmt: skip


def _actions(user: User) -> Iterator[Held]:
    mine = FmeaAction.objects.owned_by(user).select_related(
        "row__fmea__case__part", "row__fmea__case__lead", "row__fmea__case__sponsor"
    )
    for action in mine.order_by("pk"):
        yield Held(
            key=f"action-{action.pk}", kind="action", case=action.row.fmea.case, subject=action,
            title=f"FMEA action: {action.description}",
        )  # fmt: skip


def _way_back(user: User) -> Iterator[Held]:
    """Steps of rollback plans of open cases, and of rollbacks that are under way."""
    needed = Q(plan__case__in=_open_cases()) | Q(plan__case__in=rolling_back())
    mine = RollbackStep.objects.filter(needed, owner=user).select_related(
        "plan__case__part", "plan__case__lead", "plan__case__sponsor"
    )
    for step in mine.order_by("position", "pk"):
        yield Held(
            key=f"rollback-{step.pk}", kind="rollback", case=step.case, subject=step,
            title=f"Step of the rollback: {step.text}",
        )  # fmt: skip


def _sponsored(user: User) -> Iterator[Held]:
    for case in _open_cases().filter(sponsor=user).order_by("pk"):
        yield Held(key=f"sponsor-{case.number}", kind="sponsor", title="Sponsor", case=case)


def _led(user: User) -> Iterator[Held]:
    for case in _open_cases().filter(lead=user).order_by("pk"):
        yield Held(key=f"lead-{case.number}", kind="lead", title="Lead", case=case)
