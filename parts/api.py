"""Endpoints of categories, parts and products."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from parts import filters, serializers, services, usage
from parts.models import BomLine, BomRevision, Category, ExchangeRate, Part, Product
from secondsource.accounts.models.plants import CODE_SEGMENT
from secondsource.core.api.history import History
from secondsource.core.api.pagination import WholeList
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.views import Addable, ById, Changeable, Readable


class CategoryResource(ById, Readable, Addable, Changeable, History):
    """The category tree. Categories are addressed by id because their paths contain slashes."""

    permission = {"read": "parts.view_category", "write": "parts.write_part"}
    shape = serializers.CategoryShape
    input_class = serializers.CategoryInput
    changes_class = serializers.CategoryChanges
    filterset_class = filters.CategoryFilter
    orderings = {"path": "path", "name": "name"}
    ordering = ("path",)

    def rows(self) -> QuerySet[Category]:
        """All categories."""
        return Category.objects.all()

    def add(self, values: dict[str, Any]) -> Category:
        """Add a category."""
        return services.add_category(**values, actor=self.actor)

    def change(self, obj: Category, values: dict[str, Any], expected: int | None) -> Category:
        """Change fields or the place of a category."""
        under = values.pop("under", None)
        with transaction.atomic():
            row = services.change_category(
                category=obj, values=values, actor=self.actor, expected=expected
            )
            if under is None:
                return row
            return services.move_category(category=row, under=under, actor=self.actor)


class PartResource(Readable, Addable, Changeable, History):
    """Parts, addressed by IPN."""

    permission = {"read": "parts.view_part", "write": "parts.write_part"}
    shape = serializers.PartShape
    input_class = serializers.PartInput
    changes_class = serializers.PartChanges
    filterset_class = filters.PartFilter
    lookup_field = "ipn"
    lookup_value_regex = CODE_SEGMENT
    orderings = {
        "ipn": "ipn",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "spend_12m": "figures__spend_12m",
        "approved_sources": "figures__approved_sources",
        "cover_wk": "figures__cover_wk",
    }
    ordering = ("ipn",)

    def rows(self) -> QuerySet[Part]:
        """Parts in the caller's scope."""
        seen = Part.objects.visible_to(self.actor.user)
        rows: QuerySet[Part] = seen.with_list_columns().defer("figures__search_text")
        return rows.prefetch_related("requirements")

    def add(self, values: dict[str, Any]) -> Part:
        """Add a part with its requirements."""
        requirements = values.pop("requirements", None)
        part = services.add_part(**values, actor=self.actor)
        if requirements:
            services.set_requirements(part=part, requirements=requirements, actor=self.actor)
        return part

    @transaction.atomic
    def change(self, obj: Part, values: dict[str, Any], expected: int | None) -> Part:
        """Change fields of a part."""
        requirements = values.pop("requirements", None)
        part = services.change_part(part=obj, values=values, actor=self.actor, expected=expected)
        if requirements is not None:
            services.set_requirements(part=part, requirements=requirements, actor=self.actor)
        return part

    @extend_schema(responses=serializers.WhereUsedShape(many=True), filters=False)
    @action(detail=True, url_path="where-used", sparse=False, pagination_class=WholeList)
    def where_used(self, request: Request, **kwargs: Any) -> Response:
        """Products in the caller's scope that use the part, with quantities through all levels."""
        found = usage.where_used(self.get_object().pk)
        ids = {pk for row in found for pk in row["path"]}
        seen = Product.objects.visible_to(self.actor.user).filter(pk__in=ids)
        codes = dict(seen.values_list("pk", "code"))
        shown = [
            {
                "product": codes[row["product_id"]],
                "quantity": row["quantity"],
                "level": row["level"],
                "path": [codes.get(pk, "") for pk in row["path"]],
                "designators": row["designators"],
            }
            for row in found
            if row["product_id"] in codes
        ]
        return self.whole_list(serializers.WhereUsedShape(shown, many=True).data)


_REVISION = OpenApiParameter(
    "revision", OpenApiTypes.INT, description="Its number; default: the current one."
)


