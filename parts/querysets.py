"""Querysets of parts and products: scope, search and columns of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from secondsource.accounts.models import User

#: Further words of a search are ignored.
MOST_WORDS = 8


class ProductQuerySet(models.QuerySet[Any]):
    """Products by scope."""

    def visible_to(self, user: User | None) -> ProductQuerySet:
        """Products of the person's plants or lines; all without a scope, and for jobs (None)."""
        scope = scope_of(user)
        return self if scope is None else self.filter(scope_q(scope)).distinct()


class PartQuerySet(models.QuerySet[Any]):
    """Parts by scope, search and figures."""

    def visible_to(self, user: User | None) -> PartQuerySet:
        """Parts used in products of the person's plants or lines, and parts used nowhere."""
        scope = scope_of(user)
        if scope is None:
            return self
        from parts.models import PartUsage  # the models import this module

        usage = PartUsage.objects.filter(part=OuterRef("pk"))
        return self.filter(Exists(usage.filter(scope_q(scope, "product__"))) | ~Exists(usage))

    def with_figures(self) -> PartQuerySet:
        """Parts joined with their figures, which every part has.

        The inner join lets PostgreSQL read the order by a figure from that figure's index.
        """
        return self.filter(figures__isnull=False).select_related("figures")

    def with_list_columns(self) -> PartQuerySet:
        """Parts with all columns of a list, in one query."""
        return self.with_figures().select_related("category", "owner")

    def search(self, text: str) -> PartQuerySet:
        """Parts whose numbers, description or manufacturers contain every word of the text."""
        found = self
        for word in text.upper().split()[:MOST_WORDS]:
            found = found.filter(figures__search_text__contains=word)
        return found


Scope = tuple[list[int], list[int]]


def scope_of(user: User | None) -> Scope | None:
    """Plant ids and product line ids of the person; None without a scope."""
    if user is None:
        return None
    return user.places if any(user.places) else None


def scope_q(scope: Scope, prefix: str = "") -> Q:
    """The condition that a product is in the scope."""
    plants, lines = scope
    return Q(**{f"{prefix}plants__in": plants}) | Q(**{f"{prefix}product_line__in": lines})
