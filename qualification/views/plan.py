"""The plan, the lead and the team of a case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from qualification import services
from qualification.forms import LeadForm, PlanForm, TeamForm
from qualification.guards import late_products
from qualification.views.base import CaseForm, OnCase


class PlanPage(CaseForm, OnCase):
    """Pilot quantity, transition share, rollback, due date, summary, sponsor."""

    template_name = "qualification/plan.html"
    form_class = PlanForm
    submit_label = "Save plan"
    success_message = "Plan saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"Plan of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The case as it is, and what makes its start late."""
        late = late_products(self.case.part_id)
        return {"case": self.case, "late": late, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Write what differs."""
        services.change_case(
            case=self.case, values=form.values(), actor=self.actor, expected=self.expected
        )
        return self.case.get_absolute_url()


class LeadPage(CaseForm, OnCase):
    """Who leads the case from now on."""

    permission_required = "qualification.staff_case"
    template_name = "qualification/lead.html"
    form_class = LeadForm
    submit_label = "Change lead"

    def get_page_title(self) -> str:
        """The case."""
        return f"Lead of {self.case.key}"

    def save(self, form: Any) -> str:
        """Hand the case over."""
        lead = form.cleaned_data["lead"]
        services.change_lead(
            case=self.case, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        self.success_message = f"{lead.name} leads {self.case.key} now."
        return self.case.get_absolute_url()


class TeamPage(CaseForm, OnCase):
    """Who stands for which function."""

    permission_required = "qualification.staff_case"
    template_name = "qualification/team.html"
    form_class = TeamForm
    submit_label = "Save team"
    success_message = "Team saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"Team of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The team as it is."""
        return {"case": self.case, **super().get_form_kwargs()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """“More rows” shows the form again, with what was typed and empty rows below."""
        if "more" not in request.POST:
            return super().post(request, *args, **kwargs)
        data = request.POST.copy()
        data["rows"] = str(min(100, self._rows(data.get("rows", "")) + TeamForm.EMPTY_ROWS))
        form = TeamForm(data, case=self.case)
        return self.respond(self.get_context_data(form=form))

    def _rows(self, posted: str) -> int:
        return int(posted) if posted.isdecimal() and len(posted) < 4 else 0

    def save(self, form: Any) -> str:
        """Replace the team."""
        services.set_team(
            case=self.case, members=form.pairs(), actor=self.actor, expected=self.expected
        )
        return self.case.get_absolute_url()
