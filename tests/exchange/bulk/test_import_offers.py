"""Offers with price breaks in columns and in rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parts.models import PartFigures
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused
from secondsource.exchange import services
from suppliers.models import Offer, PriceBreak
from tests import factories
from tests.exchange.bulk.files import problems, roles, send, take

pytestmark = pytest.mark.django_db

WIDE = (
    "MPN,Supplier,SKU,Currency,Qty 1,Price 1,Qty 2,Price 2,MOQ,Lead time (days),Tariff rate\n"
    "CC1,Digi-Key,311-1-ND,USD,1,0.10,1000,0.02,100,84,2.5 %\n"
)
LONG = (
    "MPN,Supplier,SKU,Currency,Quantity,Unit price,Valid from\n"
    "CC1,Digi-Key,311-1-ND,USD,1,0.10,2026-01-01\n"
    "CC1,Digi-Key,311-1-ND,USD,1000,0.02,2026-01-01\n"
)


@pytest.fixture
def buyer(db: None) -> Actor:
    factories.manufacturer_part("CC1", manufacturer=factories.manufacturer("Yageo"))
    factories.manufacturer("Digi-Key", kinds=["distributor"])
    return factories.actor("procurement")


def breaks() -> list[tuple[int, Decimal]]:
    return list(PriceBreak.objects.order_by("quantity").values_list("quantity", "price"))


BOTH = [(1, Decimal("0.1")), (1000, Decimal("0.02"))]


def test_an_offer_with_breaks_in_columns(buyer: Actor) -> None:
    imported = send(WIDE, "offers", buyer)
    assert roles(imported)["Price 2"] == "price"
    assert imported.totals["sums"] == {"Price breaks": "2"}
    take(WIDE, "offers", buyer)
    offer = Offer.objects.get()
    assert (offer.supplier.code, offer.sku, offer.moq) == ("DIGI-KEY", "311-1-ND", 100)
    assert (offer.lead_time_days_max, offer.tariff_rate) == (84, Decimal("0.025"))
    assert (offer.valid_from, breaks()) == (clock.business_day(), BOTH)


def test_an_offer_with_a_row_a_break(buyer: Actor) -> None:
    done = take(LONG, "offers", buyer)
    assert done.result["created"] == 1
    assert (Offer.objects.get().valid_from, breaks()) == (dt.date(2026, 1, 1), BOTH)
    again = send(LONG, "offers", buyer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 1}


def test_without_a_day_the_offer_in_force_is_meant(buyer: Actor) -> None:
    with clock.at(dt.date(2026, 1, 1)):
        take(WIDE, "offers", buyer)
    done = take(WIDE.replace("0.02", "0.019"), "offers", buyer)
    assert (done.result["updated"], Offer.objects.count()) == (1, 1)
    assert breaks()[1] == (1000, Decimal("0.019"))
    offer = Offer.objects.get()
    assert (offer.version, offer.valid_from) == (2, dt.date(2026, 1, 1))
    services.undo(imported=done, actor=buyer)
    assert breaks() == BOTH


def test_another_first_day_is_another_offer(buyer: Actor) -> None:
    take(LONG, "offers", buyer)
    done = take(LONG.replace("2026-01-01", "2026-07-01"), "offers", buyer)
    assert (done.result["created"], Offer.objects.count()) == (1, 2)
    services.undo(imported=done, actor=buyer)
    assert (Offer.objects.count(), breaks()) == (1, BOTH)


def test_the_manufacturer_offers_when_nobody_is_named_and_spend_follows(buyer: Actor) -> None:
    part = factories.part(given_demand=Decimal(1000))
    source = factories.incumbent(part, "OWN")
    done = take("MPN,Price,Currency\nOWN,2,USD\n", "offers", buyer)
    offer = Offer.objects.get()
    assert offer.supplier == source.manufacturer_part.manufacturer
    assert list(offer.price_breaks.values_list("quantity", flat=True)) == [1]
    assert PartFigures.objects.get(part=part).spend_12m == 2000
    services.undo(imported=done, actor=buyer)
    assert PartFigures.objects.get(part=part).spend_12m is None


def test_rows_that_need_a_person(buyer: Actor) -> None:
    text = (
        "MPN,Supplier,Currency,Qty 1,Price 1,Qty 2,Price 2,MOQ,Tariff rate,Valid from,Valid to\n"
        "NOPE,Digi-Key,USD,1,1,,,,,,\n"
        "CC1,Nobody,USD,1,1,,,,,,\n"
        "CC1,Digi-Key,,1,1,,,,,,\n"
        "CC1,Digi-Key,USD,0,1,,,,,2026-01-02,\n"
        "CC1,Digi-Key,USD,1,-1,,,,,2026-01-03,\n"
        "CC1,Digi-Key,USD,1,1,10,,,,2026-01-04,\n"
        "CC1,Digi-Key,USD,,,,,,,2026-01-05,\n"
        "CC1,Digi-Key,USD,1,1,1,2,,,2026-01-06,\n"
        "CC1,Digi-Key,USD,1,1,,,0,25,2026-01-07,2026-01-01\n"
    )
    imported = send(text, "offers", buyer)
    assert problems(imported) == [
        (2, "mpn", "unknown_mpn"),
        (3, "supplier", "unknown_supplier"),
        (4, "currency", "missing"),
        (5, "quantity_1", "not_positive"),
        (6, "price_1", "negative"),
        (7, "price_2", "missing"),
        (8, "price_1", "no_price"),
        (9, "quantity_1", "duplicate"),
        (10, "moq", "not_positive"),
        (10, "tariff_rate", "out_of_range"),
        (10, "valid_to", "limits_reversed"),
    ]


def test_several_offers_in_force_are_told_apart_by_their_day(buyer: Actor) -> None:
    take(LONG, "offers", buyer)
    take(LONG.replace("2026-01-01", "2026-02-01"), "offers", buyer)
    imported = send(WIDE, "offers", buyer)
    assert problems(imported) == [(2, "sku", "ambiguous_offer")]


def test_an_engineer_imports_no_offers(engineer: Actor) -> None:
    with pytest.raises(PermissionRefused):
        send(WIDE, "offers", engineer)
