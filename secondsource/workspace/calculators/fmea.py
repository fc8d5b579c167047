"""Calculator of failure mode ratings."""

from __future__ import annotations

from typing import Any

from qualification import fmea
from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, record
from secondsource.workspace.calculators.fields import Field, column, integer


def _action_priority(
    *, severity: int, occurrence: int, detection: int, revised: dict[str, int] | None = None
) -> dict[str, Any]:
    initial = fmea.rate(severity=severity, occurrence=occurrence, detection=detection)
    answer: dict[str, Any] = {
        "action_priority": initial.action_priority,
        "rpn": initial.rpn,
        "method": initial.method,
    }
    if revised is None:
        return answer
    after = _rate(revised)
    both = fmea.before_after(initial=initial, revised=after)
    return {
        **answer,
        "revised": {"action_priority": after.action_priority, "rpn": after.rpn},
        "severity_changed": both.severity_changed,
    }


def _rate(values: dict[str, int]) -> fmea.Rating:
    names = (("S", "severity"), ("O", "occurrence"), ("D", "detection"))
    checked = {
        keyword: inputs.integer(f"revised.{name}", values[name], low=1, high=10)
        for name, keyword in names
    }
    return fmea.rate(**checked)


CALCULATORS = (
    Calculator(
        name="action-priority",
        area="fmea",
        title="Action priority",
        purpose="How urgent an action is for one cause, mode and effect; and after the action.",
        formula="AP = table(S, O, D); RPN = S × O × D, shown for information and never a gate",
        where=(
            "S severity of the worst effect, O occurrence of the cause, D detection "
            "before the customer; AP from the handbook's table"
        ),
        source=fmea.METHOD.standard,
        fields=(
            integer("S", "Severity", argument="severity", low=1, high=10, example=8),
            integer("O", "Occurrence", argument="occurrence", low=1, high=10, example=5),
            integer("D", "Detection", argument="detection", low=1, high=10, example=7),
            Field(
                name="revised",
                label="After the completed action",
                kind="rows",
                required=False,
                note="once the action is completed with evidence",
                single=True,
                columns=(
                    column("S", "Severity", "integer"),
                    column("O", "Occurrence", "integer"),
                    column("D", "Detection", "integer"),
                ),
                example={"S": 8, "O": 3, "D": 3},
                read=lambda path, value: record(path, value, required=("S", "O", "D")),
            ),
        ),
        outputs=("action_priority", "rpn", "revised", "severity_changed"),
        compute=_action_priority,
    ),
)
