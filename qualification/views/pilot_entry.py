"""Pages that draft and lock a pilot plan, enter results and correct them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from qualification.forms import ReasonForm
from qualification.models import PilotBuild, PilotPlan
from qualification.pilot_forms import PilotPlanForm, PilotResultForm
from qualification.pilot_verdicts import draft_plan, locked_plan
from qualification.reliability_forms import ReliabilityForm
from qualification.services import pilot_builds, pilot_plans, reliability_tests
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.views import FormPage


class OnPilot(OnCase):
    """A page that returns to the pilot build of a case."""

    def get_cancel_url(self) -> str:
        """The pilot build."""
        return reverse("case_pilot", args=[self.case.number])


class PilotPlanPage(OnPilot, CaseForm):
    """Draft the next version of the plan, or edit its draft; "propose" fills in the units."""

    template_name = "qualification/pilot/plan_form.html"
    form_class = PilotPlanForm
    submit_label = "Save draft"
    success_message = "Draft saved. Somebody else of quality locks it."

    @property
    def record(self) -> PilotPlan:
        """The draft; an unsaved plan of version 0 while there is none."""
        return draft_plan(self.case) or PilotPlan(case=self.case, version=0)

    def get_page_title(self) -> str:
        """The version."""
        locked = locked_plan(self.case)
        return f"Pilot plan v{locked.number + 1 if locked else 1} of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the case, its reader and the model that is taken out of the scope."""
        without = self.request.GET.get("without", "")
        user = self.request.user
        return {"case": self.case, "user": user, "without": without, **super().get_form_kwargs()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save the draft, or show it with the proposed units."""
        if "propose" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        data = request.POST.copy()
        for product, proposal in form.proposals.items():
            data[f"units-{product}"] = str(proposal.units)
        form = self.form_class(**{**self.get_form_kwargs(), "data": data})
        status = 200 if form.is_valid() else 422
        return self.respond(self.get_context_data(form=form), status=status)

    def save(self, form: Any) -> str:
        """Save the draft."""
        planned = form.planned()
        try:
            pilot_plans.save_pilot_plan(
                case=self.case, planned=planned, actor=self.actor, expected=self.expected
            )
        except ValuesRefused as refusal:
            raise refusal.under(form.pointers()) from None
        return self.get_cancel_url()


class PilotLockPage(OnPilot, CaseForm):
    """Confirm the lock of a draft."""

    permission_required = "qualification.approve_pilotplan"
    template_name = "qualification/pilot/lock.html"
    form_class = forms.Form
    submit_label = "Lock plan"

    @property
    def record(self) -> PilotPlan:
        """The draft. Raises ``Http404`` without one."""
        found = draft_plan(self.case)
        if found is None:
            raise Http404(f"{self.case.key} has no draft of a pilot plan.")
        return found

    def get_page_title(self) -> str:
        """The version."""
        return f"Lock pilot plan v{self.record.number}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the draft with its models, and every reason against the lock."""
        plan = self.record
        models = list(plan.models.select_related("product"))
        reasons = list(pilot_plans.reasons_against_locking(plan, self.actor))
        return super().get_context_data(plan=plan, models=models, reasons=reasons, **context)

    def save(self, form: Any) -> str:
        """Lock the plan."""
        plan = pilot_plans.lock_pilot_plan(
            plan=self.record, actor=self.actor, expected=self.expected
        )
        self.success_message = f"Plan v{plan.number} is locked."
        return self.get_cancel_url()


class PilotResultPage(OnPilot, FormPage):
    """Enter the result of a build."""

    permission_required = "qualification.write_case"
    template_name = "qualification/pilot/result_form.html"
    form_class = PilotResultForm
    submit_label = "Enter result"
    success_message = "Result entered."

    def get_page_title(self) -> str:
        """The case."""
        return f"Pilot result of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the locked plan. Raises ``Http404`` without one."""
        plan = locked_plan(self.case)
        if plan is None:
            raise Http404(f"{self.case.key} has no locked pilot plan.")
        return {"plan": plan, "initial": self._initial(plan), **super().get_form_kwargs()}

    def _initial(self, plan: PilotPlan) -> dict[str, Any]:
        """The model of the link; lot, plant and line as they were entered last."""
        models = plan.models.filter(product__code=self.request.GET.get("model", ""))
        last = PilotBuild.objects.standing().filter(plan=plan, entered_by=self.request.user)
        found = last.order_by("pk").values("lot", "plant", "line").last() or {}
        product = models.values_list("product", flat=True).first()
        return {"built_on": clock.business_day(), "product": product, **found}

    def save(self, form: Any) -> str:
        """Add the result."""
        try:
            pilot_builds.record_pilot_build(case=self.case, result=form.result(), actor=self.actor)
        except ValuesRefused as refusal:
            raise refusal.under(form.pointers()) from None
        return self.get_cancel_url()


class PilotCorrectPage(OnPartOfCase, FormPage):
    """Correct a result by a counter-entry."""

    permission_required = "qualification.write_case"
    part_of = PilotBuild
    to_case = "plan__case"
    argument = "build"
    form_class = ReasonForm
    submit_label = "Take out of the count"
    success_message = "Corrected. Enter the right result now."
    template_name = "qualification/pilot/correct.html"

    @property
    def case(self) -> Any:
        """The case of the build's plan."""
        return self.object.plan.case

    def get_page_title(self) -> str:
        """The build."""
        build = self.object
        return f"Correct {build.product.code}, lot {build.lot}"

    def get_cancel_url(self) -> str:
        """The pilot build."""
        return reverse("case_pilot", args=[self.case.number])

    def save(self, form: Any) -> str:
        """Write the counter-entry."""
        reason = form.cleaned_data["reason"]
        pilot_builds.correct_pilot_build(build=self.object, reason=reason, actor=self.actor)
        return self.get_cancel_url()


class ReliabilityPage(OnPilot, FormPage):
    """Enter a reliability test."""

    permission_required = "qualification.write_case"
    template_name = "qualification/pilot/reliability_form.html"
    form_class = ReliabilityForm
    submit_label = "Enter test"
    success_message = "Test entered."

    def get_page_title(self) -> str:
        """The case."""
        return f"Reliability test of {self.case.key}"

    def save(self, form: Any) -> str:
        """Add the test."""
        reliability_tests.record_reliability_test(
            case=self.case, result=form.result(), actor=self.actor
        )
        return self.get_cancel_url()
