"""``/sops/`` and ``/sops/{id}/items/``."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from parts.models.catalogue import RiskClass
from qualification import services
from qualification import sop_serializers as shapes
from qualification.families import Family
from qualification.models import Sop, SopItem
from qualification.sop_workflow import SOP_FLOW
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.moves import Moves
from secondsource.core.api.views import Addable, ById, Changeable, Readable
from secondsource.core.filtersets import RecordFilterSet

PERMISSION = {"read": "qualification.view_sop", "write": "qualification.write_sop"}


class SopFilter(RecordFilterSet):
    """Versions by parts, risk class and state."""

    family = django_filters.ChoiceFilter(choices=Family, label="Family of parts")
    category = django_filters.CharFilter("category__path", label="Category")
    risk_class = django_filters.MultipleChoiceFilter(choices=RiskClass, label="Risk class")
    state = django_filters.MultipleChoiceFilter(choices=Sop.State, label="State")

    class Meta:
        model = Sop
        fields: tuple[str, ...] = ()


class SopResource(ById, Readable, Addable, Moves, History):
    """SOPs in versions: POST drafts the next one, moves propose and activate it."""

    permission = PERMISSION
    shape = shapes.SopShape
    input_class = shapes.SopInput
    filterset_class = SopFilter
    workflow = SOP_FLOW
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[Sop]:
        """All versions."""
        return Sop.objects.select_related(
            "category", "derived_from", "drafted_by", "activated_by"
        ).prefetch_related("items")

    @extend_schema(responses=shapes.SopListShape(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of versions without their steps."""
        rows = self.filter_queryset(self.get_queryset()).prefetch_related(None)
        return self.list_of(rows, shapes.SopListShape)

    def add(self, values: dict[str, Any]) -> Sop:
        """Draft a version."""
        return services.draft_sop(**values, actor=self.actor)


class SopItemResource(ById, Readable, Addable, Changeable, History):
    """The steps of a version; those of a draft can be changed."""

    permission = PERMISSION
    queryset = SopItem.objects.none()
    shape = shapes.SopItemShape
    input_class = shapes.SopItemInput
    changes_class = shapes.SopItemChanges
    orderings = {"position": "position", "gate": "gate"}
    ordering = ("gate", "position")

    @property
    def sop(self) -> Sop:
        """The version of the address. Raises ``Http404``."""
        try:
            return Sop.objects.select_related("category").get(public_id=self.kwargs["sop"])
        except (Sop.DoesNotExist, ValidationError):
            raise Http404 from None

    def rows(self) -> QuerySet[SopItem]:
        """The steps of the version."""
        return SopItem.objects.filter(sop=self.sop).select_related("sop__category")

    def add(self, values: dict[str, Any]) -> SopItem:
        """Add a step."""
        return services.add_sop_item(sop=self.sop, **values, actor=self.actor)

    def change(self, obj: SopItem, values: dict[str, Any], expected: int | None) -> SopItem:
        """Change a step."""
        return services.change_sop_item(
            item=obj, values=values, actor=self.actor, expected=expected
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove a step."""
        item = self.get_object()
        expected = check_if_match(request, item)
        services.remove_sop_item(item=item, actor=self.actor, expected=expected)
        return Response(status=204)
