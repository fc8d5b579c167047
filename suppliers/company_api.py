"""Endpoints of suppliers, their sites and manufacturer parts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.accounts.models.plants import CODE_SEGMENT
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.views import Addable, ById, Changeable, Readable
from secondsource.core.errors import ValuesRefused
from suppliers import filters, serializers, services
from suppliers.models import ManufacturerPart, Site, Supplier
from suppliers.names import names_nobody


class SupplierResource(Readable, Addable, Changeable, History):
    """Manufacturers and distributors, addressed by code."""

    permission = {"read": "suppliers.view_supplier", "write": "suppliers.write_supplier"}
    shape = serializers.SupplierShape
    input_class = serializers.SupplierInput
    changes_class = serializers.SupplierChanges
    filterset_class = filters.SupplierFilter
    lookup_field = "code"
    lookup_value_regex = CODE_SEGMENT
    orderings = {"code": "code", "name": "name", "standing": "standing"}
    ordering = ("code",)

    def rows(self) -> QuerySet[Supplier]:
        """All companies."""
        rows = Supplier.objects.companies().select_related("group")
        return rows.prefetch_related("aliases", "sites__supplier")

    def get_object(self) -> Supplier:
        """The company with this code, or the one it was merged into."""
        code = self.kwargs["code"]
        merged = Supplier.objects.filter(code=code, merged_into__isnull=False)
        became = merged.values_list("merged_into__code", flat=True).first()
        self.kwargs = {"code": became or code}
        found: Supplier = super().get_object()
        return found

    def add(self, values: dict[str, Any]) -> Supplier:
        """Add a supplier with its spellings."""
        return services.add_supplier(**values, actor=self.actor)

    @transaction.atomic
    def change(self, obj: Supplier, values: dict[str, Any], expected: int | None) -> Supplier:
        """Change fields and spellings of a supplier."""
        aliases = values.pop("aliases", None)
        row = services.change_supplier(
            supplier=obj, values=values, actor=self.actor, expected=expected
        )
        if aliases is None:
            return row
        return services.set_aliases(supplier=row, aliases=aliases, actor=self.actor)

    @extend_schema(request=serializers.StandingInput)
    @action(detail=True, methods=["post"], sparse=False, permission="suppliers.assess_supplier")
    def standing(self, request: Request, **kwargs: Any) -> Response:
        """Give a standing with a reason. Phase-out and disqualification affect the sources."""
        obj = self.get_object()
        seen = check_if_match(request, obj)
        values = self.take(serializers.StandingInput)
        expected = values.pop("expected") or seen
        row = services.assess_supplier(supplier=obj, **values, actor=self.actor, expected=expected)
        return self.show(self.fresh(row))

    @extend_schema(
        request=serializers.MergeInput,
        responses=serializers.MergeShape,
        parameters=[OpenApiParameter("dry_run", bool, description="Only return the effects.")],
    )
    @action(
        detail=True, methods=["post"], sparse=False, permission="suppliers.merge_supplier",
        parameters=("dry_run",),
    )  # fmt: skip
    def merge(self, request: Request, **kwargs: Any) -> Response:
        """Merge another company into this one, which then answers to both codes."""
        obj = self.get_object()
        seen = check_if_match(request, obj)
        values = self.take(serializers.MergeInput)
        plan = services.plan_merge(kept=obj, gone=values["gone"])
        shown = serializers.MergeShape(plan).data
        if not self.flag("dry_run"):
            services.merge_suppliers(
                kept=obj, gone=values["gone"], reason=values["reason"], actor=self.actor,
                expected=values["expected"] or seen,
            )  # fmt: skip
        return Response(shown)


class SiteResource(ById, Readable, Addable, Changeable, History):
    """Sites of suppliers."""

    permission = {"read": "suppliers.view_supplier", "write": "suppliers.write_supplier"}
    shape = serializers.SiteShape
    input_class = serializers.SiteInput
    changes_class = serializers.SiteChanges
    filterset_class = filters.SiteFilter
    orderings = {"name": "name", "country": "country", "supplier": "supplier__code"}
    ordering = ("supplier", "name")

    def rows(self) -> QuerySet[Site]:
        """All sites."""
        return Site.objects.select_related("supplier")

    def add(self, values: dict[str, Any]) -> Site:
        """Add a site."""
        return services.add_site(**values, actor=self.actor)

    def change(self, obj: Site, values: dict[str, Any], expected: int | None) -> Site:
        """Change fields of a site."""
        return services.change_site(site=obj, values=values, actor=self.actor, expected=expected)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove a site without manufacturer parts."""
        site = self.get_object()
        services.remove_site(site=site, actor=self.actor, expected=check_if_match(request, site))
        return Response(status=204)


class ManufacturerPartResource(ById, Readable, Addable, Changeable, History):
    """Manufacturer parts, addressed by id because MPNs are not safe in a URL."""

    permission = {
        "read": "suppliers.view_manufacturerpart",
        "write": "suppliers.write_manufacturerpart",
    }
    shape = serializers.ManufacturerPartShape
    input_class = serializers.ManufacturerPartInput
    changes_class = serializers.ManufacturerPartChanges
    filterset_class = filters.ManufacturerPartFilter
    orderings = {"mpn": "mpn_normal"}
    ordering = ("mpn",)

    def rows(self) -> QuerySet[ManufacturerPart]:
        """All manufacturer parts."""
        rows = ManufacturerPart.objects.select_related("manufacturer")
        return rows.prefetch_related("parameters", "part_sites__site")

    def add(self, values: dict[str, Any]) -> ManufacturerPart:
        """Add a manufacturer part; the manufacturer is found by any spelling or code."""
        manufacturer = _named(values.pop("manufacturer"))
        parameters = values.pop("parameters", None) or None
        sites = [one["site"] for one in values.pop("sites", None) or ()]
        part = services.add_manufacturer_part(
            manufacturer=manufacturer, sites=sites, **values, actor=self.actor
        )
        self._set_parameters(part, parameters)
        return part

    @transaction.atomic
    def change(
        self, obj: ManufacturerPart, values: dict[str, Any], expected: int | None
    ) -> ManufacturerPart:
        """Change fields, sites and datasheet lines, or name a missing manufacturer."""
        parameters, sites = values.pop("parameters", None), values.pop("sites", None)
        name = values.pop("manufacturer", None)
        part = services.change_manufacturer_part(
            manufacturer_part=obj, values=values, actor=self.actor, expected=expected
        )
        self._set_parameters(part, parameters)
        if sites is not None:
            part = services.set_sites(
                manufacturer_part=part, sites=[one["site"] for one in sites], actor=self.actor
            )
        if name is not None:
            part = services.name_manufacturer(
                manufacturer_part=part, manufacturer=_named(name), actor=self.actor
            )
        return part

    def _set_parameters(
        self, part: ManufacturerPart, parameters: list[dict[str, Any]] | None
    ) -> None:
        if parameters is not None:
            services.set_parameters(manufacturer_part=part, parameters=parameters, actor=self.actor)


def _named(name: str) -> Supplier:
    """The company of this code or name. Raises ``ValuesRefused``."""
    found = services.find_supplier(name)
    if found is not None and not found.placeholder:
        return found
    if names_nobody(name):
        detail = f"“{name}” names no manufacturer."
        raise ValuesRefused.one("/manufacturer", "manufacturer_not_named", detail)
    detail = f"No manufacturer has the name {name}."
    raise ValuesRefused.one("/manufacturer", "does_not_exist", detail)
