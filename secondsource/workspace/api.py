"""Endpoints that read several apps: a part's sources and comparison, the executive figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from parts.api import CategoryResource, PartResource, ProductResource
from qualification import credit, survival
from qualification.design_in import design_in
from qualification.design_in_shapes import DesignInShape
from qualification.models import Case
from qualification.sops import in_force
from secondsource.accounts.visibility import sees
from secondsource.core.api.pagination import WholeList
from secondsource.core.api.serializers import Shape
from secondsource.core.api.views import Endpoint
from secondsource.workspace import aggregates, kpis, serializers
from secondsource.workspace.parts.queries import PartSources
from suppliers.api import SourceResource, with_approvers
from suppliers.models import Source
from suppliers.spec_sheet import sheet


def with_cases(rows: QuerySet[Source]) -> QuerySet[Source]:
    """Sources with the number of the last case on each; an open case is always the last."""
    last = Case.objects.filter(source=OuterRef("pk")).order_by("-number")
    return rows.annotate(case_number=Subquery(last.values("number")[:1]))


class CategoryWithSops(CategoryResource):
    """The category tree, with the SOPs that new cases take over."""

    shape = serializers.CategoryWithSopsShape

    def shape_context(self) -> dict[str, Any]:
        """Adds the SOPs in force, which are read once."""
        return {**super().shape_context(), "sops": list(in_force())}


def with_credit(rows: Sequence[Any]) -> Sequence[Any]:
    """The same sources, each with who brought it in, in one statement."""
    found = credit.of_sources([source.pk for source in rows])
    for source in rows:
        source.credit = found.get(source.pk)
    return rows


class PartWithSources(PartResource):
    """A part with its sources, its comparison and its time to survive."""

    @extend_schema(responses=serializers.SourceOfPart(many=True), filters=False)
    @action(detail=True, sparse=False, pagination_class=WholeList)
    def sources(self, request: Request, **kwargs: Any) -> Response:
        """The part's sources, the incumbent first."""
        rows = with_cases(with_approvers(self.get_object().sources.in_order()))
        shown = serializers.SourceOfPart(
            with_credit(list(rows)), many=True, context=self.shape_context()
        )
        return self.whole_list(shown.data)

    @extend_schema(responses=serializers.CompareShape)
    @action(detail=True, sparse=False)
    def compare(self, request: Request, **kwargs: Any) -> Response:
        """Specification of all sources side by side, judged against our requirements."""
        part = self.get_object()
        rows = part.sources.with_manufacturers().prefetch_related("manufacturer_part__parameters")
        sources = list(rows.in_order())
        compared = sheet(
            requirements=part.requirements.all(),
            sources=[source.manufacturer_part.parameters.all() for source in sources],
            incumbent=next((i for i, s in enumerate(sources) if s.role == "incumbent"), None),
        )
        found = {"part": part.ipn, "sources": sources, "rows": compared.rows}
        return Response(serializers.CompareShape(found).data)

    @extend_schema(responses=serializers.SurvivalShape)
    @action(detail=True, sparse=False)
    def survival(self, request: Request, **kwargs: Any) -> Response:
        """How long stock and alternates last when the first source stops.

        404 while stock or demand is not known.
        """
        part = self.get_object()
        cases = Case.objects.visible_to(request.user).filter(part=part)
        found = survival.of(part, PartSources(part, cases=cases).columns)
        if found is None:
            raise Http404
        return Response(serializers.SurvivalShape(found).data)


class ProductWithDesign(ProductResource):
    """A product with its parts that have no second source."""

    @extend_schema(responses=DesignInShape)
    @action(detail=True, url_path="design-in", sparse=False)
    def design_in(self, request: Request, **kwargs: Any) -> Response:
        """Those parts by exposure, with their rating; none after design freeze."""
        found = design_in(self.get_object(), self.actor)
        return Response(DesignInShape(found, context=self.shape_context()).data)


class ExecutiveDashboard(Endpoint):
    """The company's figures, as the executive page shows them."""

    permission = "workspace.view_dashboard"

    @extend_schema(operation_id="dashboards_executive", responses=serializers.ExecutiveShape)
    def get(self, request: Request) -> Response:
        """Stored figures with the time of their computation; 404 before the first."""
        row = aggregates.figures_for(sees_prices=sees(self.actor, "prices"))
        if row is None:
            raise Http404
        if self.actor.may("incentives.view_kpi"):
            for name, value in zip(serializers.SAVED, kpis.cost_reduction(), strict=True):
                setattr(row, name, value)
        return Response(serializers.ExecutiveShape(row, context=self.shape_context()).data)


class SourceWithCase(SourceResource):
    """Sources with the case that works on each."""

    shape = serializers.SourceOfPart

    def rows(self) -> QuerySet[Source]:
        """Sources with the number of their last case."""
        return with_cases(super().rows())

    def list_of(self, queryset: QuerySet[Any], shape: type[Shape]) -> Response:
        """A page of them with their credit lines."""
        reader = self.shape_for_reader(shape)
        rows = with_credit(self.paginate_queryset(queryset) or [])
        return self.get_paginated_response([reader.to_representation(row) for row in rows])

    def show(self, obj: Any, status: int = 200, **headers: str) -> Response:
        """One with its credit line."""
        return super().show(with_credit([obj])[0], status, **headers)
