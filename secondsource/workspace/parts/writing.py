"""Adding and editing parts, their requirements, sources and datasheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html

from parts import services
from parts.forms import PartForm, RequirementFormSet
from parts.models import Part
from secondsource.core.errors import ValuesRefused
from secondsource.core.views import FormPage, VersionedForm
from secondsource.exchange.similar_names import looks_like
from secondsource.workspace.parts.page import OfPart
from secondsource.workspace.suppliers.edit import offered_names
from suppliers import services as sourcing
from suppliers.forms import ParameterFormSet, SourceForm, SourceTermsForm
from suppliers.models import ManufacturerPart, Source, Supplier
from suppliers.naming import normal_mpn


class PartCreate(FormPage):
    """A new part."""

    permission_required = "parts.write_part"
    template_name = "workspace/parts/form.html"
    page_title = "Add part"
    form_class = PartForm
    submit_label = "Add part"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Cost only for those who see prices."""
        return super().get_form_kwargs() | {"actor": self.actor}

    def get_cancel_url(self) -> str:
        """Back to the list."""
        return reverse("part_list")

    def save(self, form: Any) -> str:
        """Through the service, which gives it a number when none was typed."""
        ipn = form.cleaned_data.get("ipn")
        there = Part.objects.visible_to(self.request.user).filter(ipn=ipn).first() if ipn else None
        if there is not None:
            raise ValuesRefused.one("/ipn", "duplicate", self._known(there))
        part = services.add_part(actor=self.actor, **_without_none(form.cleaned_data))
        messages.success(self.request, f"Added {part.ipn}.")
        return part.get_absolute_url()

    def _known(self, there: Part) -> str:
        return format_html(
            '{} is on record: {}. <a class="lk" href="{}">Open it</a> or'
            ' <a class="lk" href="{}">add a source to it</a>.',
            there.ipn,
            there.description or "no description",
            there.get_absolute_url(),
            reverse("source_create", args=[there.ipn]),
        )


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


class PartForms(VersionedForm, OfPart):
    """A form about one part; Cancel leads back to it."""

    template_name = "workspace/parts/form.html"

    def get_cancel_url(self) -> str:
        """Back to the part."""
        return str(self.object.get_absolute_url())


