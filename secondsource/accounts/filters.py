"""Filters of plants, product lines and teams."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from secondsource.accounts.models import Plant, ProductLine, Team
from secondsource.core.filtersets import RecordFilterSet


class CodedFilter(RecordFilterSet):
    """Code or name contains the text."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Code or name")

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The code or the name contains the text."""
        text = value.strip()
        return queryset.filter(Q(code__icontains=text) | Q(name__icontains=text))


class PlantFilter(CodedFilter):
    """Plants, also by country."""

    country = django_filters.CharFilter(lookup_expr="iexact", label="Country")

    class Meta:
        model = Plant
        fields: ClassVar[list[str]] = []


class ProductLineFilter(CodedFilter):
    """Product lines."""

    class Meta:
        model = ProductLine
        fields: ClassVar[list[str]] = []


class TeamFilter(CodedFilter):
    """Teams, also by a member's address."""

    member = django_filters.CharFilter(field_name="members__email", label="Member")

    class Meta:
        model = Team
        fields: ClassVar[list[str]] = []
