"""Forms of samples and incoming inspections."""

from __future__ import annotations

from typing import Any

from qualification import services
from qualification.inspection_work import next_lot
from qualification.models import InspectionLot, Sample
from qualification.views.base import OnCase, OnPartOfCase
from qualification.views.work_cards import WorkForm
from qualification.work_forms import DecisionForm, InspectionForm, SampleForm, WhyForm
from secondsource.core import clock


class NewSamplePage(WorkForm, OnCase):
    """Record units of a lot that came in."""

    anchor = "#inspections"
    form_class = SampleForm
    submit_label = "Add sample"
    success_message = "Sample added."

    def get_page_title(self) -> str:
        """The case."""
        return f"Add a sample to {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Received today, for the pilot build."""
        initial = {"received_on": clock.business_day(), "purpose": Sample.Purpose.PILOT}
        return {"initial": initial, **super().get_form_kwargs()}

    def store(self, values: dict[str, Any]) -> None:
        """Record it."""
        services.receive_sample(case=self.case, actor=self.actor, **values)


class SamplePage(WorkForm, OnPartOfCase):
    """Change a sample."""

    part_of = Sample
    argument = "sample"
    anchor = "#inspections"
    form_class = SampleForm
    submit_label = "Save sample"
    success_message = "Sample saved."

    def get_page_title(self) -> str:
        """The lot."""
        return f"Sample of {self.object}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present values."""
        initial = {name: getattr(self.object, name) for name in SampleForm.base_fields}
        return {"initial": initial, **super().get_form_kwargs()}

    def store(self, values: dict[str, Any]) -> None:
        """Change it."""
        services.change_sample(
            sample=self.object, values=values, actor=self.actor, expected=self.expected
        )


class RemoveSamplePage(WorkForm, OnPartOfCase):
    """Remove a sample that was entered by mistake."""

    part_of = Sample
    argument = "sample"
    anchor = "#inspections"
    form_class = WhyForm
    submit_label = "Remove sample"
    danger = True
    success_message = "Sample removed."

    def get_page_title(self) -> str:
        """The lot."""
        return f"Remove the sample of {self.object}"

    def store(self, values: dict[str, Any]) -> None:
        """Remove it."""
        services.remove_sample(
            sample=self.object, actor=self.actor, expected=self.expected, **values
        )


class InspectLotPage(WorkForm, OnCase):
    """Record the inspection of a lot, beside the plans of the present level."""

    anchor = "#inspections"
    template_name = "qualification/tests/inspect.html"
    form_class = InspectionForm
    submit_label = "Save inspection"
    success_message = "Inspection saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"Inspect a lot of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Inspected today; the lot in the query string."""
        initial = {
            "inspected_on": clock.business_day(), "lot": self.request.GET.get("lot", "")[:60],
        }  # fmt: skip
        return {"initial": initial, **super().get_form_kwargs()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the plans of the next lot."""
        return super().get_context_data(next_lot=next_lot(self.case), **context)

    def store(self, values: dict[str, Any]) -> None:
        """Record it."""
        services.record_inspection(case=self.case, actor=self.actor, **values)


class DecideLotPage(WorkForm, OnPartOfCase):
    """Decide on a rejected lot."""

    permission_required = "qualification.decide_lot"
    part_of = InspectionLot
    argument = "lot"
    anchor = "#inspections"
    form_class = DecisionForm
    submit_label = "Decide"
    success_message = "Decision saved."

    def get_page_title(self) -> str:
        """The lot."""
        return f"Decide on {self.object}"

    def store(self, values: dict[str, Any]) -> None:
        """Decide."""
        services.decide_lot(lot=self.object, actor=self.actor, expected=self.expected, **values)


class VoidInspectionPage(WorkForm, OnPartOfCase):
    """Void an inspection that was entered wrongly."""

    part_of = InspectionLot
    argument = "lot"
    anchor = "#inspections"
    form_class = WhyForm
    submit_label = "Void inspection"
    danger = True
    success_message = "Inspection voided. The record keeps it."

    def get_page_title(self) -> str:
        """The lot."""
        return f"Void the inspection of {self.object}"

    def store(self, values: dict[str, Any]) -> None:
        """Void it."""
        services.void_inspection(
            lot=self.object, actor=self.actor, expected=self.expected, **values
        )
