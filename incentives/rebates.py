"""Rebates of price agreements that are lost when volume moves to another source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from parts.models import Part
from secondsource.core import clock
from secondsource.core.money import minor_units, round_half_up
from suppliers.models import PriceAgreement, Receipt, Source

#: The units before are those of the last year.
DAYS_BEFORE = 365


@dataclass(frozen=True)
class RebateLost:
    """The rebate of a year before and after, in the currency of the agreement."""

    agreement: PriceAgreement
    units_before: Decimal
    units_after: Decimal
    before: Decimal
    after: Decimal

    @property
    def lost(self) -> Decimal:
        """What is lost; negative where more volume earns more."""
        return self.before - self.after

    @property
    def size(self) -> Decimal:
        """The change without its sign."""
        return abs(self.lost)


def rebate(
    *, units: Decimal, price: Decimal, threshold: int, rate: Decimal, on_all: bool
) -> Decimal:
    """The rebate on a year's units: nothing below the threshold.

    From the threshold on it is paid on all units, or on those above the threshold.
    """
    if units < threshold:
        return Decimal(0)
    return (units if on_all else units - threshold) * price * rate


def rebates_lost(
    part: Part, shares: Mapping[int, Decimal], demand: Decimal | None
) -> list[RebateLost]:
    """Rebates in force that change when each source gets its share of the year's demand.

    ``shares`` by source; a source without one gets nothing.
    """
    if not demand:
        return []
    today = clock.business_day()
    sources = {
        source.manufacturer_part_id: source.pk for source in Source.objects.filter(part=part)
    }
    agreements = PriceAgreement.objects.filter(
        manufacturer_part__in=sources, valid_from__lte=today, valid_to__gte=today,
        rebate_rate__isnull=False,
    ).select_related("supplier", "manufacturer_part").prefetch_related("breaks")  # fmt: skip
    rows = list(agreements)
    if not rows:
        return []
    bought = _bought(part, today)
    found = []
    for row in rows:
        source = sources[row.manufacturer_part_id]
        after = (shares.get(source) or Decimal(0)) * demand
        one = _of(row, bought.get(source, Decimal(0)), after)
        if one.before != one.after:
            found.append(one)
    return found


def _bought(part: Part, today: dt.date) -> dict[int, Decimal]:
    """Units received by source within a year."""
    since = today - dt.timedelta(days=DAYS_BEFORE)
    rows = Receipt.objects.standing().filter(
        source__part=part, received_date__gt=since, purpose=Receipt.Purpose.PRODUCTION
    )
    return dict(rows.order_by().values_list("source_id").annotate(units=Sum("received_qty")))


def _of(row: PriceAgreement, before: Decimal, after: Decimal) -> RebateLost:
    """At the agreed price of the month's quantity."""
    places = minor_units(row.currency)

    def yearly(units: Decimal) -> Decimal:
        tiers = [one for one in row.breaks.all() if one.quantity <= max(units / 12, Decimal(1))]
        price = (tiers[-1] if tiers else row.breaks.all()[0]).price
        assert row.rebate_threshold is not None
        assert row.rebate_rate is not None
        return round_half_up(
            rebate(
                units=units, price=price, threshold=row.rebate_threshold, rate=row.rebate_rate,
                on_all=row.rebate_on == PriceAgreement.RebateOn.ALL,
            ),
            places,
        )  # fmt: skip

    return RebateLost(row, before, after, yearly(before), yearly(after))
