"""The share that was bought of each source while a split was in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from incentives.models import SplitProposal
from secondsource.core import clock
from suppliers.models import Receipt, Source

#: A difference from the agreed share that is worth a look.
WORTH_A_LOOK = Decimal("0.05")


@dataclass(frozen=True)
class BoughtShare:
    """Units of a source by month, and its share of all, beside the agreed one."""

    source: Source
    agreed: Decimal
    by_month: Sequence[Decimal]
    units: Decimal
    share: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """The share bought less the agreed one; None without receipts."""
        return None if self.share is None else self.share - self.agreed

    @property
    def is_off(self) -> bool:
        """Whether the difference is above five points."""
        return self.difference is not None and abs(self.difference) > WORTH_A_LOOK


@dataclass(frozen=True)
class Tracked:
    """Production receipts of the part since a split was accepted; returns subtract."""

    since: dt.date
    until: dt.date | None
    months: Sequence[dt.date]
    rows: Sequence[BoughtShare]
    units: Decimal


def tracked(split: SplitProposal) -> Tracked | None:
    """What was bought under an accepted split; None before. One statement for the receipts."""
    if split.state != SplitProposal.State.ACCEPTED or split.decided_at is None:
        return None
    since = clock.day_of(split.decided_at)
    until = clock.day_of(split.ended_at) if split.ended_at else None
    receipts = Receipt.objects.standing().filter(
        source__part=split.part_id, purpose=Receipt.Purpose.PRODUCTION, received_date__gte=since
    )
    if until:
        receipts = receipts.filter(received_date__lt=until)
    sums = (
        receipts.order_by()
        .annotate(month=TruncMonth("received_date"))
        .values_list("source_id", "month")
        .annotate(units=Sum("received_qty"))
    )
    bought = {(source, month): units for source, month, units in sums}
    months = sorted({month for _, month in bought})
    agreed = {row.source_id: row.share for row in split.shares.all()}
    wanted = {*agreed, *(source for source, _ in bought)}
    total = sum(bought.values(), Decimal(0))
    sources = Source.objects.filter(pk__in=wanted).with_manufacturers().in_order()
    rows = [_row(source, agreed, months, bought, total) for source in sources]
    return Tracked(since, until, months, rows, total)


def _row(
    source: Source,
    agreed: dict[int, Decimal],
    months: Sequence[dt.date],
    bought: dict[tuple[int, dt.date], Decimal],
    total: Decimal,
) -> BoughtShare:
    by_month = [bought.get((source.pk, month), Decimal(0)) for month in months]
    units = sum(by_month, Decimal(0))
    share = units / total if total > 0 else None
    return BoughtShare(source, agreed.get(source.pk, Decimal(0)), by_month, units, share)
