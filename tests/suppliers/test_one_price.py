"""The price function in SQL and the pure rule give the same for generated offers."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from parts import exchange
from parts.models import ExchangeRate
from suppliers.models import Offer, PriceBreak
from suppliers.price_break import UnitPrice, price_of
from suppliers.prices import PRICED
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 3, 1)
OFFERS = 400
RATES = {"USD": Decimal(1), "EUR": Decimal("1.0923"), "CHF": None}


def made_up(dice: random.Random) -> dict[str, Any]:
    """Terms of an offer and the quantity that it is asked for."""
    steps = sorted(dice.sample([1, 2, 10, 50, 100, 250, 1000, 5000], dice.randint(1, 5)))
    begins = TODAY + dt.timedelta(days=dice.choice([-90, -30, -1, 0, 1]))
    return {
        "breaks": [(step, Decimal(dice.randint(1, 9000)) / 1000) for step in steps],
        "break_type": dice.choice(["all_units", "incremental"]),
        "moq": dice.choice([1, 1, 7, 120, 3000]),
        "multiple": dice.choice([1, 1, 8, 250]),
        "valid_from": begins,
        "valid_to": dice.choice([None, begins, begins + dt.timedelta(days=1), dt.date(2027, 9, 1)]),
        "currency": dice.choice(list(RATES)),
        "quantity": dice.choice([None, Decimal("0.3"), Decimal(dice.randint(1, 9000)) / 3]),
    }


def stored(terms: dict[str, Any], made: Any) -> Offer:
    plain = ("break_type", "moq", "multiple", "valid_from", "valid_to", "currency")
    return Offer(
        manufacturer_part=made, supplier=made.manufacturer, **{name: terms[name] for name in plain}
    )


def by_sql(asked: list[tuple[int, Decimal | None]]) -> dict[int, tuple[Any, ...]]:
    statement = (
        "WITH asked AS (SELECT * FROM unnest(%(keys)s::bigint[], %(keys)s::bigint[],"
        f" %(quantities)s::numeric[]) a (key, offer_id, quantity)), {PRICED}"
        " SELECT key, order_qty, unit_price, price, rate, publisher FROM priced"
    )
    keys, quantities = zip(*asked, strict=True)
    given = {"keys": list(keys), "quantities": list(quantities), "today": TODAY, "currency": "USD"}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def ruled(terms: dict[str, Any]) -> UnitPrice | None:
    given = {name: value for name, value in terms.items() if name != "currency"}
    return price_of(**given, day=TODAY, rate=RATES[terms["currency"]])


def test_one_price_function() -> None:
    ExchangeRate.objects.create(
        currency="EUR", quote="USD", rate=RATES["EUR"], as_of=TODAY, publisher="test"
    )
    dice, made = random.Random(31), factories.manufacturer_part()
    given = [made_up(dice) for _ in range(OFFERS)]
    offers = Offer.objects.bulk_create([stored(terms, made) for terms in given])
    PriceBreak.objects.bulk_create(
        PriceBreak(offer=offer, quantity=quantity, price=price)
        for offer, terms in zip(offers, given, strict=True)
        for quantity, price in terms["breaks"]
    )
    pairs = zip(offers, given, strict=True)
    found = by_sql([(offer.pk, terms["quantity"]) for offer, terms in pairs])
    expected = {offer.pk: ruled(terms) for offer, terms in zip(offers, given, strict=True)}
    priced = {pk for pk, row in found.items() if row[1] is not None}
    assert priced == {pk for pk, price in expected.items() if price is not None}
    assert 100 < len(priced) < len(found) < OFFERS
    for pk, (order_qty, unit_price, price, rate, publisher) in found.items():
        rule = expected[pk]
        if rule is None:
            assert (unit_price, price) == (None, None)
            continue
        assert order_qty == rule.order_qty
        assert unit_price == pytest.approx(rule.unit_price, abs=Decimal("1e-9"))
        assert price == (
            None if rule.converted is None else pytest.approx(rule.converted, abs=Decimal("1e-9"))
        )
        assert (rate is None, publisher is None) == (price is None, price is None)


def rate(given: str, wanted: str, day: dt.date = TODAY) -> tuple[str, str] | None:
    found = exchange.conversion(given=given, wanted=wanted, day=day)
    return (f"{found.rate:.6f}", found.publisher) if found else None


def publish(currency: str, quote: str, value: str, days_ago: int = 0, by: str = "ECB") -> None:
    ExchangeRate.objects.create(
        currency=currency, quote=quote, rate=Decimal(value), publisher=by,
        as_of=TODAY - dt.timedelta(days=days_ago),
    )  # fmt: skip


def test_a_rate_in_either_direction_and_through_a_third_currency() -> None:
    publish("EUR", "USD", "1.25")
    publish("EUR", "JPY", "160")
    assert rate("EUR", "USD") == ("1.250000", "ECB")
    assert rate("USD", "EUR") == ("0.800000", "ECB")
    assert rate("JPY", "USD") == ("0.007812", "ECB")
    assert rate("USD", "USD") == ("1.000000", "")
    assert rate("CHF", "USD") is None
    assert rate("", "") is None


def test_through_a_third_currency_only_by_one_publisher_on_one_day() -> None:
    publish("EUR", "USD", "1.25")
    publish("EUR", "JPY", "160", by="Bank of Japan")
    publish("EUR", "CHF", "0.95", days_ago=1)
    assert (rate("JPY", "USD"), rate("CHF", "USD")) == (None, None)
    publish("CHF", "EUR", "1.05", by="SNB")
    publish("USD", "EUR", "0.79", by="SNB")
    assert rate("CHF", "USD") == ("1.329114", "SNB")


def test_the_latest_day_that_is_not_after_the_wanted_one() -> None:
    publish("EUR", "USD", "1.1", days_ago=30)
    publish("USD", "EUR", "0.5", days_ago=2)
    publish("EUR", "USD", "9", days_ago=-1)
    assert rate("EUR", "USD") == ("2.000000", "ECB")
    assert rate("EUR", "USD", TODAY - dt.timedelta(days=3)) == ("1.100000", "ECB")
    assert rate("EUR", "USD", TODAY - dt.timedelta(days=31)) is None
