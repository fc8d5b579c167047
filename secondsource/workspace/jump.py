"""Ctrl K: what a few typed letters lead to. Pages first, then every registered source.

A source is a function of (user, text) that returns hits; add one to ``SOURCES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from qualification.consequences import in_words
from qualification.models import Case
from qualification.my_work import pair
from secondsource.core.views import SIGNED_IN, Page, wants_fragment
from secondsource.workspace import navigation

LIMIT = 6


@dataclass(frozen=True)
class Hit:
    """One place to jump to."""

    label: str
    url: str
    icon: str = "file-text"
    note: str = ""
    mono: bool = False


Source = Callable[[Any, str], Iterable[Hit]]


def pages(user: Any, text: str) -> list[Hit]:
    """Pages of the navigation whose name holds the text."""
    items = [item for group in navigation.GROUPS for item in group.items]
    items += navigation.SETTINGS + navigation.NEW
    once = {item.url: item for item in navigation.offered(items, user, "")}
    return [
        Hit(item.label, item.url, item.icon)
        for item in once.values()
        if text.lower() in item.label.lower()
    ]


def cases(user: Any, text: str) -> list[Hit]:
    """Qualification cases whose key, part or MPN holds the text, newest first."""
    if not user.has_perm("qualification.view_case") or len(text) < 2:
        return []
    found = Case.objects.visible_to(user).with_list_columns().search(text).order_by("-number")
    return [
        Hit(
            f"{case.key} {pair(case)}", case.get_absolute_url(), "route", in_words(case.state), True
        )
        for case in found[:LIMIT]
    ]


#: Heading → source, in the order shown.
SOURCES: dict[str, Source] = {"Pages": pages, "Qualifications": cases}


def find(user: Any, text: str) -> list[tuple[str, list[Hit]]]:
    """Hits by heading, at most ``LIMIT`` each, headings without hits left out."""
    found = [(heading, list(source(user, text))[:LIMIT]) for heading, source in SOURCES.items()]
    return [(heading, hits) for heading, hits in found if hits]


class JumpPage(Page):
    """The jump dialog's options, or a page with the same list."""

    permission_required = SIGNED_IN
    template_name = "workspace/jump.html"
    fragments: ClassVar[dict[str, str]] = {"jump-list": "components/jump_hits.html"}
    page_title = "Search"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The hits; Enter in the dialog goes straight to the only one."""
        text = request.GET.get("q", "").strip()[:100]
        found = find(request.user, text)
        hits = [hit for _, group in found for hit in group]
        if len(hits) == 1 and text and not wants_fragment(request):
            return HttpResponseRedirect(hits[0].url)
        return self.respond(self.get_context_data(found=found, text=text))
