"""The pages of a large case: 200 steps, an FMEA of 100 rows, and the save of one cell."""

from __future__ import annotations

import json

from qualification import services as qualification
from qualification.models import Case, ChecklistItem, FmeaRow
from qualification.models.cases import GATES
from qualification.services.fmea import write_rows
from secondsource.core import audit
from secondsource.core.actors import Actor
from tests.bench import measure
from tests.bench.measure import Table
from tests.bench.pilots import free_source
from tests.bench.server import Client

STEPS, ROWS = 200, 100


def measure_case(table: Table, page: Client, api: Client, actor: Actor) -> None:
    """Pages in server time, and a cell through the API; the case stays, as facts do."""
    case = _large_case(actor)
    pages = {
        f"page of a case with {STEPS} steps": [f"/q/{case.key}/"],
        f"page of an FMEA with {ROWS} rows": [f"/q/{case.key}/fmea/"],
    }
    for one in measure.in_turn(page, pages):
        table.add(one, p95=150)
    row = FmeaRow.objects.filter(fmea__case=case).order_by("position")[0]
    path, times = f"/api/v1/cases/{case.key}/fmea/{row.key}/", []
    for run in range(measure.RUNS):
        taken = []
        for n in range(measure.REQUESTS):
            body = json.dumps({"occurrence": 1 + (run * measure.REQUESTS + n) % 9}).encode()
            head = {"Content-Type": "application/json"}
            answer = measure.ok(api.ask(path, method="PATCH", body=body, headers=head), path)
            taken.append(answer.server_ms)
        times.append(taken)
    name = "save of an FMEA cell"
    table.add(measure.of_runs(name, times, queries=answer.queries), most=80)


def _large_case(actor: Actor) -> Case:
    case = qualification.open_case(source=free_source(), actor=actor)
    there = case.checklist.count()
    items = [
        ChecklistItem(case=case, gate=GATES[n % len(GATES)], position=1000 + n, text=f"Step {n}")
        for n in range(STEPS - there)
    ]
    audit.bulk_create_as(ChecklistItem, items, actor, "bench")
    rows = [
        {"function": "Supply", "failure_mode": f"Mode {n}", "effect": "Line down",
         "cause": "One fab", "severity": 1 + n % 10, "occurrence": 1 + n % 9, "detection": 3}
        for n in range(ROWS)
    ]  # fmt: skip
    write_rows(case, rows, actor, "bench")
    return case
