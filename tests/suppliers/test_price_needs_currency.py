"""A price needs its currency, on every entrance of order lines and receipts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from suppliers import services
from suppliers.models import OrderLine, Receipt, Source
from tests import factories
from tests.exchange.bulk.files import problems, send

pytestmark = pytest.mark.django_db
BAD = ["", "XYZ", "usd", "US"]


@pytest.fixture
def source(db: None) -> Source:
    return factories.incumbent(factories.part(ipn="P-1"), "A-1")


def ordered(source: Source, currency: str) -> None:
    services.add_order_line(
        source=source, po="1", line="10", ordered_qty=Decimal(5), unit_price=Decimal(2),
        currency=currency, actor=factories.actor("procurement"),
    )  # fmt: skip


def received(source: Source, currency: str) -> None:
    services.record_receipt(
        source=source, received_date=clock.business_day(), received_qty=Decimal(5),
        unit_price=Decimal(2), currency=currency, actor=factories.actor("procurement"),
    )  # fmt: skip


@pytest.mark.parametrize("currency", BAD)
@pytest.mark.parametrize("write", [ordered, received])
def test_services(source: Source, write: Callable[[Source, str], None], currency: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        write(source, currency)
    pointers = {problem.pointer.removeprefix("/0") for problem in refused.value.problems}
    assert pointers <= {"/currency", "/unit_price"}
    assert (OrderLine.objects.count(), Receipt.objects.count()) == (0, 0)


@pytest.mark.parametrize("currency", BAD)
@pytest.mark.parametrize(
    ("kind", "head", "rest"),
    [("order_lines", "PO,Line,Order qty", "1,10,5"), ("receipts", "Received date,Qty", "{},5")],
)
def test_files(source: Source, kind: str, head: str, rest: str, currency: str) -> None:
    row = rest.format(clock.business_day())
    text = f"Part no,{head},Unit price,Currency\nP-1,{row},2,{currency}\n"
    found = problems(send(text, kind, factories.actor("procurement")))
    if currency == "usd":  # a file may write it in small letters
        assert found == []
    else:
        assert [(row, column) for row, column, _ in found] in (
            [(2, "unit_price")], [(2, "currency")],
        )  # fmt: skip


def test_the_page(source: Source) -> None:
    client = Client()
    client.force_login(factories.person("procurement"))
    values: dict[str, Any] = {
        "source": source.pk, "received_date": clock.business_day(), "received_qty": "5",
        "unit_price": "2", "purpose": "production",
    }  # fmt: skip
    for currency in ("", "XYZ"):
        answer = client.post("/parts/P-1/receipts/new/", values | {"currency": currency})
        assert (answer.status_code, Receipt.objects.count()) == (422, 0)


def test_the_database(source: Source) -> None:
    line = factories.order_line(source, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).update(unit_price=2, currency="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(
            source=source, received_date=clock.business_day(), received_qty=1, unit_price=2
        )
