"""Hold points of 200 transitions from 3,000,000 receipts, and their triggers; undone afterwards."""

from __future__ import annotations

from django.db import connection, transaction

from qualification import services as qualification
from qualification.models import (
    Case,
    HoldPoint,
    HoldPointFigures,
    RollbackPlan,
    RollbackTrigger,
    Transition,
)
from qualification.models.cases import OPEN_STATES, State
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from secondsource.core.models import Counter
from suppliers.models import Receipt, Source
from tests.bench import measure
from tests.bench.measure import Table

TRANSITIONS, RECEIPTS, MOST_MS = 200, 3_000_000, 5_000
ACTOR = Actor.named_job("bench")
#: Receipts of the transitions' sources, over the last two years, one in fifty with a reject.
_RECEIVED = """
INSERT INTO suppliers_receipt (source_id, po, received_date, received_qty, rejected_qty, lot,
       date_code, reference, currency, purpose)
SELECT (%(sources)s::bigint[])[1 + i %% %(count)s], '', %(today)s::date - i %% 730, 100,
       CASE WHEN i %% 50 = 0 THEN 1 ELSE 0 END, 'BENCH' || i, '', 'BENCH' || i, '', 'production'
  FROM generate_series(1, %(rows)s) i
"""


def measured(table: Table) -> None:
    """The jobs that beat runs; the data are as they were."""
    with transaction.atomic():
        sources = _transitions()
        there = Receipt.objects.count()
        with connection.cursor() as cursor:
            cursor.execute(
                _RECEIVED,
                {"sources": sources, "count": len(sources), "today": clock.business_day(),
                 "rows": max(0, RECEIPTS - there)},
            )  # fmt: skip
            cursor.execute("ANALYZE suppliers_receipt")
        name = f"hold points of {TRANSITIONS} transitions from {RECEIPTS:,} receipts"
        table.add(measure.calls(name, _judge, runs=3), most=MOST_MS)
        name = f"triggers of {TRANSITIONS} transitions, not breached"
        table.add(measure.calls(name, lambda: qualification.watch(actor=ACTOR), runs=3))
        transaction.set_rollback(True)


def _judge() -> None:
    HoldPointFigures.objects.all().delete()
    if qualification.refresh_hold_points(actor=ACTOR) < 3 * TRANSITIONS:
        raise RuntimeError("the figures of some hold points were not computed")


def _transitions() -> list[int]:
    """Cases in transition for three months; returns their sources."""
    free = Source.objects.filter(role=Source.Role.ALTERNATE).exclude(cases__state__in=OPEN_STATES)
    sources = list(free.order_by("pk")[:TRANSITIONS])
    lead = Case.objects.latest("pk").lead
    numbers = Counter.take("case", len(sources))
    cases = [
        Case(number=number, part_id=source.part_id, source=source, lead=lead,
             state=State.TRANSITION, opened_at=clock.now())
        for number, source in zip(numbers, sources, strict=True)
    ]  # fmt: skip
    audit.bulk_create_as(Case, cases, ACTOR, "bench")
    began = add_months(clock.business_day(), -3)
    runs = [Transition(case=case, started_on=began) for case in cases]
    audit.bulk_create_as(Transition, runs, ACTOR, "bench")
    points = [
        HoldPoint(transition=run, due=add_months(began, month))
        for run in runs
        for month in (1, 2, 3)
    ]
    audit.bulk_create_as(HoldPoint, points, ACTOR, "bench")
    plans = [RollbackPlan(case=case) for case in cases]
    audit.bulk_create_as(RollbackPlan, plans, ACTOR, "bench")
    limits = [
        RollbackTrigger(
            plan=plan, metric="dppm", operator="above", threshold=999_999, window_days=30
        )
        for plan in plans
    ]
    audit.bulk_create_as(RollbackTrigger, limits, ACTOR, "bench")
    return [source.pk for source in sources]
