"""The next moves of cases and their blockers, for many cases at once.

The reasons are those of the guards of ``workflow.CASE_FLOW``, evaluated on prefetched cases so that
thirty cases need as many queries as one.
"""

from __future__ import annotations

import copy
from enum import Enum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from parts.models import Product
from qualification import guards
from qualification.models import (
    Case,
    HoldPoint,
    RequiredSignature,
    SignOff,
    TeamMember,
    TriggerBreach,
)
from qualification.models.cases import GATES, State
from qualification.overdue import with_gate_day
from qualification.querysets import CaseQuerySet
from qualification.workflow import CASE_FLOW
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.core.workflow import Move

_NEXT = {State.DRAFT: "submit", State.TRANSITION: "close", State.ON_HOLD: "resume"}
_NOBODY = Move(Actor())
#: What guards and lists read of the members of teams, which are many rows.
_MEMBER = ("case", "function", *(f"user__{f}" for f in ("name", "email", "roles", "is_active")))


class Steps(Enum):
    """Which steps and required signatures are read together with a case."""

    OPEN = "of the present gate, and of its steps those that are required and open"
    COUNTED = "of the present gate, and of its open steps their number and first due date alone"
    ALL = "all"
    NONE = "no steps: the reasons are those of a refused move, at more queries for each case"


def with_work(cases: CaseQuerySet, *, steps: Steps = Steps.OPEN) -> QuerySet[Any]:
    """Cases with what :func:`unmet` reads: team, signatures, hold points, checklist."""
    items, signatures = guards.items_with_evidence(), RequiredSignature.objects.all()
    given = SignOff.objects.select_related("signed_by")
    team = TeamMember.objects.select_related("user")
    if steps in (Steps.OPEN, Steps.COUNTED):
        signatures, given = signatures.filter(guards.OF_THE_GATE), given.filter(guards.OF_THE_GATE)
        items, team = guards.items_open_now(), team.only(*_MEMBER)
    if steps == Steps.COUNTED:
        cases = guards.with_open_steps(cases)
    late = Product.objects.filter(
        usages__part=OuterRef("part_id"), phase__in=guards.LATE_PHASES
    ).order_by("code")
    breached = TriggerBreach.objects.filter(
        transition__case=OuterRef("pk"), transition__ended_on=None, ended_at=None
    )
    return (
        with_gate_day(cases.with_plan())
        .prefetch_related(
            Prefetch("required_signatures", signatures),
            Prefetch("team", team),
            Prefetch("sign_offs", given),
            Prefetch("runs__hold_points", HoldPoint.objects.select_related("figures")),
            *([Prefetch("checklist", items)] if steps in (Steps.OPEN, Steps.ALL) else []),
        )
        .select_related("rollback_plan")
        .annotate(
            late_products=ArraySubquery(late.values("code").distinct()[:3]),
            is_breached=Exists(breached),
        )
    )


def next_move(case: Case) -> str:
    """The move to the next state of a case; '' for a case that is over."""
    state = State(case.state)
    return _NEXT.get(state) or ("pass" if state in GATES else "")


def next_state(case: Case) -> str:
    """The next state of a case; '' for a case that is over."""
    name = next_move(case)
    return CASE_FLOW.transitions[name].target_of(copy.copy(case), _NOBODY) if name else ""


def after_next(case: Case) -> list[Reason]:
    """The reasons that a draft has to meet after its submission."""
    submitted = copy.copy(case)
    submitted.state = State.BUSINESS_CASE
    return unmet(submitted)


def to_lift(case: Case) -> list[Reason]:
    """Reasons that can be removed today, without future hold points and the signatures after them.

    ``task_counts.blocked`` is the same rule in SQL.
    """
    return liftable(unmet(case))


def blockers(case: Case) -> int:
    """The number of reasons that can be removed today, of a case read with its steps or counts."""
    return len(to_lift(case)) + vars(case).get("open_steps", 0)


def liftable(reasons: list[Reason]) -> list[Reason]:
    """The same of the reasons against a move; a step with linked work is one of them."""
    if any(reason.code == "hold_point_ahead" for reason in reasons):
        return [r for r in reasons if r.code not in ("hold_point_ahead", "not_signed")]
    return reasons


def unmet(case: Case) -> list[Reason]:
    """All reasons against the next move, apart from rights."""
    name = next_move(case)
    if not name:
        return []
    transition = CASE_FLOW.transitions[name]
    return [reason for guard in transition.guards for reason in guard(case, _NOBODY)]
