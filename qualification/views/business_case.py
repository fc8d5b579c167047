"""The page of the business case, and the forms of its inputs and planned cost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from qualification import guards, services
from qualification.business_case_forms import BusinessCaseForm, PlannedCostForm
from qualification.economics import candidate, costs, facts, figures, readers, timing
from qualification.house_rules import BusinessCasePolicy
from qualification.models import BusinessCase, Case, CostEntry, CostKind, PlannedCost
from qualification.models.cases import OPEN_STATES, State
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from qualification.views.six_figures import tiles
from secondsource.accounts.visibility import sees
from secondsource.core import policies
from secondsource.core.actors import Actor
from secondsource.core.formats import money_exact
from secondsource.core.views import DetailPage

#: Entries of the log that the page shows; the list has all.
SHOWN = 12


def may_plan(case: Case, actor: Actor) -> bool:
    """Whether the actor may change inputs and planned cost now."""
    open_gate = case.state in OPEN_STATES and guards.is_ahead(case, State.BUSINESS_CASE)
    running = open_gate and case.state != State.ON_HOLD
    return running and actor.may("qualification.plan_cost", case)


class BusinessCasePage(OnCase, DetailPage):
    """Six figures with their basis, planned cost against actual, timing, and the comparison."""

    permission_required = "qualification.view_case"
    template_name = "qualification/business_case.html"

    def get_queryset(self) -> QuerySet[Any]:
        """Cases with their team, which the rights read."""
        return super().get_queryset().prefetch_related("team__user", "runs__ramp")

    def get_page_title(self) -> str:
        """The page of the case."""
        return f"Business case of {self.case.key}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds figures, costs, timing and comparison as far as the reader sees them."""
        case = self.case
        found, view = facts.read(case), readers.sight(self.actor, case)
        seen = readers.today(found, view)
        return super().get_context_data(
            tiles=tiles(seen),
            seen=seen,
            inputs=found.inputs,
            facts=found,
            lacking=figures.missing(found) if case.state in OPEN_STATES else [],
            signed=self._signed(seen, view),
            timing=timing.of(case),
            compared=candidate.compare(found),
            sees_relative=sees(self.actor, "relative_prices"),
            may_plan=may_plan(case, self.actor),
            may_log=self.actor.may("qualification.log_cost", case),
            **(self._costs(found) if view.costs else {}),
            **context,
        )

    def _signed(self, seen: readers.SeenFigures, view: readers.Sight) -> dict[str, Any] | None:
        """The version that was signed, and whether today's figures are others."""
        stored = services.signed_version(self.case)
        if stored is None:
            return None
        signed = readers.version(stored, view)
        differs = signed.figures.differs(seen.figures)
        return {"version": stored, "tiles": tiles(signed), "differs": differs}

    def _costs(self, found: facts.CaseFacts) -> dict[str, Any]:
        case, actual = self.case, costs.actual(self.case)
        listed = CostEntry.objects.visible_to(self.request.user, case)  # type: ignore[arg-type]
        rows = listed.select_related("entered_by", "corrects", "correction")
        kinds = [
            (found.planned.of(kind), actual.of(kind))
            for kind in CostKind.values
            if kind in {one.kind for one in (*found.planned.kinds, *actual.kinds)}
        ]
        return {
            "planned": list(case.planned_costs.all()),
            "planned_total": found.planned,
            "actual_total": actual,
            "kinds": kinds,
            "entries": list(rows[:SHOWN]),
            "others_hours": self._hours_of_others(listed),
        }

    def _hours_of_others(self, listed: QuerySet[Any]) -> Any:
        """Working hours of people whose entries this reader does not see."""
        every = costs.hours_in_all(self.case.cost_entries.all())
        return every - costs.hours_in_all(listed)


