"""A new source of a part. An unknown manufacturer is compared with similar names on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html

from parts.models import Part
from parts.views.part_forms import PartForms
from secondsource.core.errors import ValuesRefused
from secondsource.exchange.similar_names import looks_like
from suppliers import services
from suppliers.forms import SourceForm
from suppliers.models import ManufacturerPart, Source, Supplier
from suppliers.names import normal_mpn
from suppliers.views.supplier_forms import offered_names


class SourceCreate(PartForms):
    """Add a manufacturer part, new or on record, as a candidate."""

    permission_required = "suppliers.write_source"
    template_name = "workspace/parts/source_form.html"
    form_class = SourceForm
    submit_label = "Add source"
    page_title = "Add a source of {self.object.ipn}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds manufacturers' names to choose from."""
        return super().get_context_data(manufacturers=offered_names(), **context)

    @transaction.atomic
    def save(self, form: Any) -> str:
        """Find or add the manufacturer part, then the source."""
        values = form.cleaned_data
        manufacturer = services.find_supplier(values["manufacturer"])
        if manufacturer is None or manufacturer.placeholder:
            raise ValuesRefused.one("/manufacturer", "unknown", self._unknown_manufacturer(values))
        found = _manufacturer_part(manufacturer, values["mpn"]) or services.add_manufacturer_part(
            manufacturer=manufacturer,
            mpn=values["mpn"],
            description=values["description"],
            actor=self.actor,
        )
        taken = Source.objects.filter(part=self.object, manufacturer_part=found).first()
        if taken is not None:
            raise ValuesRefused.one("/mpn", "duplicate", self._known(taken, found))
        source = services.add_source(part=self.object, manufacturer_part=found, actor=self.actor)
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
