"""The filters of cases for pages, API and exports."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from parts.models import Category
from parts.models.catalogue import RiskClass
from qualification.figures import conversions
from qualification.models import AsBuilt, Case, Lesson
from qualification.models.cases import GATES, State
from qualification.overdue import overdue
from secondsource.accounts.filters import NamedPersonFilter
from secondsource.core.filtersets import (
    DayFilter,
    KeyChoiceFilter,
    RecordFilterSet,
    YesNoFilter,
    actor_behind,
)
from secondsource.core.widgets import SuggestInput


class CaseFilterSet(RecordFilterSet):
    """Cases by key, part or MPN, state, people, due date."""

    q = django_filters.CharFilter(label="Search", method="search")
    state = django_filters.MultipleChoiceFilter(choices=State, label="State")
    open = YesNoFilter(label="Open", method="only_open")
    blocked = YesNoFilter(label="Blocked", method="only_blocked")
    overdue = YesNoFilter(label="Overdue", method="only_overdue")
    mine = YesNoFilter(label="Mine", method="only_mine")
    to_sign = YesNoFilter(label="Can be signed", method="only_to_sign")
    part = django_filters.CharFilter(
        "part__ipn", "iexact", label="Part", widget=SuggestInput("parts")
    )
    lead = NamedPersonFilter(label="Lead")
    sponsor = NamedPersonFilter(label="Sponsor")
    person = NamedPersonFilter(label="Lead, sponsor or in the team", method="with_person")
    kind = django_filters.ChoiceFilter(choices=Case.Kind, label="Kind")
    risk_class = django_filters.MultipleChoiceFilter(choices=RiskClass, label="Risk class")
    converted = django_filters.NumberFilter(
        label="Conversion counted in the year",
        method="by_conversion",
        min_value=1970,
        max_value=9998,
    )
    awaits_receipt = YesNoFilter(
        label="Waits for its first receipt", method="only_awaiting_receipt"
    )
    due_before = DayFilter("due_date", "lt", label="Due before")

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"q": ("part__ipn",)}

    class Meta:
        model = Case
        fields: ClassVar[list[str]] = []

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By a part of the key, the part's number or an MPN."""
        return queryset.search(value)

    def by_conversion(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Closed in this year and counted as a conversion."""
        return conversions(queryset, year=int(value))

    def only_awaiting_receipt(
        self, queryset: QuerySet[Any], name: str, value: bool
    ) -> QuerySet[Any]:
        """Closed cases that count as a conversion after their first production receipt."""
        return _only(queryset, queryset.awaiting_receipt(), value)

    def only_open(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Open cases; with ``false`` the others."""
        return _only(queryset, queryset.open(), value)

    def only_blocked(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Cases on hold, or with a blocker that can be removed today."""
        return _only(queryset, queryset.blocked(), value)

    def only_overdue(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Cases past the planned day of their gate, of their approval or of a step."""
        return _only(queryset, overdue(queryset), value)

    def only_to_sign(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Cases whose gate is done and lacks a signature."""
        return _only(queryset, queryset.ready_to_sign(), value)

    def only_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Cases in which the reader is lead, sponsor or member of the team."""
        return _only(queryset, self.with_person(queryset, name, "me"), value)

    def with_person(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Cases in which a person, or the reader as ``me``, is lead, sponsor or in the team."""
        if value == "me":
            actor = actor_behind(self.request)
            value = actor.user if actor else None
        found: QuerySet[Any] = queryset.led_by(value) if value else queryset.none()
        return found


class ApprovalFilterSet(CaseFilterSet):
    """Waiting approvals (``approvals.waiting``), by what they wait for."""

    interim = YesNoFilter("interim_end", "isnull", exclude=True, label="Interim approval")
    late = YesNoFilter("late", label="Customer overdue")


def _only(queryset: QuerySet[Any], wanted: QuerySet[Any], value: bool) -> QuerySet[Any]:
    return wanted if value else queryset.exclude(pk__in=wanted.values("pk"))


class LessonFilter(RecordFilterSet):
    """Lessons by text, case or part, by category with those below it, and by gate."""

    search = django_filters.CharFilter(label="Search", method="by_text")
    category = KeyChoiceFilter(
        queryset=Category.objects.order_by("path"), to_field_name="path", label="Category",
        label_path="name",
        method="by_category",
    )  # fmt: skip
    gate = django_filters.MultipleChoiceFilter(
        choices=[(str(gate), gate.label) for gate in GATES], label="Gate"
    )

    class Meta:
        model = Lesson
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """By words of the text, the key of the case, its part or an MPN."""
        found: QuerySet[Any] = queryset.search(value)
        return found

    def by_category(self, queryset: Any, name: str, value: Category) -> QuerySet[Any]:
        """Of this category and of those above and below it."""
        found: QuerySet[Any] = queryset.about(value)
        return found


class BuiltInFilterSet(RecordFilterSet):
    """Lots of products by what they hold."""

    q = django_filters.CharFilter(label="Search", method="by_text")
    product = django_filters.CharFilter(
        "product__code", "iexact", label="Product", widget=SuggestInput("products")
    )
    part = django_filters.CharFilter(
        "part__ipn", "iexact", label="Part", widget=SuggestInput("parts")
    )
    source = django_filters.UUIDFilter("source__public_id", label="Source (id)")
    part_lot = django_filters.CharFilter("part_lot", "iexact", label="Lot of the part")
    lot = django_filters.CharFilter("lot", "iexact", label="Lot of the product")
    serial = django_filters.CharFilter(label="Serial", method="by_serial")
    built_from = DayFilter("built_on", "gte", label="Built from")
    built_until = DayFilter("built_on", "lte", label="Built until")

    class Meta:
        model = AsBuilt
        fields: ClassVar[list[str]] = []

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By MPN, lot of the part or the product, or product."""
        text = value.strip()
        found = Q(source__manufacturer_part__mpn__icontains=text) | Q(lot__icontains=text)
        return rows.filter(found | Q(part_lot__icontains=text) | Q(product__code__icontains=text))

    def by_serial(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The lots whose serials include this one: letters, then a number."""
        text = value.strip()
        digits = text[len(text.rstrip("0123456789")) :]
        if not digits or len(digits) > 15:
            return rows.none()
        return rows.filter(
            serial_prefix=text.removesuffix(digits), serial_from__lte=int(digits),
            serial_to__gte=int(digits),
        )  # fmt: skip
