"""The part page says at which quantity a price holds, and what a converted one rests on."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from parts.models import ExchangeRate
from secondsource.core import clock
from suppliers import services as sourcing
from suppliers.models import Offer
from tests import factories as make

pytestmark = pytest.mark.django_db


def offered(currency: str, price: str, **terms: Any) -> Offer:
    source = make.incumbent(make.part(ipn="P-1"), "A-1")
    return sourcing.add_offer(
        manufacturer_part=source.manufacturer_part, supplier=make.manufacturer(), currency=currency,
        price_breaks=[(1, Decimal(price))], actor=make.JOB, **terms,
    )  # fmt: skip


def words(reader: Any, role: str) -> str:
    text = reader(role).get("/parts/P-1/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_a_converted_price_names_rate_day_and_publisher(reader: Any) -> None:
    ExchangeRate.objects.create(
        currency="EUR", quote="USD", rate=Decimal("1.0923"), as_of=clock.business_day(),
        publisher="Bank of Tests",
    )  # fmt: skip
    offered("EUR", "10", moq=12_000)
    text = words(reader, "procurement")
    assert "Price at 10,000 $10.923 in the least order, 12,000 €10.00, 1 EUR = 1.0923 USD" in text
    assert "Bank of Tests" in text
    hidden = words(reader, "engineer")
    assert "Price at 10,000" in hidden
    assert not {"10.923", "1.0923"} & set(re.findall(r"[\d.]+", hidden))


def test_a_price_without_a_rate_keeps_its_own_currency(reader: Any) -> None:
    offered("JPY", "160")
    text = words(reader, "procurement")
    assert "Price at 10,000 ¥160 no rate of JPY in USD" in text


def test_spend_by_offers_says_at_which_quantity(reader: Any) -> None:
    offered("USD", "2")
    make.product(uses={Offer.objects.get().manufacturer_part.sources.get().part: 5},
                 monthly_volume=100)  # fmt: skip
    text = words(reader, "procurement")
    assert "Demand × best offer, best price at 500 a month" in text.replace("demand", "Demand")
