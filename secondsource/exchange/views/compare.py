"""Two revisions of a product's bill of material beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404

from parts.models import BomRevision, Product
from secondsource.core.views import DetailPage
from secondsource.exchange.boms import effects


class BomCompare(DetailPage):
    """``?from=&to=`` are revision numbers; by default the last two."""

    permission_required = "parts.view_product"
    template_name = "exchange/bom_compare.html"
    lookup: ClassVar[Mapping[str, str]] = {"code": "code"}
    context_name = "product"

    def get_queryset(self) -> QuerySet[Any]:
        """Products of the reader's scope."""
        return Product.objects.visible_to(self.request.user)

    def get_page_title(self) -> str:
        """Names the product."""
        return f"Compare revisions of {self.object.code}"

    def chosen(self, revisions: list[BomRevision]) -> tuple[BomRevision, BomRevision] | None:
        """The two wanted revisions, by default the last two. Raises ``Http404``."""
        if len(revisions) < 2:
            return None
        last, before = revisions[0].number, revisions[1].number
        return (
            _numbered(revisions, self.request.GET.get("from") or str(before)),
            _numbered(revisions, self.request.GET.get("to") or str(last)),
        )

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the revisions and what differs."""
        revisions = list(self.object.revisions.order_by("-number"))
        pair = self.chosen(revisions)
        found = effects.revisions(*pair) if pair else None
        return super().get_context_data(
            revisions=revisions, pair=pair, found=found,
            counts=found.counts if found else {}, **context,
        )  # fmt: skip


def _numbered(revisions: list[BomRevision], wanted: str) -> BomRevision:
    found = [one for one in revisions if str(one.number) == wanted]
    if not found:
        raise Http404("There is no such revision.")
    return found[0]
