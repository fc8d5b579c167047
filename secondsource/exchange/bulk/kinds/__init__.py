"""Every kind of import, by name; the order is that of menus."""

from __future__ import annotations

from secondsource.core.actors import Actor
from secondsource.exchange.boms.kind import Bom
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.kinds.as_built import LotsBuilt
from secondsource.exchange.bulk.kinds.demand import Demand
from secondsource.exchange.bulk.kinds.exchange_rates import ExchangeRates
from secondsource.exchange.bulk.kinds.manufacturer_parts import ManufacturerParts
from secondsource.exchange.bulk.kinds.measurements import Measurements
from secondsource.exchange.bulk.kinds.offers import Offers
from secondsource.exchange.bulk.kinds.order_lines import OrderLines
from secondsource.exchange.bulk.kinds.parts import Parts
from secondsource.exchange.bulk.kinds.pilot_results import PilotResults
from secondsource.exchange.bulk.kinds.receipts import Receipts
from secondsource.exchange.bulk.kinds.sources import Sources
from secondsource.exchange.bulk.kinds.stock import Stock
from secondsource.exchange.bulk.kinds.suppliers import Suppliers

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Bom(), Parts(), Suppliers(), ManufacturerParts(), Sources(), Offers(), OrderLines(),
        Receipts(), Demand(), Stock(), ExchangeRates(), PilotResults(), Measurements(),
        LotsBuilt(),
    )
}  # fmt: skip
#: For fields and filters: name and label.
KIND_CHOICES = [(kind.name, kind.label) for kind in KINDS.values()]


def offered_to(actor: Actor) -> list[Kind]:
    """The kinds that an actor may import."""
    return [kind for kind in KINDS.values() if actor.may(kind.permission)]
