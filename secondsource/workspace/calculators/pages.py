"""Pages of the calculators: the table, and one form each whose address holds the inputs."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path

from secondsource.core.views import SIGNED_IN, Page
from secondsource.workspace.calculators import CALCULATORS, Calculator, by_area
from secondsource.workspace.calculators.form import CalculatorForm, written_example

_ABOUT = ("method", "inputs")


class CalculatorList(Page):
    """Every calculator by area."""

    permission_required = SIGNED_IN
    template_name = "workspace/calculators/list.html"
    page_title = "Calculators"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Areas with their calculators."""
        return super().get_context_data(areas=by_area(), **context)


class CalculatorPage(Page):
    """One calculator. Without inputs in the address it shows the worked example; a wrong input is a
    422 with what was typed.
    """

    permission_required = SIGNED_IN
    template_name = "workspace/calculators/calculator.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form and its answer."""
        calculator = CALCULATORS.get(kwargs["name"])
        if calculator is None:
            raise Http404
        example = not request.GET
        form = CalculatorForm(calculator, written_example(calculator) if example else request.GET)
        valid = form.is_valid()
        context = self.get_context_data(
            calculator=calculator,
            form=form,
            inputs=[(form[field.name], field.unit) for field in calculator.fields],
            example=example,
            **(answered(calculator, form.answer) if valid else {}),
        )
        context["page_title"] = calculator.title
        return self.respond(context, status=200 if valid else 422)


def answered(calculator: Calculator, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as rows of name and text, its method, and the whole as text to copy."""
    told = {name: value for name, value in answer.items() if name not in _ABOUT}
    rows = [(name, in_words(value)) for name, value in told.items()]
    tables = {name: table(value) for name, value in told.items() if is_table(value)}
    method = [(name, in_words(value)) for name, value in answer.get("method", {}).items()]
    asked = [(name, in_words(value)) for name, value in answer["inputs"].items()]
    lines = [calculator.title, *(f"{name}: {text}" for name, text in [*asked, *rows, *method])]
    return {
        "rows": [(name, text) for name, text in rows if name not in tables],
        "tables": tables,
        "method": method,
        "as_text": "\n".join(lines),
    }


def is_table(value: Any) -> bool:
    """Whether a value is a list of objects."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def table(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Head and rows of a list of objects."""
    head = list(entries[0])
    rows = [[in_words(entry.get(name)) for name in head] for entry in entries]
    return {"head": head, "rows": rows}


def in_words(value: Any) -> str:
    """A value for reading: ten digits, a dash for what is not known, names for parts."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return "; ".join(f"{name} {in_words(entry)}" for name, entry in value.items())
    if isinstance(value, list):
        inner = any(isinstance(entry, dict) for entry in value)
        return (" | " if inner else ", ").join(in_words(entry) for entry in value)
    return value if isinstance(value, str) else json.dumps(value)


urlpatterns = [
    path("", CalculatorList.as_view(), name="calculator_list"),
    path("<slug:name>/", CalculatorPage.as_view(), name="calculator_detail"),
]
