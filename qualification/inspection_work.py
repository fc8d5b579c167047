"""Incoming inspections of a case: the level of the next lot, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from qualification import linked_work, work_files
from qualification.house_rules import InspectionPolicy
from qualification.inspection import (
    AQLS,
    InspectedLot,
    SamplingPlan,
    Switching,
    sampling_plan,
    switching,
)
from qualification.models import Case, ChecklistItem, InspectionLot, Sample
from qualification.models.cases import State
from secondsource.core import policies
from secondsource.core.errors import Reason
from suppliers.models import Supplier

#: The greatest lot of each row of the table of plans that people see.
SHOWN_LOTS = (50, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000)


@dataclass(frozen=True)
class NextLot:
    """How the next lot of a source is inspected."""

    level: str
    aql: str
    switching: Switching
    probation: bool

    def plan(self, size: int) -> SamplingPlan:
        """Sample and acceptance number of a lot."""
        return sampling_plan(size=size, aql=self.aql, level=self.level)

    @property
    def plans(self) -> list[tuple[int, SamplingPlan]]:
        """The plans by the greatest lot."""
        return [(size, self.plan(size)) for size in SHOWN_LOTS]

    @property
    def why(self) -> str:
        """A sentence about what led here and what leads away."""
        now = self.switching
        if now.discontinued:
            return "Five lots were rejected on tightened inspection: inspection has stopped."
        if self.probation:
            return "The manufacturer is on probation: every lot is on tightened inspection."
        if now.level == "tightened":
            return "Five lots accepted in a row lead back to normal inspection."
        if now.level == "reduced":
            return "A rejected lot leads back to normal inspection."
        rejected = now.recent.count(False)
        if rejected:
            return "One more rejected lot of five leads to tightened inspection."
        return f"Switching score {now.score} of the 30 that lead to reduced inspection."


def next_lot(case: Case) -> NextLot:
    """The level of the next lot: by the source's lots, tightened while on probation."""
    lots = InspectionLot.objects.filter(source=case.source_id, voided_at=None, resubmitted=False)
    found = [InspectedLot(*row) for row in lots.values_list("defects", "accept_number")]
    policy, _ = policies.active(InspectionPolicy)
    now = switching(found)
    standing = case.source.manufacturer_part.manufacturer.standing
    probation = standing == Supplier.Standing.PROBATION
    return NextLot(
        level="tightened" if probation else now.level,
        aql=policy.aql if policy.aql in AQLS else "1.0",
        switching=now,
        probation=probation,
    )


def missing(case: Case) -> list[Reason]:
    """Why incoming inspection is not done: no good lot, a pilot lot not inspected, an open one."""
    lots = list(case.inspections.filter(voided_at=None))
    reasons = []
    good = [lot for lot in lots if is_usable(lot)]
    if not good:
        detail = "No lot of the candidate passed incoming inspection."
        reasons.append(Reason("no_lot_accepted", detail, "Receive and inspect the pilot lot."))
    inspected = {lot.lot for lot in lots}
    pilot = case.samples.filter(purpose=Sample.Purpose.PILOT).values_list("lot", flat=True)
    reasons += [
        Reason("lot_not_inspected", f"Lot {lot} was received but not inspected.", "Inspect it.")
        for lot in dict.fromkeys(pilot)
        if lot not in inspected
    ]
    reasons += [
        Reason(
            "lot_rejected",
            f"Lot {lot.lot} was rejected with {lot.defects} defective of {lot.sample_size}, and "
            "nobody has decided on it.",
            "Quality decides: return, sort, scrap or use it by concession.",
        )
        for lot in lots
        if lot.result == InspectionLot.Result.REJECTED and not lot.decision
    ]
    if lots and next_lot(case).switching.discontinued:
        detail = "Inspection of this source has stopped: five lots were rejected when tightened."
        reasons.append(
            Reason("inspection_stopped", detail, "Inspect a lot of the improved process.")
        )
    return reasons


def is_usable(lot: InspectionLot) -> bool:
    """Whether a lot was accepted, or is used by concession."""
    accepted = lot.result == InspectionLot.Result.ACCEPTED
    return accepted or lot.decision == InspectionLot.Decision.CONCESSION


def told(case: Case) -> str:
    """``2 of 3 lots accepted, next on normal inspection.``"""
    lots = case.inspections.filter(voided_at=None)
    if not lots:
        return "No lot inspected."
    accepted = sum(lot.result == InspectionLot.Result.ACCEPTED for lot in lots)
    level = next_lot(case).level
    return f"{accepted} of {len(lots)} lots accepted, next on {level} inspection."


linked_work.register(
    linked_work.LinkedWork(ChecklistItem.Link.INSPECTIONS, "case_tests", missing, told)
)
work_files.register(work_files.RowKind("samples", Sample, "case_tests", State.PILOT_BUILD))
work_files.register(
    work_files.RowKind("inspections", InspectionLot, "case_tests", State.PILOT_BUILD)
)