class ProductResource(Readable, Addable, Changeable, History):
    """Products and assemblies, addressed by code."""

    permission = {"read": "parts.view_product", "write": "parts.write_product"}
    shape = serializers.ProductShape
    input_class = serializers.ProductInput
    changes_class = serializers.ProductChanges
    filterset_class = filters.ProductFilter
    lookup_field = "code"
    lookup_value_regex = CODE_SEGMENT
    orderings = {"code": "code", "name": "name", "monthly_volume": "monthly_volume"}
    ordering = ("code",)

    def rows(self) -> QuerySet[Product]:
        """Products in the caller's scope."""
        seen: QuerySet[Product] = Product.objects.visible_to(self.actor.user)
        return seen.select_related("product_line", "part").prefetch_related("plants")

    def add(self, values: dict[str, Any]) -> Product:
        """Add a product."""
        return services.add_product(**values, actor=self.actor)

    def change(self, obj: Product, values: dict[str, Any], expected: int | None) -> Product:
        """Change fields of a product."""
        return services.change_product(
            product=obj, values=values, actor=self.actor, expected=expected
        )

    @extend_schema(
        responses=serializers.BomLineShape(many=True), parameters=[_REVISION], filters=False
    )
    @action(
        detail=True, sparse=False, filterset_class=None, parameters=("revision",),
        orderings={"position": "position"}, ordering=("position",), ordered_model=BomLine,
        listing=True,
    )  # fmt: skip
    def bom(self, request: Request, **kwargs: Any) -> Response:
        """The lines of a revision."""
        revision = self._revision("revision")
        return self.list_of(serializers.of_revision(revision), serializers.BomLineShape)

    @extend_schema(responses=serializers.RevisionShape(many=True), filters=False)
    @action(
        detail=True, url_path="bom/revisions", sparse=False, filterset_class=None,
        orderings={"number": "number"}, ordering=("-number",), ordered_model=BomRevision,
        listing=True,
    )  # fmt: skip
    def bom_revisions(self, request: Request, **kwargs: Any) -> Response:
        """All revisions of the bill of material."""
        return self.list_of(self.get_object().revisions.all(), serializers.RevisionShape)

    @extend_schema(
        responses=serializers.BomDifference(many=True),
        filters=False,
        parameters=[
            OpenApiParameter("from", OpenApiTypes.INT, description="Default: the one before."),
            OpenApiParameter("to", OpenApiTypes.INT, description="Default: the current one."),
        ],
    )
    @action(
        detail=True, url_path="bom/compare", sparse=False, pagination_class=WholeList,
        parameters=("from", "to"),
    )  # fmt: skip
    def bom_compare(self, request: Request, **kwargs: Any) -> Response:
        """The parts whose use differs between two revisions."""
        after = self._revision("to")
        before = self._revision("from", default=after.number - 1)
        return self.whole_list(
            serializers.BomDifference(_differences(before, after), many=True).data
        )

    def _revision(self, name: str, default: int | None = None) -> BomRevision:
        """The named revision of the product, within the caller's scope; otherwise 404."""
        text = self.request.query_params.get(name)
        if text is not None and not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise QueryRefused.one(name, "not_a_number", f"{name} is the number of a revision.")
        number = int(text) if text is not None else default
        wanted = {"current": True} if number is None else {"number": number}
        mine = Product.objects.visible_to(self.actor.user).filter(code=self.kwargs["code"])
        found = BomRevision.objects.filter(product__in=mine.values("pk"), **wanted).first()
        if found is None:
            raise Http404
        return found


def _differences(before: BomRevision, after: BomRevision) -> list[dict[str, Any]]:
    """Differences by IPN; the lines of one part are compared in their order."""
    lines: dict[str, tuple[list[BomLine], list[BomLine]]] = defaultdict(lambda: ([], []))
    for side, revision in enumerate((before, after)):
        for line in serializers.of_revision(revision):
            lines[line.part.ipn][side].append(line)
    return [
        {"ipn": ipn, "change": change, "from": old, "to": new}
        for ipn, (olds, news) in sorted(lines.items())
        for old, new in _pairs(olds, news)
        if (change := _change(old, new))
    ]


def _pairs(olds: list[BomLine], news: list[BomLine]) -> list[tuple[Any, Any]]:
    length = max(len(olds), len(news))
    return list(
        zip(
            olds + [None] * (length - len(olds)),  # type: ignore[list-item]
            news + [None] * (length - len(news)),  # type: ignore[list-item]
            strict=True,
        )
    )


def _change(old: BomLine | None, new: BomLine | None) -> str:
    if old is None or new is None:
        return "added" if old is None else "removed"
    if (old.quantity, old.quantity_not_fitted) != (new.quantity, new.quantity_not_fitted):
        return "quantity"
    return "alternates" if (old.mpn, old.alternates) != (new.mpn, new.alternates) else ""


class ExchangeRateResource(ById, Readable, Addable, Changeable, History):
    """Exchange rates by currency, day and publisher."""

    permission = {"read": "parts.view_exchangerate", "write": "parts.write_exchangerate"}
    shape = serializers.ExchangeRateShape
    input_class = serializers.ExchangeRateInput
    changes_class = serializers.ExchangeRateChanges
    filterset_class = filters.ExchangeRateFilter
    pointers = {"/as_of": "/date"}
    orderings = {"date": "as_of", "base": "currency", "created_at": "pk"}
    ordering = ("-date",)

    def rows(self) -> QuerySet[ExchangeRate]:
        """All rates."""
        return ExchangeRate.objects.all()

    def add(self, values: dict[str, Any]) -> ExchangeRate:
        """Record a rate."""
        return services.record_rate(**values, actor=self.actor)

    def change(
        self, obj: ExchangeRate, values: dict[str, Any], expected: int | None
    ) -> ExchangeRate:
        """Correct a rate; without ``rate`` nothing changes."""
        if "rate" not in values:
            return obj
        return services.correct_rate(
            exchange_rate=obj, **values, actor=self.actor, expected=expected
        )
