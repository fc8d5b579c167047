"""Market indices that baselines follow: list, values, and their forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.urls import reverse

from incentives import services
from incentives.models import IndexValue, PriceIndex
from incentives.saving_forms import IndexForm, IndexSeriesForm, IndexValueForm
from secondsource.core import formats
from secondsource.core.tables import Column
from secondsource.core.views import FormPage, ListPage


class IndexList(ListPage):
    """The indices, each with its last value."""

    permission_required = "incentives.view_saving"
    template_name = "incentives/indices.html"
    page_title = "Market indices"
    noun = ("index", "indices")
    export_stem = "indices"
    default_sort = "code"
    columns: ClassVar[Sequence[Column]] = (
        Column("code", "Index", order="code", link=True, css="nw mono", mobile="title"),
        Column("name", "Name", css="ell", mobile="sub"),
        Column("publisher", "Publisher", css="nw"),
        Column("unit", "Unit", css="nw"),
        Column("last", "Last value", align="r", css="nw num", mobile="end",
               source=lambda row: formats.number(row.last), export=lambda row: row.last),
        Column("last_on", "Of", css="nw", source=lambda row: formats.day(row.last_on),
               export=lambda row: row.last_on),
        Column("followed", "Baselines", align="r", css="nw num"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No indices yet",
        "text": "A baseline may follow one, so that a market that moves is not counted as saving.",
    }
    first_action = ("incentives.write_index", "index_create", "Add index")

    def get_queryset(self) -> QuerySet[Any]:
        """With the last value and how many baselines follow."""
        values = IndexValue.objects.filter(index=OuterRef("pk")).order_by("-day")
        return PriceIndex.objects.annotate(
            last=Subquery(values.values("value")[:1]),
            last_on=Subquery(values.values("day")[:1]),
            followed=Count("baselines", filter=Q(baselines__superseded_at=None)),
        )


class IndexDetail(ListPage):
    """The values of an index."""

    permission_required = "incentives.view_saving"
    template_name = "incentives/index.html"
    page_title = "{self.index.code}"
    noun = ("value", "values")
    export_stem = "index-values"
    default_sort = "-day"
    columns: ClassVar[Sequence[Column]] = (
        Column("day", "Day", order="day", css="nw", mobile="title",
               source=lambda row: formats.day(row.day), export=lambda row: row.day),
        Column("value", "Value", align="r", css="nw num", mobile="end",
               source=lambda row: formats.number(row.value), export=lambda row: row.value),
        Column("evidence", "Evidence", css="ell", mobile="sub"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No values yet",
        "text": "A month takes the last value of the three months up to its first day.",
    }

    @cached_property
    def index(self) -> PriceIndex:
        """The index of the address."""
        return _index(self.kwargs["code"])

    def get_queryset(self) -> QuerySet[Any]:
        """Its values."""
        return IndexValue.objects.filter(index=self.index)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the index."""
        return super().get_context_data(index=self.index, **context)


class IndexCreate(FormPage):
    """Add an index."""

    permission_required = "incentives.write_index"
    page_title = "Add an index"
    form_class = IndexForm
    submit_label = "Add index"
    cancel_name = "index_list"

    def save(self, form: Any) -> str:
        """Add it."""
        made = services.add_index(actor=self.actor, **form.cleaned_data)
        return str(made.get_absolute_url())


class IndexValueCreate(FormPage):
    """Record a value of an index, or correct one."""

    permission_required = "incentives.write_index"
    page_title = "Value of {self.index.code}"
    form_class = IndexValueForm
    submit_label = "Record value"
    success_message = "Recorded. Savings follow with the next run."

    @cached_property
    def index(self) -> PriceIndex:
        """The index of the address."""
        return _index(self.kwargs["code"])

    def get_cancel_url(self) -> str:
        """Its values."""
        return reverse("index_detail", args=[self.index.code])

    def save(self, form: Any) -> str:
        """Record it."""
        services.record_value(index=self.index, actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()


class IndexSeriesCreate(IndexValueCreate):
    """Record values of many days."""

    page_title = "Values of {self.index.code}"
    form_class = IndexSeriesForm
    submit_label = "Record values"

    def save(self, form: Any) -> str:
        """Record all of them, or none."""
        services.record_values(index=self.index, actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()


def _index(code: str) -> PriceIndex:
    found = PriceIndex.objects.filter(code=code).first()
    if found is None:
        raise Http404("There is no such index.")
    return found
