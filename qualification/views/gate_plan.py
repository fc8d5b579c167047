"""The days by which a case is to pass its gates."""

from __future__ import annotations

from typing import Any

from django import forms

from qualification import services
from qualification.gate_plan import PLANNED
from qualification.models import Case
from qualification.models.cases import State
from qualification.views.base import CaseForm, OnCase
from secondsource.core.form_fields import IsoDateField, capitalized


class GatePlanForm(forms.Form):
    """A day for each gate before the approval, whose day is in the plan of the case."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = dict(case.planned_gates.values_list("gate", "due"))
        gates = [gate for gate in PLANNED if gate != State.APPROVAL]
        for gate, label in capitalized((str(gate), gate.label) for gate in gates):
            self.fields[gate] = IsoDateField(label=label, required=False, initial=days.get(gate))


class GatePlanPage(CaseForm, OnCase):
    """Change the planned days of the gates."""

    form_class = GatePlanForm
    submit_label = "Save days"
    success_message = "Days saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"Planned days of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the case."""
        return {"case": self.case, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Write what differs."""
        services.change_case(
            case=self.case, values={"planned_gates": form.cleaned_data}, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return self.case.get_absolute_url()
