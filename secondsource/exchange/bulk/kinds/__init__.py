"""Every kind of bulk data, by name; the order is that of menus."""

from __future__ import annotations

from secondsource.core.actors import Actor
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.kinds.demand import Demand
from secondsource.exchange.bulk.kinds.order_lines import OrderLines
from secondsource.exchange.bulk.kinds.receipts import Receipts
from secondsource.exchange.bulk.kinds.stock import Stock

KINDS: dict[str, Kind] = {kind.name: kind for kind in (OrderLines(), Receipts(), Demand(), Stock())}


def offered_to(actor: Actor) -> list[Kind]:
    """The kinds that an actor may import."""
    return [kind for kind in KINDS.values() if actor.may(kind.permission)]
