"""Readers by role, and a part as the pages of these tests show it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.shared_rows import shared_rows


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


@pytest.fixture(scope="module")
def first_shown(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The part that the tests of a module start with."""
    with shared_rows(django_db_blocker):
        yield make_shown()


@pytest.fixture
def shown(first_shown: SimpleNamespace, db: None) -> SimpleNamespace:
    """A part with an incumbent and a candidate, both with an offer, in one product."""
    return copy.deepcopy(first_shown)


def make_shown() -> SimpleNamespace:
    from suppliers import services as sourcing  # as above
    from tests import factories as make

    part = make.part(ipn="410-00217", description="MCU", stock_qty=Decimal(7860))
    first = make.incumbent(part, "STM32F407VGT6")
    second = make.alternate(part, "GD32F407VGT6")
    for source, price, days in ((first, "11.20", 140), (second, "6.9440", 70)):
        sourcing.add_offer(
            manufacturer_part=source.manufacturer_part,
            supplier=make.manufacturer(),
            currency="USD",
            price_breaks=[(1, Decimal(price))],
            lead_time_days_max=days,
            actor=make.JOB,
        )
    product = make.product("KC-210", uses={part: 2}, monthly_volume=100)
    return SimpleNamespace(part=part, incumbent=first, candidate=second, product=product)
