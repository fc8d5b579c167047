"""Pages for the plan, lead, sponsor and team of a case."""

from __future__ import annotations

from typing import Any

from qualification import services
from qualification.forms import LeadForm, PlanForm, ScopeForm, SponsorForm, TeamForm
from qualification.guards import late_products
from qualification.views.base import CaseForm, OnCase


class PlanPage(CaseForm, OnCase):
    """Pilot quantity, transition share, rollback, due date, summary."""

    template_name = "qualification/plan.html"
    form_class = PlanForm
    submit_label = "Save plan"
    success_message = "Plan saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"Plan of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the case and the products that make its start late."""
        late = late_products(self.case.part_id)
        return {"case": self.case, "late": late, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save the changes."""
        services.change_case(
            case=self.case, values=form.values(), actor=self.actor, expected=self.expected
        )
        return self.case.get_absolute_url()


class ScopePage(CaseForm, OnCase):
    """Change the products, plants and sites for which the case qualifies."""

    template_name = "qualification/scope.html"
    form_class = ScopeForm
    submit_label = "Save scope"
    success_message = "Scope saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"Scope of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the case and the reader."""
        return {"case": self.case, "user": self.request.user, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save what changed."""
        services.change_scope(
            case=self.case, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.case.get_absolute_url()


class LeadPage(CaseForm, OnCase):
    """Change the lead."""

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


class SponsorPage(CaseForm, OnCase):
    """Change the sponsor."""

    permission_required = "qualification.name_sponsor"
    template_name = "qualification/sponsor.html"
    form_class = SponsorForm
    submit_label = "Name sponsor"

    def get_page_title(self) -> str:
        """The case."""
        return f"Sponsor of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present sponsor."""
        return {"case": self.case, **super().get_form_kwargs()}

    def get_cancel_url(self) -> str:
        """The case, or the start page for administrators who do not read cases."""
        may_read = self.actor.may("qualification.view_case", self.case)
        return super().get_cancel_url() if may_read else "/"

    def save(self, form: Any) -> str:
        """Name the sponsor."""
        services.name_sponsor(
            case=self.case, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        sponsor = form.cleaned_data["sponsor"]
        self.success_message = f"{sponsor.name} sponsors {self.case.key} now."
        return self.get_cancel_url()


class TeamPage(CaseForm, OnCase):
    """Change the team."""

    permission_required = "qualification.staff_case"
    template_name = "qualification/team.html"
    form_class = TeamForm
    submit_label = "Save team"
    success_message = "Team saved."

    def get_page_title(self) -> str:
        """The case."""
        return f"Team of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present team."""
        return {"case": self.case, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Replace the team."""
        services.set_team(
            case=self.case, members=form.pairs(), actor=self.actor, expected=self.expected
        )
        return self.case.get_absolute_url()
