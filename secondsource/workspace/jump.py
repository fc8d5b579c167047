"""Ctrl K: hits for a few typed letters, the best match first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from secondsource.core.views import SIGNED_IN, Page, wants_fragment
from secondsource.workspace import jump_sources
from secondsource.workspace.jump_sources import LIMIT, Hit

Source = Callable[[Any, str], Iterable[Hit]]

#: Heading → source; among headings that fit alike this order holds.
SOURCES: dict[str, Source] = {
    "Pages": jump_sources.pages,
    "Parts": jump_sources.parts,
    "Products": jump_sources.products,
    "Suppliers": jump_sources.suppliers,
    "Qualifications": jump_sources.cases,
    "People": jump_sources.people,
    "Calculators": jump_sources.calculators,
}
_EXACT, _BEGINS, _WORD_BEGINS, _HOLDS = range(4)


def fit(hit: Hit, text: str) -> int:
    """How well a hit fits the text; the less the better."""
    name, wanted = (hit.key or hit.label).lower(), text.lower()
    if name == wanted:
        return _EXACT
    if name.startswith(wanted):
        return _BEGINS
    return _WORD_BEGINS if re.search(rf"\b{re.escape(wanted)}", hit.label.lower()) else _HOLDS


def find(user: Any, text: str) -> list[tuple[str, list[Hit]]]:
    """Hits by heading, at most ``LIMIT`` each, headings without hits left out.

    Equal names come first, then names that begin with the text, within and among the headings.
    """
    found = []
    for heading, source in SOURCES.items():
        hits = sorted(source(user, text), key=lambda hit: fit(hit, text))[:LIMIT]
        if hits:
            found.append((min(fit(hits[0], text), _WORD_BEGINS), heading, hits))
    return [(heading, hits) for _, heading, hits in sorted(found, key=lambda one: one[0])]


class JumpPage(Page):
    """The jump dialog's options, or a page with the same list."""

    permission_required = SIGNED_IN
    template_name = "workspace/jump.html"
    fragments: ClassVar[dict[str, str]] = {"jump-list": "components/jump_hits.html"}
    page_title = "Search"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The hits; a complete key redirects to its page."""
        text = request.GET.get("q", "").strip()[:100]
        found = find(request.user, text)
        if text and not wants_fragment(request):
            exact = [hit for _, hits in found for hit in hits if fit(hit, text) == _EXACT]
            if len(exact) == 1:
                return HttpResponseRedirect(exact[0].url)
        return self.respond(self.get_context_data(found=found, text=text))
