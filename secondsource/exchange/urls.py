"""Addresses of imports, BOM comparison and jobs."""

from django.urls import path

from secondsource.exchange.views import compare, detail, exports, follow_ups, lists, undo, upload

urlpatterns = [
    path("imports/", lists.ImportList.as_view(), name="import_list"),
    path("imports/new/", upload.ImportCreate.as_view(), name="import_create"),
    path("imports/<uuid:public_id>/", detail.ImportPage.as_view(), name="import_detail"),
    path(
        "imports/<uuid:public_id>/progress/",
        detail.ImportProgress.as_view(),
        name="import_progress",
    ),
    path(
        "imports/<uuid:public_id>/mapping/", detail.ImportMapping.as_view(), name="import_mapping"
    ),
    path(
        "imports/<uuid:public_id>/companies/",
        detail.ImportCompanies.as_view(),
        name="import_companies",
    ),
    path(
        "imports/<uuid:public_id>/confirm/", detail.ImportConfirm.as_view(), name="import_confirm"
    ),
    path("imports/<uuid:public_id>/undo/", undo.ImportUndo.as_view(), name="import_undo"),
    path("imports/<uuid:public_id>/discard/", undo.ImportDiscard.as_view(), name="import_discard"),
    path("imports/<uuid:public_id>/file/", undo.ImportFile.as_view(), name="import_file"),
    path(
        "imports/<uuid:public_id>/rejected/",
        undo.ImportRejected.as_view(),
        name="import_rejected",
    ),
    path("imports/templates/<str:kind>/", undo.ImportTemplate.as_view(), name="import_template"),
    path("products/<str:code>/bom/compare/", compare.BomCompare.as_view(), name="bom_compare"),
    path("exports/", exports.ExportList.as_view(), name="export_list"),
    path("exports/<uuid:export>/", exports.ExportPage.as_view(), name="export_detail"),
    path("exports/<uuid:export>/file/", exports.ExportFile.as_view(), name="export_file"),
    path("jobs/", lists.JobList.as_view(), name="job_list"),
    path("jobs/follow-ups/", follow_ups.FollowUpList.as_view(), name="follow_up_list"),
    path(
        "jobs/follow-ups/<int:task>/retry/",
        follow_ups.FollowUpRetry.as_view(),
        name="follow_up_retry",
    ),
    path("jobs/<uuid:pk>/stop/", lists.JobStop.as_view(), name="job_stop"),
]
