"""Services for clearances of intellectual property. They can be renewed until approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qualification.models import Case, IpClearance
from qualification.models.cases import State
from qualification.services.work import case_for_work, gate_touched, work_changed
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, refuse_values
from secondsource.core.records import change, create

CLEARANCE_FIELDS = frozenset(
    {
        "kind", "subject", "searched_by", "searched_in", "searched_on", "result", "licence",
        "valid_to", "note",
    }
)  # fmt: skip


@transaction.atomic
def add_clearance(*, case: Case, actor: Actor, **values: Any) -> IpClearance:
    """Record a search: what, by whom, where, when, its result and its last day.

    Raises ``ValuesRefused``; ``RuleRefused`` for a case that is past approval, over or on hold.
    """
    case = case_for_work(case, State.APPROVAL, actor)
    values.setdefault("searched_by", actor.user)
    values.setdefault("searched_on", clock.business_day())
    refuse_values(_problems(values))
    row = create(IpClearance(case=case, **values), actor, duplicate="On record already.")
    _changed(case, row, actor, "added")
    return row


@transaction.atomic
def change_clearance(
    *,
    clearance: IpClearance,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> IpClearance:
    """Change fields (``CLEARANCE_FIELDS``) of a search, such as its result."""
    case = case_for_work(clearance.case, State.APPROVAL, actor)
    now = IpClearance.objects.get(pk=clearance.pk)
    refuse_values(_problems({n: getattr(now, n) for n in CLEARANCE_FIELDS} | dict(values)))
    row = change(clearance, values, actor, allowed=CLEARANCE_FIELDS, expected=expected)
    if row.version != now.version:
        _changed(case, row, actor, "changed")
    return row


def _changed(case: Case, row: IpClearance, actor: Actor, what: str) -> None:
    """Write the event; the signatures of the gate at which the case is become void."""
    audit.record(
        f"qualification.clearance.{what}", case, actor, note=row.subject,
        data={"result": row.result},
    )  # fmt: skip
    gate = gate_touched(case, State.SPEC_REVIEW)
    work_changed(case, gate, actor, f"the clearance of {row.subject} was {what}")


def _problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    problems = [
        FieldProblem(f"/{name}", "required", detail)
        for name, detail in (
            ("subject", "Name the patent, the licence or the part that was cloned."),
            ("searched_in", "Name where it was searched."),
            ("searched_by", "Name who searched."),
        )
        if not values.get(name)
    ]
    on, until = values["searched_on"], values.get("valid_to")
    if on > clock.business_day():
        problems.append(FieldProblem("/searched_on", "in_future", "A search is in the past."))
    if until is not None and until < on:
        problems.append(FieldProblem("/valid_to", "before_search", "Not before the search."))
    if values.get("result") == IpClearance.Result.LICENSED and not values.get("licence"):
        problems.append(FieldProblem("/licence", "required", "Name the licence agreement."))
    return problems
