"""The datasheets of a manufacturer part: attached, read, and their lines taken one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse

from secondsource.core.attachments import MAX_BYTES
from secondsource.core.errors import PermissionRefused, Reason, Refused, Stale, ValuesRefused
from secondsource.core.models import Job
from secondsource.core.tabular import DEFAULT_LIMITS
from secondsource.core.views import DetailPage, ObjectPage, go_to
from secondsource.core.views.conflicts import posted_version
from secondsource.core.views.files import file_response
from secondsource.core.views.jobs import job_shown
from suppliers import services
from suppliers.models import Datasheet, DatasheetLine, ManufacturerPart, Parameter
from suppliers.spec_sheet import words_of
from suppliers.views.manufacturer_parts import OfManufacturerPart

_READING = (Job.State.QUEUED, Job.State.RUNNING)


@dataclass(frozen=True)
class ShownLine:
    """A line, its value in words, and what is on record under its name."""

    line: DatasheetLine
    value: str
    on_record: list[tuple[str, str, bool]]

    @property
    def replaces(self) -> bool:
        """Whether taking it replaces a line with the same name and condition."""
        return any(same for _, _, same in self.on_record)


class DatasheetsPage(OfManufacturerPart, DetailPage):
    """The datasheets, the newest first, each with the lines that wait for a decision."""

    permission_required = "suppliers.view_manufacturerpart"
    template_name = "suppliers/datasheets.html"
    fragments: ClassVar[Mapping[str, str]] = {"sheets": "suppliers/datasheet_list.html"}
    page_title = "Datasheets of {self.object.mpn}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the datasheets with their jobs and lines."""
        sheets = list(
            self.object.datasheets.select_related("file__uploaded_by", "job")
            .prefetch_related("lines__decided_by")
        )  # fmt: skip
        known: dict[str, list[Parameter]] = defaultdict(list)
        for parameter in self.object.parameters.all():
            known[parameter.name.casefold()].append(parameter)
        shown = [self._shown(sheet, known) for sheet in sheets]
        hint = f"Up to {MAX_BYTES // 2**20} MB; its first {DEFAULT_LIMITS.pages} pages are read."
        return super().get_context_data(
            sheets=shown, drop_hint=hint, most_bytes=MAX_BYTES, **context
        )

    def _shown(self, sheet: Datasheet, known: Mapping[str, list[Parameter]]) -> dict[str, Any]:
        lines = list(sheet.lines.all())
        offered = [one for one in lines if one.state == DatasheetLine.State.OFFERED]
        job = None
        if sheet.job:
            job = job_shown(sheet.job, datasheets_of(self.object))
            if self.request.user.pk != sheet.job.owner_id:
                job["stop_url"] = ""
        return {
            "sheet": sheet,
            "job": job,
            "busy": bool(sheet.job and sheet.job.state in _READING),
            "offered": [_shown_line(one, known) for one in offered],
            "decided": [(one, words_of(one)) for one in lines if one not in offered],
        }


def _shown_line(line: DatasheetLine, known: Mapping[str, list[Parameter]]) -> ShownLine:
    on_record = [
        (words_of(one), one.condition, services.is_same(one, line))
        for one in known.get(line.name.casefold(), ())
    ]
    return ShownLine(line, words_of(line), on_record)


def datasheets_of(part: ManufacturerPart) -> str:
    """The page of a manufacturer part's datasheets."""
    return reverse("datasheets", args=[part.public_id])


