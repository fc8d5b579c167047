"""Endpoints of sources, offers, orders, receipts and ``/check/``."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.accounts.models import User
from secondsource.core import audit
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History, HistoryShape
from secondsource.core.api.history_entries import history_entry
from secondsource.core.api.pagination import WholeList
from secondsource.core.api.problems import QueryRefused, problems_in
from secondsource.core.api.serializers import take
from secondsource.core.api.views import Addable, ById, Changeable, Endpoint, Readable
from secondsource.core.api.visibility import hidden_names
from suppliers import filters, serializers, services
from suppliers.check import check
from suppliers.models import (
    Offer,
    OrderLine,
    Receipt,
    Source,
)


class SourceResource(ById, Readable, Addable, Changeable, History):
    """The approved manufacturer list. New sources are candidates; the status is read-only."""

    permission = {"read": "suppliers.view_source", "write": "suppliers.write_source"}
    shape = serializers.SourceShape
    input_class = serializers.SourceInput
    changes_class = serializers.SourceChanges
    filterset_class = filters.SourceFilter
    orderings = {"part": "part__ipn", "created_at": "created_at", "status": "status"}
    ordering = ("part",)

    def rows(self) -> QuerySet[Source]:
        """Sources of the parts in the caller's scope."""
        seen: QuerySet[Source] = Source.objects.visible_to(self.actor.user)
        return with_approvers(seen)

    def add(self, values: dict[str, Any]) -> Source:
        """Add a candidate."""
        return services.add_source(**values, actor=self.actor)

    def change(self, obj: Source, values: dict[str, Any], expected: int | None) -> Source:
        """Change fields of a source, and the products of a candidate."""
        products = values.pop("scope", None)
        with transaction.atomic():
            row = services.change_source(
                source=obj, values=values, actor=self.actor, expected=expected
            )
            if products is not None:
                row = services.set_scope(source=row, products=products, actor=self.actor)
        return row


def with_approvers(rows: Any) -> QuerySet[Source]:
    """Sources with what the serializer reads: manufacturer, part, scope, approval and its actor."""
    approver = User.objects.filter(pk=OuterRef("approval__actor_id")).values("email")[:1]
    found: QuerySet[Source] = rows.with_manufacturers().prefetch_related("scope")
    return found.annotate(approved_by=Subquery(approver))


class OfferResource(ById, Readable, Addable, Changeable, History):
    """Prices of suppliers."""

    permission = {"read": "suppliers.view_offer", "write": "suppliers.write_offer"}
    shape = serializers.OfferShape
    input_class = serializers.OfferInput
    changes_class = serializers.OfferChanges
    filterset_class = filters.OfferFilter
    orderings = {
        "created_at": "pk",
        "valid_from": "valid_from",
    }
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Offer]:
        """All offers."""
        rows = Offer.objects.select_related("manufacturer_part__manufacturer", "supplier")
        return rows.prefetch_related("price_breaks")

    def get_history(self, obj: Offer, entries: list[Any]) -> list[dict[str, Any]]:
        """Adds the price breaks before and after each version, for readers who see prices."""
        shown = super().get_history(obj, entries)
        if "price_breaks" in hidden_names(self.actor, audit.label(obj)):
            return shown
        versions = {entry.version - back for entry in entries for back in (0, 1)}
        breaks = services.breaks_by_version(obj, versions)
        for entry in shown:
            new, old = (_breaks(breaks[entry["version"] - back]) for back in (0, 1))
            if entry["kind"] == "changed" and new != old:
                entry["changes"].append({"field": "price_breaks", "from": old, "to": new})
        return shown

    def add(self, values: dict[str, Any]) -> Offer:
        """Add an offer."""
        return services.add_offer(**values, actor=self.actor)

    def change(self, obj: Offer, values: dict[str, Any], expected: int | None) -> Offer:
        """Change fields and prices of an offer."""
        breaks = values.pop("price_breaks", None)
        return services.change_offer(
            offer=obj, values=values, price_breaks=breaks, actor=self.actor, expected=expected
        )


def _breaks(breaks: list[Any]) -> list[dict[str, Any]]:
    return [{"quantity": quantity, "price": str(price)} for quantity, price in breaks]


