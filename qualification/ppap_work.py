"""The production part approval of a case: completeness, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable

from qualification import linked_work, ppap, work_files
from qualification.house_rules import PpapPolicy
from qualification.models import Case, ChecklistItem, PpapElement, PpapSubmission
from qualification.models.cases import State
from secondsource.core import clock, policies
from secondsource.core.errors import Reason
from secondsource.core.formats import day, number, percent

Status = PpapElement.Status
#: Status → the word of the calculation where it differs.
_CALCULATED = {Status.NOT_APPLICABLE: "na"}
_OPEN = {
    Status.PENDING: "is not submitted",
    Status.SUBMITTED: "is not judged",
    Status.REJECTED: "was rejected",
}
_FIX = {
    Status.PENDING: "Submit it, or say why it does not apply.",
    Status.SUBMITTED: "Quality accepts or rejects it.",
    Status.REJECTED: "Submit it again.",
}


def default_level(case: Case) -> int:
    """The submission level for the risk class of a case, by the house rule."""
    policy, _ = policies.active(PpapPolicy)
    level = {"low": policy.level_low, "medium": policy.level_medium, "high": policy.level_high}
    return min(max(level[case.risk_class], 1), 5)


def first_statuses(level: int) -> dict[int, str]:
    """The status with which each element of a level begins.

    What is submitted is pending, at level 5 everything, which is reviewed at the supplier. What is
    retained, or submitted on request, is not required until somebody asks for it.
    """
    wanted = ppap.submission(level=level)
    asked = {*wanted.submit, *(wanted.retain if level == 5 else ())}
    return {
        element.number: str(Status.PENDING if element.number in asked else Status.NOT_REQUIRED)
        for element in ppap.ELEMENTS
    }


def completeness(elements: Iterable[PpapElement]) -> float | None:
    """Accepted elements ÷ those that apply; None when none applies."""
    words = [_CALCULATED.get(Status(e.status), str(e.status)) for e in elements]
    return ppap.completeness(words)  # type: ignore[arg-type]


def submission_of(case: Case) -> PpapSubmission | None:
    """The submission of a case, read from the database."""
    return PpapSubmission.objects.filter(case=case).select_related("decided_by").first()


def missing(case: Case) -> list[Reason]:
    """Why the production part approval is not done; open elements by their status."""
    found = submission_of(case)
    if found is None:
        return [Reason("no_ppap", "The PPAP is not started.", "Start it at a submission level.")]
    elements = list(case.ppap_elements.all())
    reasons = []
    for status, words in _OPEN.items():
        numbers = [str(e.number) for e in elements if e.status == status]
        if numbers:
            which = "Element" if len(numbers) == 1 else "Elements"
            words = (
                words
                if len(numbers) == 1
                else words.replace("is", "are", 1).replace("was", "were", 1)
            )
            detail = f"{which} {', '.join(numbers)} {words}."
            reasons.append(Reason(f"ppap_{status}", detail, _FIX[status]))
    if found.disposition != PpapSubmission.Disposition.APPROVED:
        reasons.append(Reason("warrant_open", warrant_in_words(found), "Quality decides on it."))
    return reasons


def warrant_in_words(found: PpapSubmission) -> str:
    """Where the part submission warrant stands."""
    if not found.disposition:
        return "The warrant is not decided."
    if found.disposition != PpapSubmission.Disposition.INTERIM:
        return f"The warrant is {found.get_disposition_display().lower()}."
    limits = []
    if found.interim_until:
        over = found.interim_until < clock.business_day()
        limits.append(f"{'ended' if over else 'until'} {day(found.interim_until)}")
    if found.interim_quantity:
        limits.append(f"up to {number(found.interim_quantity)} units")
    return f"The warrant has an interim approval, {', '.join(limits)}."


def told(case: Case) -> str:
    """``Level 3, 12 of 16 elements accepted (75 %). The warrant is not decided.``"""
    found = submission_of(case)
    return in_short(found, list(case.ppap_elements.all())) if found else "Not started."


def in_short(found: PpapSubmission, elements: list[PpapElement]) -> str:
    """Level, completeness and warrant in a sentence."""
    share = completeness(elements)
    accepted = sum(e.status == Status.ACCEPTED for e in elements)
    applying = sum(e.status not in (Status.NOT_APPLICABLE, Status.NOT_REQUIRED) for e in elements)
    shown = "" if share is None else f" ({percent(share)})"
    return (
        f"Level {found.level}, {accepted} of {applying} elements accepted{shown}. "
        f"{warrant_in_words(found)}"
    )


linked_work.register(linked_work.LinkedWork(ChecklistItem.Link.PPAP, "case_tests", missing, told))
work_files.register(work_files.RowKind("ppap", PpapElement, "case_tests", State.APPROVAL))
