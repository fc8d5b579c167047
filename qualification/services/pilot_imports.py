"""Services for pilot results that come by file."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from qualification import guards
from qualification.models import Case, PilotBuild
from qualification.models.cases import OPEN_STATES
from qualification.reopened import before_rollback
from qualification.services.pilot_builds import GATE, plan_for_results
from qualification.services.work import case_for_work, work_changed
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.bulk import take_ids
from secondsource.core.errors import PermissionRefused, Reason, RuleRefused


@transaction.atomic
def add_staged(*, case: Case, ref: UUID, origin: str, rows: str, defects: str, actor: Actor) -> int:
    """Add the builds that a query of the case's id selects, with their defects; returns how many.

    ``rows`` is SQL of (row, product_id, plant_id, line, lot, built_on, started, good), ``defects``
    of (row, description, units), both checked by the caller.
    """
    case, plan = plan_for_results(case, actor)
    assert actor.user is not None  # it refuses a job
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row FROM ({rows}) r ORDER BY row", (case.pk,))  # noqa: S608
        numbers = [row for (row,) in cursor.fetchall()]
        if not numbers:
            return 0
        ids = take_ids(PilotBuild, len(numbers))
        named = "unnest(%s::int[], %s::bigint[]) n (row, id)"
        cursor.execute(
            "INSERT INTO qualification_pilotbuild (id, public_id, plan_id, product_id, plant_id,"  # noqa: S608
            " line, lot, built_on, started, good, note, batch, entered_by_id, created_at)"
            " SELECT n.id, gen_random_uuid(), %s, r.product_id, r.plant_id, r.line, r.lot,"
            " r.built_on, r.started, r.good, '', %s, %s, %s"
            f" FROM ({rows}) r JOIN {named} USING (row) ORDER BY n.id",
            (plan.pk, ref, actor.user.pk, clock.now(), case.pk, numbers, ids),
        )
        cursor.execute(
            "INSERT INTO qualification_pilotdefect (build_id, description, count)"  # noqa: S608
            f" SELECT n.id, d.description, d.units FROM ({defects}) d JOIN {named} USING (row)",
            (numbers, ids),
        )
    audit.record(
        "qualification.pilot_results.imported", case, actor, note=origin, data={"rows": len(ids)}
    )
    work_changed(case, GATE, actor, f"pilot results were imported from {origin}")
    return len(ids)


def _standing(ref: UUID) -> QuerySet[PilotBuild]:
    builds: QuerySet[PilotBuild] = PilotBuild.objects.standing().filter(batch=ref)
    return builds.select_related("plan__case").order_by("pk")


def _cases(ref: UUID) -> list[Case]:
    return list(Case.objects.filter(pilot_plans__builds__batch=ref).distinct().order_by("pk"))


def lock_cases(ref: UUID) -> None:
    """Lock the cases of an import."""
    ids = [case.pk for case in _cases(ref)]
    list(Case.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"))


def reasons_against_taking_back(ref: UUID) -> list[Reason]:
    """The cases that are past their pilot build, over, or whose results are history."""
    reasons = []
    for case in _cases(ref):
        if case.state not in OPEN_STATES or not guards.is_ahead(case, GATE):
            detail, fix = f"{case.key} is past its pilot build.", "Send the case back first."
            reasons.append(Reason("gate_passed", detail, fix))
        elif _standing(ref).filter(before_rollback(case.pk, "created_at")).exists():
            detail = f"The results of {case.key} are from before its rollback: they do not count."
            reasons.append(Reason("before_rollback", detail))
    return reasons


@transaction.atomic
def take_back(*, ref: UUID, actor: Actor, reason: str) -> None:
    """Write a counter-entry for each result of an import that still counts."""
    if reasons := reasons_against_taking_back(ref):
        raise RuleRefused(reasons)
    if actor.user is None:
        raise PermissionRefused("Only a person takes results back.")
    for found in _cases(ref):
        case = case_for_work(found, GATE, actor)
        builds = _standing(ref).filter(plan__case=case)
        PilotBuild.objects.bulk_create(
            PilotBuild(
                plan=one.plan, product_id=one.product_id, plant_id=one.plant_id, line=one.line,
                lot=one.lot, built_on=one.built_on, started=-one.started, good=-one.good,
                corrects=one, note=reason[:300], entered_by=actor.user, created_at=clock.now(),
            )
            for one in builds
        )  # fmt: skip
        audit.record("qualification.pilot_build.corrected", case, actor, note=reason)
        work_changed(case, GATE, actor, reason)
