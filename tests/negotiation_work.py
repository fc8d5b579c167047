"""Rows of a negotiation and of a proposed split, on the part of a case."""

from __future__ import annotations

from decimal import Decimal

from incentives import services
from incentives.models import AwardLine, SplitProposal, SplitShare
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.actors import Actor


def negotiation_rows(case: Case, buyer: User, price: str = "8.125") -> dict[str, str]:
    """An open negotiation with a round and a line of an award, and a proposed split; their keys."""
    actor, maker = Actor(user=buyer), case.source.manufacturer_part.manufacturer
    negotiation = services.open_negotiation(
        part=case.part, case=case, currency="USD", quantity=1000, actor=actor
    )
    made = services.record_round(
        negotiation=negotiation, sent_on=clock.business_day(), put_on_table="RFQ", actor=actor,
        prices=[services.NewPrice(case.source, maker, Decimal(price))],
        target_price=Decimal(price), should_cost=f"no more than {price}",
    )  # fmt: skip
    AwardLine.objects.create(
        negotiation=negotiation, source=case.source, supplier=maker, share=1, price=Decimal(price)
    )
    split = SplitProposal.objects.create(
        part=case.part, demand=1000, warm_share=Decimal("0.2"), currency="USD", reason="less risk",
        yearly_cost=Decimal(price) * 1000,
    )  # fmt: skip
    SplitShare.objects.create(
        proposal=split, source=case.source, share=1, quantity=1000, unit_cost=Decimal(price)
    )
    return {"negotiation": negotiation.key, "round": made.key, "split": split.key}
