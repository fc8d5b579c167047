"""Addresses of the pages about parts."""

from django.urls import path

from secondsource.workspace.parts import actions, page
from secondsource.workspace.parts.part_list import PartList
from secondsource.workspace.parts.source_create import SourceCreate

urlpatterns = [
    path("", PartList.as_view(), name="part_list"),
    path("selected/<str:act>/", actions.Bulk.as_view(), name="part_bulk"),
    path("<str:ipn>/", page.SourcesTab.as_view(), name="part_detail"),
    path("<str:ipn>/where-used/", page.WhereUsedTab.as_view(), name="part_where_used"),
    path("<str:ipn>/cases/", page.CasesTab.as_view(), name="part_cases"),
    path("<str:ipn>/files/", page.FilesTab.as_view(), name="part_files"),
    path("<str:ipn>/files/add/", actions.AttachFile.as_view(), name="part_attach"),
    path("<str:ipn>/files/<uuid:file>/", actions.Download.as_view(), name="part_file"),
    path(
        "<str:ipn>/files/<uuid:file>/remove/", actions.RemoveFile.as_view(), name="part_file_remove"
    ),
    path("<str:ipn>/history/", page.HistoryTab.as_view(), name="part_history"),
    path("<str:ipn>/comments/", actions.PartComment.as_view(), name="part_comment"),
    path("<str:ipn>/watch/", actions.WatchPart.as_view(), name="part_watch"),
    path("<str:ipn>/sources/new/", SourceCreate.as_view(), name="source_create"),
]
