"""Cards of the page of component tests, and the base of its forms."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from qualification import guards, inspection_work, ppap_work, work_files
from qualification.models import Case, InspectionLot, PpapElement
from qualification.models.cases import OPEN_STATES, State
from qualification.ppap import ELEMENTS
from qualification.views.base import CaseForm
from secondsource.core.actors import Actor

TONES = {
    PpapElement.Status.ACCEPTED: "good", PpapElement.Status.REJECTED: "bad",
    PpapElement.Status.SUBMITTED: "info", PpapElement.Status.PENDING: "warn",
}  # fmt: skip
#: Words of the letters of the submission table.
TREATMENTS = {"S": "Submit", "R": "Retain", "*": "On request"}


def can_change(case: Case, gate: str, actor: Actor) -> bool:
    """Whether the reader may change the work of a gate now."""
    is_open = case.state in OPEN_STATES and case.state != State.ON_HOLD
    return is_open and guards.is_ahead(case, gate) and actor.may("qualification.write_case", case)


class WorkForm(CaseForm):
    """A form that returns to its card on the page of tests."""

    anchor = "#tests"

    def get_cancel_url(self) -> str:
        """The card."""
        return reverse("case_tests", args=[self.case.number]) + self.anchor

    def save(self, form: Any) -> str:
        """Call ``store`` and return to the page."""
        self.store(form.cleaned_data)
        return self.get_cancel_url()

    def store(self, values: dict[str, Any]) -> None:
        """Call the service."""
        raise NotImplementedError


def inspections(case: Case, actor: Actor) -> dict[str, Any]:
    """Samples and inspected lots with their files, and how the next lot is inspected."""
    on_samples = work_files.by_row(case, "samples")
    on_lots = work_files.by_row(case, "inspections")
    lots = case.inspections.select_related("inspected_by", "decided_by").order_by("-id")
    may_inspect = can_change(case, State.PILOT_BUILD, actor)
    return {
        "samples": [(sample, on_samples.get(sample.pk, [])) for sample in case.samples.all()],
        "lots": [(lot, _lot_tone(lot), on_lots.get(lot.pk, [])) for lot in lots],
        "next_lot": inspection_work.next_lot(case),
        "may_inspect": may_inspect,
        "may_decide": may_inspect and actor.may("qualification.decide_lot", case),
    }


def _lot_tone(lot: InspectionLot) -> str:
    if lot.voided_at is not None:
        return ""
    return "good" if lot.result == InspectionLot.Result.ACCEPTED else "bad"


def ppap(case: Case, actor: Actor) -> dict[str, Any]:
    """The submission with its elements and their files."""
    found = ppap_work.submission_of(case)
    may_change = can_change(case, State.APPROVAL, actor)
    context = {
        "submission": found,
        "may_ppap": may_change,
        "may_judge": may_change and actor.may("qualification.judge_ppap", case),
    }
    if found is None:
        return context | {"ppap_level": ppap_work.default_level(case)}
    elements = list(case.ppap_elements.all())
    files = work_files.by_row(case, "ppap")
    rows = [
        {
            "element": element,
            "tone": TONES.get(PpapElement.Status(element.status), ""),
            "treatment": TREATMENTS[ELEMENTS[element.number - 1].levels[found.level - 1]],
            "hint": ELEMENTS[element.number - 1].second_source,
            "files": files.get(element.pk, []),
        }
        for element in elements
    ]
    return context | {"elements": rows, "ppap_short": ppap_work.in_short(found, elements)}
