"""Conditions of the moves. Each yields all unmet reasons with a remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from parts.models import Product
from qualification import linked_work
from qualification.breaches import open_breaches
from qualification.gate_requirements import CORE_TEAM, PERSONS, with_article
from qualification.models import Case, ChecklistItem, HoldPoint, SignOff, StepKind
from qualification.models.cases import OPEN_STATES, State, gates_before, gates_from
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.errors import Reason, RuleRefused
from secondsource.core.formats import day
from secondsource.core.models import Attachment
from secondsource.core.workflow import Move

LATE_PHASES = (
    Product.Phase.DESIGN_FREEZE,
    Product.Phase.PILOT,
    Product.Phase.MASS_PRODUCTION,
    Product.Phase.END_OF_LIFE,
)


def gate_of(case: Case) -> State:
    """The gate of a case; for a case on hold the gate before the hold."""
    return State(case.held_from or case.state)


def require_open(case: Case) -> None:
    """Raise ``RuleRefused`` for a case that is over."""
    if case.state not in OPEN_STATES:
        detail = f"{case.key} is {case.get_state_display()}: it cannot be changed any more."
        raise RuleRefused.one("case_over", detail)


def is_ahead(case: Case, gate: str) -> bool:
    """Whether the gate is the present one or a later one."""
    return case.state == State.DRAFT or gate in gates_from(gate_of(case))


def late_start_has_reason(case: Case, move: Move) -> Iterator[Reason]:
    """A start after a product's design freeze requires a reason, because changes then cost more."""
    if case.start_reason:
        return
    codes = vars(case).get("late_products")  # annotated where many cases are read
    if codes is None:
        codes = late_products(case.part_id)
    if codes:
        be = "is" if len(codes) == 1 else "are"
        yield Reason(
            "late_start",
            f"{', '.join(codes)} {be} past design freeze: a start this late needs a reason.",
            "Give the reason.",
        )


def late_products(part_id: int) -> list[str]:
    """Codes of (at most three) products past design freeze in which the part is used."""
    late = Product.objects.filter(usages__part=part_id, phase__in=LATE_PHASES)
    return list(late.order_by("code").values_list("code", flat=True).distinct()[:3])


def team_is_whole(case: Case, move: Move) -> Iterator[Reason]:
    """Everybody who signs the gate is named; at the first one the sponsor and the core team too."""
    gate, at_first = gate_of(case), case.state == State.BUSINESS_CASE
    sponsor = case.sponsor
    if at_first and not (sponsor and sponsor.is_active and sponsor.may_hold(Function.SPONSOR)):
        yield Reason("no_sponsor", "No sponsor named.", "Name an executive.")
    team = _with_people(case, "team", "user")
    present = {m.function for m in team if m.user.is_active and m.user.may_hold(m.function)}
    asked = [*(CORE_TEAM if at_first else ()), *required_functions(case, gate)]
    for function in dict.fromkeys(asked):
        if function not in present and function != Function.SPONSOR:
            person = PERSONS[function]
            yield Reason(
                "function_missing", f"No {person} named.", f"Add {with_article(person)}.", function
            )


def checklist_is_done(case: Case, move: Move) -> Iterator[Reason]:
    """Every required item of the gate is done, with a file where evidence is required.

    Cases ``with_open_steps`` tell no item: the caller adds their number.
    """
    if "open_steps" in vars(case):
        return
    for item in open_items(case, gate_of(case)):
        detail = f"“{item.text}” is not done."
        if item.link and not read_ahead(case):
            for reason in linked_work.missing(case, item.link):
                yield Reason("work_open", reason.detail, reason.fix, str(item.pk))
            continue
        if item.problem:
            detail = f"“{item.text}”: {item.problem}"
        elif item.done_at:
            detail = f"“{item.text}” has no evidence."
        yield Reason("item_open", detail, _owner(item), str(item.pk))


def _owner(item: ChecklistItem) -> str:
    if item.owner:
        return f"{item.owner.name} is the owner."
    if item.link:
        return "Finish the work that the step is linked to."
    if item.kind == StepKind.VALUE:
        return f"Enter a value of {item.limits}." if item.limits else "Enter the value."
    if item.kind == StepKind.DOCUMENT:
        return "Add the file."
    return "Add the evidence, then tick it." if item.evidence_required else "Tick it when done."


