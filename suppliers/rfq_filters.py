"""Filters of requests for quotation, quotes and price agreements."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from secondsource.core import clock
from secondsource.core.filtersets import DayFilter, RecordFilterSet
from suppliers.filters import supplier_filter
from suppliers.models import PriceAgreement, Quote, Rfq, RfqLine
from suppliers.names import normal_mpn


class RfqFilter(RecordFilterSet):
    """Requests by state, due date, number, title and part."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ("title",), "supplier": ()}

    search = django_filters.CharFilter(method="by_text", label="Title, number or part")
    state = django_filters.MultipleChoiceFilter(choices=Rfq.State.choices, label="State")
    supplier = supplier_filter("invitations__supplier", distinct=True)
    due = DayFilter(label="Due")

    class Meta:
        model = Rfq
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The title, the number or a part contains the text."""
        text = value.strip()
        digits = text.upper().removeprefix("RFQ-").lstrip("0")
        lines = RfqLine.objects.filter(rfq=OuterRef("pk"), part__ipn__contains=text.upper())
        named: Any = Q(title__icontains=text) | Exists(lines)
        if digits.isdecimal() and len(digits) < 10:
            named |= Q(number=int(digits))
        return queryset.filter(named) if text else queryset


class QuoteFilter(RecordFilterSet):
    """Quotes by request and supplier."""

    rfq = django_filters.UUIDFilter("invitation__rfq__public_id", label="RFQ")
    supplier = supplier_filter("invitation__supplier")

    class Meta:
        model = Quote
        fields: ClassVar[list[str]] = []


class AgreementFilter(RecordFilterSet):
    """Agreements by supplier, part and whether they hold."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ("document",), "state": ()}
    STATES = (("in_force", "in force"), ("coming", "not yet valid"), ("over", "over"))

    search = django_filters.CharFilter(method="by_text", label="Document or MPN")
    supplier = supplier_filter()
    state = django_filters.ChoiceFilter(
        choices=STATES, method="by_state", label="State", empty_label="Any"
    )

    class Meta:
        model = PriceAgreement
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The document or the MPN contains the text."""
        text = value.strip()
        named = Q(document__icontains=text)
        named |= Q(manufacturer_part__mpn_normal__contains=normal_mpn(text))
        return queryset.filter(named) if text else queryset

    def by_state(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The state today."""
        today = clock.business_day()
        if value == "coming":
            return queryset.filter(valid_from__gt=today)
        if value == "over":
            return queryset.filter(valid_to__lt=today)
        return queryset.filter(valid_from__lte=today, valid_to__gte=today)
