"""Adding an order line: first the source, then the form; a receipt is recorded the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.urls import path, reverse
from django.utils.http import urlencode

from parts.models import Part
from parts.views.currency import InCompanyCurrency
from secondsource.core import formats
from secondsource.core.views import FormPage, ObjectPage, Page
from suppliers import services
from suppliers.forms import OrderLineForm
from suppliers.models import OrderLine, Source
from suppliers.names import normal_mpn

#: Sources that a search shows.
MOST_FOUND = 30
#: An approved source of these may be ordered, and so can arrive.
_ORDERABLE = (Source.Status.APPROVED, Source.Status.INTERIM, Source.Status.REQUALIFY)


class SourceChoice(Page):
    """The first step: which source the new row is about."""

    template_name = "suppliers/source_choice.html"
    target: ClassVar[str]
    noun: ClassVar[str]
    list_name: ClassVar[str]
    list_title: ClassVar[str]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the sources that the text finds, each with the address of its form."""
        text = self.request.GET.get("q", "").strip()[:100]
        return super().get_context_data(
            text=text, noun=self.noun, most=MOST_FOUND, found=self._found(text) if text else [],
            list_url=reverse(self.list_name), list_title=self.list_title, **context,
        )  # fmt: skip

    def _found(self, text: str) -> list[tuple[Source, str]]:
        number = Q(manufacturer_part__mpn_normal__contains=normal_mpn(text))
        ordered = Q(pk__in=OrderLine.objects.filter(po=text).values("source"))
        rows: Any = Source.objects.visible_to(self.actor.user).with_manufacturers()
        rows = rows.filter(Q(part__ipn__contains=text.upper()) | number | ordered)
        rows = rows.order_by("part__ipn", "pk")[:MOST_FOUND]
        return [(row, self.address(row)) for row in rows]

    def address(self, source: Source, **query: str) -> str:
        """The form about this source."""
        url = reverse(self.target, args=[source.part.ipn])
        return f"{url}?{urlencode({'source': source.key, **query})}"


class OrderChoice(SourceChoice):
    """The source of an order line."""

    permission_required = "suppliers.write_orderline"
    page_title = "Add order line"
    target, noun = "order_create", "order line"
    list_name, list_title = "order_list", "Orders"


class OfPartForm(InCompanyCurrency, FormPage, ObjectPage):
    """A form about a source of one part, ``?source=`` chooses it."""

    template_name = "suppliers/purchase_form.html"
    lookup: ClassVar[Mapping[str, str]] = {"ipn": "ipn"}
    context_name = "part"

    def get_queryset(self) -> QuerySet[Any]:
        """Parts of the reader's scope."""
        rows: QuerySet[Any] = Part.objects.visible_to(self.actor.user)
        return rows

    def get_form_kwargs(self) -> dict[str, Any]:
        """The part's sources; ``?source=`` chooses one, else the only one that may be ordered."""
        about = {"actor": self.actor, "part": self.object, "currency": self.currency}
        return super().get_form_kwargs() | about | {"initial": self.get_initial()}

    def get_initial(self) -> dict[str, Any]:
        """What is chosen when the form opens."""
        wanted = self.request.GET.get("source", "")
        sources = list(Source.objects.filter(part=self.object))
        chosen = next((one for one in sources if one.key == wanted), None)
        orderable = [one for one in sources if one.status in _ORDERABLE]
        if chosen is None and len(orderable) == 1:
            chosen = orderable[0]
        return {} if chosen is None else {"source": chosen.pk}

    def get_cancel_url(self) -> str:
        return str(self.object.get_absolute_url())


class OrderCreate(OfPartForm):
    """Add a line of a purchase order."""

    permission_required = "suppliers.write_orderline"
    form_class = OrderLineForm
    submit_label = "Add order line"
    page_title = "Order {self.object.ipn}"

    def save(self, form: Any) -> str:
        """Add it; the service refuses a line that is on record."""
        row = services.add_order_line(actor=self.actor, **form.cleaned_data)
        quantity = f"{formats.number(row.ordered_qty)} {unit_of(row.source.part)}"
        mpn = row.source.manufacturer_part.mpn
        messages.success(self.request, f"Added {row}: {quantity} of {mpn}.")
        return reverse("order_list")


def unit_of(part: Part) -> str:
    return "pieces" if part.unit in ("pcs", "pc", "piece") else part.unit


urlpatterns = [
    path("orders/new/", OrderChoice.as_view(), name="order_choose"),
    path("parts/<str:ipn>/orders/new/", OrderCreate.as_view(), name="order_create"),
]
