"""Models of qualification cases and their work."""

from qualification.models.business_case import (
    BusinessCase,
    BusinessCaseVersion,
    CostEntry,
    CostKind,
    PlannedCost,
)
from qualification.models.cases import Case, GatePassage, TeamMember
from qualification.models.pilot_plans import PilotModel, PilotParameter, PilotPlan
from qualification.models.pilot_results import (
    Measurement,
    MeasurementBatch,
    PilotBuild,
    PilotDefect,
    ReliabilityTest,
)
from qualification.models.plan import HoldPoint, Interim, Pilot, RampStep, RollbackPlan, Transition
from qualification.models.sops import Sop, SopItem
from qualification.models.steps import Step, StepKind
from qualification.models.work import ChecklistItem, RequiredSignature, SignOff

__all__ = [
    "BusinessCase",
    "BusinessCaseVersion",
    "Case",
    "ChecklistItem",
    "CostEntry",
    "CostKind",
    "GatePassage",
    "HoldPoint",
    "Interim",
    "Measurement",
    "MeasurementBatch",
    "Pilot",
    "PilotBuild",
    "PilotDefect",
    "PilotModel",
    "PilotParameter",
    "PilotPlan",
    "PlannedCost",
    "RampStep",
    "ReliabilityTest",
    "RequiredSignature",
    "RollbackPlan",
    "SignOff",
    "Sop",
    "SopItem",
    "Step",
    "StepKind",
    "TeamMember",
    "Transition",
]
