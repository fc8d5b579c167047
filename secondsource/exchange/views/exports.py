"""Large lists as files: the list of them, how far one is, and the download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.core.tables import Column
from secondsource.core.views import SIGNED_IN, DetailPage, ListPage, ObjectPage, go_to
from secondsource.core.views.jobs import job_shown
from secondsource.exchange.models import Export
from secondsource.exchange.services import exports as services


class ExportList(ListPage):
    """The reader's own exports that a job writes or has written, the newest first."""

    permission_required = SIGNED_IN
    page_title = "Exports"
    noun = ("export", "exports")
    default_sort = "-when"
    columns: ClassVar[Sequence[Column]] = (
        Column("label", "List", source="job__label", link=True, css="ell", mobile="title"),
        Column("format", "Format", source=lambda row: row.get_format_display(), css="nw",
               mobile="sub"),
        Column("rows", "Rows", align="r", mobile="sub"),
        Column("state", "State", source=lambda row: row.job.get_state_display().capitalize(),
               css="nw", mobile="end"),
        Column("when", "When", order="-id", source="created_at", css="nw",
               template="exchange/cells/when.html"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No exports",
        "text": (
            "Export on a list gives a file at once. A list of more than 20,000 rows is written by a"
            " job, and its file is kept here for some days."
        ),
    }

    def get_queryset(self) -> QuerySet[Any]:
        """One's own."""
        return Export.objects.filter(owner=self.request.user).select_related("job")


class OfExport(ObjectPage):
    """A page about one of the reader's own exports."""

    permission_required = SIGNED_IN
    lookup: ClassVar[Mapping[str, str]] = {"export": "public_id"}
    context_name = "export"

    def get_queryset(self) -> QuerySet[Any]:
        """One's own."""
        return Export.objects.filter(owner=self.request.user).select_related("job", "owner")


class ExportPage(OfExport, DetailPage):
    """The progress, then the download or what went wrong."""

    template_name = "exchange/export_detail.html"
    fragments: ClassVar[Mapping[str, str]] = {"export": "exchange/export_state.html"}

    def get_page_title(self) -> str:
        """What is exported."""
        return str(self.object.job.label)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the job as the progress bar shows it."""
        shown = job_shown(self.object.job, self.object.get_absolute_url())
        return super().get_context_data(job=shown, kept_days=services.KEPT_FOR.days, **context)


class ExportFile(OfExport):
    """The file, for who may still see what it holds."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An attachment; rights are checked again."""
        try:
            services.check_download(self.object, self.actor)
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except RuleRefused:
            return go_to(request, self.object.get_absolute_url())
        return services.download(self.object)
