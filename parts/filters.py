"""Filters of parts and products for pages, API and exports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.forms import HiddenInput

from parts.counts import COUNTS
from parts.house_rules import CoverPolicy
from parts.models import Category, ExchangeRate, Part, PartFigures, PartUsage, Product
from parts.models.catalogue import ACTIVE_LIFECYCLES, Lifecycle, RiskClass
from secondsource.accounts.filters import NamedPersonFilter
from secondsource.accounts.models import Plant, ProductLine
from secondsource.core import policies
from secondsource.core.filtersets import DayFilter, KeyChoiceFilter, RecordFilterSet, actor_behind
from secondsource.core.form_fields import capitalized
from secondsource.core.widgets import MOST_SUGGESTED, SuggestInput

COVER = {"short": "short on cover", "unknown": "cover or lead time not known"}
#: ``lifecycle=ending`` and ``active``, beside the single values.
LIFECYCLE_GROUPS = {
    "active": ("active", [str(one) for one in ACTIVE_LIFECYCLES]),
    "ending": (
        "ending",
        [
            str(one)
            for one in (
                Lifecycle.NRND,
                Lifecycle.PHASE_OUT,
                Lifecycle.LAST_TIME_BUY,
                Lifecycle.DISCONTINUED,
            )
        ],
    ),
}


def case_states() -> list[tuple[str, str]]:
    """The states of a case, by the model's name because ``qualification`` imports ``parts``."""
    field = apps.get_model("qualification", "Case")._meta.get_field("state")
    return capitalized(field.flatchoices)


def suggest_products(reader: Any, text: str) -> Any:
    """Products whose code or name contains the text."""
    found = Product.objects.visible_to(reader)
    found = found.filter(Q(code__icontains=text) | Q(name__icontains=text))
    return found.order_by("code").values_list("code", "name")[:MOST_SUGGESTED]


def suggest_parts(reader: Any, text: str) -> Any:
    """Parts whose IPN, MPN or description contains the words."""
    found = Part.objects.visible_to(reader).search(text)
    return found.order_by("ipn").values_list("ipn", "description")[:MOST_SUGGESTED]


