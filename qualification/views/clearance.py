"""Forms for clearances of intellectual property."""

from __future__ import annotations

from typing import Any

from qualification import services
from qualification.models import IpClearance
from qualification.spec_review_forms import ClearanceForm
from qualification.views.base import OnCase, OnPartOfCase
from qualification.views.spec_review import OfSpecReview, spec_review_url
from secondsource.core import clock


class ClearanceCreate(OfSpecReview, OnCase):
    """Record a search."""

    form_class = ClearanceForm
    submit_label = "Record search"
    success_message = "Search recorded."

    def get_page_title(self) -> str:
        """The case."""
        return f"Search for conflicts of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The reader and today, to begin with."""
        initial = {"searched_by": self.request.user.pk, "searched_on": clock.business_day()}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Record it."""
        services.add_clearance(case=self.case, actor=self.actor, **form.cleaned_data)
        return f"{spec_review_url(self.case)}#clearance"


class ClearanceEdit(OfSpecReview, OnPartOfCase):
    """Change a search: its result, its last day."""

    form_class = ClearanceForm
    part_of = IpClearance
    argument = "clearance"
    submit_label = "Save search"
    success_message = "Search saved."

    def get_page_title(self) -> str:
        """What was searched for."""
        return f"Search for {self.object.subject}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present values."""
        row = self.object
        initial = {name: getattr(row, name) for name in ClearanceForm.base_fields}
        initial["searched_by"] = row.searched_by_id
        return {"initial": initial, "chosen": row.searched_by_id, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Write what differs."""
        services.change_clearance(
            clearance=self.object, values=form.cleaned_data, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return f"{spec_review_url(self.case)}#clearance"
