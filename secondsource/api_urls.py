"""Every address of the API, version 1."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from incentives.api import CalculateSplits, NegotiationResource, RoundResource, SplitResource
from incentives.index_api import IndexValueResource, PriceIndexResource
from incentives.negotiation_key import PATTERN as NEGOTIATION_KEY
from incentives.pool_api import ContributionResource, PayoutResource, PoolResource
from incentives.saving_api import (
    BaselineResource,
    BudgetRateResource,
    CaseSavingResource,
    ClosedMonthResource,
    KpiTargetResource,
    PoolBaseResource,
    SavingResource,
    TeamKpiEndpoint,
)
from parts.api import ExchangeRateResource
from qualification.api import (
    BreachResource,
    BuiltResource,
    BusinessCaseResource,
    CaseResource,
    ChecklistResource,
    ClearanceResource,
    ComponentTestResource,
    CostEntryResource,
    CustomerApprovalResource,
    DiscussionResource,
    DispositionResource,
    DossierResource,
    EvidenceResource,
    FmeaActionResource,
    FmeaRowResource,
    FmeaVersionResource,
    InspectionResource,
    IntroductionResource,
    LessonResource,
    NoRiskResource,
    PilotBuildResource,
    PilotPlanResource,
    PilotVerdictResource,
    PlannedCostResource,
    PpapElementResource,
    PpapResource,
    RegulatoryFileResource,
    RehearsalResource,
    ReliabilityTestResource,
    RiskResource,
    RollbackResource,
    RollbackStepResource,
    SampleResource,
    SignOffResource,
    SopItemResource,
    SopResource,
    SpecReviewResource,
    TransitionResource,
    TriggerResource,
    WarrantResource,
)
from qualification.api.start_small import StartSmallEndpoint
from qualification.case_key import PATTERN as CASE_KEY
from secondsource.accounts.api import (
    PersonResource,
    PlantResource,
    ProductLineResource,
    TeamResource,
    TokenResource,
)
from secondsource.core.api.document import DocumentationPage, NothingHere, SchemaDocument
from secondsource.core.api.jobs import JobResource
from secondsource.exchange.api import ExportResource, ImportResource
from secondsource.workspace.api import (
    CategoryWithSops,
    ExecutiveDashboard,
    PartWithSources,
    ProductWithDesign,
    SourceWithCase,
)
from secondsource.workspace.calculators.api import CalculatorEndpoint, CalculatorList
from secondsource.workspace.effort_api import CaseEffort
from secondsource.workspace.hand_over_api import HandOver, HeldWork
from secondsource.workspace.notifications.api import (
    MyWork,
    NotificationResource,
    WatchResource,
)
from secondsource.workspace.policies import api as policies
from secondsource.workspace.snooze_views import Snooze
from suppliers.api import (
    CheckEndpoint,
    OfferResource,
    OrderLineResource,
    ReceiptResource,
)
from suppliers.company_api import ManufacturerPartResource, SiteResource, SupplierResource
from suppliers.datasheet_api import DatasheetLineResource, DatasheetResource
from suppliers.declaration_api import DeclarationResource
from suppliers.rfq_api import PriceAgreementResource, QuoteResource, RfqResource
from suppliers.takeover_api import TakeoverResource

router = SimpleRouter()
router.register("categories", CategoryWithSops, "category")
router.register("parts", PartWithSources, "part")
router.register("exchange-rates", ExchangeRateResource, "exchange-rate")
router.register("products", ProductWithDesign, "product")
router.register("suppliers", SupplierResource, "supplier")
router.register("sites", SiteResource, "site")
router.register("manufacturer-parts", ManufacturerPartResource, "manufacturer-part")
router.register(
    "manufacturer-parts/(?P<part>[0-9a-f-]{36})/declarations", DeclarationResource, "declaration"
)
router.register(
    "manufacturer-parts/(?P<part>[0-9a-f-]{36})/datasheets", DatasheetResource, "datasheet"
)
router.register(
    "manufacturer-parts/(?P<part>[0-9a-f-]{36})/datasheet-lines",
    DatasheetLineResource,
    "datasheet-line",
)
router.register("sources", SourceWithCase, "source")
router.register("offers", OfferResource, "offer")
router.register("rfqs", RfqResource, "rfq")
router.register("quotes", QuoteResource, "quote")
router.register("price-agreements", PriceAgreementResource, "price-agreement")
router.register("order-lines", OrderLineResource, "order-line")
router.register("receipts", ReceiptResource, "receipt")
router.register("aml-takeovers", TakeoverResource, "takeover")
router.register("plants", PlantResource, "plant")
router.register("product-lines", ProductLineResource, "product-line")
router.register("teams", TeamResource, "team")
router.register("people", PersonResource, "person")
router.register("tokens", TokenResource, "token")
router.register("cases", CaseResource, "case")
OF_CASE = f"cases/(?P<case>{CASE_KEY})"
router.register(f"{OF_CASE}/checklist", ChecklistResource, "case-item")
router.register(f"{OF_CASE}/evidence", EvidenceResource, "case-evidence")
router.register(f"{OF_CASE}/planned-costs", PlannedCostResource, "case-planned-cost")
router.register(f"{OF_CASE}/cost-entries", CostEntryResource, "case-cost-entry")
router.register(f"{OF_CASE}/sign-offs", SignOffResource, "case-sign-off")
router.register(f"{OF_CASE}/clearances", ClearanceResource, "case-clearance")
router.register(f"{OF_CASE}/dispositions", DispositionResource, "case-disposition")
router.register(f"{OF_CASE}/discussion", DiscussionResource, "case-comment")
router.register(f"{OF_CASE}/fmea", FmeaRowResource, "case-fmea")
router.register(f"{OF_CASE}/fmea-actions", FmeaActionResource, "case-fmea-action")
router.register(f"{OF_CASE}/fmea-versions", FmeaVersionResource, "case-fmea-version")
router.register(f"{OF_CASE}/component-tests", ComponentTestResource, "case-component-test")
router.register(f"{OF_CASE}/samples", SampleResource, "case-sample")
router.register(f"{OF_CASE}/inspections", InspectionResource, "case-inspection")
router.register(f"{OF_CASE}/ppap/elements", PpapElementResource, "case-ppap-element")
router.register("savings", SavingResource, "saving")
router.register("closed-months", ClosedMonthResource, "closed-month")
router.register("budget-rates", BudgetRateResource, "budget-rate")
router.register("price-indices", PriceIndexResource, "price-index")
router.register("index-values", IndexValueResource, "index-value")
router.register("kpi-targets", KpiTargetResource, "kpi-target")
router.register(f"{OF_CASE}/savings", CaseSavingResource, "case-saving")
router.register(f"{OF_CASE}/baselines", BaselineResource, "case-baseline")
router.register("as-built", BuiltResource, "as-built")
router.register("lessons", LessonResource, "lesson")
router.register("sops", SopResource, "sop")
router.register(r"sops/(?P<sop>[0-9a-f-]{36})/items", SopItemResource, "sop-item")
router.register(f"{OF_CASE}/accepted-risks", RiskResource, "case-risk")
router.register(f"{OF_CASE}/no-risk", NoRiskResource, "case-no-risk")
router.register(f"{OF_CASE}/customer-approvals", CustomerApprovalResource, "case-customer-approval")
router.register(f"{OF_CASE}/regulatory-files", RegulatoryFileResource, "case-regulatory-file")
router.register(f"{OF_CASE}/rollback-triggers", TriggerResource, "case-rollback-trigger")
router.register(f"{OF_CASE}/rollback-steps", RollbackStepResource, "case-rollback-step")
router.register(f"{OF_CASE}/rehearsals", RehearsalResource, "case-rehearsal")
router.register(f"{OF_CASE}/breaches", BreachResource, "case-breach")
router.register(f"{OF_CASE}/rollbacks", RollbackResource, "case-rollback-done")
router.register(f"{OF_CASE}/dossier", DossierResource, "case-dossier")
router.register(f"{OF_CASE}/pilot-plans", PilotPlanResource, "case-pilot-plan")
router.register(f"{OF_CASE}/pilot-builds", PilotBuildResource, "case-pilot-build")
router.register("bonus-pools", PoolResource, "bonus-pool")
router.register("contributions", ContributionResource, "contribution")
router.register("payouts", PayoutResource, "payout")
router.register("negotiations", NegotiationResource, "negotiation")
router.register(
    f"negotiations/(?P<negotiation>{NEGOTIATION_KEY})/rounds", RoundResource, "negotiation-round"
)
router.register("splits", SplitResource, "split")
router.register("imports", ImportResource, "import")
router.register("exports", ExportResource, "export")
router.register("jobs", JobResource, "job")
router.register("notifications", NotificationResource, "notification")
router.register("watches", WatchResource, "watch")

app_name = "api"
urlpatterns = [
    path("schema/", SchemaDocument.as_view(), name="schema"),
    path("docs/", DocumentationPage.as_view(), name="docs"),
    path("dashboards/executive/", ExecutiveDashboard.as_view(), name="executive"),
    path("my-work/", MyWork.as_view(), name="my-work"),
    path("my-work/held/", HeldWork.as_view(), name="my-work-held"),
    path("my-work/snooze/", Snooze.as_view(), name="my-work-snooze"),
    path("my-work/hand-over/", HandOver.as_view(), name="my-work-hand-over"),
    path("start-small/", StartSmallEndpoint.as_view(), name="start-small"),
    path("check/", CheckEndpoint.as_view(), name="check"),
    path("split/", CalculateSplits.as_view(), name="split-calculate"),
    path("calculators/", CalculatorList.as_view(), name="calculators"),
    path("calculators/<slug:name>/", CalculatorEndpoint.as_view(), name="calculator"),
    path("policies/", policies.PolicyIndex.as_view(), name="policies"),
    path("policies/<slug:name>/", policies.PolicyEndpoint.as_view(), name="policy"),
    path("policies/<slug:name>/versions/", policies.VersionList.as_view(), name="policy-versions"),
    path(
        "policies/<slug:name>/versions/<int:number>/",
        policies.VersionEndpoint.as_view(),
        name="policy-version",
    ),
    path(
        "policies/<slug:name>/versions/<int:number>/moves/",
        policies.VersionMoves.as_view(),
        name="policy-version-moves",
    ),
    path("team-kpi/", TeamKpiEndpoint.as_view(), name="team-kpi"),
    re_path(
        rf"^{OF_CASE}/pool-base/$",
        PoolBaseResource.as_view({"get": "read"}),
        name="case-pool-base",
    ),
    re_path(rf"^{OF_CASE}/effort/$", CaseEffort.as_view(), name="case-effort"),
    re_path(
        rf"^{OF_CASE}/business-case/$",
        BusinessCaseResource.as_view({"get": "read", "patch": "change"}),
        name="case-business-case",
    ),
    re_path(
        rf"^{OF_CASE}/introduction/$",
        IntroductionResource.as_view({"get": "read", "patch": "change"}),
        name="case-introduction",
    ),
    re_path(
        rf"^{OF_CASE}/transition/$",
        TransitionResource.as_view({"get": "transition"}),
        name="case-transition",
    ),
    re_path(
        rf"^{OF_CASE}/transition/checkpoints/(?P<id>[0-9a-f-]{{36}})/$",
        TransitionResource.as_view({"post": "judge"}),
        name="case-checkpoint",
    ),
    re_path(
        rf"^{OF_CASE}/ppap/$",
        PpapResource.as_view({"get": "read", "post": "start"}),
        name="case-ppap",
    ),
    re_path(
        rf"^{OF_CASE}/ppap/warrant/$",
        WarrantResource.as_view({"post": "decide"}),
        name="case-ppap-warrant",
    ),
    re_path(
        rf"^{OF_CASE}/reliability-tests/$",
        ReliabilityTestResource.as_view({"get": "list_tests", "post": "add_test"}),
        name="case-reliability-tests",
    ),
    re_path(
        rf"^{OF_CASE}/pilot-verdict/$",
        PilotVerdictResource.as_view({"get": "verdict"}),
        name="case-pilot-verdict",
    ),
    re_path(
        rf"^{OF_CASE}/spec-review/$",
        SpecReviewResource.as_view({"get": "review", "post": "decide"}),
        name="case-spec-review",
    ),
    path("", include(router.urls)),
    re_path("", NothingHere.as_view(), name="nothing-here"),
]
