"""The demonstration's RFQs, quotes and price agreements, all invented.

One is awarded and agreed, one is closed and waits for its award, one is still open.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.catalogue import Shelf
from secondsource.workspace.demo.people import Cast
from suppliers import services as sourcing
from suppliers.models import Quote, Rfq, Source
from suppliers.rfq_workflow import RFQ_FLOW


@dataclass(frozen=True)
class DemoQuote:
    """A quote of the ``place``-th source of a part: prices at the two volumes, and terms.

    ``valid_days``: how long it holds from its day on.
    """

    part: str
    place: int
    prices: tuple[str, str]
    head: dict[str, Any] = field(default_factory=dict)
    line: dict[str, Any] = field(default_factory=dict)
    valid_days: int = 300


#: Values of a quote that can be compared.
_HEAD = {"currency": "USD", "incoterm": "DAP", "place": "Tallinn"}
_LINE = {"tariff_rate": Decimal("0.02"), "moq": 500, "multiple": 100}

AWARDED = (
    DemoQuote("BUCK", 0, ("1.31", "1.24"), {"reference": "DW-2291"},
              {"lead_time_days_min": 84, "lead_time_days_max": 98}),
    DemoQuote("BUCK", 1, ("1.04", "0.97"),
              {"reference": "AL-771", "esg_kind": "ecovadis", "esg_result": "68"},
              {"lead_time_days_min": 42, "lead_time_days_max": 63, "capacity_wk": Decimal(9000)}),
)  # fmt: skip
CLOSED = (
    DemoQuote("FLASH", 0, ("1.10", "1.05"), {"reference": "FIR-18", "incoterm": "DDP"},
              {"lead_time_days_max": 84, "ncnr": True}),
    DemoQuote("FLASH", 1, ("0.92", "0.88"),
              {"reference": "GO-5520", "currency": "EUR", "incoterm": "FCA", "place": "Taichung"},
              {"freight": Decimal("0.012"), "lead_time_days_max": 56, "nre": Decimal(4000)}),
)  # fmt: skip
OPEN = (
    DemoQuote("MLCC", 0, ("0.0041", "0.0039"), {"reference": "ELM-3"},
              {"lead_time_days_max": 56, "moq": 4000, "multiple": 4000}, valid_days=2),
    DemoQuote("MLCC", 1, ("0.0034", "0.0031"), {"reference": "FIR-22", "incoterm": ""},
              {"lead_time_days_max": 49, "moq": 10_000, "multiple": 10_000}),
)  # fmt: skip


def build_rfqs(shelf: Shelf, cast: Cast, *, today: dt.date) -> None:
    """Three requests, two of them in the past."""
    with clock.at(add_months(today, -5)):
        awarded = _ask("Buck converters for the motor drive", shelf, cast, AWARDED, (6000, 20_000))
        _close(awarded, cast)
        best = Quote.objects.get(reference="AL-771").lines.get()
        RFQ_FLOW.fire(
            awarded.pk, "award", actor=cast["procurement"],
            note="Least total cost; the second source takes part of the volume.",
            data={"quote_lines": [best.key]},
        )  # fmt: skip
        _agree(shelf.sources["BUCK", 1], cast)
    with clock.at(today - dt.timedelta(days=12)):
        _close(_ask("NOR flash, both sources", shelf, cast, CLOSED, (2000, 12_000)), cast)
    with clock.at(today - dt.timedelta(days=3)):
        _ask("MLCC for next year", shelf, cast, OPEN, (500_000, 2_000_000))


def _ask(
    title: str, shelf: Shelf, cast: Cast, quotes: tuple[DemoQuote, ...], volumes: tuple[int, ...]
) -> Rfq:
    actor, day = cast["procurement"], clock.business_day()
    pairs = [(one, shelf.sources[one.part, one.place]) for one in quotes]
    parts = {source.part for _, source in pairs}
    companies = {source.manufacturer_part.manufacturer for _, source in pairs}
    costs = {"qualification_cost": Decimal(18_000), "amortise_units": 60_000}
    rfq = sourcing.add_rfq(
        title=title, due=day + dt.timedelta(days=14), currency="USD", actor=actor,
        note="Please quote for delivery in four lots over the year.",
        lines=[{"part": part, "volumes": list(volumes), **costs} for part in parts],
        suppliers=sorted(companies, key=lambda one: one.code),
    )  # fmt: skip
    RFQ_FLOW.fire(rfq.pk, "send", actor=actor)
    for one, source in pairs:
        _quote(rfq, one, source, volumes, cast)
    return rfq


def _quote(rfq: Rfq, one: DemoQuote, source: Source, volumes: tuple[int, ...], cast: Cast) -> None:
    head = _HEAD | one.head
    head["valid_to"] = clock.business_day() + dt.timedelta(days=one.valid_days)
    if head.get("esg_kind"):
        head["esg_valid_to"] = clock.business_day() + dt.timedelta(days=400)
    number = source.manufacturer_part
    ladder = [(1, Decimal(one.prices[0])), (volumes[-1], Decimal(one.prices[1]))]
    sourcing.record_quote(
        invitation=rfq.invitations.get(supplier=number.manufacturer), channel=Quote.Channel.FORM,
        values=head, actor=cast["procurement"],
        lines=[
            {"line": rfq.lines.get(part=source.part), "mpn": number.mpn,
             "manufacturer": number.manufacturer.name, "price_breaks": ladder}
            | _LINE | one.line
        ],
    )  # fmt: skip


def _close(rfq: Rfq, cast: Cast) -> None:
    RFQ_FLOW.fire(rfq.pk, "close", actor=cast["procurement"])


def _agree(source: Source, cast: Cast) -> None:
    """The agreement that the award led to."""
    line = Quote.objects.get(reference="AL-771").lines.get()
    day, number = clock.business_day(), source.manufacturer_part
    sourcing.add_agreement(
        supplier=number.manufacturer, manufacturer_part=number, document="LTA-2026-014 rev. A",
        valid_from=day, valid_to=add_months(day, 12), currency="USD",
        price_breaks=[(1, Decimal("1.04")), (20_000, Decimal("0.97"))],
        volume_commitment=60_000, allocation=Decimal("0.40"), rebate_threshold=80_000,
        rebate_rate=Decimal("0.015"), last_time_buy_months=12,
        last_time_buy="Last orders until twelve months after the notice, at the agreed price.",
        ip_clause="Drawings and test programs that we pay for are ours.",
        offer=line.offer, quote_line=line, actor=cast["procurement"],
    )  # fmt: skip
