"""What the preview of an import says, and the questions that it asks."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook
from openpyxl.styles import Font

from secondsource.exchange import services
from tests.exchange.imports import BOM, as_file, page, signed_in, upload, url


@pytest.fixture
def client(engineer: Any) -> Client:
    return signed_in(engineer.user)


def test_preview_says_when_no_column_holds_part_numbers(client: Client, engineer: Any) -> None:
    without = upload("Reference,Qty,Value,Price\nC1,1,100n,0.01\nR1,1,10k,0.02\n", engineer)
    text = page(client.get(url(without)))
    assert "No column of part numbers was found." in text
    assert "By its header, nothing that a BOM needs" in text
    assert "No column of part numbers" not in page(client.get(url(upload(BOM, engineer))))


def test_preview_lists_the_rows_struck_through(client: Client, engineer: Any) -> None:
    book = Workbook()
    for row in ([*"abc"], ["Reference", "Qty", "MPN"], ["U1", 1, "LM75BD"], ["U2", 1, "LM393QT"]):
        book.active.append(row)
    for cell in book.active[4]:
        cell.font = Font(strike=True)
    stream = io.BytesIO()
    book.save(stream)
    struck = upload(stream.getvalue(), engineer, name="bom.xlsx")
    text = page(client.get(url(struck)))
    assert "1 row struck through" in text
    assert "The row is struck through and was left out: “U2 | 1 | LM393QT”." in text
    assert struck.totals["lines"] == 1


def test_bulk_preview_says_how_the_file_was_read(client: Client, engineer: Any) -> None:
    rows = "IPN;MPN;Manufacturer;Height\nR-1;RC0402FR-0710KL;Yageo;\nR-1;CRCW040210K0FKED;Vishay;\n"
    imported = services.upload(file=as_file(rows, "p.csv"), kind="parts", actor=engineer)
    text = page(client.get(url(imported)))
    assert "Format, by its content delimited text Encoding UTF-8 Delimiter semicolon" in text
    assert "1 column not used" in text
    assert "no blank row, 1 adds to another row" in text


TWO_SOURCES = (
    "Ref,Qty,Mfr blue,MPN blue,Mfr red,MPN red\n"
    "R1,1,Yageo,RC0402FR-0710KL,Vishay,CRCW040210K0FKED\nU1,1,TI,TPS62130RGTR,,\n"
)


def test_question_stops_the_import_until_it_is_answered(client: Client, engineer: Any) -> None:
    asked = upload(TWO_SOURCES, engineer, "PUMP")
    shown = client.get(url(asked))
    assert "To be answered before the import" in page(shown)
    assert 'value="primary:0:3:5"' in shown.content.decode()
    form = {"expected": asked.version, "product": "PUMP", "phase": "pilot"}
    refused = client.post(url(asked, "confirm/"), form)
    assert refused.status_code == 422
    assert "1 thing stops this." in page(refused)
    answered = client.post(url(asked, "confirm/"), form | {"answered": ["primary:0:3:5"]})
    assert answered.status_code == 302
    asked.refresh_from_db()
    assert asked.state == "running"


def test_answers_are_read_with_the_columns(client: Client, engineer: Any) -> None:
    asked = upload(TWO_SOURCES, engineer, "PUMP")
    form = {"expected": asked.version, "t0use": "on", "answered": ["primary:0:3:5"]}
    assert client.post(url(asked, "mapping/"), form).status_code == 302
    assert "To be answered" not in page(client.get(url(asked)))
    again = upload(TWO_SOURCES, engineer, "PUMP")
    assert again.totals["questions"] == []
