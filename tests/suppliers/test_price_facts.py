"""The price of each source at one quantity: valid offers only, in one currency."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from parts.models import ExchangeRate
from secondsource.core import clock
from suppliers import price_facts
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart
from tests import factories as make

pytestmark = pytest.mark.django_db


def offer(of: ManufacturerPart, *breaks: tuple[int, str], **fields: Any) -> None:
    fields.setdefault("currency", "USD")
    sourcing.add_offer(
        manufacturer_part=of,
        supplier=make.manufacturer(),
        price_breaks=[(quantity, Decimal(price)) for quantity, price in breaks],
        actor=make.JOB,
        **fields,
    )


def fact(of: ManufacturerPart) -> price_facts.PriceFact | None:
    return price_facts.of_manufacturer_parts([of.pk]).get(of.pk)


def test_it_takes_the_break_that_the_quantity_reaches() -> None:
    part = make.manufacturer_part()
    offer(part, (1, "2"), (1000, "1.5"), (20000, "1.1"), lead_time_days_max=50)
    found = fact(part)
    assert found is not None
    assert (found.price, found.currency, found.valid_to) == (Decimal("1.5"), "USD", None)
    assert (found.order_qty, found.is_converted) == (10_000, False)
    assert (found.lead_days, found.lead_weeks) == (50, 8)


def test_the_best_of_several_offers_counts() -> None:
    part = make.manufacturer_part()
    offer(part, (1, "2"))
    offer(part, (1, "1.9"))
    found = fact(part)
    assert found is not None
    assert found.price == Decimal("1.9")


def test_an_expired_offer_never_counts() -> None:
    part = make.manufacturer_part()
    today = clock.business_day()
    offer(part, (1, "1"), valid_from=today - dt.timedelta(9), valid_to=today - dt.timedelta(1))
    assert fact(part) is None


def test_an_offer_of_the_future_does_not_count_yet() -> None:
    part = make.manufacturer_part()
    offer(part, (1, "1"), valid_from=clock.business_day() + dt.timedelta(1))
    assert fact(part) is None


def test_another_currency_is_converted_at_the_latest_rate() -> None:
    part = make.manufacturer_part()
    today = clock.business_day()
    for days, rate in ((30, "2"), (1, "1.1"), (-1, "9")):
        day = today - dt.timedelta(days)
        ExchangeRate.objects.create(
            currency="EUR", quote="USD", rate=Decimal(rate), as_of=day, publisher="test"
        )
    offer(part, (1, "10"), currency="EUR")
    found = fact(part)
    assert found is not None
    assert (found.price, found.currency, found.is_converted) == (Decimal("11.0"), "USD", True)
    assert (found.offered, found.offered_in, found.rate) == (10, "EUR", Decimal("1.1"))
    assert (found.rate_day, found.publisher) == (today - dt.timedelta(1), "test")


def test_a_missing_rate_makes_the_price_missing_and_not_zero() -> None:
    part = make.manufacturer_part()
    offer(part, (1, "10"), currency="JPY", lead_time_days_max=7)
    found = fact(part)
    assert found is not None
    assert (found.price, found.offered, found.offered_in, found.lead_days) == (None, 10, "JPY", 7)


def test_a_minimum_above_the_quantity_is_what_has_to_be_bought() -> None:
    """As the figures and the calculator have it: the least order that covers the quantity."""
    part = make.manufacturer_part()
    offer(part, (1, "2"), (40_000, "1"), moq=50_000, multiple=3)
    found = fact(part)
    assert found is not None
    assert (found.price, found.order_qty) == (1, 50_001)


@pytest.mark.parametrize(
    ("price", "reference", "difference"),
    [("6.94", "11.20", "-0.38"), ("12", "10", "0.20"), (None, "10", None), ("1", None, None)],
)
def test_relative_prices(price: str | None, reference: str | None, difference: str | None) -> None:
    found = price_facts.relative(
        Decimal(price) if price else None, Decimal(reference) if reference else None
    )
    assert (round(found, 2) if found is not None else None) == (
        Decimal(difference) if difference else None
    )
