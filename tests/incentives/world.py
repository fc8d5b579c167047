"""A negotiation between an incumbent and an alternate, with short names for its acts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from incentives import services
from incentives.models import Negotiation, NegotiationRound
from incentives.workflow import NewAward
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import Offer, Source
from tests import factories
from tests.factories import JOB, Team

#: The days of the rounds, which lie in the past of the test.
FIRST = dt.date(2026, 2, 1)


def offer(source: Source, *breaks: tuple[int, str], **fields: Any) -> Offer:
    """An offer of the manufacturer in USD, valid from last year on."""
    fields = {"valid_from": dt.date(2025, 1, 1), "lead_time_days_max": 70} | fields
    return sourcing.add_offer(
        manufacturer_part=source.manufacturer_part, currency=fields.pop("currency", "USD"),
        supplier=fields.pop("supplier", source.manufacturer_part.manufacturer), actor=JOB,
        price_breaks=[(quantity, Decimal(price)) for quantity, price in breaks], **fields,
    )  # fmt: skip


class Deal:
    """A case of an alternate, and the open negotiation of its part."""

    def __init__(self) -> None:
        self.team = Team()
        self.part = self.team.source.part
        self.alternate = self.team.source
        self.incumbent = Source.objects.get(part=self.part, role=Source.Role.INCUMBENT)
        self.buyer = Actor(user=self.team.people["procurement"])
        self.negotiation = services.open_negotiation(
            part=self.part, case=self.team.case, currency="USD", quantity=10_000,
            terms="DDP Tallinn", actor=self.buyer,
        )  # fmt: skip

    def price(self, source: Source, price: str) -> services.NewPrice:
        """A price of the manufacturer."""
        maker = source.manufacturer_part.manufacturer
        return services.NewPrice(source, maker, Decimal(price))

    def round(
        self, incumbent: str = "", alternate: str = "", day: dt.date | None = None, **fields: Any
    ) -> NegotiationRound:
        """A round with the prices of those who answered."""
        given = ((self.incumbent, incumbent), (self.alternate, alternate))
        values = {"put_on_table": "What is new", "actor": self.buyer} | fields
        return services.record_round(
            negotiation=self.negotiation, sent_on=day or clock.business_day(),
            prices=[self.price(source, price) for source, price in given if price], **values,
        )  # fmt: skip

    def line(self, source: Source, share: str) -> NewAward:
        """A share for the manufacturer of a source."""
        return NewAward(source, source.manufacturer_part.manufacturer, Decimal(share))

    def award(self, *lines: NewAward, reason: str = "cheaper", **call: Any) -> Negotiation:
        """Award these shares, by default all to the alternate."""
        lines = lines or (self.line(self.alternate, "1"),)
        return services.award_negotiation(
            negotiation=self.negotiation, lines=lines, reason=reason,
            **({"actor": self.buyer} | call),
        )  # fmt: skip

    def reload(self) -> Negotiation:
        """The negotiation as the database has it."""
        self.negotiation = Negotiation.objects.get(pk=self.negotiation.pk)
        return self.negotiation


def two_approved(
    demand: int = 100_000, prices: tuple[str, str] = ("1.00", "0.88"), **fields: Any
) -> tuple[Source, Source]:
    """An approved incumbent and an approved alternate, with offers and a yearly demand."""
    part = factories.part(given_demand=Decimal(demand), stock_qty=Decimal(5_000))
    first, second = factories.incumbent(part), factories.approved(part)
    offer(first, (1, prices[0]))
    offer(second, (1, prices[1]), **fields)
    return first, second
