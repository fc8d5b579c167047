"""Pages of order lines: list, change and cancellation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from parts.views.cells import part_link
from secondsource.core import clock, formats
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import FormPage, ListPage, ObjectPage, VersionedForm
from suppliers import services
from suppliers.filters import OrderLineListFilter
from suppliers.forms import CancelForm, OrderLineChangeForm
from suppliers.models import OrderLine
from suppliers.views import cells

_WRITE = "suppliers.write_orderline"


def _state(row: Any) -> str:
    if row.cancelled_on:
        return "Cancelled"
    if not row.open_qty:
        return "Done"
    late = row.agreed_date is not None and row.agreed_date < clock.business_day()
    return "Late" if late else "Open"


def _state_cell(row: Any, value: str, view: Any) -> SafeString:
    return chip(value, "bad", icon="clock-alert") if value == "Late" else format_html("{}", value)


def _actions(row: Any, value: Any, view: Any) -> SafeString:
    """The actions on the line that the reader has a right to."""
    user, name = view.request.user, str(row)
    links = []
    if row.open_qty and user.has_perm("suppliers.write_receipt"):
        url = reverse("receipt_create", args=[row.source.part.ipn])
        query = urlencode({"order_line": row.key})
        links.append(cells.action(f"{url}?{query}", "Receive", name))
    if not row.cancelled_on and user.has_perm(_WRITE):
        links.append(cells.action(reverse("order_edit", args=[row.public_id]), "Change", name))
        if row.open_qty:
            url = reverse("order_cancel", args=[row.public_id])
            links.append(cells.action(url, "Cancel", name))
    return SafeString(" ".join(links))


class OrderList(ListPage):
    """The list of order lines, in the order of their agreed dates."""

    permission_required = "suppliers.view_orderline"
    template_name = "suppliers/order_list.html"
    page_title = "Orders"
    noun = ("order line", "order lines")
    filterset_class = OrderLineListFilter
    search_field = "search"
    search_label = "Order, part or MPN"
    export_stem = "order-lines"
    default_sort = "agreed_date"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "Open": "state=open", "Late": "state=late", "Done": "state=done",
        "Cancelled": "state=cancelled",
    }  # fmt: skip
    columns: ClassVar[Sequence[Column]] = (
        Column("po", "Order", order="po", css="nw mono", mobile="title"),
        Column("line", "Line", css="nw mono", mobile="sub"),
        Column("part", "Part", source="source__part__ipn", draw=part_link, css="nw",
               mobile="sub"),
        Column("manufacturer_part", "Source", source="source__manufacturer_part",
               draw=cells.manufacturer_part, css="ell", mobile="sub",
               export=lambda row: row.source.manufacturer_part.mpn),
        Column("supplier", "Supplier", source="supplier__name", css="nw"),
        Column("ordered_qty", "Ordered", draw=cells.quantity, align="r", css="nw"),
        Column("open_qty", "Open", draw=cells.quantity, align="r", css="nw", mobile="end"),
        Column("unit", "Unit", source="source__part__unit", css="nw"),
        Column("agreed_date", "Agreed", order="agreed_date", draw=cells.day, css="nw",
               mobile="sub"),
        Column("state", "State", source=_state, draw=_state_cell, css="nw", mobile="sub"),
        Column("unit_price", "Unit price", draw=cells.price, align="r", css="nw"),
        Column("act", "Actions", draw=_actions, source="pk", label_hidden=True, css="nw",
               mobile="sub", export=False),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No order lines yet",
        "text": "Open orders count against pilot and interim quantities.",
    }
    first_action = (_WRITE, "order_choose", "Add order line")

    def get_queryset(self) -> QuerySet[Any]:
        """Lines of parts in the reader's scope, with their open quantity."""
        rows: Any = OrderLine.objects.visible_to(self.actor.user).with_open()
        found: QuerySet[Any] = rows.select_related(
            "source__part", "source__manufacturer_part__manufacturer", "supplier"
        )
        return found


class OfOrderLine(ObjectPage):
    """A page about one order line of the reader's scope."""

    permission_required = _WRITE
    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "order_line"
    template_name = "suppliers/order_form.html"
    cancel_name = "order_list"

    def permission_object(self) -> Any:
        """The part, on which the right is checked."""
        return self.object.source.part

    def get_queryset(self) -> QuerySet[Any]:
        """Lines of parts in the reader's scope, with their open quantity."""
        rows: Any = OrderLine.objects.visible_to(self.actor.user).with_open()
        found: QuerySet[Any] = rows.select_related(
            "source__part", "source__manufacturer_part", "supplier"
        )
        return found


class OrderEdit(OfOrderLine, VersionedForm):
    """Change an order line."""

    form_class = OrderLineChangeForm
    success_message = "Saved."
    page_title = "Change {self.object}"

    def get_form_kwargs(self) -> dict[str, Any]:
        about = {"actor": self.actor, "order_line": self.object}
        return super().get_form_kwargs() | about

    def save(self, form: Any) -> str:
        """Changed fields alone; a stale version is refused."""
        services.change_order_line(
            order_line=self.object, values=form.cleaned_data, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return self.get_cancel_url()


class OrderCancel(OfOrderLine, FormPage):
    """Close the open quantity of a line."""

    form_class = CancelForm
    submit_label = "Cancel order line"
    danger = True
    page_title = "Cancel {self.object}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the quantity that is no longer expected."""
        left = f"{formats.number(self.object.open_qty)} {self.object.source.part.unit}"
        return super().get_context_data(cancels=left, **context)

    def save(self, form: Any) -> str:
        services.cancel_order_line(
            order_line=self.object, reason=form.cleaned_data["reason"], actor=self.actor
        )
        messages.success(self.request, f"Cancelled {self.object}.")
        return self.get_cancel_url()


urlpatterns = [
    path("", OrderList.as_view(), name="order_list"),
    path("<uuid:id>/edit/", OrderEdit.as_view(), name="order_edit"),
    path("<uuid:id>/cancel/", OrderCancel.as_view(), name="order_cancel"),
]
