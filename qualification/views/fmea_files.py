"""The FMEA as a file, and a file as changes of it; its versions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from qualification import fmea_sheet, fmea_upload, services
from qualification.fmea_differences import between
from qualification.fmea_files import COLUMNS, lines_of
from qualification.models import FmeaVersion
from qualification.views.base import CaseForm, OnCase
from secondsource.accounts.models import User
from secondsource.core import exports
from secondsource.core.errors import ValuesRefused
from secondsource.core.views import DetailPage


class FmeaFile(OnCase):
    """All rows as XLSX or CSV."""

    permission_required = "qualification.view_case"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        write = exports.FORMATS.get(kwargs["extension"])
        if write is None:
            raise Http404("No such file format.")
        rows = lines_of(fmea_sheet.rows_of(self.case))
        return write(rows, COLUMNS, f"fmea-{self.case.key.lower()}")


class FmeaUploadForm(forms.Form):
    """The file of an import, then its preview."""

    file = forms.FileField(label="XLSX, ODS or CSV", required=False)
    preview = forms.CharField(widget=forms.HiddenInput, required=False)


class FmeaImportPage(CaseForm, OnCase):
    """Show what a table would change, then write it."""

    form_class = FmeaUploadForm
    template_name = "qualification/fmea_import.html"
    submit_label = "Show the differences"

    def get_page_title(self) -> str:
        """The case."""
        return f"Import the FMEA of {self.case.key}"

    def get_cancel_url(self) -> str:
        """The worksheet."""
        return reverse("case_fmea", args=[self.case.number])

    def save(self, form: Any) -> str | HttpResponseBase:
        """The preview of a file, or the writing of what was shown."""
        if form.cleaned_data["preview"]:
            found, name = fmea_upload.opened(self.case, form.cleaned_data["preview"])
            number = services.import_fmea(case=self.case, found=found, name=name, actor=self.actor)
            messages.success(self.request, f"{number} change{'' if number == 1 else 's'} written.")
            return self.get_cancel_url()
        file = form.cleaned_data["file"]
        if file is None:
            raise ValuesRefused.one("/file", "required", "Choose a file.")
        found = fmea_upload.differences(self.case, file)
        preview = fmea_upload.sealed(self.case, found, file.name)
        context = {"form": form, "found": found, "preview": preview, "file_name": file.name}
        return self.respond(self.get_context_data(**context))


class VersionsPage(OnCase, DetailPage):
    """The versions of an FMEA; ``?version=`` shows one beside the version before it."""

    permission_required = "qualification.view_case"
    template_name = "qualification/fmea_versions.html"
    page_title: ClassVar[str] = "Versions of the FMEA, {self.case.key}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the versions, the chosen one and its differences."""
        versions = list(FmeaVersion.objects.filter(fmea__case=self.case).order_by("-number"))
        names = dict(
            User.objects.filter(pk__in=[v.actor_id for v in versions]).values_list("pk", "name")
        )
        for version in versions:
            version.who = names.get(version.actor_id, "Somebody")
        chosen = self._chosen(versions)
        before = next((v for v in versions if chosen and v.number == chosen.number - 1), None)
        return super().get_context_data(
            versions=versions,
            chosen=chosen,
            before=before,
            differences=between(before.rows if before else [], chosen.rows) if chosen else [],
            **context,
        )

    def _chosen(self, versions: list[FmeaVersion]) -> FmeaVersion | None:
        wanted = self.request.GET.get("version", "")
        found = next((v for v in versions if str(v.number) == wanted), None)
        return found or next(iter(versions), None)
