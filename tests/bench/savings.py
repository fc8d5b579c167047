"""Realised savings of 1,000 cases from 3,000,000 receipts, against the plain SQL of their sums."""

from __future__ import annotations

import datetime as dt
import time

from django.db import connection, transaction

from incentives import services
from incentives.models import Baseline, SavingLine
from qualification.models import Case
from qualification.models.cases import OPEN_STATES, State
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.figures import unhurried
from secondsource.core.models import Counter
from suppliers.models import Receipt, Source
from tests.bench import measure
from tests.bench.measure import Table

CASES, RECEIPTS, MOST_RATIO, RUNS = 1_000, 3_000_000, 4, 3
ACTOR = Actor.named_job("bench")
#: Receipts of both sources of each case, over the last two years, at prices about the baseline.
_RECEIVED = """
INSERT INTO suppliers_receipt (source_id, po, received_date, received_qty, rejected_qty, lot,
       date_code, reference, unit_price, currency, purpose)
SELECT (%(sources)s::bigint[])[1 + i %% %(count)s], '', %(today)s::date - i / 7 %% 730, 100, 0,
       'SAVED' || i, '', 'SAVED' || i, 0.9 + (i %% 200) / 1000.0, 'USD', 'production'
  FROM generate_series(1, %(rows)s) i
"""
#: The sums alone, in the quickest of three ways to write them: nothing is left out, attributed or
#: written.
_PLAIN = """
WITH s AS MATERIALIZED (
    SELECT case_id, source_id, price FROM incentives_baseline
     UNION ALL
    SELECT b.case_id, c.source_id, b.price
      FROM incentives_baseline b JOIN qualification_case c ON c.id = b.case_id
)
SELECT s.case_id, r.source_id, date_trunc('month', r.received_date), sum(r.received_qty),
       sum(r.received_qty * (s.price - r.unit_price))
  FROM s JOIN suppliers_receipt r ON r.source_id = s.source_id
 WHERE r.received_date >= %(since)s AND r.purpose = 'production'
 GROUP BY 1, 2, 3
"""


def measured(table: Table, cases: int = CASES, receipts: int = RECEIPTS) -> None:
    """The job of the hour, from no line to all and once more; the data are as they were."""
    with unhurried():
        _write(cases, receipts)
        since = clock.business_day() - dt.timedelta(days=365)
        name = f"savings of {cases:,} cases from {receipts:,} receipts: plain SQL of the sums"
        table.add(measure.calls(name, lambda: _plain(since), runs=RUNS))
        first, again = [], []
        for _ in range(RUNS):
            SavingLine.objects.all().delete()
            first.append([_timed()])
            again.append([_timed()])
        found = measure.of_runs(f"savings of {cases:,} cases: all lines recomputed", first)
        table.add(found, floor=name, ratio=MOST_RATIO)
        table.add(measure.of_runs("savings: computed once more", again), floor=name)
        if not SavingLine.objects.exists():
            raise RuntimeError("no line was written")
        transaction.set_rollback(True)


def _plain(since: dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, {"since": since})
        cursor.fetchall()


def _timed() -> float:
    began = time.perf_counter()
    services.recompute_realised(actor=ACTOR)
    return (time.perf_counter() - began) * 1000


def _write(count: int, receipts: int) -> None:
    """Cases in transition for a year, each with a baseline of another source, and receipts."""
    free = Source.objects.filter(role=Source.Role.ALTERNATE).exclude(cases__state__in=OPEN_STATES)
    sources = list(free.order_by("part_id", "pk").distinct("part_id")[:count])
    parts = [source.part_id for source in sources]
    rows = Source.objects.filter(part__in=parts, role=Source.Role.INCUMBENT)
    paid = {row.part_id: row for row in rows.order_by("-pk")}
    sources = [source for source in sources if source.part_id in paid]
    lead = Case.objects.latest("pk").lead
    opened = clock.now() - dt.timedelta(days=365)
    numbers = Counter.take("case", len(sources))
    cases = [
        Case(number=number, part_id=source.part_id, source=source, lead=lead,
             state=State.TRANSITION, opened_at=opened)
        for number, source in zip(numbers, sources, strict=True)
    ]  # fmt: skip
    audit.bulk_create_as(Case, cases, ACTOR, "bench")
    baselines = [
        Baseline(case=case, source=paid[case.part_id], basis="receipt", price=1, currency="USD",
                 price_on=opened.date(), evidence="bench", frozen_at=opened)
        for case in cases
    ]  # fmt: skip
    audit.bulk_create_as(Baseline, baselines, ACTOR, "bench")
    both = [source.pk for source in sources] + [row.pk for row in paid.values()]
    there = Receipt.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            _RECEIVED,
            {"sources": both, "count": len(both), "today": clock.business_day(),
             "rows": max(0, receipts - there)},
        )  # fmt: skip
        for name in ("suppliers_receipt", "incentives_baseline", "qualification_case"):
            cursor.execute(f"ANALYZE {name}")