def open_items(case: Case, gate: str) -> list[ChecklistItem]:
    """Required items of a gate that are not done or have no evidence.

    Approval also needs the work of earlier gates that can open again (``UNTIL_APPROVAL``).
    Uses the case's checklist when it was prefetched from ``items_with_evidence``; else linked work
    is judged as it stands now, which a list of many cases reads from ``met_at``.
    """
    if read_ahead(case):
        items = [item for item in case.checklist.all() if _counts_at(item, gate) and item.required]
        return [item for item in items if is_open(item)]
    here = Q(gate=gate)
    if gate in AFTER_FMEA:
        here |= Q(link=FMEA)
    if gate == State.APPROVAL:
        here |= STANDS_AT_APPROVAL
    asked = items_with_evidence().filter(here, ~Q(link="") | IS_OPEN, case=case, required=True)
    return [item for item in asked if _is_open_now(case, item)]


def read_ahead(case: Case) -> bool:
    """Whether the checklist of a case was read together with that of other cases."""
    return "checklist" in getattr(case, "_prefetched_objects_cache", {})


def _is_open_now(case: Case, item: ChecklistItem) -> bool:
    return bool(linked_work.missing(case, item.link)) if item.link else is_open(item)


FMEA = ChecklistItem.Link.FMEA
#: The gates at which a reopened FMEA stops a case.
AFTER_FMEA = tuple(gate for gate in gates_from(State.FMEA) if gate != State.FMEA)
#: Work of earlier gates that other values or the calendar open again; approval needs it done.
UNTIL_APPROVAL = (
    ChecklistItem.Link.DEVIATIONS,
    ChecklistItem.Link.CLEARANCE,
    ChecklistItem.Link.DECLARATIONS,
)
BEFORE_APPROVAL = gates_before(State.APPROVAL)
STANDS_AT_APPROVAL = Q(link__in=UNTIL_APPROVAL, gate__in=BEFORE_APPROVAL)
#: Steps that count at the present gate, in SQL; ``_counts_at`` is the same.
COUNTS_NOW = (
    Q(gate=F("case__state"))
    | Q(link=FMEA, case__state__in=AFTER_FMEA)
    | STANDS_AT_APPROVAL & Q(case__state=State.APPROVAL)
)
#: Steps and signatures of the gate of a case, of a draft those that it needs once submitted.
OF_THE_GATE = Q(gate__in=(F("case__state"), F("case__held_from"))) | Q(
    gate=State.BUSINESS_CASE, case__state=State.DRAFT
)
#: Steps that may count at other gates too.
ANY_GATE = Q(link__in=(FMEA, *UNTIL_APPROVAL))


def _counts_at(item: ChecklistItem, gate: str) -> bool:
    """Whether a step counts at a gate: its own, the FMEA at all later ones, and at approval."""
    if item.gate == gate or (item.link == FMEA and gate in AFTER_FMEA):
        return True
    stands = item.link in UNTIL_APPROVAL and item.gate in BEFORE_APPROVAL
    return gate == State.APPROVAL and stands


#: ``is_open`` in SQL.
IS_OPEN = Q(link="") & (Q(done_at=None) | Q(evidence_required=True, has_evidence=False)) | (
    ~Q(link="") & Q(met_at=None)
)


def is_open(item: Any) -> bool:
    """Whether an item of ``items_with_evidence`` is not done or has no evidence."""
    if item.link:
        return item.met_at is None
    return item.done_at is None or (item.evidence_required and not item.has_evidence)


def items_with_evidence() -> QuerySet[Any]:
    """Checklist items with owner and ``has_evidence``."""
    evidence = Attachment.objects.filter(
        subject_type="qualification.checklistitem", subject_id=OuterRef("pk"), removed_at=None
    )
    return ChecklistItem.objects.select_related("owner", "done_by").annotate(
        has_evidence=Exists(evidence)
    )


