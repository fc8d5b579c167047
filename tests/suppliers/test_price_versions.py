"""A price that was replaced stays on record, whichever way it was replaced."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from secondsource.core.actors import Actor
from secondsource.core.models import Event
from secondsource.exchange import services
from suppliers import services as sourcing
from suppliers.models import Offer, PriceBreak
from tests import factories
from tests.exchange.bulk.files import take

pytestmark = pytest.mark.django_db
FILE = "MPN,Currency,Qty 1,Price 1,Qty 2,Price 2\n{},USD,1,{},100,{}\n"
Row = tuple[int, str, int, int | None]


def offer(*breaks: tuple[int, str]) -> Offer:
    made = factories.manufacturer_part("CC1")
    return sourcing.add_offer(
        manufacturer_part=made, supplier=made.manufacturer, currency="USD", actor=factories.JOB,
        price_breaks=[(quantity, Decimal(price)) for quantity, price in breaks],
    )  # fmt: skip


def rows() -> list[Row]:
    """(quantity, price, from version, until version) in the order of writing."""
    found = PriceBreak.every_version.order_by("pk")
    return [
        (b.quantity, f"{b.price.normalize():f}", b.from_version, b.until_version) for b in found
    ]


@pytest.fixture
def buyer(db: None) -> Actor:
    return factories.actor("procurement")


def test_a_changed_price_leaves_the_old_one(buyer: Actor) -> None:
    made = offer((1, "1.00"), (100, "0.90"))
    breaks = [(1, Decimal("9.00")), (100, Decimal("0.90"))]
    sourcing.change_offer(offer=made, values={}, price_breaks=breaks, actor=buyer)
    assert rows() == [(1, "1", 1, 2), (100, "0.9", 1, None), (1, "9", 2, None)]
    assert sourcing.breaks_by_version(made, [1, 2]) == {
        1: [(1, Decimal("1.00")), (100, Decimal("0.90"))],
        2: breaks,
    }
    told = Event.objects.get(action="suppliers.offer.prices")
    assert told.data["from"] == [[1, "1.000000"], [100, "0.900000"]]
    assert told.data["to"] == [[1, "9.00"], [100, "0.90"]]


def test_a_price_by_file_leaves_the_old_one(buyer: Actor) -> None:
    offer((1, "1"))
    take(FILE.format("CC1", "2", "1.5"), "offers", buyer)
    assert rows() == [(1, "1", 1, 2), (1, "2", 2, None), (100, "1.5", 2, None)]


def test_an_undone_import_leaves_its_prices_as_superseded(buyer: Actor) -> None:
    offer((1, "1"), (50, "0.8"))
    done = take(FILE.format("CC1", "1", "1.5"), "offers", buyer)
    services.undo(imported=done, actor=buyer)
    assert rows() == [
        (1, "1", 1, None), (50, "0.8", 1, 2), (100, "1.5", 2, 3), (50, "0.8", 3, None),
    ]  # fmt: skip
    assert Offer.objects.get().version == 3


def test_an_undone_new_offer_leaves_its_prices_as_superseded(buyer: Actor) -> None:
    factories.manufacturer_part("CC1")
    done = take(FILE.format("CC1", "2", "1.5"), "offers", buyer)
    services.undo(imported=done, actor=buyer)
    assert not Offer.objects.exists()
    assert rows() == [(1, "2", 1, 2), (100, "1.5", 1, 2)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE suppliers_pricebreak SET price = 2",
        "UPDATE suppliers_pricebreak SET until_version = 9, quantity = 3",
        "UPDATE suppliers_pricebreak SET until_version = NULL",
        "DELETE FROM suppliers_pricebreak",
        "SET LOCAL app.allow_truncate = off; TRUNCATE suppliers_pricebreak",
    ],
)
def test_the_database_refuses_to_rewrite_a_price(buyer: Actor, statement: str) -> None:
    made = offer((1, "1"))
    price = [(1, Decimal(3))]
    sourcing.change_offer(offer=made, values={}, price_breaks=price, actor=buyer)
    before = rows()
    connection.check_constraints()
    with (
        pytest.raises((InternalError, ProgrammingError), match=r"keeps every|append-only|denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert rows() == before


def test_an_offer_that_goes_by_hand_closes_its_prices() -> None:
    offer((1, "1"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM suppliers_offer")
    assert rows() == [(1, "1", 1, 2)]
