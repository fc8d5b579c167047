"""``/manufacturer-parts/{id}/declarations/``."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404

from secondsource.core.api import fields
from secondsource.core.api.history import History
from secondsource.core.api.serializers import Input, RecordShape
from secondsource.core.api.views import Addable, ById, Readable
from suppliers import services
from suppliers.models import Declaration, ManufacturerPart


class DeclarationShape(RecordShape):
    """The present declaration of a scheme."""

    scheme = fields.Word(choices=Declaration.Scheme.choices)
    status = fields.Word(choices=Declaration.Status.choices)
    document = fields.Text()
    exemption = fields.Text()
    exemption_expires = fields.Day(allow_null=True)
    list_date = fields.Day(allow_null=True)


class DeclarationInput(Input):
    """A declaration, in place of the former one of its scheme with the version ``expected``."""

    scheme = fields.Word(choices=Declaration.Scheme.choices)
    status = fields.Word(choices=Declaration.Status.choices)
    document = fields.Text(max_length=200)
    exemption = fields.Text(max_length=60, required=False, allow_blank=True)
    exemption_expires = fields.Day(required=False, allow_null=True)
    list_date = fields.Day(required=False, allow_null=True)
    expected = fields.Whole(required=False, min_value=1)


class DeclarationResource(ById, Readable, Addable, History):
    """What the manufacturer declares about substances and minerals in a part."""

    permission = {
        "read": "suppliers.view_manufacturerpart",
        "write": "suppliers.write_manufacturerpart",
    }
    queryset = Declaration.objects.none()
    shape = DeclarationShape
    input_class = DeclarationInput
    orderings = {"scheme": "scheme"}
    ordering = ("scheme",)

    @property
    def made(self) -> ManufacturerPart:
        """The manufacturer part of the address. Raises ``Http404``."""
        try:
            return ManufacturerPart.objects.get(public_id=self.kwargs["part"])
        except (ManufacturerPart.DoesNotExist, ValidationError):
            raise Http404 from None

    def rows(self) -> QuerySet[Declaration]:
        """The declarations of the part."""
        return self.made.declarations.order_by()

    def add(self, values: dict[str, Any]) -> Declaration:
        """Record a declaration."""
        scheme, expected = values.pop("scheme"), values.pop("expected", None)
        return services.declare(
            manufacturer_part=self.made, scheme=scheme, values=values, actor=self.actor,
            expected=expected,
        )  # fmt: skip
