"""No address tells a price to those from whom prices are hidden."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from parts import services as catalogue
from suppliers import services as sourcing
from suppliers.models import Rfq
from tests import factories, rfq_work, saving_work
from tests.factories import JOB
from tests.security.world import World, routes

pytestmark = pytest.mark.django_db
#: Prices that nothing else has: of an offer, a receipt, an order line, the standard cost, a quote
#: and a negotiation with its award and split (``tests.negotiation_work``).
OFFER, RECEIVED, ORDERED, STANDARD = "7.3179", "7.4183", "7.6197", "7.5191"
NEGOTIATED, QUOTED = "8.125", "7.7193"
PRICES = (
    OFFER, RECEIVED, ORDERED, STANDARD, NEGOTIATED, QUOTED, saving_work.BASELINE, saving_work.PAID
)  # fmt: skip
SAVED = saving_work.SAVED
MOMENT = re.compile(rb"\d\d:\d\d:\d\d\.\d+")  # its fraction can hold any figures


@pytest.fixture
def world(db: None) -> World:
    found = World()
    source = found.case.source
    sourcing.add_offer(
        manufacturer_part=source.manufacturer_part, actor=JOB, currency="USD",
        supplier=source.manufacturer_part.manufacturer, price_breaks=[(10, Decimal(OFFER))],
    )  # fmt: skip
    factories.receipt(source, 5, RECEIVED)
    factories.order_line(source, 5, ORDERED)
    rfq_work.quote(Rfq.objects.get(), source, QUOTED)
    values = {"standard_cost": Decimal(STANDARD), "standard_cost_currency": "USD"}
    catalogue.change_part(part=found.case.part, values=values, actor=JOB)
    return found


def shown(world: World, role: str) -> tuple[list[tuple[str, str]], int]:
    """Where which price is told, and how many addresses answered."""
    client, told, found = world.client(role), [], 0
    for route, pattern in routes():
        if pattern.name == "account_logout":
            continue
        address = world.address(route)
        answer: Any = client.get(address)
        text = b"".join(answer) if answer.streaming else answer.content
        found += answer.status_code == 200
        plain = MOMENT.sub(b"", text).replace(b",", b"")
        told += [(address, price) for price in (*PRICES, SAVED) if price.encode() in plain]
    return told, found


@pytest.mark.parametrize("role", ["engineer", "quality", "viewer", "admin"])
def test_no_address_tells_a_price(world: World, role: str) -> None:
    told, found = shown(world, role)
    assert told == []
    assert found > 20


def test_a_buyer_is_told_each(world: World) -> None:
    told, _ = shown(world, "procurement")
    assert {price for _, price in told} == {*PRICES, SAVED}
