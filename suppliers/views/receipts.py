"""Pages of receipts: list, and correction by a counter-entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parts.views.cells import part_link
from secondsource.core import formats
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import FormPage, ListPage, ObjectPage
from suppliers import services
from suppliers.filters import ReceiptListFilter
from suppliers.forms import CorrectionForm
from suppliers.models import Receipt
from suppliers.serializers import receipt_id, receipt_pk
from suppliers.views import cells

_WRITE = "suppliers.write_receipt"


def in_words(row: Receipt) -> str:
    """``240 pcs of TPS62130RGTR on 5 Jan``."""
    source = row.source
    quantity = f"{formats.number(row.received_qty)} {source.part.unit}"
    return f"{quantity} of {source.manufacturer_part.mpn} on {formats.day(row.received_date)}"


def _kind(row: Any) -> str:
    if row.corrects_id:
        return f"Counter-entry: {row.note}"
    if row.is_corrected:
        return "Corrected"
    return "Return" if row.received_qty < 0 else row.get_purpose_display().capitalize()


def _kind_cell(row: Any, value: str, view: Any) -> SafeString:
    if row.corrects_id:
        label = chip("Counter-entry", "out", icon="undo-2")
        return format_html('{} <span class="t2" title="{}">{}</span>', label, row.note, row.note)
    tone = "warn" if row.is_corrected or row.received_qty < 0 else ""
    return chip(value, tone) if tone else format_html("{}", value)


def _correction(row: Any, value: Any, view: Any) -> SafeString:
    """The link to correct a receipt, for readers with the right."""
    if row.corrects_id or row.is_corrected or not view.request.user.has_perm(_WRITE):
        return SafeString("")
    return cells.action(
        reverse("receipt_correct", args=[receipt_id(row.pk)]), "Correct", in_words(row)
    )


class ReceiptList(ListPage):
    """The list of receipts, the newest first."""

    permission_required = "suppliers.view_receipt"
    template_name = "suppliers/receipt_list.html"
    page_title = "Receipts"
    noun = ("receipt", "receipts")
    filterset_class = ReceiptListFilter
    search_field = "search"
    search_label = "Part or MPN"
    export_stem = "receipts"
    default_sort = "-received_date"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "Production": "purpose=production", "Pilot": "purpose=pilot",
        "Returns": "kind=return", "Corrected": "kind=corrected",
    }  # fmt: skip
    columns: ClassVar[Sequence[Column]] = (
        Column("received_date", "Received", order="received_date", draw=cells.day, css="nw",
               mobile="sub"),
        Column("part", "Part", source="source__part__ipn", draw=part_link, css="nw",
               mobile="title"),
        Column("manufacturer_part", "Source", source="source__manufacturer_part",
               draw=cells.manufacturer_part, css="ell", mobile="sub",
               export=lambda row: row.source.manufacturer_part.mpn),
        Column("received_qty", "Quantity", draw=cells.quantity, align="r", css="nw", mobile="end"),
        Column("unit", "Unit", source="source__part__unit", css="nw"),
        Column("rejected_qty", "Rejected", draw=cells.quantity, align="r", css="nw"),
        Column("lot", "Lot", css="nw mono"),
        Column("po", "Order", css="nw mono"),
        Column("supplier", "Supplier", source="supplier__name", css="nw"),
        Column("unit_price", "Unit price", draw=cells.price, align="r", css="nw"),
        Column("currency", "Currency", css="nw"),
        Column("kind", "Kind", source=_kind, draw=_kind_cell, mobile="sub"),
        Column("act", "Correct", draw=_correction, source="pk", label_hidden=True, css="nw",
               mobile="sub", export=False),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No receipts yet",
        "text": "Spend, delivery and conversions follow from receipts.",
    }
    first_action = (_WRITE, "receipt_choose", "Record receipt")

    def get_queryset(self) -> QuerySet[Any]:
        """Receipts of parts in the reader's scope."""
        rows: Any = Receipt.objects.visible_to(self.actor.user).listed().with_correction()
        found: QuerySet[Any] = rows.select_related(
            "source__part", "source__manufacturer_part__manufacturer", "supplier"
        )
        return found


class ReceiptCorrect(FormPage, ObjectPage):
    """Correct a wrong receipt by a counter-entry with a reason."""

    permission_required = _WRITE
    template_name = "suppliers/receipt_correct.html"
    form_class = CorrectionForm
    submit_label = "Record counter-entry"
    danger = True
    context_name = "receipt"

    def get_queryset(self) -> QuerySet[Any]:
        """Receipts of parts in the reader's scope."""
        rows: QuerySet[Any] = Receipt.objects.visible_to(self.actor.user).listed()
        return rows.select_related("source__part", "source__manufacturer_part__manufacturer")

    def permission_object(self) -> Any:
        """The right is checked without an object."""
        return None

    def get_object(self) -> Any:
        """The receipt with this opaque id. Raises ``Http404``."""
        try:
            self.kwargs["pk"] = receipt_pk(self.kwargs["id"])
        except ValueError:
            raise Http404("There is no such receipt.") from None
        return super().get_object()

    def get_page_title(self) -> str:
        """The title with the receipt."""
        return f"Correct the receipt of {in_words(self.object)}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the reasons against it."""
        return super().get_context_data(
            reasons=services.reasons_against_correcting(self.object),
            quantity=f"{formats.number(self.object.received_qty)} {self.object.source.part.unit}",
            **context,
        )

    def get_cancel_url(self) -> str:
        return f"{reverse('receipt_list')}?part={self.object.source.part.ipn}"

    def save(self, form: Any) -> str:
        services.correct_receipt(
            receipt=self.object, reason=form.cleaned_data["reason"], actor=self.actor
        )
        said = f"Corrected: {in_words(self.object)} no longer counts. Record the right one."
        messages.success(self.request, said)
        return self.get_cancel_url()


urlpatterns = [
    path("", ReceiptList.as_view(), name="receipt_list"),
    path("<str:id>/correct/", ReceiptCorrect.as_view(), name="receipt_correct"),
]
