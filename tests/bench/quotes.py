"""The comparison of quotes for 50 parts by 8 suppliers, and its page; undone afterwards."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.test import Client

from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import Quote, Rfq, Source, Supplier
from suppliers.quote_matrix import quote_matrix
from suppliers.rfq_workflow import RFQ_FLOW
from tests.bench import measure
from tests.bench.measure import Table

PARTS, SUPPLIERS, MOST_MS = 50, 8, 200
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def measured(table: Table, actor: Actor) -> None:
    """The comparison and the page that shows it; the data are as they were."""
    with transaction.atomic():
        rfq = _quoted(actor)
        name = f"quote matrix of {PARTS} parts by {SUPPLIERS} suppliers"
        table.add(measure.calls(name, lambda: _compare(rfq), runs=10), most=MOST_MS)
        client = Client(headers={"host": "localhost"})
        client.force_login(actor.user, backend=_BACKEND)  # type: ignore[arg-type]
        url = f"/rfqs/{rfq.public_id}/quotes/"
        table.add(measure.calls(f"page of the {name}", lambda: _open(client, url), runs=10))
        transaction.set_rollback(True)


def _compare(rfq: Rfq) -> None:
    matrix = quote_matrix(rfq, place=2)
    counted = sum(len(row.counted) for row in matrix.rows)
    if counted != PARTS * SUPPLIERS:
        raise RuntimeError(f"only {counted} offers were counted")


def _open(client: Client, url: str) -> None:
    if client.get(url).status_code != 200:
        raise RuntimeError("the page of the comparison does not open")


def _quoted(actor: Actor) -> Rfq:
    """Every supplier quotes the incumbent of every part at five price breaks."""
    sources = list(
        Source.objects.filter(role=Source.Role.INCUMBENT)
        .select_related("part", "manufacturer_part__manufacturer")
        .order_by("pk")[:PARTS]
    )
    suppliers = list(Supplier.objects.companies().order_by("pk")[:SUPPLIERS])
    volumes = [1000, 5000, 25_000]
    cost = {"qualification_cost": Decimal(9000), "amortise_units": 50_000}
    rfq = sourcing.add_rfq(
        title="Bench", due=clock.business_day() + dt.timedelta(days=9), currency="USD",
        lines=[{"part": source.part, "volumes": volumes, **cost} for source in sources],
        suppliers=suppliers, actor=actor,
    )  # fmt: skip
    RFQ_FLOW.fire(rfq.pk, "send", actor=actor)
    lines = {line.part_id: line for line in rfq.lines.all()}
    for place, invitation in enumerate(rfq.invitations.select_related("supplier")):
        sourcing.record_quote(
            invitation=invitation, channel=Quote.Channel.FORM, actor=actor,
            values={
                "currency": "USD", "incoterm": "FCA",
                "valid_to": clock.business_day() + dt.timedelta(days=90),
            },
            lines=[
                {
                    "line": lines[source.part_id], "mpn": source.manufacturer_part.mpn,
                    "manufacturer": source.manufacturer_part.manufacturer.name, "moq": 100,
                    "freight": Decimal("0.01"), "tariff_rate": Decimal("0.03"),
                    "price_breaks": [
                        (quantity, Decimal(200 - 10 * step + place) / 100)
                        for step, quantity in enumerate((1, 100, 1000, 10_000, 50_000))
                    ],
                }
                for source in sources
            ],
        )  # fmt: skip
    return rfq
