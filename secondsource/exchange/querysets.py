"""Which imports a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from parts.models import Product
from parts.querysets import scope_of

if TYPE_CHECKING:
    from secondsource.accounts.models import User


class ImportQuerySet(models.QuerySet[Any]):
    """Imports by scope."""

    def visible_to(self, user: User | None) -> ImportQuerySet:
        """One's own and those into products one sees; without a product it is its owner's."""
        if scope_of(user) is None:
            return self
        seen = Q(product__in=Product.objects.visible_to(user))
        return self.filter(seen | Q(uploaded_by=user))

    def with_list_columns(self) -> ImportQuerySet:
        """What lists and pages show, in one query; big columns stay where they are."""
        return self.select_related("uploaded_by", "revision", "product").defer("mapping")