class PartEdit(PartForms):
    """Plain fields of a part."""

    permission_required = "parts.write_part"
    form_class = PartForm
    success_message = "Saved."

    def get_page_title(self) -> str:
        """Names the part."""
        return f"Edit {self.object.ipn}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present values."""
        return super().get_form_kwargs() | {
            "part": self.object,
            "actor": self.actor,
        }

    def save(self, form: Any) -> str:
        """Changed fields alone; a version that somebody passed is refused."""
        services.change_part(
            part=self.object,
            values=form.cleaned_data,
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


class RowsPage(PartForms):
    """A table of rows, one form a row; an empty row is none."""

    template_name = "workspace/parts/rows.html"
    prefix: ClassVar[str] = "rows"
    lead: ClassVar[str] = ""
    beside = "Lines of this table, or something beside it."

    def typed(self, form: Any) -> Mapping[str, Any]:
        """Lines are no fields of the record."""
        return {}

    def initial_rows(self) -> list[dict[str, Any]]:
        """The rows as they are; a page names its own."""
        return []

    def get_form(self) -> Any:
        """The formset, with three empty rows at the end."""
        data = self.request.POST if self.request.method == "POST" else None
        return self.form_class(data, prefix=self.prefix, initial=self.initial_rows())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save, or show the typed lines with one more empty row."""
        if "add" in request.POST:
            return self.respond(self.get_context_data(form=self.with_empty_row()))
        return super().post(request, *args, **kwargs)

    def with_empty_row(self) -> Any:
        """The lines as they were typed, unjudged, and the first empty row in focus."""
        typed = self.form_class(self.request.POST, prefix=self.prefix).forms
        filled = [row for row in typed if row.has_changed()]
        initial = [{name: row[name].value() for name in row.fields} for row in filled]
        form = self.form_class(prefix=self.prefix, initial=initial)
        form.extra = len(typed) - len(filled) + 1
        for row in form.forms[len(filled) : len(filled) + 1]:
            next(iter(row.fields.values())).widget.attrs["autofocus"] = True
        return form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the sentence under the head."""
        return super().get_context_data(lead=self.lead, **context)

    @staticmethod
    def kept(formset: Any) -> list[dict[str, Any]]:
        """The rows that say something and are not deleted."""
        return [
            {name: value for name, value in values.items() if name != "DELETE"}
            for values in formset.cleaned_data
            if values and not values.get("DELETE")
        ]


def _as_typed(rows: Any) -> list[dict[str, Any]]:
    """Whole numbers without the point that a float has."""
    return [
        {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in row.items()
        }
        for row in rows
    ]


class RequirementsEdit(RowsPage):
    """What we need of a part, line by line."""

    permission_required = "parts.write_part"
    form_class = RequirementFormSet
    success_message = "Requirements saved."
    lead = "What we need, whoever makes it. Every source is judged against these lines."

    def get_page_title(self) -> str:
        """Names the part."""
        return f"Requirements of {self.object.ipn}"

    def initial_rows(self) -> list[dict[str, Any]]:
        """In the order in which they are shown."""
        names = list(self.form_class.form.base_fields)
        return _as_typed(self.object.requirements.values(*names))

    def save(self, form: Any) -> str:
        """All lines are replaced in one go."""
        services.set_requirements(
            part=self.object,
            requirements=self.kept(form),
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


class OfSource(PartForms):
    """A form about one source of a part."""

    @property
    def source(self) -> Source:
        """The source of the address. Raises ``Http404``."""
        if not hasattr(self, "_source"):
            rows: QuerySet[Source] = Source.objects.with_manufacturers().filter(part=self.object)
            self._source = _found(rows, self.kwargs["source"])
        return self._source

    @property
    def record(self) -> Source:
        """The source is what is changed."""
        return self.source


def _found(rows: QuerySet[Source], key: Any) -> Source:
    return get_object_or_404(rows, public_id=key)


class ParametersEdit(RowsPage, OfSource):
    """The datasheet of a source, line by line."""

    permission_required = "suppliers.write_manufacturerpart"
    form_class = ParameterFormSet
    success_message = "Parameters saved."
    lead = (
        "As the manufacturer guarantees them. Names that match a requirement are judged against it."
    )

    @property
    def record(self) -> ManufacturerPart:  # type: ignore[override]
        """The manufacturer part, to which the lines belong."""
        made: ManufacturerPart = self.source.manufacturer_part
        return made

    def get_page_title(self) -> str:
        """Names the manufacturer part."""
        return f"Parameters of {self.source.manufacturer_part.mpn}"

    def initial_rows(self) -> list[dict[str, Any]]:
        """By name."""
        names = list(self.form_class.form.base_fields)
        return _as_typed(self.source.manufacturer_part.parameters.values(*names))

    def save(self, form: Any) -> str:
        """All lines are replaced in one go."""
        sourcing.set_parameters(
            manufacturer_part=self.record,
            parameters=self.kept(form),
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


class SourceEdit(OfSource):
    """Share, capacity and conditions of a source."""

    permission_required = "suppliers.write_source"
    form_class = SourceTermsForm
    success_message = "Saved."

    def get_page_title(self) -> str:
        """Names both parts."""
        return f"Terms of {self.source.manufacturer_part.mpn} for {self.object.ipn}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present values."""
        return super().get_form_kwargs() | {"source": self.source}

    def save(self, form: Any) -> str:
        """Plain fields alone; status and caps are qualification's."""
        sourcing.change_source(
            source=self.source,
            values=form.cleaned_data,
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


class SourceCreate(PartForms):
    """Add a manufacturer part as a candidate; manufacturer and MPN may be on record already."""

    permission_required = "suppliers.write_source"
    template_name = "workspace/parts/source_form.html"
    form_class = SourceForm
    submit_label = "Add source"

    def get_page_title(self) -> str:
        """Names the part."""
        return f"Add a source of {self.object.ipn}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds manufacturers' names to choose from."""
        return super().get_context_data(manufacturers=offered_names(), **context)

    @transaction.atomic
    def save(self, form: Any) -> str:
        """Find or add the manufacturer part, then the source."""
        values = form.cleaned_data
        manufacturer = sourcing.find_supplier(values["manufacturer"])
        if manufacturer is None or manufacturer.placeholder:
            raise ValuesRefused.one("/manufacturer", "unknown", self._unknown_manufacturer(values))
        found = _manufacturer_part(manufacturer, values["mpn"]) or sourcing.add_manufacturer_part(
            manufacturer=manufacturer,
            mpn=values["mpn"],
            description=values["description"],
            actor=self.actor,
        )
        taken = Source.objects.filter(part=self.object, manufacturer_part=found).first()
        if taken is not None:
            raise ValuesRefused.one("/mpn", "duplicate", self._known(taken, found))
        source = sourcing.add_source(part=self.object, manufacturer_part=found, actor=self.actor)
        self._tell(source, found)
        return self.get_cancel_url()

    def _unknown_manufacturer(self, values: Mapping[str, Any]) -> str:
        text = "No supplier goes by this name."
        name = values["manufacturer"]
        if (alike := looks_like([name]).get(name)) is not None:
            return f"{text} It looks like {alike.name}: type {alike.name} to use it."
        if not self.request.user.has_perm("suppliers.write_supplier"):
            return f"{text} Quality or procurement can add one."
        url = f"{reverse('supplier_create')}"
        return format_html('{} <a class="lk" href="{}">Add a supplier</a>', text, url)

    def _known(self, taken: Source, found: ManufacturerPart) -> str:
        url = f"{self.object.get_absolute_url()}#source-{taken.public_id}"
        return format_html(
            '{} is a source of this part already. <a class="lk" href="{}">Show it</a>',
            found.mpn,
            url,
        )

    def _tell(self, source: Source, found: ManufacturerPart) -> None:
        others = Source.objects.filter(manufacturer_part=found).exclude(pk=source.pk)
        seen = Part.objects.visible_to(self.request.user).filter(sources__in=others)
        ipns = list(seen.order_by("ipn").values_list("ipn", flat=True)[:3])
        also = f" It is a source of {', '.join(ipns)} too." if ipns else ""
        messages.success(self.request, f"Added {found.mpn} as a candidate.{also}")


def _manufacturer_part(manufacturer: Supplier, mpn: str) -> ManufacturerPart | None:
    return ManufacturerPart.objects.filter(
        manufacturer=manufacturer, mpn_normal=normal_mpn(mpn)
    ).first()
