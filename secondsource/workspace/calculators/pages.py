"""Pages of the calculators: the table, and one form each whose address holds the inputs."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse

from secondsource.core.views import SIGNED_IN, Page, go_to, wants_fragment
from secondsource.workspace.calculators import CALCULATORS, Calculator, by_area
from secondsource.workspace.calculators.answers import told
from secondsource.workspace.calculators.drawings import drawn
from secondsource.workspace.calculators.form import CalculatorForm
from secondsource.workspace.calculators.rules_in_force import rule_of
from secondsource.workspace.calculators.typed import written_example


class CalculatorList(Page):
    """Every calculator by area."""

    permission_required = SIGNED_IN
    template_name = "workspace/calculators/list.html"
    page_title = "Calculators"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Areas with their calculators."""
        return super().get_context_data(areas=by_area(), **context)


class CalculatorPage(Page):
    """One calculator. Without inputs in the address it shows the worked example. A posted form
    leads to the address that holds its inputs; a wrong input is a 422 with what was typed.
    """

    permission_required = SIGNED_IN
    template_name = "workspace/calculators/calculator.html"
    fragments: ClassVar = {"calculator": "workspace/calculators/body.html"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form and its answer."""
        calculator = _find(kwargs["name"])
        example = not request.GET
        typed = written_example(calculator) if example else request.GET.dict()
        form = CalculatorForm(calculator, typed, rule_of(calculator))
        valid = form.is_valid()
        return self.show(form, status=200 if valid else 422, example=example)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Calculate, or change the rows of a table, or begin anew."""
        calculator = _find(kwargs["name"])
        typed = {} if "clear" in request.POST else request.POST.dict()
        form = CalculatorForm(calculator, typed, rule_of(calculator))
        if "clear" in request.POST:
            return self.show(form, quiet=True)
        if change_rows(form, typed):
            form.is_valid()
            return self.show(form, quiet=True)
        if not form.is_valid():
            return self.show(form, status=422)
        if not form.link:
            return self.show(form)
        address = f"{reverse('calculator_detail', args=[calculator.name])}?{form.link}"
        if not wants_fragment(request):
            return go_to(request, address)
        answer = self.show(form)
        answer["HX-Push-Url"] = address
        return answer

    def show(
        self, form: CalculatorForm, *, status: int = 200, example: bool = False, quiet: bool = False
    ) -> HttpResponse:
        """The page; ``quiet`` shows no refusals, for a form that is still being filled."""
        calculator = form.calculator
        if quiet:
            form.errors.clear()
        answered: dict[str, Any] = {}
        if form.answer:
            answered = {
                "told": told(calculator, form.answer),
                "charts": drawn(form.answer, calculator),
            }
        context = self.get_context_data(
            calculator=calculator, form=form, example=example, **answered
        )
        context["page_title"] = calculator.title
        return self.respond(context, status=status)


def change_rows(form: CalculatorForm, typed: dict[str, str]) -> bool:
    """Add or remove the row that a button names; whether one was pressed."""
    if key := typed.get("add"):
        form.add_row(key)
        return True
    match = re.fullmatch(r"(.+)\.(\d{1,5})", typed.get("remove", ""))
    if match:
        form.remove_row(match[1], int(match[2]))
    return match is not None


def _find(name: str) -> Calculator:
    calculator = CALCULATORS.get(name)
    if calculator is None:
        raise Http404
    return calculator


urlpatterns = [
    path("", CalculatorList.as_view(), name="calculator_list"),
    path("<slug:name>/", CalculatorPage.as_view(), name="calculator_detail"),
]
