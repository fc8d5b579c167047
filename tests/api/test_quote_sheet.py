"""The sheet of an RFQ by the API: written for one supplier, filled in, sent back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from suppliers.models import Quote, Rfq, Source
from tests import factories, rfq_work
from tests.api.callers import Api
from tests.suppliers.test_quote_sheet import fill


@pytest.fixture
def source(db: None) -> Source:
    return factories.incumbent(factories.part(), "OURS-1")


@pytest.fixture
def rfq(source: Source) -> Rfq:
    rival = factories.approved(source.part, "RIVAL-77")
    makers = tuple(one.manufacturer_part.manufacturer for one in (source, rival))
    return rfq_work.rfq(source.part, suppliers=makers)


def code_of(source: Source) -> str:
    return str(source.manufacturer_part.manufacturer.code)


def filled(caller: Api, rfq: Rfq, source: Source, **cells: Any) -> SimpleUploadedFile:
    answer = caller.get(f"/rfqs/{rfq.key}/sheet/", supplier=code_of(source))
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    book = load_workbook(BytesIO(answer.content))
    fill(book.active, **cells)
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("quote.xlsx", file.getvalue())


def send(caller: Api, rfq: Rfq, source: Source, file: Any, **more: Any) -> Any:
    body = {"file": file, "supplier": code_of(source), **more}
    return caller.upload(f"/rfqs/{rfq.key}/sheet/", body)


def test_a_filled_in_sheet_becomes_the_next_quote(buyer: Api, rfq: Rfq, source: Source) -> None:
    made = send(buyer, rfq, source, filled(buyer, rfq, source, Unit_price_1=1.25), expected=0)
    assert made.status_code == 201
    shown = made.json()
    assert (shown["channel"], shown["revision"]) == ("sheet", 1)
    assert shown["lines"][0]["price_breaks"] == [{"quantity": 1000, "price": "1.250000"}]
    late = send(buyer, rfq, source, filled(buyer, rfq, source, Unit_price_1=1), expected=0)
    assert (late.status_code, Quote.objects.count()) == (409, 1)


def test_what_is_refused(buyer: Api, engineer: Api, rfq: Rfq, source: Source) -> None:
    wrong = send(buyer, rfq, source, filled(buyer, rfq, source, Unit_price_1="cheap"))
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/file")
    rival = Source.objects.exclude(pk=source.pk).get()
    other = send(buyer, rfq, source, filled(buyer, rfq, rival, Unit_price_1=1))
    assert other.json()["errors"][0]["code"] == "other_sheet"
    assert buyer.get(f"/rfqs/{rfq.key}/sheet/").status_code == 400
    assert buyer.get(f"/rfqs/{rfq.key}/sheet/", supplier="NOBODY").status_code == 400
    large = SimpleUploadedFile("quote.xlsx", b"0" * (3 * 1024 * 1024))
    assert send(buyer, rfq, source, large).status_code in (413, 422)
    assert engineer.get(f"/rfqs/{rfq.key}/sheet/", supplier=code_of(source)).status_code == 403
    assert not Quote.objects.exists()


def test_a_token_without_the_scope_of_prices_gets_no_sheet(
    api: Callable[..., Api], rfq: Rfq, source: Source
) -> None:
    caller = api("integration", scopes=("read", "write"))
    refused = caller.get(f"/rfqs/{rfq.key}/sheet/", supplier=code_of(source))
    assert (refused.status_code, "prices" in refused.text) == (403, True)
