"""The history of an offer holds its old prices, for readers who see prices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from suppliers import services
from tests import factories
from tests.api.callers import Api


def an_offer() -> str:
    made = factories.manufacturer_part("CC1")
    offer = services.add_offer(
        manufacturer_part=made, supplier=made.manufacturer, currency="USD", actor=factories.JOB,
        price_breaks=[(1, Decimal("1.00"))],
    )  # fmt: skip
    return f"/offers/{offer.public_id}/"


def test_old_and_new_prices(buyer: Api) -> None:
    address = an_offer()
    answer = buyer.patch(address, {"price_breaks": [{"quantity": 1, "price": "9.00"}]})
    assert answer.status_code == 200, answer.json()
    assert answer.json()["price_breaks"] == [{"quantity": 1, "price": "9.000000"}]
    newest, first = buyer.get(f"{address}history/").json()["results"]
    assert (first["kind"], first["changes"]) == ("created", [])
    assert newest["changes"] == [
        {
            "field": "price_breaks",
            "from": [{"quantity": 1, "price": "1.000000"}],
            "to": [{"quantity": 1, "price": "9.000000"}],
        }
    ]


def test_no_prices_for_a_token_without_them(buyer: Api, api: Callable[..., Api]) -> None:
    address = an_offer()
    buyer.patch(address, {"price_breaks": [{"quantity": 1, "price": "9.00"}]})
    blind = api("integration", scopes=("read",))
    newest, _ = blind.get(f"{address}history/").json()["results"]
    assert (newest["reason"], newest["changes"]) == ("price breaks", [])
