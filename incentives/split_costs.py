"""What a unit of a source costs in a split: the total cost, and which parts of it are not known.

Freight, NRE, tooling and qualification come from the accepted quote behind an offer. A part that
is not on record is named and left out; it never counts as zero in words. What was spent on the
qualification of an approved source is spent, and is no cost of the next unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from secondsource.core.money import PRICE_PLACES, round_half_up
from suppliers.house_rules import TcoPolicy
from suppliers.models import Source
from suppliers.quote_matrix import CARRIED, DUTY_PAID
from suppliers.tco import TotalCost, total_cost

_PLACES = 10


@dataclass(frozen=True)
class UnitCost:
    """The known parts of a unit's total cost; ``lacks`` names the others."""

    cost: TotalCost
    lacks: tuple[str, ...] = ()

    @property
    def parts(self) -> list[tuple[str, Decimal]]:
        """Name and amount of each part that is above 0."""
        names = ("price", "freight", "duty", "carrying", "quality", "qualification")
        found = [(name.capitalize(), getattr(self.cost, name)) for name in names]
        return [(name, amount) for name, amount in found if amount]


def unit_cost(source: Source, terms: Mapping[str, Any], policy: TcoPolicy) -> UnitCost:
    """The total cost of a unit by an offer's ``terms``.

    ``terms``: ``price``, ``incoterm``, ``tariff_rate``, ``freight``, ``is_paid_once`` and
    ``paid_once`` (NRE and tooling), ``qualification`` and ``amortise_units``, all in one currency,
    null where not known.
    """
    duty_paid = terms["incoterm"] == DUTY_PAID
    carried = terms["incoterm"] in CARRIED
    freight = Decimal(0) if carried else terms["freight"] or Decimal(0)
    units = terms["amortise_units"]
    once = terms["paid_once"] or Decimal(0)
    if source.status != Source.Status.APPROVED:
        once += terms["qualification"] or Decimal(0)
    cost = total_cost(
        price=round_half_up(terms["price"], PRICE_PLACES),
        freight=round_half_up(freight, _PLACES),
        duty_rate=Decimal(0) if duty_paid else terms["tariff_rate"] or Decimal(0),
        duty_basis="cif" if policy.duty_on_freight else "fob",
        carry_rate=policy.carry_rate,
        days_held=policy.days_held,
        quality_cost_rate=policy.quality_cost_rate,
        qualification_cost=round_half_up(once, _PLACES) if units else Decimal(0),
        amortise_units=units,
    )
    return UnitCost(cost, tuple(_lacks(source, terms, duty_paid=duty_paid, carried=carried)))


def _lacks(
    source: Source, terms: Mapping[str, Any], *, duty_paid: bool, carried: bool
) -> Iterator[str]:
    if not carried and terms["freight"] is None:
        yield f"freight ({terms['incoterm'] or 'Incoterm not stated'})"
    if not duty_paid and terms["tariff_rate"] is None:
        yield "duty rate"
    spread = bool(terms["amortise_units"])
    if terms["is_paid_once"] and (terms["paid_once"] is None or not spread):
        yield "NRE and tooling"
    if source.status != Source.Status.APPROVED:
        cost = terms["qualification"]
        if cost is None or (cost and not spread):
            yield "qualification"
