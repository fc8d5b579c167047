"""Pages of the calculators: the list with its search, and a form each.

The address of an answer holds its inputs.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path

from secondsource.core import policies
from secondsource.core.views import SIGNED_IN, Page
from secondsource.workspace.calculators import CALCULATORS, Calculator, by_area, search
from secondsource.workspace.calculators.answer import CalculatorAnswer
from secondsource.workspace.calculators.declaration import HouseRule
from secondsource.workspace.calculators.form import CalculatorForm
from secondsource.workspace.calculators.texts import typed_example


def find(name: str) -> Calculator:
    """A calculator by its name, or 404."""
    if name not in CALCULATORS:
        raise Http404
    return CALCULATORS[name]


def rule_of(calculator: Calculator) -> HouseRule | None:
    """The active policy of a calculator; None where it has none."""
    return HouseRule(*policies.active(calculator.policy)) if calculator.policy else None


class CalculatorIndex(Page):
    """Every calculator by area, or those that hold the words that are looked for."""

    permission_required = SIGNED_IN
    template_name = "workspace/calculators/list.html"
    page_title = "Calculators"
    fragments: ClassVar = {"calculators": "workspace/calculators/areas.html"}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Areas with their calculators."""
        text = self.request.GET.get("q", "").strip()
        return super().get_context_data(areas=by_area(search(text)), q=text, **context)


class CalculatorPage(Page):
    """One calculator. Without inputs in the address it shows the worked example, a wrong input is a
    422 with what was typed. Inputs that are too long for an address may be posted.
    """

    permission_required = SIGNED_IN
    template_name = "workspace/calculators/calculator.html"
    fragments: ClassVar = {"calculator": "workspace/calculators/body.html"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form and its answer; with ``empty`` the form alone."""
        return self.show(find(kwargs["name"]), request.GET.dict())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same, and the address that holds the inputs."""
        return self.show(find(kwargs["name"]), request.POST.dict())

    def show(self, calculator: Calculator, given: dict[str, str]) -> HttpResponse:
        """The page with the answer, where there is one."""
        form = CalculatorForm(calculator, given or typed_example(calculator), rule_of(calculator))
        valid = "empty" in given or form.is_valid()
        answer = CalculatorAnswer(calculator, form.answer) if form.answer else None
        chart = None
        if answer and calculator.chart:
            chart = calculator.chart(calculator.arguments(form.values, form.rule))
        context = self.get_context_data(
            calculator=calculator, form=form, example=not given, answer=answer, answer_chart=chart
        )
        context["page_title"] = calculator.title
        response = self.respond(context, status=200 if valid else 422)
        if answer and given and form.link:
            response["HX-Push-Url"] = f"{self.request.path}?{form.link}"
        return response


urlpatterns = [
    path("", CalculatorIndex.as_view(), name="calculator_list"),
    path("<slug:name>/", CalculatorPage.as_view(), name="calculator_detail"),
]
