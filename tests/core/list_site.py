"""Pages that exist for tests only: a list, a detail, a form and a move over models of the core."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import include, path

from secondsource.accounts.models import Plant
from secondsource.core.errors import FieldProblem, Reason, RuleRefused, Stale, ValuesRefused
from secondsource.core.form_fields import PointDecimalField
from secondsource.core.models import Event
from secondsource.core.tables import Column
from secondsource.core.views import PUBLIC, DetailPage, FormPage, ListPage, ObjectPage, Page
from secondsource.workspace.styleguide import StyleguidePage


class EventFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="subject_key", lookup_expr="icontains", label="Key")
    origin = django_filters.ChoiceFilter(choices=[("web", "Web"), ("api", "API")], label="Origin")

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []


class EventList(ListPage):
    """Events: a key that always exists, a subject that can be missing, a protected note."""

    permission_required = "accounts.view_person"
    page_title = "Events"
    noun = ("event", "events")
    filterset_class = EventFilter
    search_field = "q"
    search_label = "Key"
    export_stem = "events"
    default_sort = "key"
    page_size = 10
    bulk_template = "components/conflict.html"
    views: ClassVar[dict[str, str]] = {"All events": "", "From the web": "origin=web"}
    first_use: ClassVar[dict[str, str]] = {
        "title": "No events yet",
        "text": "They appear by themselves.",
    }
    columns: ClassVar[list[Column]] = [
        Column("key", "Key", order="subject_key", source="subject_key", mobile="title"),
        Column("actor", "Actor", order="subject_id", source="subject_id", align="r"),
        Column("origin", "Origin", order=("origin", "-subject_key")),
        Column("note", "Price", order="note", hidden_field="prices"),
    ]  # fmt: skip

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.filter(subject_type="test")

    def view_counts(self) -> dict[str, int]:
        return {"From the web": 7}


class PlantDetail(DetailPage):
    permission_required = "tests.view_plant"
    template_name = "base.html"
    lookup: ClassVar[dict[str, str]] = {"code": "code"}
    fragments: ClassVar[dict[str, str]] = {"part": "components/toasts.html"}

    def get_queryset(self) -> QuerySet[Plant]:
        return Plant.objects.exclude(country="XX")


class PriceForm(forms.Form):
    price = PointDecimalField(label="Unit price")


class PriceEdit(FormPage, ObjectPage):
    """Saves, or refuses in the way that the price names."""

    permission_required = "accounts.view_person"
    page_title = "Edit the price"
    form_class = PriceForm
    success_message = "Price kept"
    lookup: ClassVar[dict[str, str]] = {"code": "code"}

    def get_queryset(self) -> QuerySet[Plant]:
        return Plant.objects.all()

    def save(self, form: Any) -> str:
        price = form.cleaned_data["price"]
        if price == 1:
            raise RuleRefused([Reason("closed", "The round is closed.", "Open a new one.")])
        if price == 2:
            raise ValuesRefused([FieldProblem("/price", "high", "Above the baseline.")])
        if price == 3:
            raise Stale(expected=1, current=2)
        self.object.name = str(price)
        self.object.save()
        return "/events/"


class OpenPage(Page):
    permission_required = PUBLIC
    template_name = "workspace/keys.html"


urlpatterns = [
    path("events/", EventList.as_view(), name="part_list"),
    path("plants/<str:code>/", PlantDetail.as_view()),
    path("plants/<str:code>/price/", PriceEdit.as_view()),
    path("", include("secondsource.workspace.urls_shell")),
    path("styleguide/", StyleguidePage.as_view(), name="styleguide"),
    path("calculators/", include("secondsource.workspace.calculators.pages")),
    path("accounts/", include("allauth.account.urls")),
]

handler403 = "secondsource.workspace.errors.forbidden"
handler404 = "secondsource.workspace.errors.not_found"
