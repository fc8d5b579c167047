"""Services of the spec review: an engineer decides on differences, quality confirms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from qualification import guards, spec_review
from qualification.models import Case, Disposition
from qualification.models.cases import State
from qualification.services.gates import functions_of
from qualification.services.risks import void_of_origin
from qualification.services.work import case_for_work, gate_touched, work_changed
from qualification.spec_review import ReviewLine
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    refuse_values,
)
from secondsource.core.records import create

_D = Disposition.Decision


@dataclass(frozen=True)
class ChosenLine:
    """A line to decide on; ``seen`` is what the person read of it, '' for no comparison."""

    parameter: str
    test_condition: str = ""
    seen: str = ""


@transaction.atomic
def decide(
    *,
    case: Case,
    chosen: Sequence[ChosenLine],
    decision: str,
    reason: str,
    actor: Actor,
    condition: str = "",
) -> list[Disposition]:
    """Decide on a deviation, a missed limit or an unknown value; on many unknown ones at once.

    Only a person who holds engineering in the team decides. A former decision on the line is
    superseded. Until approval is passed, a line that is open again is decided on at the gate where
    the case is; that voids the signatures of this gate and of the risk that the line is.
    Raises ``PermissionRefused``, ``ValuesRefused``, ``RuleRefused`` with every reason.
    """
    case = case_for_work(case, State.APPROVAL, actor, permission="qualification.judge_deviation")
    engineer = _holder(case, Function.ENGINEERING, actor)
    reason, condition = reason.strip(), condition.strip()
    refuse_values(_problems(chosen, decision, reason, condition))
    found = _chosen_lines(spec_review.lines(case), chosen)
    _refuse([*_against(found, chosen, decision), *_passed(case, found)])
    written = [
        _write(case, line, engineer, actor, decision=decision, reason=reason, condition=condition)
        for line in found
    ]
    names = ", ".join(line.name for line in found)
    audit.record(
        "qualification.deviation.decided", case, actor, note=reason,
        data={"lines": names[:300], "decision": decision},
    )  # fmt: skip
    why = f"a decision was made on {names}"
    for made in written:
        void_of_origin(case=case, reference=str(made.public_id), actor=actor, why=why)
    work_changed(case, gate_touched(case, State.SPEC_REVIEW), actor, why)
    return written


def _passed(case: Case, found: Iterable[ReviewLine]) -> Iterable[Reason]:
    """Against lines whose decision holds, once the spec review is passed."""
    if guards.is_ahead(case, State.SPEC_REVIEW):
        return
    for line in found:
        if not line.is_open:
            yield Reason(
                "gate_passed",
                f"{case.key} has passed the spec review, and the decision on {line.name} holds.",
                "To decide again, send the case back to the spec review.",
            )


def _holder(case: Case, function: Function, actor: Actor) -> User:
    """The person behind the actor, who holds the function in the team and a role for it."""
    person = User.objects.filter(pk=actor.user_id or 0).first()
    if person is None or function not in functions_of(case, person):
        raise PermissionRefused(
            f"Only somebody with the function {function} in the team of {case.key} does this.",
            "The case lead can change the team.",
        )
    return person


def _problems(
    chosen: Sequence[ChosenLine], decision: str, reason: str, condition: str
) -> list[FieldProblem]:
    problems = []
    if not chosen:
        problems.append(FieldProblem("/lines", "required", "Choose a line to decide on."))
    if decision not in _D.values:
        problems.append(FieldProblem("/decision", "unknown_decision", "Choose a decision."))
    if not reason:
        problems.append(FieldProblem("/reason", "required", "Give the reason."))
    if decision == _D.ACCEPT_WITH_CONDITION and not condition:
        detail = "Write the condition; it belongs to the approval."
        problems.append(FieldProblem("/condition", "required", detail))
    if condition and decision in (_D.ACCEPT, _D.REJECT):
        detail = "Choose “accept with condition”, or leave the condition empty."
        problems.append(FieldProblem("/condition", "not_used", detail))
    return problems


def _chosen_lines(lines: Iterable[ReviewLine], chosen: Sequence[ChosenLine]) -> list[ReviewLine]:
    """The lines of the review. Raises ``ValuesRefused`` for one that it does not have."""
    known = {line.key: line for line in lines}
    keys = [spec_review.key_of(one.parameter, one.test_condition) for one in chosen]
    refuse_values(
        FieldProblem(f"/lines/{index}", "unknown_line", "The comparison has no such line.")
        for index, key in enumerate(keys)
        if key not in known
    )
    return [known[key] for key in dict.fromkeys(keys)]


def _against(
    found: Sequence[ReviewLine], chosen: Sequence[ChosenLine], decision: str
) -> Iterable[Reason]:
    seen = {spec_review.key_of(one.parameter, one.test_condition): one.seen for one in chosen}
    for line in found:
        if seen[line.key] and seen[line.key] != line.seen:
            yield Reason(
                "line_changed",
                f"{line.name} changed since you opened it.",
                "Look at the present values and decision, then decide.",
            )
        elif not line.needs_decision:
            yield Reason("no_difference", f"{line.name} needs no decision.")
        elif line.verdict == "blocks" and decision == _D.ACCEPT:
            yield Reason(
                "limit_missed",
                f"{line.name}: a required limit is missed.",
                "Accept it with a condition, or reject it.",
            )
    if len(found) > 1 and any(line.verdict != "unknown" for line in found):
        detail = "Only unknown values are decided on together."
        yield Reason("one_at_a_time", detail, "Decide on each deviation by itself.")


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise RuleRefused(reasons)


def _write(
    case: Case, line: ReviewLine, engineer: User, actor: Actor, **decided: str
) -> Disposition:
    """Write the decision with the values that it was made on."""
    row = line.disposition or Disposition(
        case=case, parameter=line.parameter, test_condition=line.test_condition
    )
    values = {
        **decided,
        "verdict": line.verdict,
        "required": line.row.required,
        "incumbent_value": line.incumbent.value,
        "candidate_value": line.candidate.value,
        "basis": line.basis,
        "decided_by": engineer,
        "decided_at": clock.now(),
        "confirmed_by": None,
        "confirmed_at": None,
    }
    for name, value in values.items():
        setattr(row, name, value)
    if row.pk is None:
        return create(row, actor, reason=decided["reason"], duplicate="Decided already.")
    return audit.save_as(row, actor, decided["reason"])


@transaction.atomic
def confirm(*, disposition: Disposition, actor: Actor, expected: int | None = None) -> Disposition:
    """Confirm that a missed limit is accepted, by quality and not by who decided."""
    case = case_for_work(
        disposition.case, State.APPROVAL, actor, permission="qualification.confirm_deviation"
    )
    person = _holder(case, Function.QUALITY, actor)
    row = Disposition.objects.select_for_update(of=("self",)).get(pk=disposition.pk)
    audit.check_version(row, expected)
    key = spec_review.key_of(row.parameter, row.test_condition)
    line = next((one for one in spec_review.lines(case) if one.key == key), None)
    _refuse([*_against_confirming(row, line, person)])
    row.confirmed_by, row.confirmed_at = person, clock.now()
    audit.save_as(row, actor, "confirmed")
    audit.record("qualification.deviation.confirmed", case, actor, data={"lines": row.parameter})
    gate = gate_touched(case, State.SPEC_REVIEW)
    work_changed(case, gate, actor, f"the decision on {row.parameter} was confirmed")
    return row


def _against_confirming(
    row: Disposition, line: ReviewLine | None, person: User
) -> Iterable[Reason]:
    if not row.needs_confirmation:
        yield Reason(
            "nothing_to_confirm", f"The decision on {row.parameter} needs no confirmation."
        )
    elif line is None or line.has_changed:
        detail = f"{row.parameter} changed since it was decided on."
        yield Reason("line_changed", detail, "An engineer decides on the present values first.")
    if row.decided_by_id == person.pk:
        yield Reason("four_eyes", "You made this decision.", "Somebody else of quality confirms.")
