"""Adding and editing parts and their requirements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils.html import format_html

from parts import services
from parts.forms import PartForm, RequirementFormSet
from parts.models import Part
from secondsource.core.errors import ValuesRefused
from secondsource.core.views import FormPage, ObjectPage, VersionedForm


class OfPart(ObjectPage):
    """A page about one part of the reader's scope; others answer 404."""

    lookup: ClassVar[Mapping[str, str]] = {"ipn": "ipn"}
    context_name = "part"

    def get_queryset(self) -> QuerySet[Any]:
        """Parts of the reader's scope."""
        return Part.objects.visible_to(self.request.user).with_list_columns()


class PartCreate(FormPage):
    """A new part."""

    permission_required = "parts.write_part"
    template_name = "parts/part_form.html"
    page_title = "Add part"
    form_class = PartForm
    submit_label = "Add part"
    cancel_name = "part_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Cost only for those who see prices."""
        return super().get_form_kwargs() | {"actor": self.actor}

    def save(self, form: Any) -> str:
        """Add it; the service gives it an IPN when none is typed."""
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

    template_name = "parts/part_form.html"


class PartEdit(PartForms):
    """Plain fields of a part."""

    permission_required = "parts.write_part"
    form_class = PartForm
    success_message = "Saved."
    page_title = "Edit {self.object.ipn}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "part": self.object,
            "actor": self.actor,
        }

    def save(self, form: Any) -> str:
        """Changed fields alone; a stale version is refused."""
        services.change_part(
            part=self.object,
            values=form.cleaned_data,
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


class RowsPage(PartForms):
    """A table with a form in each row; empty rows are ignored."""

    template_name = "parts/rows_form.html"
    prefix: ClassVar[str] = "rows"
    lead: ClassVar[str] = ""
    beside = "Lines of this table, or something beside it."

    def typed(self, form: Any) -> Mapping[str, Any]:
        """The form has rows, not fields of the record."""
        return {}

    def initial_rows(self) -> list[dict[str, Any]]:
        """The present rows."""
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
        """The rows as typed, without validation, and focus on the first empty row."""
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
        """The rows that are filled in and not deleted."""
        return [
            {name: value for name, value in values.items() if name != "DELETE"}
            for values in formset.cleaned_data
            if values and not values.get("DELETE")
        ]


def as_typed(rows: Any) -> list[dict[str, Any]]:
    """Whole numbers without the point that a float has."""
    return [
        {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in row.items()
        }
        for row in rows
    ]


class RequirementsEdit(RowsPage):
    """Our requirements of a part, line by line."""

    permission_required = "parts.write_part"
    form_class = RequirementFormSet
    success_message = "Requirements saved."
    lead = "What we need, whoever makes it. Every source is judged against these lines."
    page_title = "Requirements of {self.object.ipn}"

    def initial_rows(self) -> list[dict[str, Any]]:
        """The rows in their display order."""
        names = list(self.form_class.form.base_fields)
        return as_typed(self.object.requirements.values(*names))

    def save(self, form: Any) -> str:
        services.set_requirements(
            part=self.object,
            requirements=self.kept(form),
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


urlpatterns = [
    path("new/", PartCreate.as_view(), name="part_create"),
    path("<str:ipn>/edit/", PartEdit.as_view(), name="part_edit"),
    path("<str:ipn>/requirements/", RequirementsEdit.as_view(), name="requirements_edit"),
]
