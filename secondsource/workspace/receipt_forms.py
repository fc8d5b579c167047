"""Recording a receipt, which can be what a closed case waits for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.urls import path

from qualification.figures import conversions
from qualification.models import Case
from secondsource.core import formats
from secondsource.core.errors import ValuesRefused
from suppliers import services
from suppliers.forms import ReceiptForm
from suppliers.models import OrderLine, Receipt
from suppliers.views.purchases import OfPartForm, SourceChoice, unit_of

#: Cases that wait for a receipt, and order lines that are due next.
MOST_WAITING, MOST_EXPECTED = 20, 30


class ReceiptChoice(SourceChoice):
    """The source of a receipt; sources that wait for their first production receipt come first."""

    template_name = "workspace/receipts/source_choice.html"
    permission_required = "suppliers.write_receipt"
    page_title = "Record receipt"
    target, noun = "receipt_create", "receipt"
    list_name, list_title = "receipt_list", "Receipts"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds closed cases that do not count yet, and the order lines that are due next."""
        waiting = Case.objects.visible_to(self.actor.user).awaiting_receipt()
        rows = waiting.with_list_columns().order_by("-number")[:MOST_WAITING]
        lines = OrderLine.objects.visible_to(self.actor.user).with_open().filter(open_qty__gt=0)
        lines = lines.select_related("source__manufacturer_part", "source__part")
        lines = lines.order_by(F("agreed_date").asc(nulls_last=True), "pk")[:MOST_EXPECTED]
        return super().get_context_data(
            waiting=[(c, self.address(c.source, purpose="production")) for c in rows],
            expected=[(line, self.address(line.source, order_line=line.key)) for line in lines],
            **context,
        )


class ReceiptCreate(OfPartForm):
    """Record a receipt."""

    template_name = "workspace/receipts/form.html"
    permission_required = "suppliers.write_receipt"
    form_class = ReceiptForm
    submit_label = "Record receipt"
    page_title = "Record a receipt of {self.object.ipn}"

    def get_initial(self) -> dict[str, Any]:
        """Also the purpose and the order line of the address."""
        found = super().get_initial()
        purpose = self.request.GET.get("purpose", "")
        if purpose in Receipt.Purpose.values:
            found["purpose"] = purpose
        wanted = self.request.GET.get("order_line", "")
        for line in OrderLine.objects.filter(source__part=self.object).select_related("supplier"):
            if line.key == wanted:
                found |= {
                    "order_line": line.pk, "source": line.source_id,
                    "supplier": line.supplier_id, "po": line.po,
                    "unit_price": line.unit_price, "currency": line.currency or self.currency,
                }  # fmt: skip
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the cases of the part that wait for a receipt."""
        return super().get_context_data(waiting=list(self._waiting()), **context)

    def _waiting(self) -> Any:
        cases = Case.objects.visible_to(self.actor.user).filter(part=self.object)
        return cases.awaiting_receipt().with_list_columns().order_by("number")

    def save(self, form: Any) -> str:
        """Add it, and show the case that counts with it."""
        waited = {case.pk for case in self._waiting()}
        values = dict(form.cleaned_data)
        confirmed = values.pop("confirm", False)
        try:
            receipt = services.record_receipt(actor=self.actor, confirmed=confirmed, **values)
        except ValuesRefused as refusal:
            raise refusal.under({"/0": ""}) from None
        messages.success(self.request, f"Recorded {_quantity(receipt)}.")
        now = conversions(Case.objects.filter(pk__in=waited)).order_by("number").first()
        if now is None:
            return self.get_cancel_url()
        messages.success(self.request, f"{now.key} counts as a conversion now.")
        return f"{now.get_absolute_url()}#orders"


def _quantity(receipt: Receipt) -> str:
    number = f"{formats.number(receipt.received_qty)} {unit_of(receipt.source.part)}"
    return f"{number} of {receipt.source.manufacturer_part.mpn}"


urlpatterns = [
    path("receipts/new/", ReceiptChoice.as_view(), name="receipt_choose"),
    path("parts/<str:ipn>/receipts/new/", ReceiptCreate.as_view(), name="receipt_create"),
]
