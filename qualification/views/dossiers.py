"""Dossiers of a case: asked for, shown while they are made, downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from qualification import services
from qualification.dossier.read import seen_groups
from qualification.models import Case, Dossier
from qualification.views.base import OnCase
from secondsource.core.views import DetailPage, ObjectPage, go_to
from secondsource.core.views.files import file_response
from secondsource.core.views.jobs import job_shown


class NewDossierPage(OnCase):
    """Make a dossier; a GET shows those that there are."""

    permission_required = "qualification.make_dossier"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The card of the dossiers."""
        return HttpResponseRedirect(f"{reverse('case_approval', args=[self.case.number])}#dossiers")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Queue it and show its progress."""
        made = services.start_dossier(case=self.case, actor=self.actor)
        return go_to(request, made.get_absolute_url())


class OfDossier(ObjectPage):
    """A page about a dossier of a case, for readers who see all that it shows."""

    permission_required = "qualification.view_case"
    lookup: ClassVar[Mapping[str, str]] = {"number": "case__number", "dossier": "public_id"}
    context_name = "dossier"

    def get_queryset(self) -> QuerySet[Any]:
        """Dossiers of cases that the reader may see, without those that show more."""
        seen = Case.objects.visible_to(self.request.user).filter(number=self.kwargs["number"])
        case = seen.prefetch_related("team").first()
        if case is None:
            return Dossier.objects.none()
        found = Dossier.objects.readable_with(seen_groups(self.actor, case)).filter(case=case)
        return found.select_related("case", "job", "file", "made_by")

    def permission_object(self) -> Case:
        """Rights are asked on the case."""
        case: Case = self.object.case
        return case


class DossierPage(OfDossier, DetailPage):
    """The progress, then the download or the reason of a failure."""

    template_name = "qualification/dossier.html"
    fragments: ClassVar[Mapping[str, str]] = {"dossier": "qualification/dossier_state.html"}

    def get_page_title(self) -> str:
        """The dossier and its case."""
        return f"{self.object} of {self.object.case.key}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the case, and the job as the progress bar shows it."""
        made = self.object
        shown = job_shown(made.job, made.get_absolute_url())
        if self.request.user.pk != made.job.owner_id:
            shown["stop_url"] = ""
        return super().get_context_data(case=made.case, job=shown, **context)


class DossierFile(OfDossier):
    """The PDF, always as an attachment."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the file. Raises ``Http404`` while it is not written."""
        if self.object.file is None:
            raise Http404("The dossier is not written yet.")
        return file_response(self.object.file)
