"""Models of qualification cases and their work."""

from qualification.models.cases import Case, GatePassage, TeamMember
from qualification.models.plan import HoldPoint, Interim, Pilot, RampStep, RollbackPlan, Transition
from qualification.models.work import ChecklistItem, SignOff

__all__ = [
    "Case",
    "ChecklistItem",
    "GatePassage",
    "HoldPoint",
    "Interim",
    "Pilot",
    "RampStep",
    "RollbackPlan",
    "SignOff",
    "TeamMember",
    "Transition",
]
