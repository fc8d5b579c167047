"""Panels of a case's page: rail, steps, signatures, files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse
from django.utils.text import capfirst

from qualification import guards, linked_work
from qualification.consequences import in_words
from qualification.models import (
    Case,
    ChecklistItem,
    GatePassage,
    RampStep,
    SignOff,
    Transition,
)
from qualification.models.cases import GATES, OPEN_STATES, State
from qualification.services.gates import functions_of
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.formats import day, number, percent, quantity
from secondsource.core.models import Attachment


def standing_at(case: Case, passages: Iterable[GatePassage]) -> str:
    """The present gate of a case, or the last one; '' before the first."""
    if case.held_from and case.state == State.ON_HOLD:
        return str(case.held_from)
    if case.state in GATES:
        return str(case.state)
    return next((str(p.gate) for p in reversed(list(passages))), "")


def rail(
    case: Case, passages: list[GatePassage], steps: dict[str, list[Any]], blocked: bool
) -> list[dict[str, Any]]:
    """The seven pads of the rail with the dates on which the gates were passed."""
    here = standing_at(case, passages)
    place = len(GATES) if case.state == State.CLOSED else _place(here)
    passed = {str(p.gate): p.left_at for p in passages if p.passed}
    pads = []
    for index, gate in enumerate(GATES):
        pads.append(
            {
                "label": in_words(gate),
                "url": f"{case.get_absolute_url()}?gate={gate}#work",
                "state": _pad_state(case, index, place, blocked),
                "note": _pad_note(case, gate, index, place, passed, steps),
            }
        )
    done = case.state == State.CLOSED
    note = f"Closed {day(case.closed_at)}" if done else "After first production receipt"
    pads.append({"label": "Closed", "state": "done" if done else "todo", "note": note})
    return pads


def _place(gate: str) -> int:
    return GATES.index(State(gate)) if gate in GATES else -1


def _pad_state(case: Case, index: int, place: int, blocked: bool) -> str:
    if index < place:
        return "done"
    if index > place:
        return "todo"
    if case.state in (State.REJECTED, State.WITHDRAWN, State.ROLLED_BACK):
        return "void"
    return "blocked" if blocked else "now"


def _pad_note(
    case: Case,
    gate: str,
    index: int,
    place: int,
    passed: dict[str, Any],
    steps: dict[str, list[Any]],
) -> str:
    if index < place:
        return f"Passed {day(passed[gate])}" if gate in passed else "Passed"
    if index == place:
        required = [item for item in steps.get(gate, []) if item.required]
        done = sum(not guards.is_open(item) for item in required)
        aside = "" if case.state == gate else f"{in_words(case.state)}, "
        due = _due(case, gate) if case.state == gate else ""
        return ", ".join(filter(None, [f"{aside}{done} of {len(required)} done", due]))
    if due := _due(case, gate):
        return str(capfirst(due))
    if gate == State.TRANSITION:
        share = f", to {percent(case.transition_share)} share" if case.transition_share else ""
        return f"3 months{share}"
    return ""


def _due(case: Case, gate: str) -> str:
    """``due 25 Sep``, ``overdue since 25 Sep``; '' for a gate without a planned day."""
    planned = {row.gate: row.due for row in case.planned_gates.all()}.get(gate)
    if gate == State.APPROVAL:
        planned = case.due_date or planned
    if planned is None:
        return ""
    late = case.state in OPEN_STATES and planned < clock.business_day()
    return f"overdue since {day(planned)}" if late else f"due {day(planned)}"


def way_back(case: Case, incumbent: str) -> str:
    """The sentence about the rollback; '' without a plan."""
    parts = []
    if case.rollback_hours is not None:
        parts.append(f"{incumbent} back on the line in {number(case.rollback_hours)} h.")
    if case.rollback_stock is not None:
        parts.append(f"{number(case.rollback_stock)} pieces held.")
    if case.rollback_rehearsed_on:
        parts.append(f"Rehearsed {day(case.rollback_rehearsed_on)}.")
    elif parts:
        parts.append("Not rehearsed yet.")
    return f"Rollback: {' '.join(parts)}" if parts else ""


def scope_in_words(case: Case) -> str:
    """``KC-210, KC-340 at Brno, made at Xiamen``; ``all products`` where nothing is chosen."""
    products = ", ".join(product.code for product in case.products.all()) or "all products"
    plants = ", ".join(plant.name for plant in case.plants.all())
    sites = ", ".join(site.name for site in case.sites.all())
    at = f" at {plants}" if plants else ""
    return f"{products}{at}, made at {sites}" if sites else products + at


def files_by_item(items: Iterable[ChecklistItem]) -> dict[int, list[Attachment]]:
    """The files of these steps, in one query."""
    found: dict[int, list[Attachment]] = {}
    files = Attachment.objects.filter(
        subject_type="qualification.checklistitem",
        subject_id__in=[item.pk for item in items],
        removed_at=None,
    )
    for file in files.select_related("uploaded_by").order_by("id"):
        found.setdefault(file.subject_id, []).append(file)
    return found


def dressed_steps(
    case: Case, gate: str, *, first: ChecklistItem | None = None, most: int | None = None
) -> list[Any]:
    """The steps of a gate with what their template shows; also those that are done.

    At most so many of them, ``first`` before the others.
    """
    rows = guards.items_with_evidence().filter(case=case, gate=gate)
    if first is not None:
        is_first = ExpressionWrapper(Q(pk=first.pk), output_field=BooleanField())
        rows = rows.order_by(is_first.desc(), "position", "pk")
    items = list(rows[:most])
    for item in items:
        item.case = case
    tell_work(case, with_files(items))
    return items


def with_files(items: list[Any]) -> list[Any]:
    """These steps with their files, their value and whether they are open."""
    files = files_by_item(items)
    for item in items:
        item.files, item.pk_text = files.get(item.pk, []), str(item.pk)
        item.open = guards.is_open(item)
        item.typed = "" if item.value is None else f"{item.value.normalize():f}"
        item.by_hand = linked_work.was_ticked_by_hand(item)
    return items


def tell_work(case: Case, items: Iterable[Any]) -> None:
    """Add to linked steps where their work stands; only for steps that are shown, as it is read.

    An open one gets ``lacks``, what its work lacks, where one reading gives both.
    """
    for item in items:
        if item.link:
            work = linked_work.of(item.link)
            item.work_url = reverse(work.url_name, args=[case.number])
            if item.open and work.stands:
                item.lacks, item.told = work.stands(case)
            else:
                item.told = work.told(case)


def signatures(
    case: Case, gate: str, actor: Actor, team: list[Any], given: list[SignOff]
) -> list[dict[str, Any]]:
    """A row for each function that signs the gate: the signer and day, or what is missing."""
    here = [s for s in given if s.gate == gate and s.voided_at is None]
    standing = {s.function: s for s in here if guards.counts(s)}
    mine = functions_of(case, actor.user) if actor.user else []
    signed_by_me = any(s.signed_by_id == actor.user_id for s in here)
    open_work = bool(guards.open_items(case, gate))
    open_points = guards.open_hold_points(case)
    required = guards.required_functions(case, gate)
    rows = []
    for function in required:
        people = _people(case, team, function)
        row = {"function": Function(function).label, "people": people}
        if function in standing:
            row |= {"signed": standing[function]}
        elif case.state != gate:
            row |= {"wait": "Not signed"}
        elif open_work:
            row |= {"wait": "After the checklist"}
        elif open_points:
            row |= {"wait": "After the last hold point"}
        elif function == Function.SPONSOR and len(standing) + 1 < len(required):
            row |= {"wait": "After all others"}
        elif not people:
            row |= {"wait": "Nobody named", "tone": "bad"}
        elif function in mine and signed_by_me:
            row |= {"wait": "Another person signs"}
        elif function in mine and actor.may("qualification.sign_case", case):
            row |= {"url": reverse("case_sign", args=[case.number, str(function)])}
        else:
            row |= {"wait": "To sign", "tone": "warn"}
        rows.append(row)
    return rows


def _people(case: Case, team: list[Any], function: str) -> list[User]:
    if function == Function.SPONSOR:
        return [case.sponsor] if case.sponsor else []
    return [m.user for m in team if m.function == function and m.user.may_hold(function)]


def transition(case: Case, actor: Actor) -> dict[str, Any]:
    """The present run and the ``earlier`` runs, the newest first."""
    runs = [run for run in case.runs.all() if run.started_on]
    earlier = [run for run in runs if run.outcome not in ("", Transition.Outcome.CLOSED)]
    present = next((run for run in runs if run not in earlier), None)
    return {
        "run": present,
        "ramp": ramp_in_words(present.ramp.all()) if present else "",
        "rows": _hold_points(case, present, actor) if present else [],
        "earlier": [
            {
                "run": run,
                "ramp": ramp_in_words(run.ramp.all()),
                "rows": [
                    {"point": point, "over": True, "figures": getattr(point, "figures", None)}
                    for point in run.hold_points.all()
                ],
            }
            for run in reversed(earlier)
        ],
    }


def ramp_in_words(steps: Iterable[RampStep]) -> str:
    """``Month 1: 10 %, from month 3: 40 %``; a ramp of one step ``From month 1: 40 %``."""
    told = [f"from month {step.month}: {quantity(step.share * 100, '%')}" for step in steps]
    if len(told) > 1:
        told[0] = told[0].removeprefix("from ")
    return str(capfirst(", ".join(told)))


def _hold_points(case: Case, run: Transition, actor: Actor) -> list[dict[str, Any]]:
    """The run's hold points; the first open one that is due can be judged."""
    rows: list[dict[str, Any]] = []
    may = actor.may("qualification.judge_holdpoint", case) and case.state == State.TRANSITION
    first_open = True
    for point in run.hold_points.all():
        figures = getattr(point, "figures", None)
        row: dict[str, Any] = {
            "point": point, "due": point.due <= clock.business_day(), "figures": figures,
        }  # fmt: skip
        if may and point.verdict and figures is not None and figures.outdated_at:
            row["url"] = reverse("case_hold_point", args=[case.number, point.public_id])
        if not point.verdict and first_open:
            first_open = False
            if may and row["due"]:
                row["url"] = reverse("case_hold_point", args=[case.number, point.public_id])
        rows.append(row)
    return rows


def by_person(case: Case, team: Iterable[Any]) -> list[tuple[User, str]]:
    """The people of the case with their functions; lead first, sponsor last."""
    roles: dict[User, list[str]] = {case.lead: ["Lead"]}
    for member in team:
        roles.setdefault(member.user, []).append(Function(member.function).label)
    if case.sponsor:
        roles.setdefault(case.sponsor, []).append("Sponsor")
    return [(person, ", ".join(words)) for person, words in roles.items()]
