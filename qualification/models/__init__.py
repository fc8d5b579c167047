"""Models of qualification cases and their work."""

from qualification.models.cases import Case, GatePassage, TeamMember
from qualification.models.plan import HoldPoint, Interim, Pilot, RampStep, RollbackPlan, Transition
from qualification.models.sops import Sop, SopItem
from qualification.models.steps import Step, StepKind
from qualification.models.work import ChecklistItem, RequiredSignature, SignOff

__all__ = [
    "Case",
    "ChecklistItem",
    "GatePassage",
    "HoldPoint",
    "Interim",
    "Pilot",
    "RampStep",
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