class PartFilter(RecordFilterSet):
    """Parts by number or manufacturer (``search``), place in the tree, state, use and spend."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {
        "search": (),
        "lifecycle": ("lifecycle",),
        "sources": ("figures__supply",),
        "cover": ("figures__cover_wk",),
        "spend": ("figures__spend_basis",),
        "categories": ("category",),
        "product": ("usages__product",),
    }

    search = django_filters.CharFilter(method="by_text", label="Part, MPN, manufacturer")
    category = KeyChoiceFilter(
        queryset=Category.objects.order_by("path"),
        to_field_name="path",
        label_path="name",
        method="by_category",
        label="Category",
    )
    categories = django_filters.CharFilter(
        method="by_categories", label="Categories", widget=HiddenInput
    )
    lifecycle = django_filters.MultipleChoiceFilter(
        choices=[
            *((word, label) for word, (label, _) in LIFECYCLE_GROUPS.items()),
            *Lifecycle.choices,
        ],
        method="by_lifecycle",
        label="Lifecycle",
    )
    criticality = django_filters.MultipleChoiceFilter(
        choices=Part.Criticality.choices, label="Criticality"
    )
    risk_class = django_filters.MultipleChoiceFilter(
        field_name="category__risk_class", choices=RiskClass.choices, label="Risk class"
    )
    sources = django_filters.ChoiceFilter(
        choices=[(word, count.label) for word, count in COUNTS.items()],
        method="by_sources",
        label="Sources",
    )
    case_state = django_filters.ChoiceFilter(
        field_name="figures__case_state", label="Case", choices=case_states
    )
    cover = django_filters.ChoiceFilter(
        choices=list(COVER.items()), method="by_cover", label="Cover of single-source parts"
    )
    spend = django_filters.ChoiceFilter(
        choices=[*PartFigures.Basis.choices, ("unpriced", "receipts without price left out")],
        method="by_spend",
        label="Spend from",
    )
    spend_min = django_filters.NumberFilter(
        field_name="figures__spend_12m", lookup_expr="gte", label="Spend ≥"
    )
    product = django_filters.CharFilter(
        method="by_product",
        label="Used in product",
        widget=SuggestInput("products"),
    )
    owner = NamedPersonFilter(label="Owner")

    class Meta:
        model = Part
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Every word is part of a number, the description or a manufacturer's name."""
        found: QuerySet[Any] = queryset.search(value)
        return found

    def by_category(self, queryset: Any, name: str, value: Category) -> QuerySet[Any]:
        """The category and everything below it."""
        below = Q(category__path__startswith=f"{value.path}/")
        return queryset.filter(Q(category=value) | below)

    def by_categories(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Several categories by their paths, with commas between, and everything below them."""
        wanted = Q(pk__in=[])
        for path in filter(None, map(str.strip, value.split(","))):
            wanted |= Q(category__path=path) | Q(category__path__startswith=f"{path}/")
        return queryset.filter(wanted)

    def by_lifecycle(self, queryset: Any, name: str, value: list[str]) -> QuerySet[Any]:
        """Any of these values or groups of values."""
        wanted = {one for word in value for one in LIFECYCLE_GROUPS.get(word, ("", [word]))[1]}
        return queryset.filter(lifecycle__in=wanted) if wanted else queryset

    def by_sources(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """By counts of sources, see ``parts.counts``."""
        return queryset.filter(COUNTS[value].on("figures"))

    def by_spend(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """By the basis of the spend, or parts with receipts that have no price."""
        if value == "unpriced":
            return queryset.filter(figures__unpriced_receipts__gt=0)
        return queryset.filter(figures__spend_basis=value)

    def by_cover(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Single-source parts whose stock is short for the lead time, or with unknown cover."""
        single = queryset.filter(COUNTS["single"].on("figures"))
        if value == "unknown":
            unknown = Q(figures__cover_wk__isnull=True) | Q(figures__lead_wk__isnull=True)
            return single.filter(unknown)
        share = Decimal(str(policies.active(CoverPolicy)[0].short_share_of_lead))
        return single.filter(figures__cover_wk__lt=share * F("figures__lead_wk"))

    def by_product(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Parts that the product uses, through all levels; by its code, within the scope."""
        actor = actor_behind(self.request)
        seen = Product.objects.visible_to(actor.user if actor else None)
        uses = PartUsage.objects.filter(product__in=seen.filter(code=value.strip().upper()))
        return queryset.filter(pk__in=uses.values("part"))


class ProductFilter(RecordFilterSet):
    """Products by code or name, phase, plant and line."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": ()}

    search = django_filters.CharFilter(method="by_text", label="Code or name")
    phase = django_filters.MultipleChoiceFilter(choices=Product.Phase.choices, label="Phase")
    plant = django_filters.ModelChoiceFilter(
        field_name="plants",
        queryset=Plant.objects.order_by("code"),
        to_field_name="code",
        label="Plant",
    )
    product_line = django_filters.ModelChoiceFilter(
        queryset=ProductLine.objects.order_by("code"), to_field_name="code", label="Product line"
    )

    class Meta:
        model = Product
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The code or the name contains the text."""
        text = value.strip()
        return queryset.filter(Q(code__icontains=text) | Q(name__icontains=text))


class CategoryFilter(RecordFilterSet):
    """Categories by path or name, under a path, by risk class."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": (), "under": ()}

    search = django_filters.CharFilter(method="by_text", label="Path or name")
    under = django_filters.CharFilter(method="by_place", label="Under")
    risk_class = django_filters.MultipleChoiceFilter(choices=RiskClass.choices, label="Risk class")

    class Meta:
        model = Category
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The path or the name contains the text."""
        return queryset.filter(Q(path__icontains=value) | Q(name__icontains=value))

    def by_place(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Everything below a path."""
        return queryset.filter(path__startswith=f"{value.rstrip('/')}/")


class ExchangeRateFilter(RecordFilterSet):
    """Rates of a currency, on either side, by publisher and days."""

    currency = django_filters.CharFilter(method="by_currency", label="Currency")
    publisher = django_filters.CharFilter(lookup_expr="iexact", label="Publisher")
    since = DayFilter(field_name="as_of", lookup_expr="gte", label="From day")
    until = DayFilter(field_name="as_of", lookup_expr="lte", label="To day")

    class Meta:
        model = ExchangeRate
        fields: ClassVar[list[str]] = []

    def by_currency(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The base or the quote."""
        code = value.strip().upper()
        return queryset.filter(Q(currency=code) | Q(quote=code))
