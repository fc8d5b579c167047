"""Pages of a whole FMEA: its starter failure modes, and the review after it was reopened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from qualification import services
from qualification.fmea_forms import ReopenForm, ReviewForm, StartersForm
from qualification.models import Fmea, FmeaRow
from qualification.views.base import CaseForm, OnCase


class StartersPage(CaseForm, OnCase):
    """Choose starter failure modes for the part's category."""

    form_class = StartersForm
    template_name = "qualification/fmea_starters.html"
    submit_label = "Add failure modes"

    def get_page_title(self) -> str:
        """The category."""
        return f"Starter failure modes, {self.case.part.category.name}"

    def get_cancel_url(self) -> str:
        """The worksheet."""
        return reverse("case_fmea", args=[self.case.number])

    def get_form_kwargs(self) -> dict[str, Any]:
        """The category and the failure modes that are there already."""
        known = FmeaRow.objects.filter(fmea__case=self.case).values_list("failure_mode", flat=True)
        return {
            "category": self.case.part.category, "known": set(known), **super().get_form_kwargs()
        }  # fmt: skip

    def save(self, form: Any) -> str:
        """Add the chosen ones."""
        rows = services.add_starters(case=self.case, modes=form.modes(), actor=self.actor)
        noun = "failure mode" if len(rows) == 1 else "failure modes"
        messages.success(self.request, f"{len(rows)} {noun} added. Rate them for this part.")
        return self.get_cancel_url()


class OnFmea(CaseForm, OnCase):
    """A form about the whole FMEA of a case."""

    @property
    def record(self) -> Any:
        """The FMEA, whose version the form is filled in on. Raises ``Http404``."""
        sheet = Fmea.objects.filter(case=self.case).first()
        if sheet is None:
            raise Http404("This case has no FMEA.")
        return sheet

    def get_cancel_url(self) -> str:
        """The worksheet."""
        return reverse("case_fmea", args=[self.case.number])


class ReopenPage(OnFmea):
    """Reopen a passed FMEA for a notice, a site change or a nonconformance."""

    form_class = ReopenForm
    submit_label = "Reopen"
    success_message = "FMEA reopened. Its signatures are void."

    def get_page_title(self) -> str:
        """The case."""
        return f"Reopen the FMEA of {self.case.key}"

    def save(self, form: Any) -> str:
        """Reopen it."""
        services.reopen_fmea(
            case=self.case, **form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class ReviewPage(OnFmea):
    """Finish the review of a reopened FMEA."""

    permission_required = "qualification.sign_case"
    form_class = ReviewForm
    submit_label = "Finish review"
    success_message = "FMEA reviewed."

    def get_page_title(self) -> str:
        """The case."""
        return f"Review the FMEA of {self.case.key}"

    def save(self, form: Any) -> str:
        """Finish it."""
        services.review_fmea(
            case=self.case, note=form.cleaned_data["note"], actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()
