"""Every order that a page or the API offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from secondsource.api_urls import router
from secondsource.core.views import ListPage
from tests.bench import measure
from tests.bench.measure import Table
from tests.bench.server import Client

#: The most ms of a page of a list in any order, at any size.
MOST_MS = 50


@dataclass(frozen=True)
class Order:
    """A list, how to ask for it in an order, and the model of its rows."""

    address: str
    parameter: str
    name: str
    model: Any

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"{self.address}?{self.parameter}={self.name}"


def of_api() -> Iterator[Order]:
    """The orders of the API's lists, rising and falling, but those of lists within an object."""
    registry: list[tuple[str, Any, str]] = router.registry
    for prefix, view, _ in registry:
        if "(" in prefix:
            continue
        model = view.filterset_class._meta.model if view.filterset_class else None
        for name in view.orderings:
            for sign in ("", "-"):
                yield Order(f"/api/v1/{prefix}/", "ordering", sign + name, model)


def of_pages() -> Iterator[Order]:
    """The orders of the list pages, rising and falling, but those of lists within an object."""
    for name, view in _list_pages(get_resolver().url_patterns):
        model = view.filterset_class._meta.model if view.filterset_class else None
        for column in view.columns:
            for sign in ("", "-") if column.paths else ():
                yield Order(reverse(name), "sort", sign + column.name, model)


def _list_pages(patterns: Iterable[Any]) -> Iterator[tuple[str, type[ListPage]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _list_pages(pattern.url_patterns)
            continue
        view = getattr(pattern.callback, "view_class", None)
        if view and issubclass(view, ListPage) and not pattern.pattern.regex.groups:
            yield pattern.name, view


def measured(table: Table, page: Client, api: Client) -> None:
    """The first page of each."""
    for client, orders in ((page, of_pages()), (api, of_api())):
        found = measure.in_turn(client, {f"order {one.url}": [one.url] for one in orders})
        for one in found:
            table.add(one, most=MOST_MS)