#: What a list reads of an open step, of which a page of cases has hundreds.
_READ_OF_OPEN = (
    *("case", "gate", "text", "required", "evidence_required", "link", "kind", "due_date"),
    *("value", "lower", "upper", "unit", "done_at", "met_at", "owner", "owner__name"),
)


def items_open_now() -> QuerySet[Any]:
    """The open required items that ``open_items`` may count, with their owners alone."""
    items = items_with_evidence().filter(OF_THE_GATE | ANY_GATE, IS_OPEN, required=True)
    return items.select_related(None).select_related("owner").only(*_READ_OF_OPEN)


def with_open_steps(cases: Any) -> Any:
    """Adds ``open_steps``, the number of ``open_items``, and ``step_due``, their first due date."""
    items = items_with_evidence().filter(IS_OPEN, case=OuterRef("pk"), required=True).order_by()
    here = items.filter(gate=F("case__state")).values("case")
    counted = items.filter(COUNTS_NOW).values("case")
    return cases.annotate(
        open_steps=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0),
        step_due=Subquery(here.annotate(first=Min("due_date")).values("first")),
    )


def signatures_are_there(case: Case, move: Move) -> Iterator[Reason]:
    """Every required function has signed the gate."""
    gate = gate_of(case)
    for function in missing_signatures(case, gate):
        detail = f"{Function(function).label} has not signed."
        yield Reason("not_signed", detail, _signer(case, function), function)


def missing_signatures(case: Case, gate: State) -> list[Function]:
    """Functions whose signature the gate still needs, in the order of signing."""
    signed = {s.function for s in standing_signatures(case, gate) if counts(s)}
    return [function for function in required_functions(case, gate) if function not in signed]


def required_functions(case: Case, gate: str) -> list[Function]:
    """The functions that sign a gate of this case, in the order of signing."""
    rows = case.required_signatures.all()
    return [Function(row.function) for row in rows if row.gate == gate]


def standing_signatures(case: Case, gate: str) -> list[SignOff]:
    """Signatures of a gate that are not void, with their signers."""
    given = _with_people(case, "sign_offs", "signed_by")
    return [s for s in given if s.gate == gate and s.voided_at is None]


def _with_people(case: Case, rows: str, person: str) -> Any:
    """Rows of a case with their person, prefetched ones if they are there."""
    found = getattr(case, rows).all()
    prefetched = rows in getattr(case, "_prefetched_objects_cache", {})
    return found if prefetched else found.select_related(person)


def counts(signature: SignOff) -> bool:
    """Whether a signature counts: its signer still has a role for the function."""
    return signature.signed_by.may_hold(signature.function)


def _signer(case: Case, function: str) -> str:
    people = [m.user for m in _with_people(case, "team", "user") if m.function == function]
    if function == Function.SPONSOR and case.sponsor:
        people = [case.sponsor]
    names = [person.name for person in people if person.is_active and person.may_hold(function)]
    if names:
        return f"{' or '.join(names)} can sign."
    named_first = case.state == State.BUSINESS_CASE  # team_is_whole says who is missing
    return "" if named_first else "Nobody in the team can sign for it."


def pilot_has_quantity(case: Case, move: Move) -> Iterator[Reason]:
    """The pilot quantity is set before the pilot build."""
    if case.state == State.FMEA and not case.pilot_quantity:
        fix = "A locked pilot plan sets it; else set it in the plan of the case."
        yield Reason("no_pilot_quantity", "The pilot quantity is not set.", fix)


def way_back_is_ready(case: Case, move: Move) -> Iterator[Reason]:
    """Before approval the rollback is rehearsed and complete, and the ramp's share is set."""
    if case.state != State.APPROVAL:
        return
    yield from way_back(case)
    if not case.transition_share:
        yield Reason("no_ramp", "The transition share is not set.", "Set it in the plan.")


