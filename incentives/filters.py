"""The filters of negotiations and splits for pages, API and exports."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from incentives.models import Negotiation, SplitProposal
from secondsource.core.filtersets import RecordFilterSet, YesNoFilter
from suppliers.filters import part_filter


class NegotiationFilter(RecordFilterSet):
    """Negotiations by text, state and part."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Key, part or MPN")
    state = django_filters.ChoiceFilter(choices=Negotiation.State, label="State")
    part = part_filter("part__ipn")

    class Meta:
        model = Negotiation
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The number, or a text in the part's number or description."""
        text = value.strip().upper()
        digits = text.removeprefix("NEG-")
        named = Q(part__ipn__contains=text) | Q(part__description__icontains=value.strip())
        if digits.isascii() and digits.isdecimal() and len(digits) <= 8:
            named |= Q(number=int(digits))
        return queryset.filter(named) if text else queryset


class SplitFilter(RecordFilterSet):
    """Splits by state and part."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"in_force": ()}

    state = django_filters.ChoiceFilter(choices=SplitProposal.State, label="State")
    part = part_filter("part__ipn")
    in_force = YesNoFilter(label="In force", method="only_in_force")

    class Meta:
        model = SplitProposal
        fields: ClassVar[list[str]] = []

    def only_in_force(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        """Accepted and not ended; with ``false`` the others."""
        accepted = Q(state=SplitProposal.State.ACCEPTED, ended_at=None)
        return queryset.filter(accepted) if value else queryset.exclude(accepted)