class OrderLineResource(ById, Readable, Addable, Changeable, History):
    """Lines of purchase orders with their open quantities."""

    permission = {"read": "suppliers.view_orderline", "write": "suppliers.write_orderline"}
    shape = serializers.OrderLineShape
    input_class = serializers.OrderLineInput
    changes_class = serializers.OrderLineChanges
    filterset_class = filters.OrderLineFilter
    orderings = {"agreed_date": "agreed_date", "po": "po", "created_at": "pk"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[OrderLine]:
        """Order lines of the parts in the caller's scope."""
        rows: QuerySet[OrderLine] = OrderLine.objects.visible_to(self.actor.user).with_open()
        return rows.select_related(
            "source__part", "source__manufacturer_part__manufacturer", "supplier"
        )

    def add(self, values: dict[str, Any]) -> OrderLine:
        """Add a line of a purchase order."""
        return services.add_order_line(**values, actor=self.actor)

    def change(self, obj: OrderLine, values: dict[str, Any], expected: int | None) -> OrderLine:
        """Change fields of an order line."""
        return services.change_order_line(
            order_line=obj, values=values, actor=self.actor, expected=expected
        )

    @extend_schema(request=serializers.ReasonInput, responses=serializers.OrderLineShape)
    @action(detail=True, methods=["post"], permission="suppliers.write_orderline")
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Cancel the open quantity of the line; its receipts stay on record."""
        obj = self.get_object()
        seen = check_if_match(request, obj)
        row = services.cancel_order_line(
            order_line=obj, **self.take(serializers.ReasonInput), actor=self.actor, expected=seen
        )
        return self.show(self.fresh(row))


class ReceiptResource(Readable, Addable):
    """Receipts: facts that are only added."""

    permission = {"read": "suppliers.view_receipt", "write": "suppliers.write_receipt"}
    shape = serializers.ReceiptShape
    input_class = serializers.ReceiptInput
    filterset_class = filters.ReceiptFilter
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = serializers.RECEIPT_ID
    pointers = {"/0": ""}
    orderings = {"received_date": "received_date", "created_at": "pk"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Receipt]:
        """Receipts of parts in the caller's scope, without batches that were taken back."""
        rows: Any = Receipt.objects.visible_to(self.actor.user).listed().with_correction()
        return rows.select_related(
            "source__part", "source__manufacturer_part__manufacturer", "supplier", "order_line",
            "batch",
        )  # fmt: skip

    def get_object(self) -> Receipt:
        """The receipt with this opaque id."""
        self.kwargs = {"id": serializers.receipt_pk(self.kwargs["id"])}
        found: Receipt = super().get_object()
        return found

    def address_of(self, obj: Receipt) -> str:
        """The opaque id of the receipt."""
        return serializers.receipt_id(obj.pk)

    @extend_schema(responses=HistoryShape(many=True), filters=False)
    @action(detail=True, sparse=False, filterset_class=None, pagination_class=WholeList)
    def history(self, request: Request, **kwargs: Any) -> Response:
        """The record and the correction of a receipt, which itself never changes."""
        receipt = self.get_object()
        rows = Receipt.objects.filter(Q(pk=receipt.pk) | Q(corrects=receipt.pk)).order_by("-pk")
        people = User.objects.in_bulk({row.actor_id for row in rows} - {None})
        return self.whole_list([_recorded(row, receipt, people) for row in rows])

    def add(self, values: dict[str, Any]) -> Receipt:
        """Record a receipt."""
        confirmed = values.pop("confirm", False)
        return services.record_receipt(**values, confirmed=confirmed, actor=self.actor)

    @extend_schema(request=serializers.ReasonInput, responses={201: serializers.ReceiptShape})
    @action(detail=True, methods=["post"], permission="suppliers.write_receipt")
    def correct(self, request: Request, **kwargs: Any) -> Response:
        """Record the counter-entry of a wrong receipt. Neither of the two counts."""
        wrong = self.get_object()
        values = self.take(serializers.ReasonInput)
        entry = self.fresh(services.correct_receipt(receipt=wrong, **values, actor=self.actor))
        here = request.build_absolute_uri(f"../../{self.address_of(entry)}/")
        return self.show(entry, 201, Location=here)


def _recorded(row: Receipt, receipt: Receipt, people: dict[Any, User]) -> dict[str, Any]:
    """A receipt's own entry, or that of its counter-entry."""
    itself = row.pk == receipt.pk
    return history_entry(
        at=row.created_at, by=people.get(row.actor_id), reason=row.note, version=1,
        kind="created" if itself else "changed",
        changes=[] if itself else [{"field": "corrected", "from": False, "to": True}],
    )  # fmt: skip


class CheckEndpoint(Endpoint):
    """The check before an order, for example by an ERP."""

    permission = "suppliers.view_check"
    parameters = (
        "part", "mpn", "manufacturer", "supplier", "product", "plant", "date", "quantity",
    )  # fmt: skip

    @extend_schema(
        operation_id="check",
        parameters=[
            OpenApiParameter("part", str, required=True, description="Our part number."),
            OpenApiParameter("mpn", str, description="Default: the incumbent's."),
            OpenApiParameter("manufacturer", str, description="A code, or a name in any spelling."),
            OpenApiParameter("supplier", str, description="A supplier's code."),
            OpenApiParameter("product", str, description="A product's code."),
            OpenApiParameter("plant", str, description="The code of the plant that orders."),
            OpenApiParameter("date", str, description="The day of the order; default: today."),
            OpenApiParameter("quantity", str, description="Units; default: 1."),
        ],
        responses=serializers.CheckShape,
    )
    def get(self, request: Request) -> Response:
        """Answer ``allow``, ``warn`` or ``block`` with all reasons."""
        verdict = check(**self._question(request))
        shown = serializers.CheckShape(verdict, context=self.shape_context()).data
        return Response(shown)

    def _question(self, request: Request) -> dict[str, Any]:
        given = {name: value for name, value in request.query_params.items() if value}
        try:
            asked: dict[str, Any] = take(
                serializers.CheckQuery, given, partial=False, context={"actor": self.actor}
            )
        except ValidationError as error:
            raise QueryRefused(problems_in(error.detail)) from None
        if "date" in asked:
            asked["day"] = asked.pop("date")
        return asked
