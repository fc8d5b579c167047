"""Models of qualification cases and their work."""

from qualification.models.approval import (
    AcceptedRisk,
    CustomerApproval,
    NoRiskStatement,
    RegulatoryFile,
    RiskSignature,
)
from qualification.models.breaches import Rollback, TriggerBreach
from qualification.models.business_case import (
    BusinessCase,
    BusinessCaseVersion,
    CostEntry,
    CostKind,
    PlannedCost,
)
from qualification.models.cases import Case, GatePassage, TeamMember
from qualification.models.clearance import IpClearance
from qualification.models.component_tests import ComponentTest, ComponentTestPlan
from qualification.models.dossiers import Dossier
from qualification.models.fmea import Fmea, FmeaAction, FmeaRow, FmeaVersion
from qualification.models.hold_point_figures import HoldPointFigures
from qualification.models.inspections import InspectionLot, Sample
from qualification.models.introduction import AsBuilt, IntroducedRevision, Introduction
from qualification.models.lessons import Lesson
from qualification.models.pilot_plans import PilotLot, PilotModel, PilotParameter, PilotPlan
from qualification.models.pilot_results import (
    Measurement,
    MeasurementBatch,
    PilotBuild,
    PilotDefect,
    ReliabilityTest,
)
from qualification.models.plan import (
    HoldPoint,
    Interim,
    Pilot,
    PlannedGate,
    RampStep,
    RollbackPlan,
    Transition,
)
from qualification.models.ppap import PpapElement, PpapSubmission
from qualification.models.rollback import (
    Metric,
    Operator,
    Rehearsal,
    RollbackStep,
    RollbackTrigger,
)
from qualification.models.sops import Sop, SopItem
from qualification.models.spec_review import Disposition
from qualification.models.steps import Step, StepKind
from qualification.models.work import ChecklistItem, RequiredSignature, SignOff

__all__ = [
    "AcceptedRisk",
    "AsBuilt",
    "BusinessCase",
    "BusinessCaseVersion",
    "Case",
    "ChecklistItem",
    "ComponentTest",
    "ComponentTestPlan",
    "CostEntry",
    "CostKind",
    "CustomerApproval",
    "Disposition",
    "Dossier",
    "Fmea",
    "FmeaAction",
    "FmeaRow",
    "FmeaVersion",
    "GatePassage",
    "HoldPoint",
    "HoldPointFigures",
    "InspectionLot",
    "Interim",
    "IntroducedRevision",
    "Introduction",
    "IpClearance",
    "Lesson",
    "Measurement",
    "MeasurementBatch",
    "Metric",
    "NoRiskStatement",
    "Operator",
    "Pilot",
    "PilotBuild",
    "PilotDefect",
    "PilotLot",
    "PilotModel",
    "PilotParameter",
    "PilotPlan",
    "PlannedCost",
    "PlannedGate",
    "PpapElement",
    "PpapSubmission",
    "RampStep",
    "RegulatoryFile",
    "Rehearsal",
    "ReliabilityTest",
    "RequiredSignature",
    "RiskSignature",
    "Rollback",
    "RollbackPlan",
    "RollbackStep",
    "RollbackTrigger",
    "Sample",
    "SignOff",
    "Sop",
    "SopItem",
    "Step",
    "StepKind",
    "TeamMember",
    "Transition",
    "TriggerBreach",
]
