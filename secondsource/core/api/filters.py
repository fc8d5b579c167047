"""Filters of lists by a model's FilterSet; unknown parameters are refused."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.db.models import QuerySet
from django_filters import MultipleChoiceFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from secondsource.core.api.problems import QueryRefused
from secondsource.core.errors import FieldProblem


class FilterSetBackend(DjangoFilterBackend):
    """Filters by the view's ``filterset_class``, built only for requests with a filter."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """The filtered rows. Raises ``QueryRefused`` for invalid values."""
        filterset_class = getattr(view, "filterset_class", None)
        if (
            filterset_class is None
            or not request.query_params.keys() & filterset_class.base_filters
        ):
            return queryset
        bound = filterset_class(request.query_params, queryset=queryset, request=request)
        if not bound.is_valid():
            raise QueryRefused(
                FieldProblem(f"/{name}", error.code or "invalid", " ".join(error.messages))
                for name, errors in bound.form.errors.as_data().items()
                for error in errors
            )
        rows: QuerySet[Any] = bound.qs
        return rows


def repeatable(filterset_class: Any) -> set[str]:
    """Names of the filters that take several values."""
    filters = filterset_class.base_filters if filterset_class else {}
    return {name for name, one in filters.items() if isinstance(one, MultipleChoiceFilter)}


def check_names(request: Request, known: set[str], several: Set[str] = frozenset()) -> None:
    """Raise ``QueryRefused`` for query parameters that are not ``known``, and for those that are
    there more than once and not in ``several``.
    """
    given = request.query_params
    problems = [
        FieldProblem(f"/{name}", "unknown_parameter", f"There is no parameter {name!r} here.")
        for name in given
        if name not in known
    ]
    problems += [
        FieldProblem(f"/{name}", "repeated", "Give this parameter only once.")
        for name in given
        if name in known and name not in several and len(given.getlist(name)) > 1
    ]
    if problems:
        raise QueryRefused(problems)
