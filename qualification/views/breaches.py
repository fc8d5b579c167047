"""Forms about breached triggers and about a rollback that was decided."""

from __future__ import annotations

from typing import Any

from qualification import services
from qualification.forms import ReasonForm
from qualification.models import Rollback, TriggerBreach
from qualification.rollback_forms import BreachForm, HoursForm
from qualification.views.base import OnCase, OnPartOfCase
from qualification.views.rollback import RollbackForm


class ReportBreachPage(RollbackForm, OnCase):
    """Report a breach."""

    form_class = BreachForm
    submit_label = "Report breach"
    success_message = "Breach reported. The ramp is held."
    page_title = "Breached trigger of {self.object.key}"
    anchor = "#breaches"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the case."""
        return {"case": self.case, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Report it."""
        services.report_breach(actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()


class ClearBreachPage(RollbackForm, OnPartOfCase):
    """Clear a breach with a reason."""

    permission_required = "qualification.judge_holdpoint"
    part_of = TriggerBreach
    argument = "breach"
    to_case = "transition__case"
    template_name = "qualification/breach_clear.html"
    form_class = ReasonForm
    submit_label = "Clear breach"
    success_message = "Cleared. The ramp continues."
    page_title = "Clear the breached trigger of {self.case.key}"
    anchor = "#breaches"

    def save(self, form: Any) -> str:
        """Clear it."""
        services.clear_breach(
            breach=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()


class FinishRollbackPage(RollbackForm, OnPartOfCase):
    """Record the hours that a rollback took."""

    permission_required = "qualification.rollback_case"
    part_of = Rollback
    argument = "done"
    to_case = "transition__case"
    form_class = HoursForm
    submit_label = "Record hours"
    success_message = "Hours recorded."
    page_title = "Hours of the rollback of {self.case.key}"
    anchor = "#done"

    def save(self, form: Any) -> str:
        """Record them."""
        services.finish_rollback(
            rollback=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()
