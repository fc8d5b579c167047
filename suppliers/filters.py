"""Filters of suppliers: one set for page, API and export."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from secondsource.core.filtersets import RecordFilterSet
from suppliers.models import Supplier, SupplierAlias
from suppliers.naming import normal_name


class SupplierFilter(RecordFilterSet):
    """Suppliers by any of their names, kind, standing and country."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": (), "kind": ("kinds",)}

    search = django_filters.CharFilter(method="by_text", label="Code or name")
    kind = django_filters.ChoiceFilter(
        choices=Supplier.Kind.choices, method="by_kind", label="Kind", empty_label="any"
    )
    standing = django_filters.MultipleChoiceFilter(
        choices=Supplier.Standing.choices, label="Standing"
    )
    country = django_filters.CharFilter(lookup_expr="iexact", label="Country")

    class Meta:
        model = Supplier
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The code, the name or another spelling contains the text."""
        text = value.strip()
        spelt = SupplierAlias.objects.filter(
            supplier=OuterRef("pk"), normal__contains=normal_name(text)
        )
        named = Q(code__icontains=text) | Q(name__icontains=text)
        return queryset.filter(named | Exists(spelt)) if text else queryset

    def by_kind(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Makers or distributors; a company can be both."""
        return queryset.filter(kinds__contains=[value])
