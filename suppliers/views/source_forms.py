"""Terms of a source and its datasheet."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path

from parts.views.part_forms import PartForms, RowsPage, as_typed
from suppliers import services
from suppliers.forms import ParameterFormSet, SourceTermsForm
from suppliers.models import ManufacturerPart, Source


class SourceForms(PartForms):
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


class ParametersEdit(RowsPage, SourceForms):
    """The parameters of a source, line by line."""

    permission_required = "suppliers.write_manufacturerpart"
    form_class = ParameterFormSet
    success_message = "Parameters saved."
    lead = (
        "As the manufacturer guarantees them. Names that match a requirement are judged against it."
    )
    page_title = "Parameters of {self.source.manufacturer_part.mpn}"

    @property
    def record(self) -> ManufacturerPart:  # type: ignore[override]
        """The manufacturer part, to which the lines belong."""
        made: ManufacturerPart = self.source.manufacturer_part
        return made

    def initial_rows(self) -> list[dict[str, Any]]:
        """The rows by name."""
        names = list(self.form_class.form.base_fields)
        return as_typed(self.source.manufacturer_part.parameters.values(*names))

    def save(self, form: Any) -> str:
        services.set_parameters(
            manufacturer_part=self.record,
            parameters=self.kept(form),
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


class SourceEdit(SourceForms):
    """Share, capacity and conditions of a source."""

    permission_required = "suppliers.write_source"
    form_class = SourceTermsForm
    success_message = "Saved."
    page_title = "Terms of {self.source.manufacturer_part.mpn} for {self.object.ipn}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"source": self.source}

    def save(self, form: Any) -> str:
        """Change plain fields; status and caps belong to qualification."""
        services.change_source(
            source=self.source,
            values=form.cleaned_data,
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


urlpatterns = [
    path("<uuid:source>/", SourceEdit.as_view(), name="source_edit"),
    path("<uuid:source>/parameters/", ParametersEdit.as_view(), name="parameters_edit"),
]
