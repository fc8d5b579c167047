"""The sheet of an RFQ: written for one supplier, filled in, read back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from secondsource.core import clock
from suppliers.models import Quote, Rfq, Source
from tests import factories, rfq_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part(), "=OURS-1")


@pytest.fixture
def rfq(source: Source) -> Rfq:
    rival = factories.approved(source.part, "RIVAL-77")
    companies = tuple(s.manufacturer_part.manufacturer for s in (source, rival))
    return rfq_work.rfq(source.part, suppliers=companies, title="=1+1")


@pytest.fixture
def buyer() -> Client:
    client = Client()
    client.force_login(
        factories.person("procurement"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def address(name: str, rfq: Rfq, source: Source) -> str:
    invitation = rfq_work.invitation(rfq, source.manufacturer_part.manufacturer)
    return reverse(name, args=[rfq.public_id, invitation.public_id])


def book_of(client: Client, rfq: Rfq, source: Source) -> Any:
    answer = client.get(address("quote_sheet", rfq, source))
    assert "no-store" in answer["Cache-Control"]
    return load_workbook(BytesIO(answer.content))


def fill(sheet: Any, **cells: Any) -> None:
    """Fill in cells of the first line by the heads of their columns, and the head of the quote."""
    labels = {row[0].value: row[1] for row in sheet.iter_rows(max_row=14)}
    labels["Valid to"].value = clock.business_day() + dt.timedelta(days=30)
    labels["Incoterm"].value = "ddp"
    top = next(row for row in sheet.iter_rows() if row[0].value == "Line")
    heads = {cell.value: cell.column for cell in top}
    for head, value in cells.items():
        sheet.cell(row=top[0].row + 1, column=heads[head.replace("_", " ")]).value = value


def send(client: Client, url: str, book: Any, expected: int = 0) -> Any:
    file = BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("quote.xlsx", file.getvalue())
    return client.post(url, {"file": upload, "expected": expected})


def test_a_sheet_is_written_filled_in_and_read_back(
    buyer: Client, rfq: Rfq, source: Source
) -> None:
    book = book_of(buyer, rfq, source)
    fill(book.active, Unit_price_1=1.25, Unit_price_2="1.10", MOQ=500)
    done = send(buyer, address("quote_upload", rfq, source), book)
    assert done.status_code == 302
    quote = Quote.objects.get()
    assert (quote.channel, quote.revision, quote.incoterm) == ("sheet", 1, "DDP")
    line = quote.lines.get()
    assert (line.manufacturer_part, line.moq) == (source.manufacturer_part, 500)
    assert [(b.quantity, b.price) for b in line.breaks.all()] == [
        (1000, Decimal("1.25")), (10_000, Decimal("1.10")),
    ]  # fmt: skip
    again = book_of(buyer, rfq, source)
    assert send(buyer, address("quote_upload", rfq, source), again, expected=1).status_code == 302
    assert Quote.objects.latest("pk").lines.get().moq == 500


def test_a_sheet_holds_nothing_of_rivals_and_no_formula(
    buyer: Client, rfq: Rfq, source: Source
) -> None:
    cells = [cell.value for row in book_of(buyer, rfq, source).active.iter_rows() for cell in row]
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert not any("RIVAL" in text or text.startswith("=") for text in texts)


def test_wrong_cells_are_named_and_nothing_is_written(
    buyer: Client, rfq: Rfq, source: Source
) -> None:
    book = book_of(buyer, rfq, source)
    fill(book.active, Unit_price_1="cheap", MOQ="0")
    answer = send(buyer, address("quote_upload", rfq, source), book)
    assert answer.status_code == 422
    assert "MOQ:" in answer.text
    assert "Unit price" in answer.text
    assert Quote.objects.count() == 0


def test_the_sheet_of_another_supplier_is_refused(buyer: Client, rfq: Rfq, source: Source) -> None:
    other = Source.objects.exclude(pk=source.pk).get()
    book = book_of(buyer, rfq, other)
    fill(book.active, Unit_price_1=1)
    answer = send(buyer, address("quote_upload", rfq, source), book)
    assert answer.status_code == 422
    assert "This is not the sheet of" in answer.text
    assert Quote.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"a,b\n1,2\n"])
def test_a_file_that_is_no_sheet_of_ours_is_refused(
    buyer: Client, rfq: Rfq, source: Source, content: bytes
) -> None:
    upload = SimpleUploadedFile("quote.xlsx", content)
    url = address("quote_upload", rfq, source)
    assert buyer.post(url, {"file": upload, "expected": 0}).status_code == 422
    assert Quote.objects.count() == 0


def test_a_supplier_sends_its_sheet_by_its_link(rfq: Rfq, source: Source) -> None:
    from suppliers import services  # only here

    invitation = rfq_work.invitation(rfq, source.manufacturer_part.manufacturer)
    _, token = services.issue_link(invitation=invitation, actor=factories.JOB)
    url, client = reverse("quote_by_link_sheet", args=[token]), Client()
    book = load_workbook(BytesIO(client.get(url).content))
    fill(book.active, Unit_price_1=1.25)
    assert send(client, url, book).status_code == 303
    assert Quote.objects.get().channel == "link"
