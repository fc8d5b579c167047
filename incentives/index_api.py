"""``/price-indices/`` and ``/index-values/``: what index-linked baselines follow."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from incentives import saving_serializers as shapes
from incentives import services
from incentives.models import IndexValue, PriceIndex
from incentives.saving_filters import IndexValueFilter
from secondsource.core.api.history import History
from secondsource.core.api.views import Addable, ById, Readable
from secondsource.core.errors import ValuesRefused

_PERMISSION = {"read": "incentives.view_saving", "write": "incentives.write_index"}


def by_code(code: str) -> PriceIndex:
    """The index of a code. Raises ``ValuesRefused``."""
    found = PriceIndex.objects.filter(code__iexact=code.strip()).first()
    if found is None:
        raise ValuesRefused.one("/index", "does_not_exist", "There is no such index.")
    return found


class PriceIndexResource(ById, Readable, Addable, History):
    """Market indices with publisher and unit."""

    permission = _PERMISSION
    shape = shapes.IndexShape
    input_class = shapes.IndexInput
    orderings = {"code": "code", "created_at": "id"}
    ordering = ("code",)

    def rows(self) -> QuerySet[PriceIndex]:
        """All of them."""
        return PriceIndex.objects.all()

    def add(self, values: dict[str, Any]) -> PriceIndex:
        """Add an index."""
        return services.add_index(actor=self.actor, **values)


class IndexValueResource(ById, Readable, Addable, History):
    """Values of indices by day; a POST of a day that has one corrects it."""

    permission = _PERMISSION
    shape = shapes.IndexValueShape
    input_class = shapes.IndexValueInput
    filterset_class = IndexValueFilter
    orderings = {"day": "day", "created_at": "id"}
    ordering = ("-day",)

    def rows(self) -> QuerySet[IndexValue]:
        """All of them."""
        return IndexValue.objects.select_related("index")

    def add(self, values: dict[str, Any]) -> IndexValue:
        """Record a value."""
        index = by_code(values.pop("index"))
        return services.record_value(index=index, actor=self.actor, **values)
