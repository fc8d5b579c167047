"""``/rfqs/``, ``/quotes/`` and ``/price-agreements/``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.accounts.visibility import sees
from secondsource.core import exports
from secondsource.core.api.history import History
from secondsource.core.api.moves import Moves
from secondsource.core.api.parsers import check_length
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.views import Addable, ById, Changeable, Readable
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.money import PRICE_PLACES, round_half_up
from suppliers import services
from suppliers.models import PriceAgreement, Quote, Rfq, RfqInvitation, Supplier
from suppliers.quote_matrix import Cell, Matrix, quote_matrix
from suppliers.quote_sheet import LIMITS, record_sheet
from suppliers.rfq_filters import AgreementFilter, QuoteFilter, RfqFilter
from suppliers.rfq_workflow import RFQ_FLOW
from suppliers.serializers import agreements, rfqs
from suppliers.views.quotes import sheet_response

_COSTS = ("price", "freight", "duty", "carrying", "quality", "qualification", "tco")
_MOST_UNITS = 2_000_000_000


class RfqResource(ById, Readable, Addable, Changeable, Moves, History):
    """Requests for quotation over parts and volumes to several suppliers."""

    permission = {"read": "suppliers.view_rfq", "write": "suppliers.write_rfq"}
    shape = rfqs.RfqShape
    input_class = rfqs.RfqInput
    changes_class = rfqs.RfqChanges
    filterset_class = RfqFilter
    workflow = RFQ_FLOW
    orderings = {"created_at": "pk", "due": "due", "number": "number"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Rfq]:
        """Requests of which the caller sees every part."""
        seen: QuerySet[Rfq] = Rfq.objects.visible_to(self.actor.user)
        return seen.select_related("buyer").prefetch_related("lines__part", "invitations__supplier")

    def add(self, values: dict[str, Any]) -> Rfq:
        """Add a draft."""
        return services.add_rfq(**values, actor=self.actor)

    def change(self, obj: Rfq, values: dict[str, Any], expected: int | None) -> Rfq:
        """Change fields, replace the lines of a draft, ask more suppliers."""
        lines, asked = values.pop("lines", None), values.pop("suppliers", None)
        with transaction.atomic():
            row = services.change_rfq(rfq=obj, values=values, actor=self.actor, expected=expected)
            if lines is not None:
                row = services.set_lines(rfq=row, lines=lines, actor=self.actor)
            if asked is not None:
                services.invite_suppliers(rfq=row, suppliers=asked, actor=self.actor)
        return row

    @extend_schema(request=rfqs.AskedSupplierInput, responses={201: rfqs.LinkShape})
    @action(detail=True, methods=["post"], permission="suppliers.write_rfq", sparse=False)
    def link(self, request: Request, **kwargs: Any) -> Response:
        """Make the link of a supplier; the one before ends. Its address is shown once."""
        invitation = self._asked()
        made, token = services.issue_link(invitation=invitation, actor=self.actor)
        address = request.build_absolute_uri(reverse("quote_by_link", args=[token]))
        shown = rfqs.LinkShape({"address": address, "expires_at": made.expires_at})
        return Response(shown.data, status=201)

    @extend_schema(request=rfqs.AskedSupplierInput, responses={204: None})
    @action(
        detail=True, methods=["post"], permission="suppliers.write_rfq", sparse=False,
        url_path="revoke-link",
    )  # fmt: skip
    def revoke_link(self, request: Request, **kwargs: Any) -> Response:
        """End the link of a supplier."""
        services.revoke_link(invitation=self._asked(), actor=self.actor)
        return Response(status=204)

    @extend_schema(
        methods=["GET"], filters=False,
        parameters=[OpenApiParameter("supplier", str, required=True, description="Its code.")],
        responses={(200, exports.TYPES["xlsx"]): OpenApiTypes.BINARY},
    )  # fmt: skip
    @extend_schema(
        methods=["POST"], responses={201: rfqs.QuoteShape},
        request={"multipart/form-data": rfqs.QuoteSheetInput},
    )  # fmt: skip
    @action(
        detail=True, methods=["get", "post"], permission="suppliers.write_rfq", sparse=False,
        filterset_class=None, pagination_class=None, parameters=("supplier",),
        parser_classes=[MultiPartParser],
    )  # fmt: skip
    def sheet(self, request: Request, **kwargs: Any) -> HttpResponse | Response:
        """The XLSX sheet of an asked supplier; posted back, it is the supplier's next quote.

        It holds prices, so a token needs the scope for them.
        """
        if not sees(self.actor, "prices"):
            raise PermissionRefused("The sheet holds prices.", "Use a token with the scope prices.")
        if request.method == "GET":
            return sheet_response(self._named())
        check_length(request, LIMITS.bytes)
        rfq = self.get_object()
        values = self.take(rfqs.QuoteSheetInput)
        quote = record_sheet(
            invitation=invitation_of(rfq, values["supplier"]), upload=values["file"],
            channel=Quote.Channel.SHEET, expected=values.get("expected"), actor=self.actor,
        )  # fmt: skip
        shown = self.shape_for_reader(rfqs.QuoteShape).to_representation(quote)
        return Response(shown, status=201)

    def _named(self) -> RfqInvitation:
        """The asked supplier of the query. Raises ``QueryRefused``."""
        code = self.request.query_params.get("supplier", "")
        found = self.get_object().invitations.filter(supplier__code=code[:40]).first()
        if found is None:
            raise QueryRefused.one("supplier", "not_asked", "Give the code of an asked supplier.")
        return found

    def _asked(self) -> RfqInvitation:
        rfq = self.get_object()
        return invitation_of(rfq, self.take(rfqs.AskedSupplierInput)["supplier"])

    @extend_schema(
        parameters=[
            OpenApiParameter("volume", int, description="The number of the volume; default 1."),
            OpenApiParameter("quantity", int, description="Units of every part instead."),
        ],
        responses=OpenApiTypes.OBJECT,
        filters=False,
    )
    @action(
        detail=True, methods=["get"], sparse=False, filterset_class=None, pagination_class=None,
        parameters=("volume", "quantity"),
    )  # fmt: skip
    def matrix(self, request: Request, **kwargs: Any) -> Response:
        """The last quotes side by side, by total cost of a unit."""
        rfq = self.get_object()
        place = self._whole("volume", 9) or 1
        matrix = quote_matrix(rfq, place=place, quantity=self._whole("quantity", _MOST_UNITS))
        prices = sees(self.actor, "prices")
        compares = prices or sees(self.actor, "relative_prices")
        return Response(shown_matrix(matrix, prices=prices, compares=compares))

    def _whole(self, name: str, most: int) -> int | None:
        text = self.request.query_params.get(name, "")
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:12]) <= most):
            raise QueryRefused.one(name, "invalid", f"A whole number from 1 to {most:,}.")
        return int(text)


def invitation_of(rfq: Rfq, supplier: Supplier) -> RfqInvitation:
    """The invitation of a supplier. Raises ``ValuesRefused`` by ``/supplier``."""
    rows = RfqInvitation.objects.select_related("rfq", "supplier")
    found = rows.filter(rfq=rfq, supplier=supplier).first()
    if found is None:
        detail = f"{supplier.name} is not asked in {rfq.reference}."
        raise ValuesRefused.one("/supplier", "not_asked", detail)
    return found


def shown_matrix(matrix: Matrix, *, prices: bool, compares: bool) -> dict[str, Any]:
    """A comparison as the API shows it; without prices only differences, if those are seen."""
    return {
        "day": matrix.day.isoformat(),
        "suppliers": [one.supplier.code for one in matrix.invitations],
        **({"currency": matrix.rfq.currency} if prices else {}),
        "rows": [
            {
                "part": row.line.part.ipn,
                "volume": row.volume,
                "cells": list(_cells(matrix, row.cells, prices=prices, compares=compares)),
            }
            for row in matrix.rows
        ],
    }


def _cells(
    matrix: Matrix, cells: list[Cell | None], *, prices: bool, compares: bool
) -> Iterator[dict[str, Any]]:
    for invitation, cell in zip(matrix.invitations, cells, strict=True):
        if cell is None:
            continue
        shown: dict[str, Any] = {
            "supplier": invitation.supplier.code,
            "quote_line": cell.quoted.key,
            "mpn": cell.quoted.mpn,
            "state": cell.state,
            "reasons": [reason.as_json() for reason in cell.reasons],
            "remarks": cell.remarks,
            "lead_time_days": cell.lead_days,
            "pcf_kg": None if cell.pcf_kg is None else str(cell.pcf_kg),
            "esg": cell.esg,
            "esg_expired": cell.esg_expired,
            "independence": cell.source.independence if cell.source else None,
            "shared": cell.source.shared if cell.source else [],
            "standing": cell.supplier.standing if cell.supplier else None,
            "lifecycle": cell.quoted.manufacturer_part.lifecycle
            if cell.quoted.manufacturer_part
            else None,
            "countries": list(cell.countries),
        }
        if compares:
            shown["best"] = cell.best
            shown["difference"] = None if cell.difference is None else f"{cell.difference:.4f}"
        if prices:
            shown["order_qty"] = cell.order_qty
            shown["tco"] = _costs(cell) if cell.cost else None
        yield shown


def _costs(cell: Cell) -> dict[str, str]:
    return {n: str(round_half_up(getattr(cell.cost, n), PRICE_PLACES)) for n in _COSTS}


class QuoteResource(ById, Readable, Addable, History):
    """Quotes. A later one takes the place of the one before; none is changed."""

    permission = {"read": "suppliers.view_quote", "write": "suppliers.write_rfq"}
    shape = rfqs.QuoteShape
    input_class = rfqs.QuoteInput
    filterset_class = QuoteFilter
    orderings = {"created_at": "pk"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Quote]:
        """Quotes of requests that the caller sees."""
        seen: Any = Rfq.objects.visible_to(self.actor.user)
        rows = Quote.objects.filter(invitation__rfq__in=seen)
        return rows.select_related("invitation__rfq", "invitation__supplier").prefetch_related(
            "lines__breaks", "lines__line__part", "lines__offer",
            "lines__manufacturer_part__manufacturer",
        )  # fmt: skip

    def add(self, values: dict[str, Any]) -> Quote:
        """Record a quote of an asked supplier."""
        invitation = invitation_of(values.pop("rfq"), values.pop("supplier"))
        asked = {line.part_id: line for line in invitation.rfq.lines.all()}
        lines = values.pop("lines")
        for place, given in enumerate(lines):
            part = given.pop("part")
            if part.pk not in asked:
                detail = f"{part.ipn} is not asked in {invitation.rfq.reference}."
                raise ValuesRefused.one(f"/lines/{place}/part", "not_asked", detail)
            given["line"] = asked[part.pk]
        expected = values.pop("expected", None)
        return services.record_quote(
            invitation=invitation, channel=Quote.Channel.API, values=values, lines=lines,
            actor=self.actor, expected=expected,
        )  # fmt: skip


class PriceAgreementResource(ById, Readable, Addable, Changeable, History):
    """Price agreements."""

    permission = {
        "read": "suppliers.view_priceagreement",
        "write": "suppliers.write_priceagreement",
    }
    shape = agreements.AgreementShape
    input_class = agreements.AgreementInput
    changes_class = agreements.AgreementChanges
    filterset_class = AgreementFilter
    orderings = {"created_at": "pk", "valid_to": "valid_to"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[PriceAgreement]:
        """All agreements."""
        rows = PriceAgreement.objects.select_related(
            "manufacturer_part__manufacturer", "supplier", "offer"
        )
        return rows.prefetch_related("breaks")

    def add(self, values: dict[str, Any]) -> PriceAgreement:
        """Record an agreement."""
        return services.add_agreement(**values, actor=self.actor)

    def change(
        self, obj: PriceAgreement, values: dict[str, Any], expected: int | None
    ) -> PriceAgreement:
        """Change terms."""
        return services.change_agreement(
            agreement=obj, values=values, actor=self.actor, expected=expected
        )
