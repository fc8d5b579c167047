"""What others alone may see reads in a file as what is not there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from secondsource.accounts.models import Plant
from secondsource.core.actors import Actor
from suppliers import services as suppliers
from suppliers.models import OrderLine
from tests import factories
from tests.exchange.bulk.files import problems, send
from tests.exchange.bulk.world import SYSTEM, Sourcing

pytestmark = pytest.mark.django_db


@pytest.fixture
def scoped(sourcing: Sourcing) -> Actor:
    """A buyer of NORTH; the order line 4500016/10 is of a part of SOUTH."""
    north, south = (Plant.objects.create(code=code, name=code) for code in ("NORTH", "SOUTH"))
    factories.product("FAN", uses={sourcing.second.part: 1}, plants=[south])
    suppliers.add_order_line(
        source=sourcing.second, po="4500016", line="10", ordered_qty=Decimal(50), actor=SYSTEM
    )
    person = factories.person("procurement")
    person.plants.add(north)
    return Actor(user=person)


def told(kind: str, head: str, row: str, actor: Actor) -> Any:
    imported = send(f"{head}\n{row}\n", kind, actor)
    return problems(imported), [one["detail"] for one in imported.errors], imported.warnings


def test_an_arrival_of_a_hidden_order_line_reads_as_of_an_unknown_one(scoped: Actor) -> None:
    head = "Received date,PO,Line,Qty"
    hidden = told("receipts", head, "2026-01-02,4500016,10,5", scoped)
    unknown = told("receipts", head, "2026-01-02,4599999,10,5", scoped)
    assert hidden == unknown
    assert hidden[0] == [(2, "line", "no_source")]


def test_an_order_line_that_others_hold_cannot_be_used(scoped: Actor) -> None:
    head = "PO,Line,Part number,Supplier,Ordered"
    found, details, _ = told("order_lines", head, "4500016,10,470-00020,MPS,5", scoped)
    assert found == [(2, "line", "taken")]
    assert details == ["This order and line cannot be used here."]
    assert OrderLine.objects.get().ordered_qty == 50
