"""Made-up data beside what is on record already."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from parts.models import Part
from suppliers import services as sourcing
from suppliers.models import Offer, PriceBreak
from tests import factories
from tests.application_role import owner
from tests.bench.management.commands.generate_data import Command


def run(**options: Any) -> None:
    with owner():
        call_command(Command(), parts=12, receipts_a_part=1, verbosity=0, **options)


@pytest.fixture
def offer(db: None) -> Offer:
    """An offer of a company that is there before."""
    made = factories.alternate(factories.part()).manufacturer_part
    return sourcing.add_offer(
        manufacturer_part=made, supplier=made.manufacturer, currency="USD", actor=factories.JOB,
        price_breaks=[(Decimal(1), Decimal("2.5"))],
    )  # fmt: skip


def test_it_works_beside_other_parts_and_leaves_their_prices(offer: Offer) -> None:
    run()
    assert Part.objects.filter(ipn__startswith="GEN-").count() == 12
    assert list(offer.price_breaks.values_list("quantity", "price")) == [(1, Decimal("2.5"))]
    assert PriceBreak.objects.exclude(offer=offer).count() == 24


def test_a_second_run_is_refused_in_one_line(db: None) -> None:
    run()
    with pytest.raises(CommandError, match=r"^Generated parts are there already\.$"):
        run()
    assert Part.objects.filter(ipn__startswith="GEN-").count() == 12


def test_a_clash_is_told_in_one_line_and_nothing_is_made(db: None) -> None:
    factories.category("gen1")
    with pytest.raises(CommandError) as caught:
        run()
    assert str(caught.value).startswith("Nothing was made: it clashes with what is there: ")
    assert "\n" not in str(caught.value)
    assert Part.objects.count() == 0