class BusinessCaseEdit(CaseForm, OnCase):
    """Change the inputs of the business case."""

    permission_required = "qualification.plan_cost"
    template_name = "qualification/business_case_edit.html"
    form_class = BusinessCaseForm
    submit_label = "Save business case"
    success_message = "Business case saved."

    @property
    def record(self) -> BusinessCase:
        """The inputs, whose version is compared."""
        return facts.inputs_of(self.case)

    def get_page_title(self) -> str:
        """The case."""
        return f"Inputs of the business case of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present inputs."""
        row = readers.inputs(self.record, self.actor)
        initial = {name: getattr(row, name) for name in BusinessCaseForm.base_fields}
        initial["currency"] = row.currency or services.company_currency()
        rounded = row.saving_per_year is not None and not sees(self.actor, "prices")
        return {"initial": initial, "rounded": rounded, **super().get_form_kwargs()}

    def get_cancel_url(self) -> str:
        """The business case."""
        return reverse("case_business_case", args=[self.case.number])

    def save(self, form: Any) -> str:
        """Save the changes."""
        services.change_business_case(
            case=self.case, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class OfCosts:
    """The rate of an hour, and the way back to the business case."""

    case: Case

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the rate and the company's currency."""
        rate = policies.active(BusinessCasePolicy)[0].rate_per_hour
        currency = services.company_currency()
        given: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        initial = {"currency": currency, **given.pop("initial", {})}
        return {"rate": money_exact(rate, currency), "initial": initial, **given}

    def get_cancel_url(self) -> str:
        """The business case."""
        return reverse("case_business_case", args=[self.case.number])


class PlannedCostCreate(OfCosts, CaseForm, OnCase):
    """Plan a one-time cost."""

    permission_required = "qualification.plan_cost"
    template_name = "qualification/cost_form.html"
    form_class = PlannedCostForm
    submit_label = "Plan cost"
    success_message = "Cost planned."

    def get_page_title(self) -> str:
        """The case."""
        return f"Plan a cost of {self.case.key}"

    def save(self, form: Any) -> str:
        """Add the cost."""
        services.plan_cost(case=self.case, actor=self.actor, **amounts(form.cleaned_data))
        return self.get_cancel_url()


def amounts(values: dict[str, Any]) -> dict[str, Any]:
    """The values without a currency beside working hours, which have that of the house rules."""
    return values | ({"currency": ""} if values["kind"] == CostKind.HOURS else {})


class PlannedCostEdit(OfCosts, CaseForm, OnPartOfCase):
    """Change a planned cost."""

    part_of = PlannedCost
    argument = "cost"
    permission_required = "qualification.plan_cost"
    template_name = "qualification/cost_form.html"
    form_class = PlannedCostForm
    submit_label = "Save cost"
    success_message = "Cost saved."

    def get_page_title(self) -> str:
        """The kind of cost."""
        return f"Planned cost: {self.object.get_kind_display()}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values."""
        row, given = self.object, super().get_form_kwargs()
        present = {name: getattr(row, name) for name in ("kind", "hours", "currency", "note")}
        present["amount"] = None if row.kind == CostKind.HOURS else row.amount
        return {**given, "initial": present}

    def save(self, form: Any) -> str:
        """Save the changes."""
        services.change_planned_cost(
            cost=self.object, values=amounts(form.cleaned_data), actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return self.get_cancel_url()


class PlannedCostRemove(CaseForm, OnPartOfCase):
    """Remove a planned cost."""

    permission_required = "qualification.plan_cost"
    part_of = PlannedCost
    argument = "cost"
    template_name = "qualification/cost_remove.html"
    form_class = forms.Form
    submit_label = "Remove cost"
    success_message = "Cost removed. The history keeps it."
    danger = True

    def get_page_title(self) -> str:
        """The kind of cost."""
        return f"Remove the planned cost of {self.object.get_kind_display()}"

    def get_cancel_url(self) -> str:
        """The business case."""
        return reverse("case_business_case", args=[self.case.number])

    def save(self, form: Any) -> str:
        """Remove it."""
        services.remove_planned_cost(cost=self.object, actor=self.actor, expected=self.expected)
        return self.get_cancel_url()
