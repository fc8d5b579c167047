"""Filters of pools, shares and payouts."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from incentives.models import Allocation, BonusPool, Payout, PayoutBatch
from incentives.pool_words import FIRST_YEAR, LAST_YEAR
from qualification import case_key
from qualification.models import Case
from secondsource.core.filtersets import DayFilter, RecordFilterSet


def _of_case(path: str, text: str) -> Q:
    """Rows whose case has this key, with or without ``SSQ``."""
    found = Case.objects.filter(case_key.matches(text.strip().upper()))
    return Q(**{f"{path}__in": found.values("pk")})


class PoolFilter(RecordFilterSet):
    """Pools by case, state and year."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"case": (), "year": ()}

    case = django_filters.CharFilter(method="by_case", label="Case")
    state = django_filters.MultipleChoiceFilter(choices=BonusPool.State.choices, label="State")
    year = django_filters.NumberFilter(
        "proposed_on__year", label="Year", min_value=FIRST_YEAR, max_value=LAST_YEAR
    )

    class Meta:
        model = BonusPool
        fields: ClassVar[list[str]] = []

    def by_case(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The case by its key."""
        return rows.filter(_of_case("case", value))


class AllocationFilter(RecordFilterSet):
    """Shares by case and state."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"case": ()}

    case = django_filters.CharFilter(method="by_case", label="Case")
    state = django_filters.MultipleChoiceFilter(choices=Allocation.State.choices, label="State")

    class Meta:
        model = Allocation
        fields: ClassVar[list[str]] = []

    def by_case(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The case by its key."""
        return rows.filter(_of_case("pool__case", value))


class PayoutFilter(RecordFilterSet):
    """Payouts by person or case, kind and day."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Person or case")
    kind = django_filters.MultipleChoiceFilter(
        "batch__kind", choices=PayoutBatch.Kind.choices, label="Kind"
    )
    paid_from = DayFilter("batch__day", "gte", label="From")
    paid_until = DayFilter("batch__day", "lte", label="Until")

    class Meta:
        model = Payout
        fields: ClassVar[list[str]] = []

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The name or address contains the text, or the case has this key."""
        text = value.strip()
        named = Q(person__name__icontains=text) | Q(person__email__icontains=text)
        keyed = _of_case("batch__pool__case", text) if any(map(str.isdigit, text)) else Q(pk=None)
        return rows.filter(named | keyed)
