"""``/cases/{key}/introduction/`` and ``/as-built/``."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from parts.models import BomRevision, Product
from qualification import introduction_serializers as shapes
from qualification import services
from qualification.api.gates import OfCase
from qualification.filters import BuiltInFilterSet
from qualification.introduction import introduction_of
from qualification.models import AsBuilt, Introduction
from qualification.services.introductions import BuiltLot
from qualification.work_serializers import WhyInput
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.views import Addable, ById, Readable
from secondsource.core.errors import ValuesRefused


class IntroductionResource(OfCase):
    """The introduction of a case."""

    queryset = Introduction.objects.none()
    shape = shapes.IntroductionShape
    changes_class = shapes.IntroductionChanges

    def read(self, request: Request, **kwargs: Any) -> Response:
        """The introduction; 404 while nobody has planned it."""
        found = introduction_of(self.case)
        if found is None:
            raise Http404
        return self.show(found)

    @extend_schema(request=shapes.IntroductionChanges, responses=shapes.IntroductionShape)
    def change(self, request: Request, **kwargs: Any) -> Response:
        """Plan it, or change what is sent."""
        found = introduction_of(self.case)
        expected = check_if_match(request, found) if found else None
        values = self.take(shapes.IntroductionChanges, partial=True)
        made = services.plan_introduction(
            case=self.case, revisions=_revisions(values.pop("revisions", [])), values=values,
            actor=self.actor, expected=expected,
        )  # fmt: skip
        return self.show(made)


def _revisions(given: list[dict[str, Any]]) -> dict[Product, BomRevision]:
    """The revisions by product. Raises ``ValuesRefused`` for a number that a product lacks."""
    found = {}
    for index, one in enumerate(given):
        product = one["product"]
        revision = BomRevision.objects.filter(product=product, number=one["revision"]).first()
        if revision is None:
            detail = f"{product.code} has no revision {one['revision']}."
            raise ValuesRefused.one(f"/revisions/{index}/revision", "does_not_exist", detail)
        found[product] = revision
    return found


class BuiltResource(ById, Readable, Addable, History):
    """The lots of products with the sources that they hold, also withdrawn ones."""

    permission = {"read": "qualification.view_case", "write": "qualification.write_case"}
    queryset = AsBuilt.objects.none()
    shape = shapes.BuiltShape
    input_class = shapes.BuiltInput
    filterset_class = BuiltInFilterSet
    orderings = {"built_on": "built_on", "lot": "lot", "created_at": "id"}
    ordering = ("built_on",)
    sparse = False

    def rows(self) -> QuerySet[AsBuilt]:
        """The rows of products that the caller sees."""
        seen = Product.objects.visible_to(self.actor.user)
        found: QuerySet[AsBuilt] = AsBuilt.objects.filter(product__in=seen.values("pk"))
        return found.select_related(
            "product", "plant", "part", "source__manufacturer_part__manufacturer"
        ).order_by()

    def add(self, values: dict[str, Any]) -> AsBuilt:
        """Record a lot."""
        try:
            return services.record_built(lots=[BuiltLot(**values)], actor=self.actor)[0]
        except ValuesRefused as refused:
            raise refused.under({"/0": ""}) from None

    @extend_schema(request=shapes.BuiltRows, responses={201: shapes.BuiltCount})
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request, **kwargs: Any) -> Response:
        """Record many lots, all or none."""
        rows = self.take(shapes.BuiltRows)["rows"]
        try:
            with transaction.atomic():
                lots = [BuiltLot(**row) for row in rows]
                made = services.record_built(lots=lots, actor=self.actor)
        except ValuesRefused as refused:
            raise refused.under({"": "/rows"}) from None
        return Response({"created": len(made)}, status=201)

    @extend_schema(request=WhyInput, responses=shapes.BuiltShape)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw a row that was entered wrongly."""
        found = self.get_object()
        values = self.take_expected(WhyInput, found)
        made = services.withdraw_built(row=found, actor=self.actor, **values)
        return self.show(self.fresh(made))
