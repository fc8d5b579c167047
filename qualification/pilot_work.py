"""The pilot plan and the pilot results as linked work of the checklist."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from qualification import linked_work
from qualification.linked_work import LinkedWork
from qualification.models import Case, ChecklistItem
from qualification.pilot_verdicts import (
    ModelResult,
    PilotResults,
    draft_plan,
    locked_plan,
    results_of,
)
from secondsource.core.errors import Reason
from secondsource.core.formats import THIN_SPACE, day, number
from secondsource.core.money import round_apart

Link = ChecklistItem.Link
_POINTS = "points"


def percent_of(share: float, places: int = 1) -> str:
    """A share as percent with as many places."""
    return f"{100 * share:.{places}f}{THIN_SPACE}%"


def beside(share: float, limit: float, places: int = 1) -> str:
    """A share as percent, with the places that show on which side of the limit it is."""
    exact, bound = Decimal(repr(share)) * 100, Decimal(repr(round(100 * limit, 3)))
    return f"{round_apart(exact, bound, places):f}{THIN_SPACE}%"


def floor_in_words(floor: float) -> str:
    """A floor with the digits that it has, at most three places: ``96.8 %``."""
    return f"{round(100 * floor, 3):g}{THIN_SPACE}%"


def missing_plan(case: Case) -> list[Reason]:
    """Why the case has no locked pilot plan."""
    if locked_plan(case):
        return []
    draft = draft_plan(case)
    if draft is None:
        return [Reason("no_pilot_plan", "There is no pilot plan.", "Draft it.")]
    detail = f"Pilot plan v{draft.number} is a draft of {draft.drafted_by.name}."
    return [Reason("pilot_plan_draft", detail, "Somebody else of quality locks it.")]


def told_plan(case: Case) -> str:
    """Which plan is locked."""
    plan = locked_plan(case)
    if plan is None:
        return missing_plan(case)[0].detail
    by = plan.locked_by.name if plan.locked_by else ""
    return f"Plan v{plan.number}, locked {day(plan.locked_at)} by {by}."


def missing_results(case: Case) -> list[Reason]:
    """Everything that keeps the pilot's verdict from being *pass*."""
    plan = locked_plan(case)
    if plan is None:
        return [Reason("no_pilot_results", "There are no pilot results.", "Lock a plan first.")]
    return list(reasons_of(results_of(plan)))


def reasons_of(results: PilotResults) -> Iterator[Reason]:
    """Each model that does not pass, then what is missing over all of them."""
    for model in results.models:
        if model.verdict != "pass":
            yield model_reason(model)
    if results.lots_missing:
        yield Reason(
            "pilot_lots",
            f"Built from {number(results.lots)} of {number(results.plan.lots)} planned lots.",
            "Build from another lot.",
        )
    for lot in results.lots_to_build:
        yield Reason(
            "pilot_lot_not_built",
            f"Nothing was built from the planned lot {lot}.",
            "Build from it, or plan another lot by a new version.",
            lot.lot,
        )
    if results.open_ap_high:
        yield Reason(
            "pilot_ap_high",
            f"Open failure modes of priority High: {number(results.open_ap_high)}.",
            "Close them in the FMEA.",
        )
    yield from _pooled_reasons(results)


def _pooled_reasons(results: PilotResults) -> Iterator[Reason]:
    pooled = results.judged.pooled if results.judged else None
    if pooled is None or not pooled.used or pooled.verdict in (None, "pass"):
        return
    limit = f"−{100 * results.plan.margin:.3g} {_POINTS}"
    if pooled.verdict == "fail":
        detail = f"The difference to the incumbent is worse than {limit}."
        yield Reason("pilot_difference_fails", detail, "Find the cause, then rerun by a new plan.")
        return
    needs = ", ".join(f"{one.code} {number(one.needed)}" for one in results.models if one.needed)
    detail = f"The difference to the incumbent is not yet shown to be above {limit}."
    fix = f"Further good units that would show it: {needs}." if needs else ""
    yield Reason("pilot_difference_open", detail, fix)


def model_reason(model: ModelResult) -> Reason:
    """Why a model does not pass, and what would decide."""
    code, floor = model.code, floor_in_words(float(model.model.floor))
    if model.judged is None:
        detail = f"{code} was not built yet: floor {floor}."
        return Reason("pilot_not_built", detail, _further(model), code)
    if model.verdict == "fail":
        upper = beside(model.judged.upper, float(model.model.floor))
        return Reason(
            "pilot_fails",
            f"{code}: upper bound {upper} is below the floor {floor}.",
            "Find the cause, then rerun it or take it out of the scope by a new plan.",
            code,
        )
    lower = beside(model.judged.lower, float(model.model.floor))
    detail = f"{code} has not enough data: lower bound {lower}, floor {floor}."
    return Reason("pilot_not_enough", detail, _further(model), code)


def _further(model: ModelResult) -> str:
    if model.needed is None:
        return "No number of good units would pass it."
    units = "unit" if model.needed == 1 else "units"
    return f"{number(model.needed)} more good {units} would pass it."


_VERDICTS = {"pass": "Pass", "fail": "Fail", "not_enough_data": "Not enough data"}


def told_results(case: Case) -> str:
    """``397 of 400 good. Not enough data: KC-118.``"""
    plan = locked_plan(case)
    if plan is None:
        return "No plan is locked."
    results = results_of(plan)
    if not results.started:
        return "Nothing was built yet."
    counts = f"{number(results.good)} of {number(results.started)} good."
    named = ", ".join(one.code for one in results.of(results.verdict))
    words = _VERDICTS[results.verdict]
    return f"{counts} {words}{f': {named}' if results.verdict != 'pass' and named else ''}."


def register() -> None:
    """Make both links known."""
    linked_work.register(LinkedWork(Link.PILOT_PLAN, "case_pilot", missing_plan, told_plan))
    linked_work.register(
        LinkedWork(Link.PILOT_RESULTS, "case_pilot", missing_results, told_results)
    )
