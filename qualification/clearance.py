"""Whether a case is cleared of the rights of others."""

from __future__ import annotations

from parts.models.catalogue import RiskClass
from qualification import linked_work, work_files
from qualification.models import Case, ChecklistItem, IpClearance
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import Reason
from secondsource.core.formats import day

_FOUND = {
    IpClearance.Result.OPEN: ("clearance_open", "The search is open", "Finish the search."),
    IpClearance.Result.INFRINGES: (
        "infringes", "The candidate infringes", "Get a licence, or withdraw the case.",
    ),
}  # fmt: skip


def missing(case: Case) -> list[Reason]:
    """Searches that are open, expired or found a conflict; none at all above the low class."""
    found = list(case.clearances.all())
    if not found and case.risk_class != RiskClass.LOW:
        detail = "No search for intellectual property conflicts is on record."
        return [Reason("no_clearance", detail, "Record what was searched, where and by whom.")]
    return [reason for one in found if (reason := _against(one))]


def _against(one: IpClearance) -> Reason | None:
    result = IpClearance.Result(one.result)
    if result in _FOUND:
        code, said, fix = _FOUND[result]
        return Reason(code, f"{said}: {one.subject}.", fix, one.key)
    if one.has_expired(clock.business_day()) and one.valid_to:
        detail = f"The clearance of {one.subject} ended on {day(one.valid_to)}."
        return Reason("clearance_expired", detail, "Search again.", one.key)
    return None


def told(case: Case) -> str:
    """``2 searches, 1 open.``."""
    found = list(case.clearances.all())
    if not found:
        return "No search on record."
    open_ones = sum(_against(one) is not None for one in found)
    searches = f"{len(found)} {'search' if len(found) == 1 else 'searches'}"
    return f"{searches}, {open_ones or 'none'} open."


linked_work.register(
    linked_work.LinkedWork(
        ChecklistItem.Link.CLEARANCE, "case_spec_review", missing=missing, told=told
    )
)
work_files.register(
    work_files.RowKind("clearances", IpClearance, "case_spec_review", State.SPEC_REVIEW)
)
