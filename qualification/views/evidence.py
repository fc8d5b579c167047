"""Evidence: files on steps, always downloaded as attachments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from qualification import services
from qualification.forms import EvidenceForm, ReasonForm
from qualification.models import Case, ChecklistItem
from qualification.views.base import CaseForm, OnPartOfCase
from secondsource.core.models import Attachment
from secondsource.core.views import ObjectPage


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
        return f"{self.case.get_absolute_url()}?gate={self.object.gate}#step-{self.object.pk}"


class OnFile(ObjectPage):
    """A page about an evidence file of a case that the reader sees."""

    lookup: ClassVar[Mapping[str, str]] = {"file": "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Files on the steps of the case in the address."""
        seen = Case.objects.visible_to(self.request.user).filter(number=self.kwargs["number"])
        items = ChecklistItem.objects.filter(case__in=seen)
        mine = items.filter(pk=OuterRef("subject_id")).values("case_id")[:1]
        return Attachment.objects.filter(
            subject_type="qualification.checklistitem", subject_id__in=items.values("pk")
        ).annotate(case_id=mine)

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
        try:
            content = self.object.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("The file is not in the store.") from error
        response = FileResponse(
            content,
            as_attachment=True,
            filename=self.object.name,
            content_type="application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["X-Content-SHA256"] = self.object.sha256
        return response


class RemoveEvidencePage(CaseForm, OnFile):
    """Remove a file from an open gate, with a reason."""

    form_class = ReasonForm
    submit_label = "Remove file"
    danger = True
    success_message = "File removed from the step. The record keeps it."

    def get_page_title(self) -> str:
        """The file."""
        return f"Remove {self.object.name}"

    def save(self, form: Any) -> str:
        """Mark it as removed."""
        item = ChecklistItem.objects.select_related("case").get(pk=self.object.subject_id)
        services.remove_evidence(
            item=item,
            attachment=self.object,
            actor=self.actor,
            reason=form.cleaned_data["reason"],
        )
        return f"{self.case.get_absolute_url()}?gate={item.gate}#step-{item.pk}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the case."""
        return super().get_context_data(case=self.case, **context)
