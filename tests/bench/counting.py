"""Queries and server time of a request, told in its answer's headers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


@contextmanager
def counted_statements() -> Iterator[Callable[[], int]]:
    """Counts the statements of the block; yields a function that answers how many so far."""
    count = 0

    def counted(execute: Any, *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        yield lambda: count


class QueryCount:
    """Sets ``X-Queries`` and ``X-Server-Ms``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with counted_statements() as count:
            response = self.get_response(request)
        response["X-Queries"] = str(count())
        response["X-Server-Ms"] = f"{(time.perf_counter() - began) * 1000:.3f}"
        return response
