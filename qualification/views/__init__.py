"""Pages of qualification cases."""

from qualification.views.business_case import (
    BusinessCaseEdit,
    BusinessCasePage,
    PlannedCostCreate,
    PlannedCostEdit,
    PlannedCostRemove,
)
from qualification.views.case import CasePage
from qualification.views.cost_log import (
    CostEntryCorrect,
    CostEntryCreate,
    CostFilePage,
    CostLogPage,
)
from qualification.views.evidence import EvidencePage, FilePage, RemoveEvidencePage
from qualification.views.list import CaseListPage
from qualification.views.moves import CaseMovePage
from qualification.views.new_case import OpenCasePage
from qualification.views.pilot import PilotPage
from qualification.views.pilot_entry import (
    PilotCorrectPage,
    PilotLockPage,
    PilotPlanPage,
    PilotResultPage,
    ReliabilityPage,
)
from qualification.views.plan import LeadPage, PlanPage, ScopePage, SponsorPage, TeamPage
from qualification.views.signatures import HoldPointPage, InterimPage, SignPage
from qualification.views.steps import (
    CommentPage,
    ItemDonePage,
    ItemPage,
    ItemValuePage,
    NewItemPage,
)
from qualification.views.watch import WatchCase

__all__ = [
    "BusinessCaseEdit",
    "BusinessCasePage",
    "CaseListPage",
    "CaseMovePage",
    "CasePage",
    "CommentPage",
    "CostEntryCorrect",
    "CostEntryCreate",
    "CostFilePage",
    "CostLogPage",
    "EvidencePage",
    "FilePage",
    "HoldPointPage",
    "InterimPage",
    "ItemDonePage",
    "ItemPage",
    "ItemValuePage",
    "LeadPage",
    "NewItemPage",
    "OpenCasePage",
    "PilotCorrectPage",
    "PilotLockPage",
    "PilotPage",
    "PilotPlanPage",
    "PilotResultPage",
    "PlanPage",
    "PlannedCostCreate",
    "PlannedCostEdit",
    "PlannedCostRemove",
    "ReliabilityPage",
    "RemoveEvidencePage",
    "ScopePage",
    "SignPage",
    "SponsorPage",
    "TeamPage",
    "WatchCase",
]
