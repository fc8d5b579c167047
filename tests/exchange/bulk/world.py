"""Parts, companies and sources that files name."""

from __future__ import annotations

from dataclasses import dataclass, field

from secondsource.core.actors import Actor
from suppliers import services as suppliers
from suppliers.models import Source, Supplier
from tests import factories

SYSTEM = Actor.named_job("tests")


@dataclass
class Sourcing:
    """A part with two sources, one with a single source, and a distributor."""

    buyer: Actor = field(default_factory=lambda: factories.actor("procurement"))
    first: Source = field(init=False)
    second: Source = field(init=False)
    only: Source = field(init=False)
    distributor: Supplier = field(init=False)

    def __post_init__(self) -> None:
        system = SYSTEM
        regulator = factories.part(ipn="470-00019")
        resistor = factories.part(ipn="470-00020")
        ti = suppliers.add_supplier(name="Texas Instruments Inc.", code="TI", actor=system)
        mps = suppliers.add_supplier(name="Monolithic Power", code="MPS", actor=system)
        self.distributor = suppliers.add_supplier(name="Digi-Key", actor=system)
        self.first = self._source(regulator, ti, "TPS62130RGTR")
        self.second = self._source(regulator, mps, "MP2315GJ-Z")
        self.only = self._source(resistor, mps, "RC0402")

    def _source(self, part: object, manufacturer: Supplier, mpn: str) -> Source:
        number = suppliers.add_manufacturer_part(manufacturer=manufacturer, mpn=mpn, actor=SYSTEM)
        return suppliers.add_source(part=part, manufacturer_part=number, actor=SYSTEM)
