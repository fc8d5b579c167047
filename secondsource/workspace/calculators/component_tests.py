"""Calculators of component tests and incoming inspection."""

from __future__ import annotations

from typing import Any

from qualification import component_tests, inspection
from secondsource.core import inputs
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import Calculator, Values, in_area, says
from secondsource.workspace.calculators.output import shown, whole, word


def _component_tests(*, changes: Any, features: Any = (), **given: Any) -> Values:
    found = component_tests.delta_tests(
        inputs.sequence("changes", changes),
        features=inputs.sequence("features", features, least=0),
        **given,
    )
    tests = [
        {"key": one.key, "name": one.name, "reference": one.reference,
         "condition": one.condition, "sample": one.sample, "lots": one.lots}
        for one in found.tests
    ]  # fmt: skip
    return {"tests": tests, "count": len(tests), "units": found.units, "method": found.method}


def _inspection_level(*, lots: Any) -> Values:
    rows = [
        inspection.InspectedLot(
            inputs.integer(f"lots.{place}.defects", lot.get("defects")),
            inputs.integer(f"lots.{place}.accept", lot.get("accept")),
        )
        for place, lot in enumerate(lots)
    ]
    now = inspection.switching(rows)
    return {"level": now.level, "score": now.score, "rejected": now.rejected,
            "discontinued": now.discontinued}  # fmt: skip


CALCULATORS = (
    *in_area(
        "qualification",
        Calculator(
            "component-tests", "Component tests by what is new",
            "Which tests of a standard a second source needs, with units and lots.",
            formula="tests of the matrix that one of the changes requires",
            source="AEC-Q100, AEC-Q101, AEC-Q200, JESD47; the choice by change is ours",
            inputs=(field.listed("changes", "What is new", ["die", "package"], entry="text",
                                 note="of " + ", ".join(component_tests.CHANGES)),
                    field.choice("standard", "Standard", default="aec_q100",
                                 choices=tuple(component_tests.STANDARDS)),
                    field.listed("features", "The part has", optional=True, entry="text",
                                 note="of " + ", ".join(component_tests.FEATURES))),
            outputs=shown(count=whole("Number of tests"), units=whole("Units where counted"),
                          tests=output.plain("Tests", columns=shown(
                              key=output.plain("Test"), name=output.plain("Name"),
                              reference=output.plain("Reference"),
                              condition=output.plain("Condition"),
                              sample=output.plain("Units a lot"), lots=output.plain("Lots")))),
            compute=_component_tests,
            says=says("{count:test}, {units:unit} where the standard counts them.",
                      note="No failure is allowed."),
        ),
        Calculator(
            "sampling-plan", "Sampling plan of a lot",
            "How many units of a lot are inspected, and how many of them may be defective.",
            formula="letter of general level II by the lot, then sample and acceptance by AQL",
            source=inspection.STANDARD,
            inputs=(field.integer("size", "Units in the lot", 1000, low=1),
                    field.choice("aql", "AQL", default="1.0", choices=inspection.AQLS),
                    field.choice("level", "Level", default="normal", choices=inspection.LEVELS)),
            outputs=shown(letter=output.plain("Code letter"), sample=whole("Units to inspect"),
                          accept=whole("Defective allowed")),
            compute=inspection.sampling_plan,
            says=says("Inspect {sample:unit}; with more than {accept} defective the lot is "
                      "rejected."),
        ),
        Calculator(
            "inspection-level", "Level of the next lot",
            "Normal, tightened or reduced inspection, by the lots before, oldest first.",
            formula="2 of 5 rejected: tightened; 5 in a row accepted: normal; score 30: reduced",
            source=inspection.STANDARD,
            inputs=(field.rows("lots", "Lots", [{"defects": 1, "accept": 0},
                                                {"defects": 2, "accept": 0}], of=dict,
                               columns=(field.integer("defects", "Defective"),
                                        field.integer("accept", "Allowed"))),),
            outputs=shown(level=word("Level"), score=whole("Switching score"),
                          rejected=whole("Rejected since tightened"),
                          discontinued=output.yes_no("Inspection stops")),
            compute=_inspection_level, method=inspection.METHOD,
            says=says("Inspection stops until the supplier has improved.", "bad",
                      discontinued=True)
            .otherwise("The next lot is on {level} inspection."),
        ),
    ),
)  # fmt: skip
