"""Endpoints of qualification cases and the work of their gates."""

from qualification.api.cases import CaseResource
from qualification.api.gates import (
    ChecklistResource,
    DiscussionResource,
    EvidenceResource,
    SignOffResource,
    TransitionResource,
)

__all__ = [
    "CaseResource",
    "ChecklistResource",
    "DiscussionResource",
    "EvidenceResource",
    "SignOffResource",
    "TransitionResource",
]
