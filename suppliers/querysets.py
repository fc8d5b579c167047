"""Which sources a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from parts.querysets import scope_of

if TYPE_CHECKING:
    from secondsource.accounts.models import User


class SourceQuerySet(models.QuerySet[Any]):
    """Sources by scope, in the order in which they are shown."""

    def visible_to(self, user: User | None) -> SourceQuerySet:
        """Sources of the parts that the person sees."""
        from parts.models import Part  # models import this module

        if scope_of(user) is None:
            return self
        return self.filter(part__in=Part.objects.visible_to(user))

    def with_makers(self) -> SourceQuerySet:
        """With the maker's part, its maker and the approval, in one query."""
        return self.select_related("manufacturer_part__manufacturer", "approval", "part")

    def in_order(self) -> SourceQuerySet:
        """Incumbents first, then alternates as they were added."""
        return self.order_by(models.Case(models.When(role="incumbent", then=0), default=1), "id")
