"""Pages for administrators: plants, product lines and teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import path, reverse
from django.urls.resolvers import URLPattern

from secondsource.accounts import services
from secondsource.accounts.filters import PlantFilter, ProductLineFilter, TeamFilter
from secondsource.accounts.forms import PlaceForm, PlantForm, TeamForm
from secondsource.accounts.models import Plant, ProductLine, Team
from secondsource.accounts.models.plants import Coded
from secondsource.accounts.services.people import MANAGE
from secondsource.core.tables import Column
from secondsource.core.views import FormPage, ListPage, ObjectPage, VersionedForm
from secondsource.core.views.history import changes_of

_CODE_AND_NAME = (
    Column("name", "Name", order="name", link=True, css="ell", mobile="title"),
    Column("code", "Code", order="code", css="nw mono", mobile="sub"),
)


class PlaceList(ListPage):
    """Base of the three lists."""

    permission_required = MANAGE
    template_name = "accounts/place_list.html"
    search_field = "search"
    search_label = "Code or name"
    default_sort = "name"
    model: ClassVar[type[Coded]]
    add_name: ClassVar[str]

    def get_queryset(self) -> QuerySet[Any]:
        """All of them."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds where one is added."""
        one = self.noun[0]
        return super().get_context_data(
            add_url=reverse(self.add_name), add_label=f"Add {one}", **context
        )


class PlaceCreate(FormPage):
    """Base of the three forms of a new one."""

    permission_required = MANAGE
    model: ClassVar[type[Coded]]

    def save(self, form: Any) -> str:
        """Add it; the service refuses a code in use."""
        row = services.add_place(model=self.model, values=form.cleaned_data, actor=self.actor)
        messages.success(self.request, f"Added {row.name}.")
        return self.get_cancel_url()


class PlaceEdit(VersionedForm, ObjectPage):
    """Base of the three forms of one that exists."""

    permission_required = MANAGE
    template_name = "accounts/place_form.html"
    lookup: ClassVar[Mapping[str, str]] = {"code": "code"}
    context_name = "place"
    page_title = "Edit {self.object.name}"
    success_message = "Saved."
    model: ClassVar[type[Coded]]

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"place": self.object}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds its history and its list."""
        noun = str(self.model._meta.verbose_name)
        entries = changes_of(self.object, self.actor, noun)
        return super().get_context_data(
            entries=entries, list_url=self.get_cancel_url(),
            list_title=str(self.model._meta.verbose_name_plural).capitalize(), **context,
        )  # fmt: skip

    def save(self, form: Any) -> str:
        services.change_place(
            row=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class PlantList(PlaceList):
    """Our plants."""

    model, filterset_class, add_name = Plant, PlantFilter, "plant_create"
    page_title, noun, export_stem = "Plants", ("plant", "plants"), "plants"
    columns: ClassVar[Sequence[Column]] = (
        *_CODE_AND_NAME, Column("country", "Country", css="nw", mobile="end"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No plants yet",
        "text": "Products are made at plants; people and approvals can be limited to some.",
    }


class ProductLineList(PlaceList):
    """Our product lines."""

    model, filterset_class, add_name = ProductLine, ProductLineFilter, "product_line_create"
    page_title, noun = "Product lines", ("product line", "product lines")
    export_stem = "product-lines"
    columns: ClassVar[Sequence[Column]] = _CODE_AND_NAME
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No product lines yet",
        "text": "A product can belong to a line; people can be limited to some.",
    }


def _members(row: Team) -> str:
    return ", ".join(str(person) for person in row.members.all())


class TeamList(PlaceList):
    """People with the same targets."""

    model, filterset_class, add_name = Team, TeamFilter, "team_create"
    page_title, noun, export_stem = "Teams", ("team", "teams"), "teams"
    columns: ClassVar[Sequence[Column]] = (
        *_CODE_AND_NAME, Column("members", "Members", source=_members, css="ell", mobile="sub"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No teams yet",
        "text": "People of a team share the targets of its KPI.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """With their members."""
        return super().get_queryset().prefetch_related("members")


class PlantCreate(PlaceCreate):
    """A new plant."""

    model, form_class, cancel_name = Plant, PlantForm, "plant_list"
    page_title = submit_label = "Add plant"


class ProductLineCreate(PlaceCreate):
    """A new product line."""

    model, form_class, cancel_name = ProductLine, PlaceForm, "product_line_list"
    page_title = submit_label = "Add product line"


class TeamCreate(PlaceCreate):
    """A new team."""

    model, form_class, cancel_name = Team, TeamForm, "team_list"
    page_title = submit_label = "Add team"


class PlantEdit(PlaceEdit):
    """A plant changed."""

    model, form_class, cancel_name = Plant, PlantForm, "plant_list"


class ProductLineEdit(PlaceEdit):
    """A product line changed."""

    model, form_class, cancel_name = ProductLine, PlaceForm, "product_line_list"


class TeamEdit(PlaceEdit):
    """A team changed."""

    model, form_class, cancel_name = Team, TeamForm, "team_list"


def _of(
    segment: str, name: str, pages: tuple[type[PlaceList], type[PlaceCreate], type[PlaceEdit]]
) -> list[URLPattern]:
    shown, created, edited = pages
    return [
        path(f"{segment}/", shown.as_view(), name=f"{name}_list"),
        path(f"{segment}/new/", created.as_view(), name=f"{name}_create"),
        path(f"{segment}/<str:code>/", edited.as_view(), name=f"{name}_edit"),
    ]


urlpatterns = [
    *_of("plants", "plant", (PlantList, PlantCreate, PlantEdit)),
    *_of("product-lines", "product_line", (ProductLineList, ProductLineCreate, ProductLineEdit)),
    *_of("teams", "team", (TeamList, TeamCreate, TeamEdit)),
]
