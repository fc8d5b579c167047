"""Filters of imports, for page, API and export."""

from __future__ import annotations

from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from secondsource.accounts.filters import NamedPersonFilter
from secondsource.core.filtersets import RecordFilterSet
from secondsource.core.models import Job, Outbox
from secondsource.core.widgets import SuggestInput
from secondsource.exchange.bulk.kinds import KIND_CHOICES
from secondsource.exchange.models import Import


class ImportFilter(RecordFilterSet):
    """Imports by file name, state, product and person."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="File")
    state = django_filters.MultipleChoiceFilter(choices=Import.State.choices, label="State")
    kind = django_filters.ChoiceFilter(choices=KIND_CHOICES, label="Kind")
    product = django_filters.CharFilter(
        field_name="product_code",
        label="Product",
        widget=SuggestInput("products"),
    )
    uploaded_by = NamedPersonFilter(label="By")

    class Meta:
        model = Import
        fields: ClassVar[list[str]] = []


class JobFilter(RecordFilterSet):
    """Jobs by state."""

    state = django_filters.MultipleChoiceFilter(choices=Job.State.choices, label="State")

    class Meta:
        model = Job
        fields: ClassVar[list[str]] = ["state"]


class OutboxFilter(RecordFilterSet):
    """Work that follows changes, by state and subject."""

    state = django_filters.MultipleChoiceFilter(choices=Outbox.State.choices, label="State")
    topic = django_filters.CharFilter(method="by_topic", label="Task")

    def by_topic(self, rows: QuerySet[Outbox], name: str, value: str) -> QuerySet[Outbox]:
        """By the topic, also as the page shows it: ``Company figures``."""
        return rows.filter(topic=value.strip().lower().replace(" ", "_"))

    class Meta:
        model = Outbox
        fields: ClassVar[list[str]] = ["state", "topic"]
