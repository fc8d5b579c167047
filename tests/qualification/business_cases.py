"""A case whose business case can be computed by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parts import services as catalogue
from parts.models import Part
from qualification.economics import facts, figures, readers
from qualification.economics.figures import CaseFigures
from qualification.economics.readers import SeenFigures
from qualification.models import Case
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, Site, Source
from tests import factories
from tests.factories import JOB, Team


def site(country: str, weeks: int | None = None) -> Site:
    """An assembly plant of its own supplier, that recovers in so many weeks."""
    return sourcing.add_site(
        supplier=factories.manufacturer(), name=f"Plant {country}", activity="assembly",
        country=country, recovery_days=None if weeks is None else weeks * 7, actor=JOB,
    )  # fmt: skip


def offer(of: Source, price: str, days: int = 70, currency: str = "USD", **fields: Any) -> None:
    """An offer of any quantity at one price."""
    sourcing.add_offer(
        manufacturer_part=of.manufacturer_part, supplier=of.manufacturer_part.manufacturer,
        currency=currency, price_breaks=[(1, Decimal(price))], lead_time_days_max=days, actor=JOB,
        **fields,
    )  # fmt: skip


def priced_part(**fields: Any) -> Part:
    """52,000 pieces a year, 4,000 in stock: a need of 1,000 a week for four weeks."""
    values = {"stock_qty": Decimal(4_000), "given_demand": Decimal(52_000), **fields}
    return factories.part(category=factories.category("connectors", "medium"), **values)


def priced_team(products: int = 2) -> Team:
    """A case that replaces $2.00 by $1.50, with products whose margin is on record.

    The incumbent is back after 14 weeks, the candidate delivers from week 10 on: the line misses
    10,000 pieces without it and 6,000 with it. The margin of a week is $1,200 for each product.
    """
    of = priced_part()
    first = factories.incumbent(of, "FIRST", sites=[site("DE", 14)])
    second = factories.alternate(of, "SECOND", sites=[site("FR")])
    offer(first, "2.00", days=42)
    offer(second, "1.50", days=70)
    ManufacturerPart.objects.filter(pk=first.manufacturer_part_id).update(pcf_kg="0.002")
    ManufacturerPart.objects.filter(pk=second.manufacturer_part_id).update(pcf_kg="0.0015")
    for _ in range(products):
        factories.product(uses={of: 1}, monthly_volume=52, unit_margin=Decimal(100), currency="USD")
    return Team(second)


def today(case: Case, *, rounded: bool = False) -> CaseFigures:
    """The figures of a case as they are now."""
    return figures.calculate(facts.read(Case.objects.get(pk=case.pk)), rounded=rounded)


def as_seen(case: Case, role: str = "", by: Any = None) -> SeenFigures:
    """The figures as a new person of a role, or a given person, sees them."""
    actor = Actor(user=by or factories.person(role))
    return readers.for_actor(Case.objects.get(pk=case.pk), actor)


def change_part(part: Part, **values: Any) -> None:
    """Write values of the part."""
    catalogue.change_part(part=part, values=values, actor=JOB)
