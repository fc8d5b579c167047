"""What a day does to requests for quotation: the day after the due date closes them."""

from __future__ import annotations

from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import Refused
from suppliers.models import Rfq
from suppliers.rfq_workflow import RFQ_FLOW


def close_overdue(*, actor: Actor) -> int:
    """Close every sent RFQ whose due date is over; returns how many.

    Each is closed in a transaction of its own. One that a buyer closed, or whose due date moved
    in the meantime, is left as it is.
    """
    over = Rfq.objects.overdue(clock.business_day())
    closed = 0
    for pk, version in over.order_by("pk").values_list("pk", "version"):
        try:
            RFQ_FLOW.fire(pk, "close", actor=actor, note="The due date is over.", expected=version)
        except Refused:
            continue
        closed += 1
    return closed
