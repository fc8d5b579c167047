"""Calculators of the interface: ``GET`` tells what one takes, ``POST`` answers.

They read and store nothing, so any signed-in person may ask, and a token needs no more than the
scope ``read``. A wrong input is a 422 that names it (the handler of
:class:`~secondsource.core.inputs.InputError`).
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.core.api.pagination import envelope, envelope_schema
from secondsource.core.api.parsers import CalculationParser
from secondsource.core.api.permissions import SIGNED_IN
from secondsource.core.api.views import Endpoint
from secondsource.workspace.calculators import CALCULATORS, Calculator, schema
from secondsource.workspace.calculators.base import plain
from secondsource.workspace.calculators.rules_in_force import rule_of


class InputShape(serializers.Serializer[Any]):
    """One input of a calculator."""

    name = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField()
    required = serializers.BooleanField()
    allowed = serializers.CharField()
    note = serializers.CharField()
    # Any JSON value or null: said twice, a null would fit two schemas.
    default = serializers.JSONField()


class CalculatorShape(serializers.Serializer[Calculator]):
    """What a calculator is: inputs, outputs, formula, source and a worked example."""

    name = serializers.CharField()
    area = serializers.CharField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    formula = serializers.CharField()
    where = serializers.CharField()
    source = serializers.CharField()
    house_rule = serializers.CharField()
    inputs = InputShape(many=True, source="fields")
    outputs = serializers.ListField(child=serializers.CharField())
    example = serializers.JSONField()


def shown(calculator: Calculator) -> dict[str, Any]:
    """A calculator as the interface shows it."""
    return {
        "name": calculator.name,
        "area": calculator.area,
        "title": calculator.title,
        "purpose": calculator.purpose,
        "formula": calculator.formula,
        "where": calculator.where,
        "source": calculator.source,
        "house_rule": calculator.house_rule,
        "inputs": [_input(field) for field in calculator.fields],
        "outputs": list(calculator.outputs),
        "example": plain(calculator.example),
    }


def _input(field: Any) -> dict[str, Any]:
    names = ("name", "label", "kind", "unit", "required", "allowed", "note")
    return {name: getattr(field, name) for name in names} | {"default": plain(field.default)}


class CalculatorList(Endpoint):
    """Every calculator there is."""

    permission = SIGNED_IN

    @extend_schema(
        operation_id="calculators_list",
        responses={200: envelope_schema({"type": "array", "items": {"type": "object"}})},
    )
    def get(self, request: Request) -> Response:
        """Name, inputs, outputs, formula, source and example of each."""
        return Response(envelope([shown(calculator) for calculator in CALCULATORS.values()]))


class CalculatorEndpoint(Endpoint):
    """One calculator."""

    permission = SIGNED_IN
    parser_classes = (CalculationParser,)

    @extend_schema(
        operation_id="calculators_read", parameters=[schema.NAME], responses={200: CalculatorShape}
    )
    def get(self, request: Request, name: str) -> Response:
        """What it takes and gives, with a worked example."""
        return Response(shown(_find(name)))

    @extend_schema(
        operation_id="calculators_answer",
        description=schema.description(),
        parameters=[schema.NAME],
        request={"application/json": schema.request_schema()},
        responses={200: schema.answer_schema()},
        examples=schema.examples(),
    )
    def post(self, request: Request, name: str) -> Response:
        """Answer an object of inputs: the outputs, the method and the inputs used."""
        calculator = _find(name)
        return Response(calculator.run(request.data, rule=rule_of(calculator)))


def _find(name: str) -> Calculator:
    calculator = CALCULATORS.get(name)
    if calculator is None:
        raise Http404
    return calculator
