"""The demonstration's samples, inspected lots and PPAP elements, all invented."""

from __future__ import annotations

import datetime as dt

from qualification import services as qualification
from qualification.inspection_work import next_lot
from qualification.models import Case, InspectionLot, PpapElement
from qualification.ppap_work import default_level
from qualification.services import Judgement
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast

#: Elements that do not apply to a bought component, and why.
_NOT_APPLICABLE = {
    4: "The supplier is not responsible for the design of our board.",
    13: "The part has no appearance requirement.",
}


def inspect(case: Case, cast: Cast, *, whole: bool) -> None:
    """Samples that came in, and lots that passed; not ``whole``: one was rejected and sorted."""
    today = clock.business_day()
    lot = f"P{case.number:02}31"
    for name, quantity, purpose, days in (
        (f"Q{case.number:02}17", 240, "component_test", 40),
        (lot, 500, "pilot", 4),
    ):
        received = today - dt.timedelta(days=days)
        qualification.receive_sample(
            case=case, actor=cast["engineer"], lot=name, quantity=quantity, purpose=purpose,
            received_on=received, date_code=f"{received - dt.timedelta(days=60):%y%V}",
            certificate=f"CoC {4100 + case.number}",
        )  # fmt: skip
    if not whole:
        row = _inspect(case, cast, lot, 1000, defects=4)
        qualification.decide_lot(
            lot=row, decision="sorted", actor=cast["quality"],
            reason="Bent leads at the reel's end. The supplier sorts the lot.",
        )  # fmt: skip
    _inspect(case, cast, lot, 500 if whole else 1000, resubmitted=not whole)


def _inspect(
    case: Case, cast: Cast, lot: str, size: int, *, defects: int = 0, resubmitted: bool = False
) -> InspectionLot:
    return qualification.record_inspection(
        case=case, lot=lot, size=size, inspected=next_lot(case).plan(size).sample,
        defects=defects, resubmitted=resubmitted, actor=cast["quality"],
    )  # fmt: skip


def submit_ppap(case: Case, cast: Cast, *, whole: bool) -> None:
    """A PPAP with every element accepted and the warrant approved.

    Not ``whole``: one element is rejected, and the process study is not in yet.
    """
    _submit(case, cast)
    _judge(case, cast, but=() if whole else (9, 11))
    if whole:
        qualification.decide_warrant(
            case=case, disposition="approved", actor=cast["quality"], reason="Complete."
        )
        return
    said = {
        9: Judgement("rejected", "Coplanarity of two corner pins is missing."),
        11: Judgement("pending"),
    }
    qualification.set_ppap_elements(case=case, elements=said, actor=cast["quality"])


def _submit(case: Case, cast: Cast) -> None:
    qualification.set_ppap_level(case=case, level=default_level(case), actor=cast["engineer"])
    asked = case.ppap_elements.filter(status=PpapElement.Status.PENDING)
    said = {
        element.number: Judgement("not_applicable", _NOT_APPLICABLE[element.number])
        if element.number in _NOT_APPLICABLE
        else Judgement("submitted")
        for element in asked
    }
    qualification.set_ppap_elements(case=case, elements=said, actor=cast["engineer"])


def _judge(case: Case, cast: Cast, *, but: tuple[int, ...]) -> None:
    submitted = case.ppap_elements.filter(status=PpapElement.Status.SUBMITTED)
    said = {e.number: Judgement("accepted") for e in submitted if e.number not in but}
    qualification.set_ppap_elements(case=case, elements=said, actor=cast["quality"])
