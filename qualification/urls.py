"""URLs of qualification cases."""

from __future__ import annotations

from django.urls import path, register_converter

from qualification import case_key, rollback_urls, sop_urls, views
from qualification.views import design_in, gate_plan, introduction, lessons, start_small


class CaseKeyConverter:
    """``SSQ-0142`` in a URL for the number of a case."""

    regex = case_key.PATTERN

    def to_python(self, value: str) -> int:
        """The number."""
        return case_key.number_of(value)

    def to_url(self, value: int | str) -> str:
        """The key, from the number or the key itself."""
        return value if isinstance(value, str) else case_key.case_key(value)


register_converter(CaseKeyConverter, "case")

#: Below ``q/SSQ-0001/fmea/``: address, view, end of the URL's name.
FMEA = (
    ("", views.FmeaPage, ""),
    ("new/", views.NewRowPage, "_row_create"),
    ("starters/", views.StartersPage, "_starters"),
    ("reopen/", views.ReopenPage, "_reopen"),
    ("review/", views.ReviewPage, "_review"),
    ("import/", views.FmeaImportPage, "_import"),
    ("versions/", views.VersionsPage, "_versions"),
    ("file.<slug:extension>", views.FmeaFile, "_file"),
    ("<uuid:mode>/", views.RowPage, "_row"),
    ("<uuid:mode>/cell/", views.FmeaCell, "_cell"),
    ("<uuid:mode>/duplicate/", views.DuplicateRow, "_duplicate"),
    ("<uuid:mode>/remove/", views.RemoveRowPage, "_row_remove"),
    ("<uuid:mode>/accept/", views.AcceptRowPage, "_accept"),
    ("<uuid:mode>/actions/new/", views.NewActionPage, "_action_create"),
    ("actions/<uuid:action>/", views.ActionPage, "_action"),
    ("actions/<uuid:action>/remove/", views.RemoveAction, "_action_remove"),
    ("actions/<uuid:action>/evidence/", views.ActionEvidence, "_evidence"),
)

