"""``/cases/{key}/pilot-plans|pilot-builds|reliability-tests|pilot-verdict/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import pilot_serializers as shapes
from qualification.api.gates import OfCase
from qualification.models import PilotBuild, PilotPlan, ReliabilityTest
from qualification.pilot_parameters import LifeTest, life_tests_of
from qualification.pilot_verdicts import locked_plan, results_of
from qualification.reopened import before_rollback
from qualification.services import pilot_builds, pilot_plans, reliability_tests
from secondsource.core.api.history import History
from secondsource.core.api.pagination import envelope
from secondsource.core.api.views import Addable, Changeable, Readable


def _planned(values: dict[str, Any]) -> pilot_plans.PlannedPilot:
    """The content of a plan for the service."""
    models = [pilot_plans.PlannedModel(**one) for one in values.pop("models")]
    parameters = [pilot_plans.PlannedParameter(**one) for one in values.pop("parameters", ())]
    lots = [pilot_plans.PlannedLot(**one) for one in values.pop("planned_lots", ())]
    return pilot_plans.PlannedPilot(
        models=models, parameters=parameters, planned_lots=lots, **values
    )


class PilotPlanResource(OfCase, Readable, Addable, Changeable, History):
    """Versions of the pilot plan of a case."""

    queryset = PilotPlan.objects.none()
    shape = shapes.PilotPlanShape
    input_class = shapes.PilotPlanInput
    changes_class = shapes.PilotPlanInput
    orderings = {"number": "number"}
    ordering = ("number",)

    def rows(self) -> QuerySet[PilotPlan]:
        """The case's plans."""
        plans = self.case.pilot_plans.select_related("case", "drafted_by", "locked_by")
        return plans.prefetch_related("models__product", "parameters", "planned_lots__site")

    def add(self, values: dict[str, Any]) -> PilotPlan:
        """Draft the next version; refused while there is a draft."""
        return pilot_plans.save_pilot_plan(
            case=self.case, planned=_planned(values), actor=self.actor, expected=0
        )

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replace the whole draft; a locked plan never changes."""
        return super().partial_update(request, *args, **kwargs)

    def change(self, obj: PilotPlan, values: dict[str, Any], expected: int | None) -> PilotPlan:
        """Replace the draft."""
        pilot_plans.refuse_locked(obj)
        return pilot_plans.change_pilot_plan(
            plan=obj, planned=_planned(values), actor=self.actor, expected=expected
        )

    @extend_schema(request=shapes.LockInput, responses=shapes.PilotPlanShape)
    @action(detail=True, methods=["post"], permission="qualification.approve_pilotplan")
    def lock(self, request: Request, **kwargs: Any) -> Response:
        """Lock the draft; by quality, not by its author."""
        found = self.get_object()
        values = self.take_expected(shapes.LockInput, found)
        plan = pilot_plans.lock_pilot_plan(plan=found, **values, actor=self.actor)
        return self.show(self.fresh(plan))


class PilotBuildResource(OfCase, Readable, Addable):
    """Results of pilot builds, with counter-entries."""

    queryset = PilotBuild.objects.none()
    shape = shapes.PilotBuildShape
    input_class = shapes.PilotBuildInput
    orderings = {"built_on": "built_on", "created_at": "id"}
    ordering = ("created_at",)
    honours_if_match = False

    def rows(self) -> QuerySet[PilotBuild]:
        """The case's builds under any version of its plan."""
        builds = PilotBuild.objects.filter(plan__case=self.case).annotate(
            before_rollback=before_rollback(self.case.pk, "created_at")
        )
        return builds.select_related(
            "plan__case", "product", "plant", "entered_by", "corrects", "correction"
        ).prefetch_related("defects")

    def add(self, values: dict[str, Any]) -> PilotBuild:
        """Enter a result under the locked plan."""
        defects = [(one["description"], one["count"]) for one in values.pop("defects", ())]
        result = pilot_builds.BuildResult(**values, defects=defects)
        return pilot_builds.record_pilot_build(case=self.case, result=result, actor=self.actor)

    @extend_schema(request=shapes.CorrectionInput, responses={201: shapes.PilotBuildShape})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, **kwargs: Any) -> Response:
        """Take a wrong result out of the count by a counter-entry, which is returned."""
        found = self.get_object()
        values = self.take(shapes.CorrectionInput)
        entry = pilot_builds.correct_pilot_build(build=found, **values, actor=self.actor)
        entry = self.fresh(entry)
        return self.show(entry, 201, Location=self.location(entry))


class ReliabilityTestResource(OfCase):
    """Reliability tests with the bounds that they show."""

    queryset = ReliabilityTest.objects.none()
    shape = shapes.LifeTestShape
    input_class = shapes.LifeTestInput
    honours_if_match = False

    @extend_schema(responses=shapes.LifeTestShape(many=True))
    def list_tests(self, request: Request, **kwargs: Any) -> Response:
        """The tests that were not replaced."""
        return Response(envelope([self._shown(one) for one in life_tests_of(self.case)]))

    @extend_schema(request=shapes.LifeTestInput, responses={201: shapes.LifeTestShape})
    def add_test(self, request: Request, **kwargs: Any) -> Response:
        """Enter a test."""
        result = reliability_tests.TestResult(**self.take(shapes.LifeTestInput))
        made = reliability_tests.record_reliability_test(
            case=self.case, result=result, actor=self.actor
        )
        one = next(one for one in life_tests_of(self.case) if one.test.pk == made.pk)
        return Response(self._shown(one), status=201)

    def _shown(self, one: LifeTest) -> Any:
        return self.shape_for_reader(self.shape).to_representation(one)


class PilotVerdictResource(OfCase):
    """The verdict of a case's pilot builds."""

    queryset = PilotPlan.objects.none()
    shape = shapes.PilotVerdictShape

    @extend_schema(responses=shapes.PilotVerdictShape)
    def verdict(self, request: Request, **kwargs: Any) -> Response:
        """The verdict of the newest locked plan; 404 without one."""
        plan = locked_plan(self.case)
        if plan is None:
            raise Http404
        return Response(self.shape_for_reader(self.shape).to_representation(results_of(plan)))
