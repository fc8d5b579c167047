"""What was paid on average for a part in a month, from its production receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, F, Max, Q, Sum

from parts.models import Part
from suppliers.models import Receipt

_PAID = DecimalField(max_digits=38, decimal_places=10)


@dataclass(frozen=True)
class PaidInMonth:
    """``average`` of a unit in one currency; ``other`` receipts have no price in it.

    ``by_source``: quantity and average price of each source, the largest quantity first.
    """

    month: dt.date
    average: Decimal
    quantity: Decimal
    other: int
    by_source: Sequence[tuple[Decimal, Decimal]] = ()


def paid_in_last_month(part: Part, currency: str) -> PaidInMonth | None:
    """The newest month with priced receipts in the currency; returns subtract."""
    rows = Receipt.objects.standing().filter(source__part=part, purpose=Receipt.Purpose.PRODUCTION)
    priced = Q(currency=currency, unit_price__isnull=False)
    last = rows.filter(priced).aggregate(day=Max("received_date"))["day"]
    if last is None:
        return None
    month = rows.filter(received_date__year=last.year, received_date__month=last.month)
    sums = list(
        month.filter(priced)
        .order_by()
        .values("source")
        .annotate(
            paid=Sum(F("received_qty") * F("unit_price"), output_field=_PAID),
            quantity=Sum("received_qty"),
        )
        .order_by("-quantity", "source")
    )
    quantity = sum((row["quantity"] for row in sums), Decimal(0))
    if quantity <= 0:
        return None
    return PaidInMonth(
        last.replace(day=1), sum(row["paid"] for row in sums) / quantity, quantity,
        month.exclude(priced).count(),
        [(row["quantity"], row["paid"] / row["quantity"]) for row in sums if row["quantity"] > 0],
    )  # fmt: skip
