"""``/cases/{key}/rollback-triggers|rollback-steps|rehearsals|breaches|rollbacks/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import rollback_serializers as shapes
from qualification import services
from qualification.api.component_tests import Removable
from qualification.api.gates import OfCase
from qualification.models import Rehearsal, Rollback, RollbackStep, RollbackTrigger, TriggerBreach
from qualification.work_serializers import WhyInput
from secondsource.core.api.history import History
from secondsource.core.api.views import Addable, Changeable, Readable
from secondsource.core.errors import ValuesRefused


class TriggerResource(Removable, Readable, Addable, Changeable, History):
    """The limits of the rollback plan."""

    queryset = RollbackTrigger.objects.none()
    shape = shapes.TriggerShape
    input_class = shapes.TriggerInput
    changes_class = shapes.TriggerChanges
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[RollbackTrigger]:
        """The triggers of the case."""
        mine = RollbackTrigger.objects.filter(plan__case=self.case)
        return mine.select_related("plan__case").order_by()

    def add(self, values: dict[str, Any]) -> RollbackTrigger:
        """Add a trigger."""
        return services.add_trigger(case=self.case, actor=self.actor, **values)

    def change(
        self, obj: RollbackTrigger, values: dict[str, Any], expected: int | None
    ) -> RollbackTrigger:
        """Change it."""
        return services.change_trigger(
            trigger=obj, values=values, actor=self.actor, expected=expected
        )

    def remove(self, obj: RollbackTrigger, reason: str, expected: int | None) -> None:
        """Remove it."""
        services.remove_trigger(trigger=obj, reason=reason, actor=self.actor, expected=expected)


class RollbackStepResource(Removable, Readable, Addable, Changeable, History):
    """The steps of the rollback plan."""

    queryset = RollbackStep.objects.none()
    shape = shapes.RollbackStepShape
    input_class = shapes.RollbackStepInput
    changes_class = shapes.RollbackStepChanges
    orderings = {"position": "position"}
    ordering = ("position",)

    def rows(self) -> QuerySet[RollbackStep]:
        """The steps of the case."""
        mine = RollbackStep.objects.filter(plan__case=self.case)
        return mine.select_related("plan__case", "owner").order_by()

    def add(self, values: dict[str, Any]) -> RollbackStep:
        """Add a step."""
        return services.add_step(case=self.case, actor=self.actor, **values)

    def change(
        self, obj: RollbackStep, values: dict[str, Any], expected: int | None
    ) -> RollbackStep:
        """Change it."""
        return services.change_step(step=obj, values=values, actor=self.actor, expected=expected)

    def remove(self, obj: RollbackStep, reason: str, expected: int | None) -> None:
        """Remove it."""
        services.remove_step(step=obj, reason=reason, actor=self.actor, expected=expected)


class RehearsalResource(OfCase, Readable, Addable, History):
    """The rehearsals of the rollback; they are only added."""

    queryset = Rehearsal.objects.none()
    shape = shapes.RehearsalShape
    input_class = shapes.RehearsalInput
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[Rehearsal]:
        """The rehearsals of the case."""
        mine = Rehearsal.objects.filter(plan__case=self.case)
        return mine.select_related("plan__case", "held_by").order_by()

    def add(self, values: dict[str, Any]) -> Rehearsal:
        """Record a rehearsal."""
        return services.record_rehearsal(case=self.case, actor=self.actor, **values)


class BreachResource(OfCase, Readable, Addable, History):
    """The breached triggers of a case, of all runs."""

    queryset = TriggerBreach.objects.none()
    shape = shapes.BreachShape
    input_class = shapes.BreachInput
    orderings = {"breached_at": "id"}
    ordering = ("breached_at",)

    def rows(self) -> QuerySet[TriggerBreach]:
        """The breaches of the case."""
        mine = TriggerBreach.objects.filter(transition__case=self.case)
        return mine.select_related("transition__case", "reported_by", "ended_by").order_by()

    def add(self, values: dict[str, Any]) -> TriggerBreach:
        """Report a breach."""
        mine = RollbackTrigger.objects.filter(plan__case=self.case)
        trigger = mine.filter(public_id=values.pop("trigger")).first()
        if trigger is None:
            raise ValuesRefused.one("/trigger", "does_not_exist", "The case has no such trigger.")
        return services.report_breach(trigger=trigger, actor=self.actor, **values)

    @extend_schema(request=WhyInput, responses=shapes.BreachShape)
    @action(detail=True, methods=["post"], permission="qualification.judge_holdpoint")
    def clear(self, request: Request, **kwargs: Any) -> Response:
        """Clear a breach with a reason, by quality or the lead."""
        found = self.get_object()
        values = self.take_expected(WhyInput, found)
        made = services.clear_breach(breach=found, actor=self.actor, **values)
        return self.show(self.fresh(made))


class RollbackResource(OfCase, Readable, History):
    """The rollbacks that were decided in a case; the move ``roll_back`` adds one."""

    queryset = Rollback.objects.none()
    shape = shapes.RollbackShape
    orderings = {"decided_at": "id"}
    ordering = ("decided_at",)

    def rows(self) -> QuerySet[Rollback]:
        """The rollbacks of the case."""
        mine = Rollback.objects.filter(transition__case=self.case)
        return mine.select_related("transition__case", "decided_by").order_by()

    @extend_schema(request=shapes.HoursInput, responses=shapes.RollbackShape)
    @action(detail=True, methods=["post"], permission="qualification.rollback_case")
    def finish(self, request: Request, **kwargs: Any) -> Response:
        """Record the hours that it took."""
        found = self.get_object()
        values = self.take_expected(shapes.HoursInput, found)
        made = services.finish_rollback(rollback=found, actor=self.actor, **values)
        return self.show(self.fresh(made))
