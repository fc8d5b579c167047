"""Filters of lists by a model's FilterSet; unknown parameters are refused."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
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


def check_names(request: Request, known: set[str]) -> None:
    """Raise ``QueryRefused`` for every query parameter that is not ``known``."""
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise QueryRefused(
            FieldProblem(f"/{name}", "unknown_parameter", f"There is no parameter {name!r} here.")
            for name in unknown
        )