urlpatterns = [
    *sop_urls.urlpatterns,
    path("fmea/", views.FmeaListPage.as_view(), name="fmea_list"),
    path("q/", views.CaseListPage.as_view(), name="case_list"),
    path("approvals/", views.ApprovalListPage.as_view(), name="approval_list"),
    path(
        "products/<str:code>/design-in/",
        design_in.DesignInPage.as_view(),
        name="product_design_in",
    ),
    path("start-small/", start_small.StartSmallPage.as_view(), name="start_small"),
    path("q/open/<uuid:source>/", start_small.OpenAtOnce.as_view(), name="case_open_at_once"),
    path("q/new/", views.OpenCasePage.as_view(), name="case_create"),
    path("q/<case:number>/", views.CasePage.as_view(), name="case_detail"),
    path("q/<case:number>/plan/", views.PlanPage.as_view(), name="case_edit"),
    path("q/<case:number>/scope/", views.ScopePage.as_view(), name="case_scope"),
    path(
        "q/<case:number>/business-case/",
        views.BusinessCasePage.as_view(),
        name="case_business_case",
    ),
    path(
        "q/<case:number>/business-case/edit/",
        views.BusinessCaseEdit.as_view(),
        name="case_business_case_edit",
    ),
    path(
        "q/<case:number>/business-case/costs/new/",
        views.PlannedCostCreate.as_view(),
        name="case_planned_cost_create",
    ),
    path(
        "q/<case:number>/business-case/costs/<uuid:cost>/",
        views.PlannedCostEdit.as_view(),
        name="case_planned_cost",
    ),
    path(
        "q/<case:number>/business-case/costs/<uuid:cost>/remove/",
        views.PlannedCostRemove.as_view(),
        name="case_planned_cost_remove",
    ),
    path("q/<case:number>/costs/", views.CostLogPage.as_view(), name="case_cost_log"),
    path("q/<case:number>/costs/new/", views.CostEntryCreate.as_view(), name="case_cost_create"),
    path(
        "q/<case:number>/costs/<uuid:entry>/correct/",
        views.CostEntryCorrect.as_view(),
        name="case_cost_correct",
    ),
    path(
        "q/<case:number>/costs/files/<uuid:file>/",
        views.CostFilePage.as_view(),
        name="case_cost_file",
    ),
    path("q/<case:number>/lead/", views.LeadPage.as_view(), name="case_lead"),
    path("q/<case:number>/sponsor/", views.SponsorPage.as_view(), name="case_sponsor"),
    path("q/<case:number>/team/", views.TeamPage.as_view(), name="case_team"),
    path("q/<case:number>/interim/", views.InterimPage.as_view(), name="case_interim"),
    path(
        "q/<case:number>/lessons/new/",
        lessons.NewLessonPage.as_view(),
        name="case_lesson_create",
    ),
    path(
        "q/<case:number>/lessons/<uuid:lesson>/",
        lessons.LessonPage.as_view(),
        name="case_lesson",
    ),
    path("q/<case:number>/gates/", gate_plan.GatePlanPage.as_view(), name="case_gates"),
    path("lessons/", lessons.LessonList.as_view(), name="lesson_list"),
    path("q/<case:number>/watch/", views.WatchCase.as_view(), name="case_watch"),
    path("q/<case:number>/discussion/", views.CommentPage.as_view(), name="case_comment"),
    *[
        path(f"q/<case:number>/fmea/{address}", view.as_view(), name=f"case_fmea{name}")
        for address, view, name in FMEA
    ],
    *[
        path(f"q/<case:number>/rollback/{address}", view.as_view(), name=f"case_rollback{name}")
        for address, view, name in rollback_urls.ROLLBACK
    ],
    path("built-in/", introduction.BuiltInListPage.as_view(), name="built_in_list"),
    path(
        "q/<case:number>/introduction/",
        introduction.IntroductionPage.as_view(),
        name="case_introduction",
    ),
    path(
        "q/<case:number>/introduction/edit/",
        introduction.IntroductionEdit.as_view(),
        name="case_introduction_edit",
    ),
    path("q/<case:number>/built/new/", introduction.BuiltPage.as_view(), name="case_built"),
    path(
        "q/<case:number>/built/<uuid:built>/withdraw/",
        introduction.WithdrawBuiltPage.as_view(),
        name="case_built_withdraw",
    ),
    path("q/<case:number>/sign/<slug:function>/", views.SignPage.as_view(), name="case_sign"),
    path("q/<case:number>/moves/<slug:move>/", views.CaseMovePage.as_view(), name="case_move"),
    path("q/<case:number>/steps/new/", views.NewItemPage.as_view(), name="case_item_create"),
    path("q/<case:number>/steps/<uuid:item>/", views.ItemPage.as_view(), name="case_item"),
    path(
        "q/<case:number>/steps/<uuid:item>/done/",
        views.ItemDonePage.as_view(),
        name="case_item_done",
    ),
    path(
        "q/<case:number>/steps/<uuid:item>/value/",
        views.ItemValuePage.as_view(),
        name="case_item_value",
    ),
    path(
        "q/<case:number>/steps/<uuid:item>/evidence/",
        views.EvidencePage.as_view(),
        name="case_evidence",
    ),
    path("q/<case:number>/files/<uuid:file>/", views.FilePage.as_view(), name="case_file"),
    path(
        "q/<case:number>/files/<uuid:file>/remove/",
        views.RemoveEvidencePage.as_view(),
        name="case_file_remove",
    ),
    path("q/<case:number>/spec-review/", views.SpecReviewPage.as_view(), name="case_spec_review"),
    path("q/<case:number>/spec-review/decide/", views.DecidePage.as_view(), name="case_deviation"),
    path(
        "q/<case:number>/clearances/new/",
        views.ClearanceCreate.as_view(),
        name="case_clearance_create",
    ),
    path(
        "q/<case:number>/declarations/<slug:scheme>/",
        views.DeclarationPage.as_view(),
        name="case_declaration",
    ),
    path(
        "q/<case:number>/clearances/<uuid:clearance>/",
        views.ClearanceEdit.as_view(),
        name="case_clearance",
    ),
    path(
        "q/<case:number>/spec-review/<uuid:disposition>/confirm/",
        views.ConfirmPage.as_view(),
        name="case_deviation_confirm",
    ),
    path("q/<case:number>/approval/", views.ApprovalPage.as_view(), name="case_approval"),
    path(
        "q/<case:number>/approval/risks/new/", views.NewRiskPage.as_view(), name="case_risk_create"
    ),
    path("q/<case:number>/approval/risks/none/", views.NoRiskPage.as_view(), name="case_no_risk"),
    path("q/<case:number>/approval/risks/<uuid:risk>/", views.RiskPage.as_view(), name="case_risk"),
    path(
        "q/<case:number>/approval/risks/<uuid:risk>/withdraw/",
        views.WithdrawRiskPage.as_view(),
        name="case_risk_withdraw",
    ),
    path(
        "q/<case:number>/approval/risks/<uuid:risk>/sign/<slug:function>/",
        views.SignRiskPage.as_view(),
        name="case_risk_sign",
    ),
    path(
        "q/<case:number>/approval/customers/new/",
        views.NewCustomerPage.as_view(),
        name="case_customer_create",
    ),
    path(
        "q/<case:number>/approval/customers/<uuid:row>/",
        views.CustomerPage.as_view(),
        name="case_customer",
    ),
    path(
        "q/<case:number>/approval/customers/<uuid:row>/withdraw/",
        views.WithdrawCustomerPage.as_view(),
        name="case_customer_withdraw",
    ),
    path(
        "q/<case:number>/approval/regulatory/new/",
        views.NewRegulatoryFilePage.as_view(),
        name="case_regulatory_create",
    ),
    path(
        "q/<case:number>/approval/regulatory/<uuid:row>/",
        views.RegulatoryFilePage.as_view(),
        name="case_regulatory",
    ),
    path(
        "q/<case:number>/approval/regulatory/<uuid:row>/withdraw/",
        views.WithdrawRegulatoryFilePage.as_view(),
        name="case_regulatory_withdraw",
    ),
    path(
        "q/<case:number>/dossiers/new/", views.NewDossierPage.as_view(), name="case_dossier_create"
    ),
    path(
        "q/<case:number>/dossiers/<uuid:dossier>/",
        views.DossierPage.as_view(),
        name="case_dossier",
    ),
    path(
        "q/<case:number>/dossiers/<uuid:dossier>/file/",
        views.DossierFile.as_view(),
        name="case_dossier_file",
    ),
    path(
        "q/<case:number>/hold-points/<uuid:point>/",
        views.HoldPointPage.as_view(),
        name="case_hold_point",
    ),
    path("pilots/", views.PilotListPage.as_view(), name="pilot_list"),
    path(
        "q/<case:number>/pilot/measurements/",
        views.MeasurementListPage.as_view(),
        name="case_measurements",
    ),
    path("q/<case:number>/pilot/", views.PilotPage.as_view(), name="case_pilot"),
    path("q/<case:number>/pilot/plan/", views.PilotPlanPage.as_view(), name="case_pilot_plan"),
    path("q/<case:number>/pilot/lock/", views.PilotLockPage.as_view(), name="case_pilot_lock"),
    path(
        "q/<case:number>/pilot/results/new/",
        views.PilotResultPage.as_view(),
        name="case_pilot_result",
    ),
    path(
        "q/<case:number>/pilot/results/<uuid:build>/correct/",
        views.PilotCorrectPage.as_view(),
        name="case_pilot_correct",
    ),
    path(
        "q/<case:number>/pilot/reliability/",
        views.ReliabilityPage.as_view(),
        name="case_pilot_reliability",
    ),
    path("q/<case:number>/tests/", views.TestsPage.as_view(), name="case_tests"),
    path(
        "q/<case:number>/tests/required/",
        views.ProposeTestsPage.as_view(),
        name="case_tests_propose",
    ),
    path("q/<case:number>/tests/new/", views.NewTestPage.as_view(), name="case_test_create"),
    path("q/<case:number>/tests/<uuid:test>/", views.TestDataPage.as_view(), name="case_test"),
    path(
        "q/<case:number>/tests/<uuid:test>/waive/",
        views.WaiveTestPage.as_view(),
        name="case_test_waive",
    ),
    path(
        "q/<case:number>/tests/<uuid:test>/remove/",
        views.RemoveTestPage.as_view(),
        name="case_test_remove",
    ),
    path(
        "q/<case:number>/files/<slug:rows>/<uuid:row>/",
        views.WorkFilePage.as_view(),
        name="case_work_file",
    ),
    path("q/<case:number>/samples/new/", views.NewSamplePage.as_view(), name="case_sample_create"),
    path("q/<case:number>/samples/<uuid:sample>/", views.SamplePage.as_view(), name="case_sample"),
    path(
        "q/<case:number>/samples/<uuid:sample>/remove/",
        views.RemoveSamplePage.as_view(),
        name="case_sample_remove",
    ),
    path("q/<case:number>/lots/new/", views.InspectLotPage.as_view(), name="case_lot_inspect"),
    path(
        "q/<case:number>/lots/<uuid:lot>/decide/",
        views.DecideLotPage.as_view(),
        name="case_lot_decide",
    ),
    path(
        "q/<case:number>/lots/<uuid:lot>/void/",
        views.VoidInspectionPage.as_view(),
        name="case_lot_void",
    ),
    path("q/<case:number>/ppap/level/", views.PpapLevelPage.as_view(), name="case_ppap_level"),
    path(
        "q/<case:number>/ppap/elements/",
        views.PpapElementsPage.as_view(),
        name="case_ppap_elements",
    ),
    path("q/<case:number>/ppap/warrant/", views.WarrantPage.as_view(), name="case_ppap_warrant"),
]
