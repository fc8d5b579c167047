"""Filters of imports, for page, API and export."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.forms import HiddenInput
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from parts.models import BomLine, Part
from secondsource.accounts.filters import NamedPersonFilter
from secondsource.core import audit
from secondsource.core.filtersets import RecordFilterSet, actor_behind
from secondsource.core.models import Job, Outbox
from secondsource.core.widgets import SuggestInput
from secondsource.exchange.bulk.kinds import KIND_CHOICES
from secondsource.exchange.models import Import
from suppliers.models import Source


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


def _visible(request: Any) -> QuerySet[Any]:
    actor = actor_behind(request)
    return Import.objects.visible_to(actor.user) if actor else Import.objects.none()


@extend_schema_field(OpenApiTypes.UUID)
def parts_of_import(parts: QuerySet[Any], name: str, imported: Import | None) -> QuerySet[Any]:
    """The parts that an import made or changed, gave a source, or names in its BOM revision."""
    if imported is None:
        return parts
    rows = imported.rows.values("object_id")
    sources = Source.objects.filter(pk__in=rows.filter(model=audit.label(Source)))
    concerned = Q(pk__in=rows.filter(model=audit.label(Part))) | Q(pk__in=sources.values("part"))
    if imported.revision_id:
        lines = BomLine.objects.filter(revision=imported.revision_id)
        concerned |= Q(pk__in=lines.values("part"))
    return parts.filter(concerned)


#: ``import=`` of lists of parts.
OF_IMPORT = django_filters.ModelChoiceFilter(
    queryset=_visible, to_field_name="public_id", method=parts_of_import, label="Import",
    widget=HiddenInput,
)  # fmt: skip
