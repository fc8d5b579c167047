"""Endpoints of plants, product lines and teams; read-only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from secondsource.accounts import filters, serializers
from secondsource.accounts.models import Plant, ProductLine, Team
from secondsource.accounts.models.places import CODE_PATTERN
from secondsource.core.api.history import History
from secondsource.core.api.views import Readable


class CodedResource(Readable, History):
    """Objects by code; everybody who reads anything sees them."""

    permission = "accounts.view_plant"
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN.strip("^$")
    orderings = {"code": "code", "name": "name"}
    ordering = ("code",)


class PlantResource(CodedResource):
    """Our plants."""

    shape = serializers.PlantShape
    filterset_class = filters.PlantFilter

    def rows(self) -> QuerySet[Any]:
        """All plants."""
        return Plant.objects.all()


class ProductLineResource(CodedResource):
    """Our product lines."""

    shape = serializers.ProductLineShape
    filterset_class = filters.ProductLineFilter

    def rows(self) -> QuerySet[Any]:
        """All product lines."""
        return ProductLine.objects.all()


class TeamResource(CodedResource):
    """Teams with their members."""

    shape = serializers.TeamShape
    filterset_class = filters.TeamFilter

    def rows(self) -> QuerySet[Any]:
        """All teams."""
        return Team.objects.prefetch_related("members")
