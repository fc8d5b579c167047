"""Which sources, orders and receipts a person sees, and what lists add to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

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


class OrderLineQuerySet(models.QuerySet[Any]):
    """Order lines by scope, with what is still open of them."""

    def visible_to(self, user: User | None) -> OrderLineQuerySet:
        """Order lines of the sources that the person sees."""
        return of_seen_sources(self, user)

    def with_open(self) -> OrderLineQuerySet:
        """Adds ``open_qty``: the quantity that has not arrived yet, never below 0."""
        from suppliers.models import Receipt  # models import this module

        told_on = Coalesce(OuterRef("open_as_of"), models.Value(dt.date.min))
        arrived = (
            Receipt.objects.standing()
            .filter(order_line=OuterRef("pk"), received_date__gt=told_on)
            .order_by()
            .values("order_line")
            .annotate(total=Sum("received_qty"))
            .values("total")
        )
        told = Coalesce("open_given", "ordered_qty")
        return self.annotate(
            open_qty=Greatest(
                told - Coalesce(Subquery(arrived), models.Value(0)),
                models.Value(0),
                output_field=models.DecimalField(max_digits=18, decimal_places=4),
            )
        )


class ReceiptQuerySet(models.QuerySet[Any]):
    """Receipts by scope, and those that stand."""

    def visible_to(self, user: User | None) -> ReceiptQuerySet:
        """Receipts of the sources that the person sees."""
        return of_seen_sources(self, user)

    def standing(self) -> ReceiptQuerySet:
        """All but those whose batch was taken back."""
        from suppliers.models import ReceiptBatch  # models import this module

        gone = ReceiptBatch.objects.filter(pk=OuterRef("batch"), taken_back_at__isnull=False)
        return self.filter(~Exists(gone))


def of_seen_sources(rows: Any, user: User | None) -> Any:
    """The rows whose ``source`` the person sees."""
    if scope_of(user) is None:
        return rows
    from suppliers.models import Source  # models import this module

    return rows.filter(source__in=Source.objects.visible_to(user))
