"""Pages of qualification cases."""

from qualification.views.approval import ApprovalPage
from qualification.views.approval_forms import (
    CustomerPage,
    NewCustomerPage,
    NewRegulatoryFilePage,
    NewRiskPage,
    NoRiskPage,
    RegulatoryFilePage,
    RiskPage,
    SignRiskPage,
    WithdrawCustomerPage,
    WithdrawRegulatoryFilePage,
    WithdrawRiskPage,
)
from qualification.views.approval_list import ApprovalListPage
from qualification.views.business_case import (
    BusinessCaseEdit,
    BusinessCasePage,
    PlannedCostCreate,
    PlannedCostEdit,
    PlannedCostRemove,
)
from qualification.views.case import CasePage
from qualification.views.clearance import ClearanceCreate, ClearanceEdit
from qualification.views.component_tests import (
    NewTestPage,
    ProposeTestsPage,
    RemoveTestPage,
    TestDataPage,
    TestsPage,
    WaiveTestPage,
)
from qualification.views.cost_log import (
    CostEntryCorrect,
    CostEntryCreate,
    CostFilePage,
    CostLogPage,
)
from qualification.views.declarations import DeclarationPage
from qualification.views.dossiers import DossierFile, DossierPage, NewDossierPage
from qualification.views.evidence import (
    EvidencePage,
    FilePage,
    RemoveEvidencePage,
    WorkFilePage,
)
from qualification.views.fmea import (
    AcceptRowPage,
    DuplicateRow,
    FmeaCell,
    FmeaPage,
    NewRowPage,
    RemoveRowPage,
    RowPage,
)
from qualification.views.fmea_actions import (
    ActionEvidence,
    ActionPage,
    NewActionPage,
    RemoveAction,
)
from qualification.views.fmea_files import FmeaFile, FmeaImportPage, VersionsPage
from qualification.views.fmea_list import FmeaListPage
from qualification.views.fmea_review import ReopenPage, ReviewPage, StartersPage
from qualification.views.inspections import (
    DecideLotPage,
    InspectLotPage,
    NewSamplePage,
    RemoveSamplePage,
    SamplePage,
    VoidInspectionPage,
)
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
from qualification.views.pilot_lists import MeasurementListPage, PilotListPage
from qualification.views.plan import LeadPage, PlanPage, ScopePage, SponsorPage, TeamPage
from qualification.views.ppap import PpapElementsPage, PpapLevelPage, WarrantPage
from qualification.views.signatures import HoldPointPage, InterimPage, SignPage
from qualification.views.spec_review import ConfirmPage, DecidePage, SpecReviewPage
from qualification.views.steps import (
    CommentPage,
    ItemDonePage,
    ItemPage,
    ItemValuePage,
    NewItemPage,
)
from qualification.views.watch import WatchCase

__all__ = [
    "AcceptRowPage",
    "ActionEvidence",
    "ActionPage",
    "ApprovalListPage",
    "ApprovalPage",
    "BusinessCaseEdit",
    "BusinessCasePage",
    "CaseListPage",
    "CaseMovePage",
    "CasePage",
    "ClearanceCreate",
    "ClearanceEdit",
    "CommentPage",
    "ConfirmPage",
    "CostEntryCorrect",
    "CostEntryCreate",
    "CostFilePage",
    "CostLogPage",
    "CustomerPage",
    "DecideLotPage",
    "DecidePage",
    "DeclarationPage",
    "DossierFile",
    "DossierPage",
    "DuplicateRow",
    "EvidencePage",
    "FilePage",
    "FmeaCell",
    "FmeaFile",
    "FmeaImportPage",
    "FmeaListPage",
    "FmeaPage",
    "HoldPointPage",
    "InspectLotPage",
    "InterimPage",
    "ItemDonePage",
    "ItemPage",
    "ItemValuePage",
    "LeadPage",
    "MeasurementListPage",
    "NewActionPage",
    "NewCustomerPage",
    "NewDossierPage",
    "NewItemPage",
    "NewRegulatoryFilePage",
    "NewRiskPage",
    "NewRowPage",
    "NewSamplePage",
    "NewTestPage",
    "NoRiskPage",
    "OpenCasePage",
    "PilotCorrectPage",
    "PilotListPage",
    "PilotLockPage",
    "PilotPage",
    "PilotPlanPage",
    "PilotResultPage",
    "PlanPage",
    "PlannedCostCreate",
    "PlannedCostEdit",
    "PlannedCostRemove",
    "PpapElementsPage",
    "PpapLevelPage",
    "ProposeTestsPage",
    "RegulatoryFilePage",
    "ReliabilityPage",
    "RemoveAction",
    "RemoveEvidencePage",
    "RemoveRowPage",
    "RemoveSamplePage",
    "RemoveTestPage",
    "ReopenPage",
    "ReviewPage",
    "RiskPage",
    "RowPage",
    "SamplePage",
    "ScopePage",
    "SignPage",
    "SignRiskPage",
    "SpecReviewPage",
    "SponsorPage",
    "StartersPage",
    "TeamPage",
    "TestDataPage",
    "TestsPage",
    "VersionsPage",
    "VoidInspectionPage",
    "WaiveTestPage",
    "WarrantPage",
    "WatchCase",
    "WithdrawCustomerPage",
    "WithdrawRegulatoryFilePage",
    "WithdrawRiskPage",
    "WorkFilePage",
]
