"""``/cases/{key}/samples/`` and ``/cases/{key}/inspections/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import services
from qualification import work_serializers as shapes
from qualification.api.component_tests import Removable
from qualification.api.gates import OfCase
from qualification.inspection import LARGEST_LOT
from qualification.inspection_work import next_lot
from qualification.models import InspectionLot, Sample
from secondsource.core.api.history import History
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.views import Addable, Changeable, Readable


class SampleResource(Removable, Readable, Addable, Changeable, History):
    """Samples of the candidate that came in."""

    queryset = Sample.objects.none()
    shape = shapes.SampleShape
    input_class = shapes.SampleInput
    changes_class = shapes.SampleInput
    orderings = {"received_on": "received_on", "lot": "lot"}
    ordering = ("received_on",)

    def rows(self) -> QuerySet[Sample]:
        """The case's samples."""
        return self.case.samples.select_related("case")

    def add(self, values: dict[str, Any]) -> Sample:
        """Record a sample."""
        return services.receive_sample(case=self.case, actor=self.actor, **values)

    def change(self, obj: Sample, values: dict[str, Any], expected: int | None) -> Sample:
        """Change its fields."""
        return services.change_sample(
            sample=obj, values=values, actor=self.actor, expected=expected
        )

    def remove(self, obj: Sample, reason: str, expected: int | None) -> None:
        """Remove a sample entered by mistake."""
        services.remove_sample(sample=obj, actor=self.actor, reason=reason, expected=expected)


class InspectionResource(OfCase, Readable, Addable, History):
    """Inspected lots of the candidate."""

    queryset = InspectionLot.objects.none()
    shape = shapes.InspectionShape
    input_class = shapes.InspectionInput
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[InspectionLot]:
        """The case's inspections, also void ones."""
        return self.case.inspections.select_related("inspected_by", "decided_by", "case")

    def add(self, values: dict[str, Any]) -> InspectionLot:
        """Record an inspection."""
        return services.record_inspection(case=self.case, actor=self.actor, **values)

    @extend_schema(
        responses=shapes.PlanShape,
        parameters=[OpenApiParameter("size", int, required=True, description="Units in the lot.")],
    )
    @action(detail=False, url_path="next", url_name="next")
    def next_plan(self, request: Request, **kwargs: Any) -> Response:
        """The sampling plan of the next lot."""
        text = request.query_params.get("size", "")
        if not text.isdecimal() or len(text) > 12 or not 1 <= int(text) <= LARGEST_LOT:
            raise QueryRefused.one("size", "invalid", "Give the units in the lot, at least 1.")
        return Response(shapes.PlanShape().to_representation(next_lot(self.case).plan(int(text))))

    def known_parameters(self) -> set[str]:
        """Adds ``size`` for the plan of the next lot."""
        return super().known_parameters() | ({"size"} if self.action == "next_plan" else set())

    @extend_schema(request=shapes.LotDecision, responses=shapes.InspectionShape)
    @action(detail=True, methods=["post"], permission="qualification.decide_lot")
    def decide(self, request: Request, **kwargs: Any) -> Response:
        """Decide on a rejected lot, by quality."""
        found = self.get_object()
        values = self.take_expected(shapes.LotDecision, found)
        return self.show(self.fresh(services.decide_lot(lot=found, actor=self.actor, **values)))

    @extend_schema(request=shapes.WhyInput, responses=shapes.InspectionShape)
    @action(detail=True, methods=["post"], permission="qualification.write_case")
    def void(self, request: Request, **kwargs: Any) -> Response:
        """Void an inspection that was entered wrongly."""
        found = self.get_object()
        values = self.take_expected(shapes.WhyInput, found)
        made = services.void_inspection(lot=found, actor=self.actor, **values)
        return self.show(self.fresh(made))
