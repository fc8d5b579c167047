"""Filters of take-overs and their rows."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from secondsource.core.filtersets import RecordFilterSet
from suppliers.filters import source_named
from suppliers.models import Takeover, TakeoverRow


class TakeoverFilter(RecordFilterSet):
    """Batches of proposed approvals by state and document."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ("document",)}

    search = django_filters.CharFilter(method="by_text", label="Document")
    state = django_filters.MultipleChoiceFilter(choices=Takeover.State.choices, label="State")

    class Meta:
        model = Takeover
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The document or a part of the batch contains the text."""
        text = value.strip()
        rows = TakeoverRow.objects.filter(
            takeover=OuterRef("pk"), source__part__ipn__contains=text.upper()
        )
        named = Q(document__icontains=text) | Exists(rows)
        return queryset.filter(named) if text else queryset


class TakeoverRowFilter(RecordFilterSet):
    """Rows of a batch by state, part and number."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Part or number")
    state = django_filters.MultipleChoiceFilter(choices=TakeoverRow.State.choices, label="State")

    class Meta:
        model = TakeoverRow
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The IPN or MPN contains the text."""
        return queryset.filter(source_named(value, "source__")) if value.strip() else queryset
