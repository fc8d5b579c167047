"""The cheapest splits of 40 parts with 6 approved sources each; undone afterwards."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from incentives.split_answers import cheapest_splits
from parts.models import Part, PartFigures
from secondsource.core import clock
from suppliers.models import Approval, ManufacturerPart, Offer, PriceBreak, Source
from tests.bench import measure
from tests.bench.measure import Table

PARTS, SOURCES, MOST_MS = 40, 6, 1_000


def measured(table: Table) -> None:
    """Facts of all parts and their programmes; the data are as they were."""
    with transaction.atomic():
        parts = _parts()
        name = f"split of {PARTS} parts over {SOURCES} sources"
        table.add(measure.calls(name, lambda: _solve(parts), runs=3), most=MOST_MS)
        transaction.set_rollback(True)


def _solve(parts: list[Part]) -> None:
    found = cheapest_splits(parts)
    if any(one["problems"] or len(one["sources"]) < SOURCES for one in found):
        raise RuntimeError("a part has no split over its sources")


def _parts() -> list[Part]:
    """Parts with a demand, whose sources are approved, capped and offered at rising prices."""
    parts = list(Part.objects.filter(figures__isnull=False).order_by("pk")[:PARTS])
    PartFigures.objects.filter(part__in=parts).update(annual_demand=120_000, month_demand=10_000)
    Part.objects.filter(pk__in=[part.pk for part in parts]).update(stock_qty=5_000)
    numbers = iter(ManufacturerPart.objects.order_by("-pk")[: PARTS * SOURCES * 2])
    for part in parts:
        mine = set(Source.objects.filter(part=part).values_list("manufacturer_part", flat=True))
        taken = []
        while len(taken) < SOURCES:
            number = next(numbers)
            if number.pk not in mine:
                taken.append(number)
        sources = Source.objects.bulk_create(
            Source(part=part, manufacturer_part=number) for number in taken
        )
        _approve(sources)
        _offer(taken)
    return parts


def _approve(sources: list[Source]) -> None:
    approvals = Approval.objects.bulk_create(
        Approval(source=source, kind=Approval.Kind.CASE, evidence_ref="bench",
                 valid_from=clock.business_day())
        for source in sources
    )  # fmt: skip
    for source, approval in zip(sources, approvals, strict=True):
        source.approval, source.status = approval, Source.Status.APPROVED
        source.share_cap = Decimal("0.5")
        source.independence = Source.Independence.INDEPENDENT
    Source.objects.bulk_update(sources, ["approval", "status", "share_cap", "independence"])


def _offer(numbers: list[ManufacturerPart]) -> None:
    offers = Offer.objects.bulk_create(
        Offer(manufacturer_part=number, supplier_id=number.manufacturer_id, currency="USD",
              valid_from=clock.business_day(), lead_time_days_max=60, moq=5_000)
        for number in numbers
    )  # fmt: skip
    PriceBreak.objects.bulk_create(
        PriceBreak(offer=offer, quantity=quantity, price=Decimal(100 + place - quantity // 1_000))
        for place, offer in enumerate(offers) for quantity in (1, 1_000, 10_000)
    )  # fmt: skip
