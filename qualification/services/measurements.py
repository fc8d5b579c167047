"""Services for measurements of pilot units, which come in bulk and only as facts."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from qualification import guards
from qualification.models import Case, MeasurementBatch
from qualification.models.cases import OPEN_STATES
from qualification.services.pilot_builds import GATE, plan_for_results
from qualification.services.work import case_for_work, work_changed
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason, RuleRefused


@transaction.atomic
def add_batch(*, case: Case, ref: UUID, origin: str, rows: str, actor: Actor) -> int:
    """Add the measurements that a query of the case's id selects; returns their number.

    ``rows`` is SQL of (parameter, arm, lot, serial, value), checked by the caller. Raises
    ``RuleRefused`` for a case that is not at its pilot build or has no locked plan.
    """
    case, plan = plan_for_results(case, actor)
    traces.attribute(actor, f"import {origin}")
    batch = MeasurementBatch.objects.create(
        ref=ref, plan=plan, origin=origin[:200], actor_id=actor.user_id, created_at=clock.now()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO qualification_measurement"  # noqa: S608 (SQL of the caller, no input)
            f" (batch_id, parameter, arm, lot, serial, value) SELECT %s, r.* FROM ({rows}) r",
            (batch.pk, case.pk),
        )
        batch.rows = cursor.rowcount
    batch.save(update_fields=["rows"])
    audit.record(
        "qualification.measurements.imported", case, actor, note=origin, data={"rows": batch.rows}
    )
    work_changed(case, GATE, actor, f"measurements were imported from {origin}")
    return batch.rows


def batches_of(ref: UUID) -> QuerySet[MeasurementBatch]:
    """The batches of an import, by case."""
    return MeasurementBatch.objects.filter(ref=ref).select_related("plan__case").order_by("pk")


def lock_batches(ref: UUID) -> None:
    """Lock the batches of an import."""
    list(MeasurementBatch.objects.filter(ref=ref).select_for_update().order_by("pk"))


def reasons_against_taking_back(ref: UUID) -> list[Reason]:
    """The cases that are past their pilot build, or over."""
    cases = [batch.plan.case for batch in batches_of(ref)]
    return [
        Reason("gate_passed", f"{case.key} is past its pilot build.", "Send the case back first.")
        for case in cases
        if case.state not in OPEN_STATES or not guards.is_ahead(case, GATE)
    ]


@transaction.atomic
def take_back(*, ref: UUID, actor: Actor) -> None:
    """Mark the measurements of an import as taken back: they stay on record and do not count."""
    if reasons := reasons_against_taking_back(ref):
        raise RuleRefused(reasons)
    for batch in batches_of(ref):
        case = case_for_work(batch.plan.case, GATE, actor)
        traces.attribute(actor, "taken back")
        batch.taken_back_at = clock.now()
        batch.save(update_fields=["taken_back_at"])
        audit.record("qualification.measurements.taken_back", case, actor, note=batch.origin)
        work_changed(case, GATE, actor, f"the measurements of {batch.origin} were taken back")
