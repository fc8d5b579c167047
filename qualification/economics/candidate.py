"""The candidate against the incumbent: lead time, carbon, price; missing stays missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qualification.economics.facts import CaseFacts
from suppliers import price_facts
from suppliers.models import Source


@dataclass(frozen=True)
class Side:
    """The facts of one source; ``carbon_kg`` is the manufacturer's footprint of a piece."""

    source: Source | None
    lead_days: int | None
    carbon_kg: Decimal | None

    @property
    def mpn(self) -> str:
        """The manufacturer part number; '' without a source."""
        return self.source.manufacturer_part.mpn if self.source else ""


@dataclass(frozen=True)
class Comparison:
    """Incumbent and candidate, and what the candidate's share changes in a year."""

    incumbent: Side
    candidate: Side
    relative_price: Decimal | None
    carbon_a_year: Decimal | None

    @property
    def lead_change(self) -> int | None:
        """Days that the candidate needs more; below 0 it is faster."""
        if self.incumbent.lead_days is None or self.candidate.lead_days is None:
            return None
        return self.candidate.lead_days - self.incumbent.lead_days


def compare(facts: CaseFacts) -> Comparison:
    """The candidate of a case against its incumbent."""
    incumbent = _side(facts.incumbent, facts.incumbent_price.lead_days)
    candidate = _side(facts.candidate, facts.candidate_price.lead_days)
    prices = facts.candidate_price.price, facts.incumbent_price.price
    return Comparison(
        incumbent, candidate, price_facts.relative(*prices),
        _carbon_a_year(incumbent, candidate, facts),
    )  # fmt: skip


def _side(source: Source | None, lead_days: int | None) -> Side:
    carbon = source.manufacturer_part.pcf_kg if source else None
    return Side(source, lead_days, carbon)


def _carbon_a_year(incumbent: Side, candidate: Side, facts: CaseFacts) -> Decimal | None:
    """kg CO₂e of a year that the candidate's share adds; below 0 it saves."""
    if incumbent.carbon_kg is None or candidate.carbon_kg is None or facts.demand is None:
        return None
    return (candidate.carbon_kg - incumbent.carbon_kg) * facts.demand * facts.share
