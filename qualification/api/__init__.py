"""Endpoints of qualification cases and the work of their gates."""

from qualification.api.approval import (
    CustomerApprovalResource,
    DossierResource,
    NoRiskResource,
    RegulatoryFileResource,
    RiskResource,
)
from qualification.api.business_case import (
    BusinessCaseResource,
    CostEntryResource,
    PlannedCostResource,
)
from qualification.api.cases import CaseResource
from qualification.api.clearance import ClearanceResource
from qualification.api.component_tests import ComponentTestResource
from qualification.api.fmea import FmeaActionResource, FmeaRowResource, FmeaVersionResource
from qualification.api.gates import (
    ChecklistResource,
    DiscussionResource,
    EvidenceResource,
    SignOffResource,
    TransitionResource,
)
from qualification.api.inspections import InspectionResource, SampleResource
from qualification.api.introduction import BuiltResource, IntroductionResource
from qualification.api.lessons import LessonResource
from qualification.api.pilots import (
    PilotBuildResource,
    PilotPlanResource,
    PilotVerdictResource,
    ReliabilityTestResource,
)
from qualification.api.ppap import PpapElementResource, PpapResource, WarrantResource
from qualification.api.rollback import (
    BreachResource,
    RehearsalResource,
    RollbackResource,
    RollbackStepResource,
    TriggerResource,
)
from qualification.api.sops import SopItemResource, SopResource
from qualification.api.spec_review import DispositionResource, SpecReviewResource

__all__ = [
    "BreachResource",
    "BuiltResource",
    "BusinessCaseResource",
    "CaseResource",
    "ChecklistResource",
    "ClearanceResource",
    "ComponentTestResource",
    "CostEntryResource",
    "CustomerApprovalResource",
    "DiscussionResource",
    "DispositionResource",
    "DossierResource",
    "EvidenceResource",
    "FmeaActionResource",
    "FmeaRowResource",
    "FmeaVersionResource",
    "InspectionResource",
    "IntroductionResource",
    "LessonResource",
    "NoRiskResource",
    "PilotBuildResource",
    "PilotPlanResource",
    "PilotVerdictResource",
    "PlannedCostResource",
    "PpapElementResource",
    "PpapResource",
    "RegulatoryFileResource",
    "RehearsalResource",
    "ReliabilityTestResource",
    "RiskResource",
    "RollbackResource",
    "RollbackStepResource",
    "SampleResource",
    "SignOffResource",
    "SopItemResource",
    "SopResource",
    "SpecReviewResource",
    "TransitionResource",
    "TriggerResource",
    "WarrantResource",
]
