"""Suppliers: the list, and one supplier with its names, sites and parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parts.models import Part
from parts.querysets import scope_of
from parts.views import cells as part_cells
from parts.views.currency import InCompanyCurrency
from secondsource.core import formats, row_counts
from secondsource.core.actors import Actor
from secondsource.core.tables import Column, Table
from secondsource.core.templatetags.ui import count
from secondsource.core.views import DetailPage, ListPage
from secondsource.exchange.similar_names import similar_companies
from secondsource.workspace.suppliers import figures
from suppliers.filters import SupplierFilter
from suppliers.models import Source, Supplier
from suppliers.views import cells, chips
from suppliers.views.supplier_forms import OfSupplier

#: Sources of one supplier on its page.
MOST_PARTS = 300

#: Above this the number of companies to assess is not exact.
MOST_COUNTED = 999


def _standing(row: Any, value: Any, view: Any) -> SafeString:
    return chips.standing(row)


def _weeks(row: Any, value: Any, view: Any) -> SafeString:
    return format_html('<span class="num">{}</span>', formats.number(value, 1))


def _kinds(row: Any) -> str:
    return ", ".join(Supplier.Kind(kind).label for kind in row.kinds)


class SupplierList(InCompanyCurrency, ListPage):
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
            "standing", "Standing", order="standing", draw=_standing, css="nw",
            mobile="end", export=lambda row: row.get_standing_display(),
        ),
        Column("approved", "Approved", order="-figures__approved_sources", align="r",
               source="figures__approved_sources", title="Approved sources"),
        Column("candidates", "Candidates", order="-figures__candidate_sources", align="r",
               source="figures__candidate_sources",
               title="Sources that wait for an approval, or for a new one"),
        Column("single", "Single source", order="-figures__single_parts", align="r",
               source="figures__single_parts", title="Parts with no other source that counts"),
        Column("cases", "Open cases", order="-figures__open_cases", align="r",
               source="figures__open_cases"),
        Column("spend", "Spend", order="-figures__spend_12m", source="figures__spend_12m",
               draw=part_cells.spend, align="r", hidden_field="prices",
               title="Receipts of 12 months"),
        Column("last_receipt", "Last receipt", order="-figures__last_receipt",
               source="figures__last_receipt", draw=cells.day, css="nw"),
        Column("lead", "Lead, wk", order="-figures__lead_wk", source="figures__lead_wk", align="r",
               draw=_weeks, title="Middle of its valid offers"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No suppliers yet",
        "text": "Suppliers arrive with a bill of material, or are added by hand.",
    }
    first_action = ("suppliers.write_supplier", "supplier_create", "Add supplier")

    def view_counts(self) -> Mapping[str, int | str]:
        """The number of companies to assess."""
        waiting = Supplier.objects.companies().filter(standing=Supplier.Standing.NOT_ASSESSED)
        found = row_counts.capped_counts({"To assess": waiting}, cap=MOST_COUNTED)["To assess"]
        return {"To assess": found if found <= MOST_COUNTED else f"{MOST_COUNTED}+"}

    @cached_property
    def scoped(self) -> bool:
        """Whether the reader sees the parts of some plants or lines alone."""
        return scope_of(self.actor.user) is not None

    @cached_property
    def columns_seen(self) -> list[Column]:
        """Columns; a reader with a scope cannot order by figures of all parts."""
        found = super().columns_seen
        if not self.scoped:
            return found
        return [replace(one, order=()) if "figures" in str(one.order) else one for one in found]

    def exported_columns(self) -> list[Column]:
        """Columns; a file of a reader with a scope has no figures of all parts."""
        found = super().exported_columns()
        return [one for one in found if not (self.scoped and "figures" in str(one.source))]

    def get_queryset(self) -> QuerySet[Any]:
        return Supplier.objects.companies().with_figures()

    def get_table(self, queryset: QuerySet[Any]) -> Table:
        """Rows; a reader with a scope gets figures over the visible parts."""
        table = super().get_table(queryset)
        if self.scoped:
            show_figures_of(table.page.rows, self.actor)
        return table


def show_figures_of(rows: list[Any], actor: Actor) -> None:
    """Replace figures over all parts by figures over the parts that the reader sees."""
    seen = Part.objects.visible_to(actor.user).values_list("pk", flat=True)
    found = figures.of_parts([row.pk for row in rows], seen)
    for row in rows:
        row.figures = found[row.pk]


class SupplierPage(InCompanyCurrency, OfSupplier, DetailPage):
    """A supplier with its spellings, its sites and the parts it makes."""

    permission_required = "suppliers.view_supplier"
    template_name = "workspace/suppliers/supplier.html"
    page_title = "{self.object.name}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the sources of the parts that the reader may see."""
        rows = (
            Source.objects.visible_to(self.request.user)
            .filter(manufacturer_part__manufacturer=self.object)
            .select_related("part", "manufacturer_part")
            .order_by("part__ipn")[:MOST_PARTS]
        )
        if scope_of(self.actor.user) is not None:
            show_figures_of([self.object], self.actor)
        return super().get_context_data(
            kpis=self._kpis(),
            standing=chips.standing(self.object),
            sources=[(source, chips.status(source.status)) for source in rows],
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

    def _kpis(self) -> list[dict[str, Any]]:
        """Approved sources, single-source parts, spend and lead time."""
        row = self.object.figures
        last = f"Last receipt {formats.day(row.last_receipt)}" if row.last_receipt else ""
        found = [
            {
                "label": "Approved sources", "value": formats.number(row.approved_sources),
                "note": f"{count(row.candidate_sources, 'candidate')},"
                f" {count(row.open_cases, 'open case')}",
            },
            {
                "label": "Single source", "value": formats.number(row.single_parts),
                "unit": "part" if row.single_parts == 1 else "parts",
                "note": "Parts without another source that counts",
            },
        ]  # fmt: skip
        if self.sees("prices"):
            spend = formats.money_short(row.spend_12m, self.currency)
            found.append({"label": "Spend", "value": spend, "note": "Receipts of 12 months"})
        lead = formats.number(row.lead_wk, 1)
        note = last or "No receipt in 12 months"
        found.append({"label": "Lead time", "value": lead, "unit": "wk", "note": note})
        return found
