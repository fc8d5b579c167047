"""Cursor pagination: ``{"next", "previous", "results"}``; deep pages cost as much as the first."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from secondsource.core import keyset
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.visibility import hides

PAGE_SIZE, MAX_PAGE_SIZE = 50, 500
NAMES = frozenset({"cursor", "limit", "ordering", "with_count"})
_FLAGS = {"1": True, "true": True, "0": False, "false": False}
_NO_TOTAL = keyset.Total(0, exact=True)


class CursorLists(BasePagination):
    """Keyset pages in the view's ``orderings`` (parameter → ORM path), default ``ordering``.

    A page has the view's ``page_size`` rows unless ``limit`` (≤ 500) is given; ``with_count=1``
    adds the exact ``count``.
    """

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """The rows of the requested page. Raises ``QueryRefused``."""
        order = self._order(queryset, request, view)
        self.request = request
        self.count = queryset.order_by().count() if self._flag("with_count") else None
        size = self._limit(_page_size(view))
        cursor = request.query_params.get("cursor", "")
        try:
            if cursor == "end":
                raise keyset.NoSuchCursor("This cursor is not valid.")
            self.page = keyset.paginate(queryset, order, cursor=cursor, size=size, total=_NO_TOTAL)
        except keyset.NoSuchCursor as error:
            raise QueryRefused.one("cursor", "bad_cursor", str(error)) from None
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """The body of the response."""
        body = {"next": self._url(self.page.next), "previous": self._url(self.page.previous)}
        if self.count is not None:
            body["count"] = self.count
        return Response({**body, "results": data})

    def _url(self, cursor: str | None) -> str | None:
        if not cursor:
            return None
        url: str = replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)
        return url

    def _limit(self, default: int) -> int:
        text = self.request.query_params.get("limit", str(default))
        size = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
        if not 1 <= size <= MAX_PAGE_SIZE:
            raise QueryRefused.one("limit", "out_of_range", f"limit is 1 to {MAX_PAGE_SIZE}.")
        return size

    def _flag(self, name: str) -> bool:
        text = self.request.query_params.get(name, "0")
        if text not in _FLAGS:
            raise QueryRefused.one(name, "not_a_flag", f"{name} is 1 or 0.")
        return _FLAGS[text]

    def _order(self, queryset: QuerySet[Any], request: Request, view: Any) -> list[str]:
        model = getattr(view, "ordered_model", None) or queryset.model
        wanted = request.query_params.get("ordering")
        names = wanted.split(",") if wanted is not None else list(view.ordering)
        found = [_path(view, model, name.removeprefix("-")) for name in names]
        if len(found) > 3 or not all(found):
            choices = ", ".join(n for n in view.orderings if _path(view, model, n)) or "nothing"
            raise QueryRefused.one("ordering", "unknown_ordering", f"Order by {choices}.")
        return [
            f"-{path}" if name.startswith("-") else path
            for name, path in zip(names, found, strict=True)
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of the response."""
        return envelope_schema(schema)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters of lists."""
        default = _page_size(view)
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": default}
        names = [sign + name for name in getattr(view, "orderings", {}) for sign in ("", "-")]
        parameters = [
            _parameter("cursor", {"type": "string"}, "Start of the page; see next, previous."),
            _parameter("limit", size, "Rows of a page."),
            _parameter("with_count", {"type": "string", "enum": list(_FLAGS)}, "Adds count."),
        ]
        if names:
            parameters.append(
                _parameter(
                    "ordering",
                    {"type": "string", "examples": names[:2]},
                    f"Up to three of {', '.join(names)}, separated by commas.",
                )
            )
        return parameters


class WholeList(BasePagination):
    """The body of a list around all rows, without parameters."""

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """All rows."""
        return list(queryset)

    def get_paginated_response(self, data: Any) -> Response:
        """The body of the response."""
        return Response(envelope(data))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of the response."""
        return envelope_schema(schema)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """None."""
        return []


def _page_size(view: Any) -> int:
    """Of the list itself; a history beside it has the usual size."""
    own = getattr(view, "action", "") == "list"
    return int(getattr(view, "page_size", PAGE_SIZE)) if own else PAGE_SIZE


def envelope(shown: Any) -> dict[str, Any]:
    """A list of one page."""
    return {"next": None, "previous": None, "results": shown}


def envelope_schema(rows: dict[str, Any]) -> dict[str, Any]:
    """The schema of a list."""
    url = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {
            "next": url,
            "previous": url,
            "count": {"type": "integer"},
            "results": rows,
        },
    }


def _path(view: Any, model: type[Model], name: str) -> str:
    """The ORM path of an ordering; '' if it is unknown or hidden from the actor."""
    path: str = view.orderings.get(name, "")
    return "" if not path or hides(getattr(view, "actor", None), model, path) else path


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema,
            "description": description}  # fmt: skip
