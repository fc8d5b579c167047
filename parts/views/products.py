"""Products: the list, one product with its bill of material, and its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import path, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parts import services
from parts.counts import COUNTS, by_product, listed, tally
from parts.filters import ProductFilter
from parts.forms import ProductForm
from parts.models import BomLine, BomRevision, PartFigures, PartUsage, Product
from parts.views import bom_rows
from secondsource.core import formats
from secondsource.core.tables import Column, Table
from secondsource.core.views import DetailPage, FormPage, ListPage, ObjectPage, VersionedForm

#: Lines of a bill of material on one page.
MOST_LINES = 2_000
#: Words of ``parts.counts`` that the list of products counts.
_COUNTS = ("none", "single", "multiple")


def _line_name(row: Any) -> str:
    return row.product_line.name if row.product_line else ""


def _lines() -> Subquery:
    counted = (
        BomLine.objects.filter(revision__product=OuterRef("pk"), revision__current=True)
        .values("revision")
        .annotate(n=Count("pk"))
    )
    return Subquery(counted.values("n"))


def _counted(word: str) -> Coalesce:
    """Parts below a product, through all levels, that a word of ``parts.counts`` holds for."""
    found = PartUsage.objects.filter(COUNTS[word].on("part__figures"), product=OuterRef("pk"))
    counted = found.order_by().values("product").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _parts_url(word: str) -> Callable[[Any], str]:
    address = reverse_lazy("part_list")
    return lambda row: f"{address}?{urlencode({'product': row.code, 'sources': word})}"


def _linked(word: str) -> Callable[[Any, Any, Any], SafeString]:
    """A count that leads to the list of its parts."""
    url = _parts_url(word)
    return lambda row, value, view: format_html(
        '<a class="lk num" href="{}">{}</a>', url(row), formats.number(value)
    )


class ProductList(ListPage):
    """All products that the reader may see."""

    permission_required = "parts.view_product"
    template_name = "parts/products/product_list.html"
    page_title = "Products"
    noun = ("product", "products")
    page_size = 25  # each row counts hundreds of parts
    filterset_class = ProductFilter
    search_field = "search"
    search_label = "Code or name"
    export_stem = "products"
    default_sort = "code"
    columns: ClassVar[Sequence[Column]] = (
        Column("code", "Code", order="code", link=True, css="nw", mobile="title"),
        Column("name", "Name", order="name", css="ell", mobile="sub"),
        Column("phase", "Phase", source=lambda row: row.get_phase_display().capitalize(), css="nw"),
        Column(
            "monthly_volume", "Pieces a month", order="-monthly_volume", align="r", mobile="end"
        ),
        Column("lines", "BOM lines", align="r"),
        Column(
            "none", "No approved source", align="r", draw=_linked("none"),
            title="Parts through all levels without a source that counts",
        ),
        Column(
            "single", "Single source", align="r", draw=_linked("single"),
            title="Parts through all levels with exactly one source that counts",
        ),
        Column(
            "multiple", "Two or more", align="r", draw=_linked("multiple"),
            title="Parts through all levels with two or more sources that count",
        ),
        Column("product_line", "Product line", source=_line_name, css="nw"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No products yet",
        "text": "A product holds a bill of material. Import one, or add a product by hand.",
    }
    first_action = ("parts.write_product", "product_create", "Add product")

    def get_queryset(self) -> QuerySet[Any]:
        """Products of the reader's scope; a file has the counts of all of them."""
        seen = Product.objects.visible_to(self.request.user).select_related("product_line")
        if "export" in self.request.GET:
            return seen.annotate(lines=_lines(), **{word: _counted(word) for word in _COUNTS})
        return seen

    def get_table(self, queryset: QuerySet[Any]) -> Table:
        """Counts for the rows of this page alone, in two statements."""
        table = super().get_table(queryset)
        ids = [row.pk for row in table.page.rows]
        current = BomLine.objects.filter(revision__current=True, revision__product__in=ids)
        counted = current.order_by().values_list("revision__product").annotate(n=Count("pk"))
        by_lines = dict(counted)
        found = by_product(ids)
        for row in table.page.rows:
            row.lines = by_lines.get(row.pk)
            row.none, row.single, row.multiple = found.get(row.pk, (0, 0, 0))
        return table


class OfProduct(ObjectPage):
    """A page about one product of the reader's scope; others answer 404."""

    lookup: ClassVar[Mapping[str, str]] = {"code": "code"}
    context_name = "product"

    def get_queryset(self) -> QuerySet[Any]:
        """Products of the reader's scope."""
        seen = Product.objects.visible_to(self.request.user)
        return seen.select_related("product_line", "part").prefetch_related("plants")


class ProductPage(OfProduct, DetailPage):
    """A product with the lines of its current bill of material, or of ``?revision=``."""

    permission_required = "parts.view_product"
    template_name = "parts/products/product.html"
    page_title = "{self.object.code}"

    def revision(self, revisions: list[BomRevision]) -> BomRevision | None:
        """The wanted revision, else the current one. Raises ``Http404``."""
        wanted = self.request.GET.get("revision", "")
        if not wanted:
            return next((one for one in revisions if one.current), None)
        found = [one for one in revisions if str(one.number) == wanted]
        if not found:
            raise Http404("There is no such revision.")
        return found[0]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the drawn lines and the revisions."""
        revisions = list(self.object.revisions.order_by("-number"))
        shown = self.revision(revisions)
        rows = _bom(shown) if shown else []
        return super().get_context_data(
            revisions=revisions,
            revision=shown,
            lines=[bom_rows.row(line) for line in rows],
            cut=len(rows) == MOST_LINES,
            pieces=sum(line.quantity for line in rows),
            counts=_counts(self.object),
            **context,
        )


def _bom(revision: BomRevision) -> list[BomLine]:
    rows = revision.lines.select_related("part__figures").defer("part__figures__search_text")
    return list(rows.order_by("position")[:MOST_LINES])


def _counts(product: Product) -> list[dict[str, Any]]:
    """In how many sources the parts count that the product takes today, through all levels."""
    used = PartUsage.objects.filter(product=product).values("part")
    return listed(tally(PartFigures.objects.filter(part__in=used)), product=product.code)


class ProductCreate(FormPage):
    """A new product."""

    permission_required = "parts.write_product"
    template_name = "parts/products/form.html"
    page_title = "Add product"
    form_class = ProductForm
    submit_label = "Add product"
    cancel_name = "product_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Margins only for those who see them."""
        return super().get_form_kwargs() | {"actor": self.actor}

    def save(self, form: Any) -> str:
        product = services.add_product(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, f"Added {product.code}.")
        return product.get_absolute_url()


class ProductEdit(VersionedForm, OfProduct):
    """Plain fields of a product; its parts' demand follows."""

    permission_required = "parts.write_product"
    template_name = "parts/products/form.html"
    form_class = ProductForm
    success_message = "Saved. The demand of its parts was computed again."
    page_title = "Edit {self.object.code}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "product": self.object,
            "actor": self.actor,
        }

    def save(self, form: Any) -> str:
        """Changed fields alone; a stale version is refused."""
        services.change_product(
            product=self.object,
            values=form.cleaned_data,
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()


urlpatterns = [
    path("", ProductList.as_view(), name="product_list"),
    path("new/", ProductCreate.as_view(), name="product_create"),
    path("<str:code>/", ProductPage.as_view(), name="product_detail"),
    path("<str:code>/edit/", ProductEdit.as_view(), name="product_edit"),
]