def way_back(case: Case) -> Iterator[Reason]:
    """The rollback is rehearsed as it is planned now, with its hours and its stock."""
    if case.rollback_rehearsed_on is None or case.rollback_rehearsed_on > clock.business_day():
        yield Reason(
            "rollback_not_rehearsed",
            "The rollback was not rehearsed as it is planned now.",
            "Rehearse it and record the result.",
        )
    if case.rollback_hours is None or case.rollback_stock is None:
        yield Reason(
            "rollback_not_planned",
            "The rollback plan has no hours or no stock.",
            "Fill in the rollback plan.",
        )


def hold_points_are_passed(case: Case, move: Move) -> Iterator[Reason]:
    """Every hold point of the transition is judged and passed."""
    points = list(case.hold_points.all())
    if not points:
        yield Reason("no_hold_points", "The transition has no hold points.")
    for point in points:
        if point.verdict == "fail":
            yield Reason(
                "hold_point_failed", f"The hold point of {day(point.due)} failed.", "Roll back."
            )
    yield from hold_points_are_judged(case, move)


def no_trigger_is_breached(case: Case, move: Move) -> Iterator[Reason]:
    """No breached trigger holds the ramp."""
    for breach in open_breaches(case):
        yield Reason(
            "trigger_breached",
            f"A rollback trigger is breached: {breach.in_words}.",
            "Quality or the lead clears it with a reason, or rolls back.",
            breach.key,
        )


def rollback_hours_are_known(case: Case, move: Move) -> Iterator[Reason]:
    """``data.hours``, where given, is a number of hours."""
    given = str(move.data.get("hours", "")).strip()
    if given and hours_in(given) is None:
        yield Reason("hours_unclear", f"“{given[:20]}” is no number of hours.", "Such as 31.5.")


def hours_in(text: str) -> Decimal | None:
    """Hours from 0 to 99,999 with at most one decimal; None for what is none."""
    found = re.fullmatch(r"([0-9]{1,5})(?:[.,]([0-9]))?", text.strip())
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


def hold_points_are_judged(case: Case, move: Move) -> Iterator[Reason]:
    """Every hold point of the transition has a verdict before the gate is signed."""
    for point in open_hold_points(case):
        if point.due > clock.business_day():
            detail = f"The hold point of {day(point.due)} is not due yet."
            yield Reason("hold_point_ahead", detail, "Quality or the lead judges it on that day.")
        else:
            detail = f"The hold point of {day(point.due)} is not judged."
            yield Reason("hold_point_open", detail, "Quality or the lead judges it.")


def open_hold_points(case: Case) -> list[HoldPoint]:
    """Hold points without a verdict of a case in transition; empty at other gates."""
    if gate_of(case) != State.TRANSITION:
        return []
    return [point for point in case.hold_points.all() if not point.verdict]


def can_be_signed(case: Case) -> bool:
    """Whether the work of the gate is done."""
    return not open_items(case, gate_of(case)) and not open_hold_points(case)


def goes_back_to_an_earlier_gate(case: Case, move: Move) -> Iterator[Reason]:
    """``data.to`` is a gate before the present one."""
    wanted = str(move.data.get("to", ""))
    earlier = gates_before(case.state)
    if move.data and wanted not in earlier:
        yield Reason(
            "not_earlier", f"Choose one of {', '.join(earlier)}.", "Name the gate in “to”."
        )


def reopens_somewhere_sensible(case: Case, move: Move) -> Iterator[Reason]:
    """A rolled-back case reopens at the pilot build or the spec review."""
    allowed = (State.PILOT_BUILD, State.SPEC_REVIEW)
    if case.state == State.ROLLED_BACK and move.data.get("to", allowed[0]) not in allowed:
        yield Reason("not_reopenable_there", "Reopen at pilot_build or spec_review.")


def source_is_free(case: Case, move: Move) -> Iterator[Reason]:
    """No other open case works on the source."""
    others = Case.objects.filter(source=case.source_id, state__in=OPEN_STATES)
    for other in others.exclude(pk=case.pk):
        yield Reason("other_case", f"{other.key} is open on this source.", "Continue in that case.")


def has_an_earlier_gate(case: Case, move: Move) -> Iterator[Reason]:
    """The case is not at the first gate."""
    if not gates_before(case.state):
        yield Reason(
            "first_gate", "There is no gate before this one.", "Withdraw the case instead."
        )
