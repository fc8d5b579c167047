"""Suggestions of text boxes, from the rows that the reader may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from parts.filters import suggest_parts, suggest_products
from secondsource.accounts.filters import suggest_people
from secondsource.core.views import SIGNED_IN, Page
from secondsource.core.widgets import Suggestions, suggested
from suppliers.filters import suggest_suppliers

#: Kind → the right that it needs, and what finds its rows.
KINDS: dict[str, tuple[str, Suggestions]] = {
    "people": ("accounts.view_person", suggest_people),
    "parts": ("parts.view_part", suggest_parts),
    "products": ("parts.view_product", suggest_products),
    "suppliers": ("suppliers.view_supplier", suggest_suppliers),
}


class SuggestPage(Page):
    """The options of one kind that match the text of the box named by ``?field=``."""

    permission_required = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``<option>`` elements."""
        right, find = KINDS.get(kwargs["kind"], ("", None))
        if find is None or not request.user.has_perm(right):
            raise Http404("There are no such suggestions.")
        text = request.GET.get(request.GET.get("field", ""), "").strip()[:100]
        return HttpResponse(suggested(find(request.user, text)))
