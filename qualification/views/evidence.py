"""Evidence: files on steps and other work, always downloaded as attachments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from qualification import services, work_files
from qualification.forms import EvidenceForm, ReasonForm
from qualification.models import Case, ChecklistItem
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from secondsource.core.views import ObjectPage
from secondsource.core.views.files import file_response


def step_url(item: ChecklistItem) -> str:
    """A step on its case's page."""
    return f"{item.case.get_absolute_url()}?gate={item.gate}#step-{item.pk}"


def work_url(kind: work_files.RowKind, row: Any) -> str:
    """A row of the work on its page."""
    return f"{reverse(kind.url_name, args=[row.case.number])}#row-{row.public_id}"


class EvidencePage(CaseForm, OnPartOfCase):
    """Add files to a step of the current gate."""

    part_of = ChecklistItem
    template_name = "qualification/evidence.html"
    form_class = EvidenceForm
    submit_label = "Add evidence"
    success_message = "Evidence added."

    def get_page_title(self) -> str:
        """The step."""
        return f"Evidence for “{self.object.text}”"

    def save(self, form: Any) -> str:
        """Hash and store the file."""
        services.add_evidence(item=self.object, upload=form.cleaned_data["file"], actor=self.actor)
        return step_url(self.object)


class WorkFilePage(CaseForm, OnCase):
    """Add a file to a row of the case's work, such as a component test."""

    template_name = "qualification/evidence.html"
    form_class = EvidenceForm
    submit_label = "Add file"
    success_message = "File added."

    @cached_property
    def row(self) -> tuple[work_files.RowKind, Any]:
        """The kind and the row in the URL. Raises ``Http404``."""
        try:
            kind = work_files.kind(self.kwargs["rows"])
            return kind, kind.rows_of(self.case).get(public_id=self.kwargs["row"])
        except (KeyError, ObjectDoesNotExist) as error:
            raise Http404("No such row.") from error

    def get_page_title(self) -> str:
        """The row."""
        return f"Evidence for “{self.row[1]}”"

    def get_cancel_url(self) -> str:
        """The row on its page."""
        return work_url(*self.row)

    def save(self, form: Any) -> str:
        """Hash and store the file."""
        kind, row = self.row
        services.add_work_file(
            kind=kind, row=row, upload=form.cleaned_data["file"], actor=self.actor
        )
        return work_url(kind, row)


class OnFile(ObjectPage):
    """A page about an evidence file of a case that the reader sees."""

    lookup: ClassVar[Mapping[str, str]] = {"file": "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Files on the work of the case in the address."""
        seen = Case.objects.visible_to(self.request.user).filter(number=self.kwargs["number"])
        return work_files.of_cases(seen)

    @property
    def case(self) -> Case:
        """The file's case."""
        return self._case()

    def _case(self) -> Case:
        if not hasattr(self, "_found"):
            self._found = Case.objects.select_related("part").get(pk=self.object.case_id)
        return self._found

    def permission_object(self) -> Case:
        """Rights are asked on the case."""
        return self.case


class FilePage(OnFile):
    """Download a file, also a removed one."""

    permission_required = "qualification.view_case"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the file as an attachment."""
        return file_response(self.object)


class RemoveEvidencePage(CaseForm, OnFile):
    """Remove a file from an open gate, with a reason."""

    form_class = ReasonForm
    submit_label = "Remove file"
    danger = True
    success_message = "File removed. The record keeps it."

    def get_page_title(self) -> str:
        """The file."""
        return f"Remove {self.object.name}"

    def save(self, form: Any) -> str:
        """Mark it as removed."""
        kind = work_files.kind_of(self.object)
        row = kind.model.objects.select_related("case").get(pk=self.object.subject_id)
        reason = form.cleaned_data["reason"]
        if kind.model is ChecklistItem:
            services.remove_evidence(
                item=row, attachment=self.object, actor=self.actor, reason=reason
            )
            return step_url(row)
        services.remove_work_file(
            kind=kind, row=row, attachment=self.object, actor=self.actor, reason=reason
        )
        return work_url(kind, row)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the case."""
        return super().get_context_data(case=self.case, **context)