class DatasheetAct(DatasheetsPage):
    """An act on the page; a refusal shows the page with its reasons."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, as an address that only takes forms."""
        return go_to(request, datasheets_of(self.object))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it and show the page again."""
        try:
            after = self.act()
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except Refused as refusal:
            return self.refuse(refusal.reasons, 409 if isinstance(refusal, Stale) else 422)
        except ValuesRefused as refusal:
            reasons = [Reason(one.code, one.detail) for one in refusal.problems]
            return self.refuse(reasons, 422)
        return go_to(request, datasheets_of(self.object) + after)

    def act(self) -> str:
        """Do it; the place on the page afterwards."""
        raise NotImplementedError

    def refuse(self, reasons: list[Reason], status: int) -> HttpResponse:
        """The page as it is now, with the reasons."""
        self._object = self.get_object()
        return self.respond(self.get_context_data(reasons=reasons), status=status)


class AttachDatasheet(DatasheetAct):
    """Attach a PDF; a job reads it."""

    permission_required = "suppliers.write_manufacturerpart"

    def act(self) -> str:
        upload = self.request.FILES.get("file")
        if upload is None:
            raise ValuesRefused.one("/file", "required", "Choose a PDF.")
        made = services.attach_datasheet(
            manufacturer_part=self.object, upload=upload, actor=self.actor
        )
        messages.success(self.request, f"Attached {made}. Its tables are being read.")
        return ""


class ReadAgain(DatasheetAct):
    """Read a datasheet again after it failed."""

    permission_required = "suppliers.write_manufacturerpart"

    def act(self) -> str:
        sheet = self.object.datasheets.filter(public_id=self.kwargs["sheet"]).first()
        if sheet is None:
            raise Http404("No such datasheet.")
        services.read_again(datasheet=sheet, actor=self.actor)
        return ""


class LineAct(DatasheetAct):
    """Take or dismiss a line; the next one is in sight afterwards."""

    permission_required = "suppliers.decide_datasheetline"

    def act(self) -> str:
        lines = DatasheetLine.objects.select_related("datasheet__manufacturer_part")
        line = lines.filter(
            public_id=self.kwargs["datasheet_line"], datasheet__manufacturer_part=self.object
        ).first()
        if line is None:
            raise Http404("No such line.")
        self.decide(line)
        after = lines.filter(
            datasheet=line.datasheet, state=DatasheetLine.State.OFFERED, position__gt=line.position
        ).first()
        return f"#line-{after.public_id}" if after else "#sheets"

    def decide(self, line: DatasheetLine) -> None:
        """Call the service."""
        raise NotImplementedError


class TakeLine(LineAct):
    """Write a line to the parameters."""

    def decide(self, line: DatasheetLine) -> None:
        services.take_line(line=line, actor=self.actor, expected=posted_version(self.request.POST))
        messages.success(self.request, f"Took {line.name}, {words_of(line)}.")


class DismissLine(LineAct):
    """Put a line aside."""

    def decide(self, line: DatasheetLine) -> None:
        services.dismiss_line(line=line, actor=self.actor)
        messages.success(self.request, f"Dismissed {line.name}.")


class DatasheetFile(ObjectPage):
    """Download a datasheet."""

    permission_required = "suppliers.view_manufacturerpart"
    lookup: ClassVar[Mapping[str, str]] = {
        "id": "manufacturer_part__public_id", "sheet": "public_id",
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """Datasheets with a file."""
        return Datasheet.objects.filter(file__isnull=False).select_related(
            "file", "manufacturer_part"
        )

    def permission_object(self) -> ManufacturerPart:
        """Rights are asked on the manufacturer part."""
        part: ManufacturerPart = self.object.manufacturer_part
        return part

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The PDF as an attachment."""
        return file_response(self.object.file)


urlpatterns = [
    path("", DatasheetsPage.as_view(), name="datasheets"),
    path("attach/", AttachDatasheet.as_view(), name="datasheet_attach"),
    path("<uuid:sheet>/file/", DatasheetFile.as_view(), name="datasheet_file"),
    path("<uuid:sheet>/read/", ReadAgain.as_view(), name="datasheet_read"),
    path("lines/<uuid:datasheet_line>/take/", TakeLine.as_view(), name="datasheet_line_take"),
    path(
        "lines/<uuid:datasheet_line>/dismiss/", DismissLine.as_view(), name="datasheet_line_dismiss"
    ),
]
