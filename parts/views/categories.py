"""The category tree: the list, a new category, one edited and moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parts import services
from parts.filters import CategoryFilter
from parts.forms import CategoryForm
from parts.models import Category, Part
from secondsource.core import formats
from secondsource.core.row_counts import capped_counts
from secondsource.core.tables import Column, Table
from secondsource.core.views import FormPage, ListPage, ObjectPage, VersionedForm
from secondsource.core.views.history import changes_of

_WRITE = "parts.write_part"
#: Parts of a category are counted up to here.
MOST_COUNTED = 1_000


def _name(row: Category, value: Any, view: Any) -> SafeString:
    """The name, leading to its form for those who may use it."""
    if not view.actor.may(_WRITE):
        return format_html("{}", value)
    return format_html(
        '<a class="lk" href="{}">{}</a>', reverse("category_edit", args=[row.public_id]), value
    )


def _parts(row: Category, value: Any, view: Any) -> SafeString:
    """How many parts it holds itself, leading to them."""
    url = f"{reverse('part_list')}?category={row.path}"
    shown = formats.number(value) if value <= MOST_COUNTED else f"{MOST_COUNTED:,}+"
    return format_html('<a class="lk num" href="{}">{}</a>', url, shown)


class CategoryList(ListPage):
    """All categories in the order of the tree."""

    permission_required = "parts.view_category"
    template_name = "parts/categories/category_list.html"
    page_title = "Categories"
    noun = ("category", "categories")
    filterset_class = CategoryFilter
    search_field = "search"
    search_label = "Path or name"
    export_stem = "categories"
    default_sort = "path"
    columns: ClassVar[Sequence[Column]] = (
        Column("name", "Name", draw=_name, css="ell", mobile="title"),
        Column("path", "Path", order="path", css="ell mono", mobile="sub"),
        Column("risk_class", "Risk class", source=lambda row: row.get_risk_class_display(),
               css="nw", mobile="end"),
        Column("ipn_prefix", "Prefix", css="nw mono"),
        Column("parts_seen", "Parts", draw=_parts, align="r", title="Of those that you see"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No categories yet",
        "text": "The first import makes one for parts that nobody sorted.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """Everybody sees all categories; parts are counted by scope, in a file all of them."""
        if "export" not in self.request.GET:
            return Category.objects.all()
        seen = Part.objects.visible_to(self.actor.user).filter(category=OuterRef("pk"))
        counted = seen.order_by().values("category").annotate(n=Count("pk")).values("n")
        number = Coalesce(Subquery(counted), 0, output_field=IntegerField())
        return Category.objects.annotate(parts_seen=number)

    def get_table(self, queryset: QuerySet[Any]) -> Table:
        """Counts for the rows of this page alone, in one statement."""
        table = super().get_table(queryset)
        seen = Part.objects.visible_to(self.actor.user)
        rows = table.page.rows
        counts = capped_counts(
            {str(row.pk): seen.filter(category=row) for row in rows}, cap=MOST_COUNTED
        )
        for row in rows:
            row.parts_seen = counts[str(row.pk)]
        return table


class CategoryCreate(FormPage):
    """A new category."""

    permission_required = _WRITE
    template_name = "parts/categories/category_form.html"
    page_title = "Add category"
    form_class = CategoryForm
    submit_label = "Add category"
    cancel_name = "category_list"

    def save(self, form: Any) -> str:
        values = dict(form.cleaned_data)
        under, short = values.pop("under"), values.pop("short")
        where = f"{under.path}/{short}" if under else short
        category = services.add_category(path=where, actor=self.actor, **values)
        messages.success(self.request, f"Added {category.name}.")
        return self.get_cancel_url()


class CategoryEdit(VersionedForm, ObjectPage):
    """A category changed or moved with all below it."""

    permission_required = _WRITE
    template_name = "parts/categories/category_form.html"
    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "category"
    form_class = CategoryForm
    success_message = "Saved."
    page_title = "Edit {self.object.name}"
    cancel_name = "category_list"

    def get_queryset(self) -> QuerySet[Any]:
        return Category.objects.all()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"category": self.object}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds its history."""
        entries = changes_of(self.object, self.actor, "category")
        return super().get_context_data(entries=entries, **context)

    @transaction.atomic
    def save(self, form: Any) -> str:
        """Change fields and parent at one version."""
        values = dict(form.cleaned_data)
        under = values.pop("under")
        row = services.change_category(
            category=self.object, values=values, actor=self.actor, expected=self.expected
        )
        where = under.path if under else ""
        services.move_category(category=row, under=where, actor=self.actor)
        return self.get_cancel_url()


urlpatterns = [
    path("", CategoryList.as_view(), name="category_list"),
    path("new/", CategoryCreate.as_view(), name="category_create"),
    path("<uuid:id>/", CategoryEdit.as_view(), name="category_edit"),
]
