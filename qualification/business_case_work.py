"""The step of the business case: what a sponsor needs before signing."""

from __future__ import annotations

from django.db.models import Max

from qualification import linked_work
from qualification.economics import facts, figures
from qualification.linked_work import LinkedWork
from qualification.models import Case, ChecklistItem
from qualification.models.cases import State
from secondsource.core.errors import Reason
from secondsource.core.formats import number


def missing(case: Case) -> list[Reason]:
    """What is not known; nothing once the gate is signed, because its figures are stored then."""
    return [] if _is_signed(case) else figures.missing(facts.read(case))


def _is_signed(case: Case) -> bool:
    signed = case.sign_offs.filter(gate=State.BUSINESS_CASE, voided_at=None)
    return bool(signed.exists() and case.business_case_versions.exists())


def stands(case: Case) -> tuple[list[Reason], str]:
    """What is missing and how far it is, for a page."""
    lacks = [] if _is_signed(case) else figures.missing(facts.read_once(case))
    return lacks, told(case)


def told(case: Case) -> str:
    """How far it is, without money, because everybody reads the case."""
    found = figures.calculate(facts.read_once(case))
    known = [found.saving, found.one_time_cost, found.payback_months or found.pays_back,
             found.npv, found.exposure_before, found.survival_before]  # fmt: skip
    count = sum(value is not None for value in known)
    said = f"{count} of 6 figures are known."
    if found.survival_before is None or found.survival_after is None:
        return said
    weeks = f"{number(found.survival_before, 1)} → {number(found.survival_after, 1)} weeks"
    return f"{said} Time to survive: {weeks}."


def version(case: Case) -> int | None:
    """The number of the version that was stored last."""
    last: int | None = case.business_case_versions.aggregate(last=Max("number"))["last"]
    return last


linked_work.register(
    LinkedWork(
        ChecklistItem.Link.BUSINESS_CASE, "case_business_case", missing, told, version, stands
    )
)
