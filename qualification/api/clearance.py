"""``/cases/{key}/clearances/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qualification import services
from qualification import spec_review_serializers as serializers
from qualification.api.gates import OfCase
from qualification.models import IpClearance
from secondsource.core.api.history import History
from secondsource.core.api.views import Addable, Changeable, Readable


class ClearanceResource(OfCase, Readable, Addable, Changeable, History):
    """Searches for rights of others that the candidate of a case may infringe."""

    queryset = IpClearance.objects.none()
    shape = serializers.ClearanceShape
    input_class = serializers.ClearanceInput
    changes_class = serializers.ClearanceChanges
    orderings = {"searched_on": "searched_on", "created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[IpClearance]:
        """The searches of the case."""
        return self.case.clearances.select_related("searched_by", "case").order_by()

    def add(self, values: dict[str, Any]) -> IpClearance:
        """Record a search."""
        return services.add_clearance(case=self.case, actor=self.actor, **values)

    def change(self, obj: IpClearance, values: dict[str, Any], expected: int | None) -> IpClearance:
        """Change a search."""
        return services.change_clearance(
            clearance=obj, values=values, actor=self.actor, expected=expected
        )
