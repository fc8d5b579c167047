"""The rollback plan of a case: its page and its forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from qualification import guards, rollback, services, work_files
from qualification.forms import ReasonForm
from qualification.models import Case, Rollback, RollbackStep, RollbackTrigger, TriggerBreach
from qualification.models.cases import OPEN_STATES, State
from qualification.rollback_forms import (
    RehearsalForm,
    RollbackStepForm,
    StockForm,
    TriggerForm,
)
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from qualification.views.list import incumbent
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.views import DetailPage

GATE = State.APPROVAL


def can_plan(case: Case, actor: Actor) -> bool:
    """Whether the actor can change the plan of the case now."""
    is_open = case.state in OPEN_STATES and case.state != State.ON_HOLD
    writes = actor.may("qualification.write_case", case)
    return is_open and guards.is_ahead(case, GATE) and writes


class RollbackPage(OnCase, DetailPage):
    """The way back to the incumbent: triggers, steps, stock, rehearsals."""

    permission_required = "qualification.view_case"
    template_name = "qualification/rollback.html"
    page_title = "Rollback of {self.object.key}"

    def get_queryset(self) -> Any:
        """Cases with their plan and team."""
        seen = super().get_queryset().select_related("rollback_plan")
        return seen.prefetch_related("team__user")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the rows of the plan and what it lacks."""
        case, plan = self.case, self.case.rollback
        steps = list(plan.steps.select_related("owner")) if plan else []
        files = work_files.by_row(case, "rehearsals")
        rehearsals = plan.rehearsals.select_related("held_by").order_by("-id") if plan else []
        return super().get_context_data(
            incumbent=incumbent(case),
            plan=plan,
            triggers=list(plan.triggers.all()) if plan else [],
            steps=steps,
            step_hours=sum((step.hours for step in steps), Decimal(0)),
            rehearsals=[(row, files.get(row.pk, [])) for row in rehearsals],
            rehearsed=rollback.rehearsal_in_words(plan) if plan else "",
            lacking=[*rollback.missing(case), *guards.way_back(case)],
            is_passed=case.state in OPEN_STATES and not guards.is_ahead(case, GATE),
            may_plan=can_plan(case, self.actor),
            **self._breaches(),
            **context,
        )

    def _breaches(self) -> dict[str, Any]:
        """Breaches of all runs, the latest first, and rollbacks that were decided."""
        case, may = self.case, self.actor.may
        breaches = TriggerBreach.objects.filter(transition__case=case)
        runs = case.state == State.TRANSITION
        return {
            "breaches": breaches.select_related("transition", "reported_by", "ended_by").order_by(
                "-id"
            ),
            "may_clear": may("qualification.judge_holdpoint", case),
            "may_report": runs and may("qualification.write_case", case),
            "may_roll_back": may("qualification.rollback_case", case),
            "rollbacks": Rollback.objects.filter(transition__case=case)
            .select_related("transition", "decided_by")
            .order_by("-id"),
        }


class RollbackForm(CaseForm):
    """A form of the rollback plan; it leads back to its card."""

    anchor = ""

    def get_cancel_url(self) -> str:
        """The card on the page of the plan."""
        return reverse("case_rollback", args=[self.case.number]) + self.anchor


class StockPage(RollbackForm, OnCase):
    """Change the hours of the plan and the stock held."""

    form_class = StockForm
    submit_label = "Save"
    success_message = "Rollback plan saved."
    page_title = "Hours and stock of {self.object.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values."""
        initial = {name: getattr(self.case, name) for name in StockForm.base_fields}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save what differs."""
        services.change_case(
            case=self.case, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class NewTriggerPage(RollbackForm, OnCase):
    """Add a trigger."""

    form_class = TriggerForm
    submit_label = "Add trigger"
    success_message = "Trigger added."
    page_title = "Trigger of {self.object.key}"
    anchor = "#triggers"

    def save(self, form: Any) -> str:
        """Add it."""
        services.add_trigger(case=self.case, actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()


class TriggerPage(RollbackForm, OnPartOfCase):
    """Change a trigger."""

    part_of = RollbackTrigger
    argument = "trigger"
    to_case = "plan__case"
    form_class = TriggerForm
    submit_label = "Save trigger"
    success_message = "Trigger saved."
    page_title = "Trigger of {self.case.key}"
    anchor = "#triggers"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values."""
        initial = {name: getattr(self.object, name) for name in TriggerForm.base_fields}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save what differs."""
        services.change_trigger(
            trigger=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class NewRollbackStepPage(RollbackForm, OnCase):
    """Add a step."""

    form_class = RollbackStepForm
    submit_label = "Add step"
    success_message = "Step added."
    page_title = "Rollback step of {self.object.key}"
    anchor = "#steps"

    def save(self, form: Any) -> str:
        """Add it."""
        services.add_step(case=self.case, actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()


class RollbackStepPage(RollbackForm, OnPartOfCase):
    """Change a step."""

    part_of = RollbackStep
    argument = "way"
    to_case = "plan__case"
    form_class = RollbackStepForm
    submit_label = "Save step"
    success_message = "Step saved."
    page_title = "Rollback step of {self.case.key}"
    anchor = "#steps"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values."""
        row = self.object
        initial = {name: getattr(row, name) for name in RollbackStepForm.base_fields}
        return {"initial": initial, "owner": row.owner_id, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save what differs; an empty place stays as it is."""
        values = {name: value for name, value in form.cleaned_data.items() if value is not None}
        services.change_step(
            step=self.object, values=values, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class _Remove(RollbackForm, OnPartOfCase):
    to_case = "plan__case"
    form_class = ReasonForm
    submit_label = "Remove"
    danger = True
    success_message = "Removed. The history keeps it."
    page_title = "Remove “{self.object}”"


class RemoveTriggerPage(_Remove):
    """Remove a trigger."""

    part_of = RollbackTrigger
    argument = "trigger"
    anchor = "#triggers"

    def save(self, form: Any) -> str:
        """Remove it."""
        url = self.get_cancel_url()
        services.remove_trigger(
            trigger=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return url


class RemoveRollbackStepPage(_Remove):
    """Remove a step."""

    part_of = RollbackStep
    argument = "way"
    anchor = "#steps"

    def save(self, form: Any) -> str:
        """Remove it."""
        url = self.get_cancel_url()
        services.remove_step(
            step=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return url


class RehearsalPage(RollbackForm, OnCase):
    """Record a rehearsal."""

    form_class = RehearsalForm
    submit_label = "Record rehearsal"
    success_message = "Rehearsal recorded."
    page_title = "Rehearsal of {self.object.key}"
    anchor = "#rehearsals"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Held today by the reader, to begin with."""
        initial = {"held_on": clock.business_day(), "held_by": self.request.user.pk}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Record it."""
        services.record_rehearsal(case=self.case, actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()
