"""``/cases/{key}/component-tests/``."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import services
from qualification import work_serializers as shapes
from qualification.api.gates import OfCase
from qualification.component_verdicts import Judge
from qualification.models import ComponentTest
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.views import Addable, Changeable, Readable

REASON = OpenApiParameter("reason", str, required=True, description="Why.")


class Removable(OfCase):
    """``DELETE`` of a row with ``?reason=``."""

    @extend_schema(responses={204: None}, parameters=[REASON])
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove the row, with the reason."""
        reason = request.query_params.get("reason", "").strip()
        if not reason or len(reason) > 300:
            raise QueryRefused.one("reason", "required", "Give a reason of up to 300 characters.")
        obj = self.get_object()
        self.remove(obj, reason, check_if_match(request, obj))
        return Response(status=204)

    def remove(self, obj: Any, reason: str, expected: int | None) -> None:
        """Call the service."""
        raise NotImplementedError(f"{type(self).__name__} needs remove().")

    def known_parameters(self) -> set[str]:
        """Adds ``reason`` for removal."""
        return super().known_parameters() | ({"reason"} if self.action == "destroy" else set())


class ComponentTestResource(Removable, Readable, Addable, Changeable, History):
    """Component tests that a case requires, and the data that show them."""

    queryset = ComponentTest.objects.none()
    shape = shapes.ComponentTestShape
    input_class = shapes.ComponentTestInput
    changes_class = shapes.ComponentTestData
    orderings = {"position": "position", "code": "code"}
    ordering = ("position",)

    @cached_property
    def judge(self) -> Judge:
        """Judges all tests of the answer as of today."""
        return Judge.of_today()

    def rows(self) -> QuerySet[ComponentTest]:
        """The case's tests."""
        return self.case.component_tests.select_related("waived_by", "case")

    def add(self, values: dict[str, Any]) -> ComponentTest:
        """Add a test by hand."""
        return services.add_test(case=self.case, actor=self.actor, **values)

    def change(
        self, obj: ComponentTest, values: dict[str, Any], expected: int | None
    ) -> ComponentTest:
        """Record data."""
        return services.record_result(test=obj, values=values, actor=self.actor, expected=expected)

    def remove(self, obj: ComponentTest, reason: str, expected: int | None) -> None:
        """Remove a test without data."""
        services.remove_test(test=obj, actor=self.actor, reason=reason, expected=expected)

    @extend_schema(request=shapes.ProposalInput, responses=shapes.ProposalShape)
    @action(detail=False, methods=["post"])
    def propose(self, request: Request, **kwargs: Any) -> Response:
        """List the tests that a standard requires for what is new."""
        values = self.take(shapes.ProposalInput)
        plan = services.propose_tests(case=self.case, actor=self.actor, **values)
        return Response(shapes.ProposalShape().to_representation(plan))

    @extend_schema(request=shapes.WhyInput, responses=shapes.ComponentTestShape)
    @action(detail=True, methods=["post"], permission="qualification.waive_test")
    def waive(self, request: Request, **kwargs: Any) -> Response:
        """Waive a test, as an engineer of the team."""
        found = self.get_object()
        values = self.take_expected(shapes.WhyInput, found)
        return self.show(self.fresh(services.waive_test(test=found, actor=self.actor, **values)))
