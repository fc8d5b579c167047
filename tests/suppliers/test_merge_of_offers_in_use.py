"""Sources that only prices of rounds, awards or splits name stay when companies are merged."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from incentives.models import Negotiation, NegotiationRound, RoundPrice
from secondsource.core import clock
from suppliers import services
from tests import factories


@pytest.mark.django_db
def test_a_price_of_a_round_keeps_its_source() -> None:
    part = factories.part()
    kept, gone = factories.manufacturer("Kept"), factories.manufacturer("Gone")
    _, goes = (
        factories.alternate(part, mpn="X1", manufacturer=company) for company in (kept, gone)
    )
    deal = Negotiation.objects.create(number=1, part=part, currency="USD", quantity=10)
    held = NegotiationRound.objects.create(
        negotiation=deal, number=1, sent_on=clock.business_day(), put_on_table="a pilot"
    )
    RoundPrice.objects.create(round=held, source=goes, supplier=gone, price=Decimal(2))
    services.merge_suppliers(
        kept=kept, gone=gone, reason="one company", actor=factories.actor("procurement")
    )
    connection.check_constraints()
    assert RoundPrice.objects.get().source == goes
    assert list(part.sources.all()) == [goes]
