"""``/cases/{key}/business-case|planned-costs|cost-entries/``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import business_case_shapes as shapes
from qualification import services
from qualification.api.gates import OfCase
from qualification.economics import candidate, costs, facts, figures, readers, timing
from qualification.models import BusinessCase, Case, CostEntry, PlannedCost
from secondsource.core import attachments
from secondsource.core.actors import Actor
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.parsers import check_length
from secondsource.core.api.views import Addable, Changeable, Readable
from secondsource.core.errors import PermissionRefused
from secondsource.core.models import Attachment


@dataclass(frozen=True)
class CaseTotals:
    """Planned and actual cost in one currency."""

    planned: Any
    actual: Any
    currency: str
    planned_h: Any
    actual_h: Any


class SeenBusinessCase:
    """A business case as a caller sees it."""

    def __init__(self, case: Case, actor: Actor) -> None:
        found, view = facts.read(case), readers.sight(actor, case)
        self.inputs, self.version = readers.inputs(found.inputs, actor), found.inputs.version
        self.figures = readers.today(found, view)
        self.missing = figures.missing(found)
        self.timing = timing.of(case)
        self.comparison = candidate.compare(found)
        self.sees_sums = view.sums
        stored = services.signed_version(case)
        self.signed = None if stored is None else {
            "version": stored, "figures": readers.version(stored, view)
        }  # fmt: skip
        self.costs = self._costs(case, found) if view.costs else None

    def _costs(self, case: Case, found: facts.CaseFacts) -> CaseTotals:
        plan, actual = found.planned, costs.actual(case)
        return CaseTotals(plan.amount, actual.amount, found.currency, plan.hours, actual.hours)


class BusinessCaseResource(OfCase):
    """The business case of a case."""

    queryset = BusinessCase.objects.none()
    shape = shapes.BusinessCaseShape
    changes_class = shapes.BusinessCaseChanges

    def read(self, request: Request, **kwargs: Any) -> Response:
        """Figures, inputs, timing and comparison, as far as the caller sees them."""
        return self.show(SeenBusinessCase(self.case, self.actor))

    @extend_schema(request=shapes.BusinessCaseChanges, responses=shapes.BusinessCaseShape)
    def change(self, request: Request, **kwargs: Any) -> Response:
        """Change inputs; ``If-Match`` guards against somebody else's change."""
        self.actor.require("qualification.plan_cost", self.case)
        expected = check_if_match(request, facts.inputs_of(self.case))
        values = self.take(shapes.BusinessCaseChanges, partial=True)
        services.change_business_case(
            case=self.case, values=values, actor=self.actor, expected=expected
        )
        return self.show(SeenBusinessCase(self.case, self.actor))


class OfCosts(OfCase):
    """Base of the costs of a case; 403 for callers who do not see them."""

    permission = {"read": "qualification.view_case", "write": "qualification.view_case"}

    @property
    def case(self) -> Case:
        """The case. Raises ``PermissionRefused`` for callers who do not see its cost."""
        found = super().case
        if not readers.sees_costs(self.actor, found):
            raise PermissionRefused(
                f"You do not see the cost of {found.key}.",
                "Its team and people who see prices do. The lead can change the team.",
            )
        return found


class PlannedCostResource(OfCosts, Readable, Addable, Changeable, History):
    """One-time costs that the business case plans."""

    queryset = PlannedCost.objects.none()
    shape = shapes.PlannedCostShape
    input_class = shapes.CostInput
    changes_class = shapes.CostChanges
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[PlannedCost]:
        """The planned costs of the case."""
        return self.case.planned_costs.select_related("case")

    def add(self, values: dict[str, Any]) -> PlannedCost:
        """Plan a cost."""
        return services.plan_cost(case=self.case, **values, actor=self.actor)

    def change(self, obj: PlannedCost, values: dict[str, Any], expected: int | None) -> PlannedCost:
        """Change a planned cost."""
        return services.change_planned_cost(
            cost=obj, values=values, actor=self.actor, expected=expected
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove a planned cost."""
        found = self.get_object()
        expected = check_if_match(request, found)
        services.remove_planned_cost(cost=found, actor=self.actor, expected=expected)
        return Response(status=204)


class CostEntryResource(OfCosts, Readable, Addable):
    """The log of actual cost; entries are never changed, wrong ones get a counter-entry."""

    queryset = CostEntry.objects.none()
    shape = shapes.CostEntryShape
    input_class = shapes.CostEntryInput
    orderings = {"day": "day", "created_at": "id"}
    ordering = ("-day", "-created_at")
    honours_if_match = False

    def rows(self) -> QuerySet[CostEntry]:
        """Entries that the caller sees; hours of other people are in the totals alone."""
        listed = CostEntry.objects.visible_to(self.actor.user, self.case)
        made = CostEntry.objects.filter(corrects=OuterRef("pk"))
        found: QuerySet[CostEntry] = (
            listed.select_related("entered_by", "corrects", "case")
            .annotate(is_corrected=Exists(made))
            .with_files()
        )
        return found

    def add(self, values: dict[str, Any]) -> CostEntry:
        """Log a cost."""
        return services.log_cost(case=self.case, **values, actor=self.actor)

    @extend_schema(request=shapes.CostCorrection, responses={201: shapes.CostEntryShape})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, **kwargs: Any) -> Response:
        """Record the counter-entry of a wrong cost."""
        found = self.get_object()
        values = self.take(shapes.CostCorrection)
        made = services.correct_cost(entry=found, **values, actor=self.actor)
        return self.show(self.fresh(made), 201)

    @extend_schema(
        request={"multipart/form-data": shapes.CostFileInput},
        responses={201: shapes.CostEntryShape},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def evidence(self, request: Request, **kwargs: Any) -> Response:
        """Attach a file that shows the cost."""
        check_length(request, attachments.MAX_BYTES)
        found = self.get_object()
        values = self.take(shapes.CostFileInput)
        services.add_cost_evidence(entry=found, upload=values["file"], actor=self.actor)
        return self.show(self.fresh(found), 201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path="evidence/(?P<file>[0-9a-f-]{36})")
    def file(self, request: Request, **kwargs: Any) -> FileResponse:
        """The content of a file, always as an attachment."""
        files: QuerySet[Attachment] = attachments.of(self.get_object())
        found = get_object_or_404(files, public_id=kwargs["file"])
        return FileResponse(
            found.file.open("rb"), as_attachment=True, filename=found.name,
            content_type="application/octet-stream",
        )  # fmt: skip
