"""Pages of a manufacturer part: its record, its form, and the form that names its manufacturer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from parts.views import chips as part_chips
from secondsource.core import clock
from secondsource.core.errors import Reason, ValuesRefused
from secondsource.core.views import DetailPage, ObjectPage, VersionedForm
from secondsource.core.views.history import changes_of
from suppliers import services
from suppliers.company_forms import ManufacturerPartForm, NameManufacturerForm, site_in_words
from suppliers.datasheet_evidence import evidence_of
from suppliers.declared import against
from suppliers.models import DatasheetLine, Declaration, ManufacturerPart, Source
from suppliers.spec_sheet import words_of
from suppliers.views import chips
from suppliers.views.supplier_forms import offered_names


def address_of(part: ManufacturerPart) -> str:
    """The page of a manufacturer part."""
    return reverse("manufacturer_part", args=[part.public_id])


class OfManufacturerPart(ObjectPage):
    """A page about one manufacturer part."""

    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "made"

    def get_queryset(self) -> QuerySet[Any]:
        rows = ManufacturerPart.objects.select_related("manufacturer")
        return rows.prefetch_related("part_sites__site")


class ManufacturerPartPage(OfManufacturerPart, DetailPage):
    """Values, parameters with their evidence, sites, the parts that it is for, and history."""

    permission_required = "suppliers.view_manufacturerpart"
    template_name = "suppliers/manufacturer_part.html"
    page_title = "{self.object.mpn}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the sources that the reader may see, and the history."""
        seen = Source.objects.visible_to(self.actor.user).filter(manufacturer_part=self.object)
        sources = list(seen.select_related("part").order_by("part__ipn"))
        history = changes_of(self.object, self.actor, "manufacturer part")
        return super().get_context_data(
            lifecycle=part_chips.lifecycle(self.object.lifecycle),
            sites=[site_in_words(made.site) for made in self.object.part_sites.all()],
            sources=[(source, chips.status(source.status)) for source in sources],
            shown=sources,
            declarations=self._declarations(),
            parameters=[(one, words_of(one), line) for one, line in evidence_of(self.object)],
            waiting=DatasheetLine.objects.filter(
                datasheet__manufacturer_part=self.object, state=DatasheetLine.State.OFFERED
            ).count(),
            entries=history,
            **context,
        )

    def _declarations(self) -> list[tuple[str, Declaration | None, Reason | None]]:
        """Each scheme with its declaration and why that is open today."""
        known = {one.scheme: one for one in self.object.declarations.all()}
        today = clock.business_day()
        rows = ((scheme, known.get(scheme)) for scheme in Declaration.Scheme)
        return [
            (capfirst(scheme.label), row, against(row, today) if row else None)
            for scheme, row in rows
        ]


class ManufacturerPartForms(VersionedForm, OfManufacturerPart):
    """A form about one manufacturer part."""

    permission_required = "suppliers.write_manufacturerpart"
    template_name = "suppliers/manufacturer_part_form.html"

    def get_cancel_url(self) -> str:
        """Back to the manufacturer part."""
        return address_of(self.object)


class ManufacturerPartEdit(ManufacturerPartForms):
    """Description, lifecycle, datasheet, die and sites."""

    form_class = ManufacturerPartForm
    success_message = "Saved."
    page_title = "Edit {self.object.mpn}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"part": self.object}

    @transaction.atomic
    def save(self, form: Any) -> str:
        """Changed fields alone; sites belong to the same version."""
        values = dict(form.cleaned_data)
        sites = values.pop("sites")
        row = services.change_manufacturer_part(
            manufacturer_part=self.object, values=values, actor=self.actor, expected=self.expected
        )
        services.set_sites(manufacturer_part=row, sites=sites, actor=self.actor)
        return self.get_cancel_url()


class ManufacturerName(ManufacturerPartForms):
    """Name the manufacturer of a part that came without one."""

    template_name = "suppliers/manufacturer_name_form.html"
    form_class = NameManufacturerForm
    submit_label = "Name manufacturer"
    page_title = "Name the manufacturer of {self.object.mpn}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds manufacturers' names to choose from."""
        return super().get_context_data(names=offered_names(), **context)

    def save(self, form: Any) -> str:
        """Name it; the service joins the two when the manufacturer has this MPN."""
        name = form.cleaned_data["manufacturer"]
        found = services.find_supplier(name)
        if found is None or found.placeholder:
            raise ValuesRefused.one("/manufacturer", "unknown", self._unknown(name))
        named = services.name_manufacturer(
            manufacturer_part=self.object, manufacturer=found, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        messages.success(self.request, f"{named.mpn} is made by {named.manufacturer.name}.")
        return address_of(named)

    def _unknown(self, name: str) -> str:
        text = f"No manufacturer has the name {name}."
        if not self.actor.may("suppliers.write_supplier"):
            return f"{text} Quality or procurement can add it."
        return format_html(
            '{} <a class="lk" href="{}">Add a supplier</a>', text, reverse("supplier_create")
        )


urlpatterns = [
    path("<uuid:id>/", ManufacturerPartPage.as_view(), name="manufacturer_part"),
    path("<uuid:id>/edit/", ManufacturerPartEdit.as_view(), name="manufacturer_part_edit"),
    path("<uuid:id>/name/", ManufacturerName.as_view(), name="manufacturer_name"),
]
