"""Readers by role, and a part as the pages of these tests show it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client


@pytest.fixture
def reader() -> Callable[..., Client]:
    """``reader("quality")``: a browser in which such a person is signed in."""

    from tests import factories as make  # models need settings, which come after this module

    def signed_in(*roles: str, **fields: object) -> Client:
        client = Client()
        client.user = make.person(*roles, **fields)  # type: ignore[attr-defined]
        client.force_login(client.user)  # type: ignore[attr-defined]
        return client

    return signed_in


@pytest.fixture
def shown(db: None) -> SimpleNamespace:
    """A part with an incumbent and a candidate, both with an offer, in one product."""
    from suppliers import services as sourcing  # as above
    from tests import factories as make

    part = make.part(ipn="410-00217", description="MCU", stock_qty=Decimal(7860))
    first = make.incumbent(part, "STM32F407VGT6")
    second = make.alternate(part, "GD32F407VGT6")
    for source, price, days in ((first, "11.20", 140), (second, "6.9440", 70)):
        sourcing.add_offer(
            manufacturer_part=source.manufacturer_part,
            supplier=make.maker(),
            currency="USD",
            price_breaks=[(1, Decimal(price))],
            lead_time_days_max=days,
            actor=make.JOB,
        )
    product = make.product("KC-210", uses={part: 2}, monthly_volume=100)
    return SimpleNamespace(part=part, incumbent=first, candidate=second, product=product)
