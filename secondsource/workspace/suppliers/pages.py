"""Suppliers: the list, and one supplier with its names, sites and parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse

from parts.models import Part
from secondsource.core import counting
from secondsource.core.tables import Column, Table
from secondsource.core.views import DetailPage, ListPage, ObjectPage
from secondsource.exchange.similar_names import similar_companies
from secondsource.workspace.parts import marks, timeline
from suppliers.filters import SupplierFilter
from suppliers.models import Site, Source, Supplier

#: Sources of one supplier on its page.
MOST_PARTS = 300

#: Above this the number of companies to assess is not exact.
MOST_COUNTED = 999

#: From so many on a manufacturer's sources are not counted for each page.
MANY_SOURCES = 200

_CELLS = "workspace/suppliers/cells/"


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _kinds(row: Any) -> str:
    return ", ".join(Supplier.Kind(kind).label for kind in row.kinds)


class SupplierList(ListPage):
    """All suppliers; everybody sees all of them."""

    permission_required = "suppliers.view_supplier"
    template_name = "workspace/suppliers/supplier_list.html"
    page_title = "Suppliers"
    noun = ("supplier", "suppliers")
    filterset_class = SupplierFilter
    search_field = "search"
    search_label = "Code or name"
    export_stem = "suppliers"
    default_sort = "name"
    views: ClassVar[Mapping[str, str]] = {
        "All suppliers": "",
        "To assess": "standing=not_assessed",
        "Manufacturers": "kind=manufacturer",
        "Distributors": "kind=distributor",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("name", "Name", order="name", link=True, css="ell", mobile="title"),
        Column("code", "Code", order="code", css="nw mono", mobile="sub"),
        Column("kinds", "Kind", source=_kinds, css="nw", mobile="sub"),
        Column("country", "Country", order="country", css="nw"),
        Column(
            "standing", "Standing", order="standing", template=_CELLS + "standing.html", css="nw",
            mobile="end", export=lambda row: row.get_standing_display(),
        ),
        Column("sources", "Sources", align="r", title="Of parts that you see"),
        Column("site_count", "Sites", align="r"),
    )  # fmt: skip

    @property
    def first_use(self) -> Mapping[str, str]:  # type: ignore[override]
        """What this list is for, and the one way to begin."""
        words = "Suppliers arrive with a bill of material, or are added by hand."
        if not self.request.user.has_perm("suppliers.write_supplier"):
            return {"title": "No suppliers yet", "text": words}
        return {
            "title": "No suppliers yet", "text": words, "url": reverse("supplier_create"),
            "action": "Add supplier",
        }  # fmt: skip

    def view_counts(self) -> Mapping[str, int | str]:
        """How many companies wait for quality."""
        waiting = Supplier.objects.companies().filter(standing=Supplier.Standing.NOT_ASSESSED)
        found = counting.capped_counts({"To assess": waiting}, cap=MOST_COUNTED)["To assess"]
        return {"To assess": found if found <= MOST_COUNTED else f"{MOST_COUNTED}+"}

    def get_queryset(self) -> QuerySet[Any]:
        """All suppliers; a file has the counts of all of them."""
        rows = Supplier.objects.companies()
        return rows.annotate(**self._counts()) if "export" in self.request.GET else rows

    def _counts(self) -> dict[str, Coalesce]:
        sources = Source.objects.visible_to(self.request.user).filter(
            manufacturer_part__manufacturer=OuterRef("pk")
        )
        sites = Site.objects.filter(supplier=OuterRef("pk"))
        return {
            "sources": _count(sources, "manufacturer_part__manufacturer"),
            "site_count": _count(sites, "supplier"),
        }

    def get_table(self, queryset: QuerySet[Any]) -> Table:
        """Counts for the rows of this page alone, in two statements."""
        table = super().get_table(queryset)
        rows = table.page.rows
        sources = Source.objects.visible_to(self.request.user)
        by_manufacturer = _sources_of(rows, sources)
        by_supplier = _by(Site.objects.all(), "supplier", rows)
        for row in rows:
            row.sources = by_manufacturer.get(row.pk, 0)
            row.site_count = by_supplier.get(row.pk, 0)
        return table


def _sources_of(manufacturers: list[Any], sources: QuerySet[Any]) -> dict[int, int]:
    """How many of the sources each manufacturer has; thousands are counted once a moment."""
    key = counting.remembered_as("sources-of-manufacturers", sources.query.sql_with_params())
    known: dict[int, int] = counting.cache().get(key) or {}
    others = [one for one in manufacturers if one.pk not in known]
    counts = _by(sources, "manufacturer_part__manufacturer", others)
    many = {pk: count for pk, count in counts.items() if count > MANY_SOURCES}
    if many:
        counting.cache().set(key, known | many, counting.BEYOND_S)
    return known | counts


def _by(rows: QuerySet[Any], path: str, among: list[Any]) -> dict[int, int]:
    wanted = rows.filter(**{f"{path}__in": [one.pk for one in among]})
    return dict(wanted.order_by().values_list(path).annotate(n=Count("pk")))


class OfSupplier(ObjectPage):
    """A page about one supplier."""

    lookup: ClassVar[Mapping[str, str]] = {"code": "code"}
    context_name = "supplier"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The address of a company that was merged leads to the one it became."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            became = Supplier.objects.by_code(kwargs["code"])
            if became is None or became.code == kwargs["code"]:
                raise
            match = request.resolver_match
            name = match.view_name if match and len(kwargs) == 1 else "supplier_detail"
            return HttpResponsePermanentRedirect(reverse(name, args=[became.code]))

    def get_queryset(self) -> QuerySet[Any]:
        """Everybody sees all companies."""
        rows = Supplier.objects.companies().select_related("group")
        return rows.prefetch_related("aliases", "sites")


class SupplierPage(OfSupplier, DetailPage):
    """A supplier with its spellings, sites and what it is a source of."""

    permission_required = "suppliers.view_supplier"
    template_name = "workspace/suppliers/supplier.html"

    def get_page_title(self) -> str:
        """Its name."""
        return str(self.object.name)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the sources of the parts that the reader may see."""
        rows = (
            Source.objects.visible_to(self.request.user)
            .filter(manufacturer_part__manufacturer=self.object)
            .select_related("part", "manufacturer_part")
            .order_by("part__ipn")[:MOST_PARTS]
        )
        return super().get_context_data(
            sources=[(source, marks.status(source.status)) for source in rows],
            most=MOST_PARTS,
            companies=list(self.object.companies.order_by("name")),
            merged=list(self.object.merged.order_by("name")),
            looks_like=similar_companies(self.object),
            kinds=_kinds(self.object),
            parts_seen=Part.objects.visible_to(self.request.user)
            .filter(sources__manufacturer_part__manufacturer=self.object)
            .distinct()
            .count(),
            **context,
        )


class SupplierHistory(OfSupplier, DetailPage):
    """Who changed what of the supplier, when and why."""

    permission_required = "suppliers.view_supplier"
    template_name = "workspace/suppliers/history.html"

    def get_page_title(self) -> str:
        """Names the supplier."""
        return f"History of {self.object.name}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the newest entries."""
        entries = timeline.of_record(self.object, self.actor, "supplier")
        return super().get_context_data(entries=entries, most=timeline.MOST, **context)
