"""The filters of savings for pages, API and exports."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from incentives.models import IndexValue, SavingLine
from secondsource.core.filtersets import DayFilter, RecordFilterSet
from secondsource.core.widgets import SuggestInput


class SavingFilter(RecordFilterSet):
    """Lines by case, part, kind, stage and month."""

    q = django_filters.CharFilter(label="Search", method="search")
    stage = django_filters.MultipleChoiceFilter(choices=SavingLine.Stage, label="Stage")
    kind = django_filters.MultipleChoiceFilter(choices=SavingLine.Kind, label="Kind")
    origin = django_filters.MultipleChoiceFilter(choices=SavingLine.Origin, label="Origin")
    case = django_filters.NumberFilter("case__number", label="Case, by its number")
    part = django_filters.CharFilter(
        "case__part__ipn", "iexact", label="Part", widget=SuggestInput("parts")
    )
    since = DayFilter("month", "gte", label="Month from")
    until = DayFilter("month", "lte", label="Month until")

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"q": ("case__number",)}

    class Meta:
        model = SavingLine
        fields: ClassVar[list[str]] = []

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By a part of the case's key, the part's number or an MPN."""
        found: QuerySet[Any] = queryset.search(value)  # type: ignore[attr-defined]
        return found


class IndexValueFilter(RecordFilterSet):
    """Values by index and day."""

    index = django_filters.CharFilter("index__code", "iexact", label="Index, by its code")
    since = DayFilter("day", "gte", label="Day from")
    until = DayFilter("day", "lte", label="Day until")

    class Meta:
        model = IndexValue
        fields: ClassVar[list[str]] = []
