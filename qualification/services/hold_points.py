"""Services for hold points: figures from receipts, judged by people, again when they change."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from qualification import hold_point_figures
from qualification.models import Case, HoldPoint, HoldPointFigures, Transition
from qualification.models.cases import State
from qualification.services.breaches import watch
from qualification.services.work import locked_case, require_current
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused, ValuesRefused
from secondsource.core.formats import day


@transaction.atomic
def refresh_hold_points(*, actor: Actor, source_ids: Collection[int] | None = None) -> int:
    """Store the figures of open hold points (None = of all sources); returns changed rows.

    A judged hold point whose figures differ now keeps them with its verdict, and asks for another
    judgement by an event.
    """
    changed = hold_point_figures.store(source_ids)
    outdated = hold_point_figures.outdate(source_ids)
    points = HoldPoint.objects.filter(pk__in=outdated).select_related("transition__case")
    for point in points.order_by("pk"):
        audit.record(
            "qualification.holdpoint.outdated", point.case, actor,
            note=f"hold point of {day(point.due)}", data={"due": point.due.isoformat()},
        )  # fmt: skip
    return changed


def judge_anew(source_ids: Collection[int], actor: Actor) -> None:
    """Watch the triggers and store the figures of these sources, where a transition runs."""
    running = Transition.objects.filter(
        case__source__in=source_ids, started_on__isnull=False, ended_on=None
    )
    if sources := set(running.values_list("case__source", flat=True)):
        watch(actor=actor, source_ids=sources)
        refresh_hold_points(actor=actor, source_ids=sources)


@transaction.atomic
def judge_hold_point(
    *, hold_point: HoldPoint, verdict: str, note: str, actor: Actor, expected: int | None = None
) -> HoldPoint:
    """Judge a hold point, in order, on or after its day. A failure requires a reason.

    Its figures are frozen with the verdict. It is judged once; again only where receipts were
    corrected or entered since.
    """
    case = locked_case(hold_point.case)
    actor.require("qualification.judge_holdpoint", case)
    require_current(case, State.TRANSITION)
    point = HoldPoint.objects.select_for_update(of=("self",)).get(pk=hold_point.pk)
    audit.check_version(point, expected)
    if verdict not in HoldPoint.Verdict.values:
        raise ValuesRefused.one("/verdict", "unknown_verdict", "Choose pass or fail.")
    if reasons := _against_judging(case, point):
        raise RuleRefused(reasons)
    if verdict == HoldPoint.Verdict.FAIL and not note.strip():
        raise ValuesRefused.one("/note", "required", "Describe what failed: the verdict is final.")
    before = point.verdict
    figures = _frozen(case, point)
    point.verdict, point.note = verdict, note.strip()
    point.judged_by, point.judged_at = actor.user, clock.now()
    audit.save_as(point, actor, note)
    audit.record(
        "qualification.holdpoint.judged", case, actor, note=note,
        data={
            "due": point.due.isoformat(), "verdict": verdict, "before": before,
            "figures": figures.as_json(),
        },
    )  # fmt: skip
    return point


def _frozen(case: Case, point: HoldPoint) -> HoldPointFigures:
    """The figures as they are now, which stay from here on."""
    mine = HoldPointFigures.objects.filter(hold_point=point)
    mine.update(frozen_at=None, outdated_at=None)
    hold_point_figures.store([case.source_id])
    mine.update(frozen_at=clock.now())
    return mine.get()


def _against_judging(case: Case, point: HoldPoint) -> list[Reason]:
    reasons = []
    known = HoldPointFigures.objects.filter(hold_point=point)
    if point.verdict and not known.filter(outdated_at__isnull=False).exists():
        reasons.append(Reason("judged", "This hold point is judged already."))
    if point.due > clock.business_day():
        reasons.append(Reason("not_due", f"This hold point is due on {day(point.due)}."))
    earlier = case.hold_points.filter(due__lt=point.due, verdict="").order_by("due").first()
    if earlier is not None:
        reasons.append(Reason("earlier_open", f"The hold point of {day(earlier.due)} comes first."))
    return reasons
