"""Pages for signatures, hold points and interim approvals."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from qualification import guards, services
from qualification.consequences import in_words
from qualification.forms import HoldPointForm, InterimForm, NoteForm
from qualification.models import HoldPoint, HoldPointFigures
from qualification.models.cases import GATES, State
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from qualification.views.six_figures import figures_to_sign
from secondsource.accounts.rights import Function
from secondsource.core.formats import day


class SignPage(CaseForm, OnCase):
    """Sign the current gate for a function."""

    permission_required = "qualification.sign_case"
    template_name = "qualification/sign.html"
    form_class = NoteForm
    submit_label = "Sign"
    success_message = "Signed."

    @property
    def function(self) -> Function:
        """The function in the URL. Raises ``Http404``."""
        try:
            return Function(self.kwargs["function"])
        except ValueError as error:
            raise Http404("No such function.") from error

    def get_page_title(self) -> str:
        """Gate and function."""
        return f"Sign {in_words(self.case.state)} for {self.function.label}"

    def save(self, form: Any) -> str:
        """Sign. Refused if the case changed since the page was loaded."""
        services.sign(
            case=self.case,
            function=str(self.function),
            actor=self.actor,
            note=form.cleaned_data["note"],
            expected=self.expected,
        )
        return self.case.get_absolute_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the gate's steps and the missing signatures."""
        case = self.case
        at_gate = case.state in GATES
        missing = guards.missing_signatures(case, State(case.state)) if at_gate else []
        return super().get_context_data(
            function=self.function,
            gate_label=in_words(case.state),
            items=list(guards.items_with_evidence().filter(case=case, gate=case.state)),
            figures=figures_to_sign(case, self.actor),
            signed_version=services.signed_version(case) if case.state == GATES[0] else None,
            others=[Function(f).label for f in missing if f != self.function],
            **context,
        )


class HoldPointPage(CaseForm, OnPartOfCase):
    """Pass or fail a hold point of the transition."""

    permission_required = "qualification.judge_holdpoint"
    part_of = HoldPoint
    to_case = "transition__case"
    argument = "point"
    form_class = HoldPointForm
    template_name = "qualification/hold_point_form.html"
    submit_label = "Judge hold point"
    success_message = "Hold point judged."

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the figures."""
        return super().get_context_data(
            figures=HoldPointFigures.objects.filter(hold_point=self.object).first(), **context
        )

    def get_page_title(self) -> str:
        """Its day."""
        return f"Hold point of {day(self.object.due)}, {self.case.key}"

    def save(self, form: Any) -> str:
        """Save the verdict."""
        services.judge_hold_point(
            hold_point=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.case.get_absolute_url()


class InterimPage(CaseForm, OnCase):
    """Give an interim approval for a quantity and a time."""

    permission_required = "qualification.sign_case"
    template_name = "qualification/interim.html"
    form_class = InterimForm
    submit_label = "Give interim approval"
    success_message = "Interim approval given."

    def get_page_title(self) -> str:
        """The case."""
        return f"Interim approval, {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the latest day that is possible."""
        return {"latest": services.latest_interim_day(), **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Give the approval."""
        services.give_interim(
            case=self.case, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.case.get_absolute_url()
