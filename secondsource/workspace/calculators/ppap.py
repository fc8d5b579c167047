"""Calculators of the production part approval process."""

from __future__ import annotations

from typing import Any

from qualification import ppap
from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, records
from secondsource.workspace.calculators.fields import column, integer, listing, rows


def _elements(*, level: int) -> dict[str, Any]:
    found = ppap.submission(level=level)
    return {
        "S": found.submit,
        "R": found.retain,
        "on_request": found.on_request,
        "count_S": len(found.submit),
        "count_R": len(found.retain),
        "count_star": len(found.on_request),
        "method": found.method,
    }


def _index(*, index: list[float]) -> dict[str, Any]:
    values = inputs.series("index", index, most=inputs.MAX_LIST)
    verdicts = [ppap.index_verdict(index=value) for value in values]
    return {"value": verdicts, "method": ppap.INDEX_METHOD}


def _runs(*, runs: list[dict[str, Any]]) -> dict[str, Any]:
    verdicts = []
    for place, run in enumerate(runs):
        hours = inputs.number(f"runs.{place}.hours", run["hours"], low=0, high=8784)
        parts = inputs.integer(f"runs.{place}.parts", run["parts"])
        verdicts.append(ppap.run_verdict(hours=hours, parts=parts))
    return {"value": verdicts, "method": ppap.RUN_METHOD}


CALCULATORS = (
    Calculator(
        name="ppap-elements",
        area="ppap",
        title="PPAP elements by level",
        purpose="Which of the 18 elements a submission level asks to submit, retain or keep ready.",
        formula="S submit and retain, R retain, * submit on request",
        source=ppap.STANDARD,
        fields=(integer("level", "Submission level", low=1, high=5, example=3),),
        outputs=("S", "count_S", "count_R", "count_star"),
        compute=_elements,
    ),
    Calculator(
        name="process-index",
        area="ppap",
        title="Initial process index",
        purpose="Whether an initial Ppk or Cpk is acceptable.",
        formula="> 1.67 accept; 1.33 to 1.67 conditional; < 1.33 reject",
        source=ppap.STANDARD + ", 2.2.11",
        fields=(listing("index", "Indices", note="numbers", example=[1.68, 1.67, 1.33, 1.2]),),
        outputs=("value",),
        compute=_index,
    ),
    Calculator(
        name="production-run",
        area="ppap",
        title="Significant production run",
        purpose="Whether a run is long and large enough to take the samples from.",
        formula="at least 1 hour and 300 consecutive parts, unless the customer agrees otherwise",
        source=ppap.STANDARD,
        fields=(
            rows(
                "runs",
                "Runs",
                columns=(column("hours", "Hours"), column("parts", "Consecutive parts", "integer")),
                example=[{"hours": 4, "parts": 320}, {"hours": 0.5, "parts": 400}],
                read=lambda path, value: records(path, value, required=("hours", "parts")),
            ),
        ),
        outputs=("value",),
        compute=_runs,
    ),
)
