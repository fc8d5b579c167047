"""Pages of bulk imports: kinds by right, preview, corrections, confirmation, downloads, undo."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parts.models import Part
from secondsource.core.actors import Actor
from secondsource.exchange.models import Import
from tests import factories
from tests.exchange.bulk.files import send, take
from tests.exchange.imports import do

FILE = "Part number,Stock,Note\nA-1,5,ok\nA-2,6,\nA-9,lots,=cmd()\n"


def signed_in(actor: Actor) -> Client:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    return client


@pytest.fixture
def client(engineer: Actor) -> Client:
    for n in (1, 2):
        factories.part(ipn=f"A-{n}", stock_qty=1)
    return signed_in(engineer)


def page(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def url(imported: Import, what: str = "") -> str:
    return f"/imports/{imported.public_id}/{what}"


def test_kinds_are_offered_by_right(client: Client) -> None:
    assert 'href="/imports/new/?kind=stock"' in page(client.get("/imports/new/"))
    assert "Import stock" in page(client.get("/imports/new/?kind=stock"))
    assert client.get("/imports/new/?kind=receipts").status_code == 403
    assert client.get("/imports/new/?kind=weather").status_code == 404
    buyer = signed_in(factories.actor("procurement"))
    text = page(buyer.get("/imports/new/?kind=receipts"))
    assert ("Import receipts" in text, "kind=stock" in text) == (True, False)
    assert signed_in(factories.actor("executive")).get("/imports/new/").status_code == 403


def test_from_upload_to_undo(client: Client) -> None:
    file = SimpleUploadedFile("stock.csv", FILE.encode())
    answer = client.post("/imports/new/?kind=stock", {"file": file})
    imported = Import.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url(imported))
    text = page(client.get(url(imported)))
    assert ("1 row needs you" in text, "“lots” is not a number." in text) == (True, True)
    refused = client.post(url(imported, "confirm/"))
    assert (refused.status_code, "nothing is written" in page(refused)) == (422, True)
    assert client.post(url(imported, "confirm/"), {"partial": "1"}).status_code == 302
    done = page(client.get(url(do(imported))))
    assert ("the good rows alone" in done, "Not imported" in done) == (True, True)
    assert set(Part.objects.values_list("stock_qty", flat=True)) == {5, 6}
    asked = page(client.get(url(imported, "undo/")))
    assert 'puts <b class="num">2</b> changed ones back' in " ".join(asked.split())
    assert client.post(url(imported, "undo/")).status_code == 302
    assert set(Part.objects.values_list("stock_qty", flat=True)) == {1}


def test_a_file_is_asked_for_and_kept_when_it_cannot_be_read(client: Client) -> None:
    answer = client.post("/imports/new/?kind=stock", {})
    assert (answer.status_code, "Choose a file." in page(answer)) == (422, True)
    picture = SimpleUploadedFile("stock.csv", b"\x89PNG\r\n\x1a\n" + bytes(64))
    client.post("/imports/new/?kind=stock", {"file": picture})
    assert "The file is a picture" in page(client.get(url(Import.objects.get())))


def test_columns_are_corrected_on_the_page(client: Client, engineer: Actor) -> None:
    imported = send("Part number,Amount\nA-1,1.234\n", "stock", engineer)
    assert "Say which column holds" in page(client.get(url(imported)))
    client.post(url(imported, "mapping/"), {"c0": "ipn", "c1": "stock_qty"})
    assert "Say how “Amount” is written" in page(client.get(url(imported)))
    client.post(url(imported, "mapping/"), {"c0": "ipn", "c1": "stock_qty", "f1": ","})
    imported.refresh_from_db()
    assert (imported.state, imported.totals["sums"]["In stock"]) == ("previewed", "1234.0000")
    wrong = client.post(url(imported, "mapping/"), {"c0": "ipn:x"})
    assert wrong.status_code == 422
    assert client.post(url(imported, "mapping/"), {"header": "0:99"}).status_code == 422


def test_rejected_rows_as_a_file_without_formulas(client: Client, engineer: Actor) -> None:
    imported = send(FILE, "stock", engineer)
    answer = client.get(url(imported, "rejected/"))
    assert "rows to correct.csv" in answer["Content-Disposition"]
    assert body(answer).splitlines() == [
        "\ufeffPart number,Stock,Note,Row,Reason",
        "A-9,lots,'=cmd(),4,Part number: There is no part with this number. Stock: “lots” is not"
        " a number.",
    ]
    clean = send("Part number,Stock\nA-1,5\n", "stock", engineer)
    assert client.get(url(clean, "rejected/")).status_code == 404


def test_a_template_file_reads_back(client: Client, engineer: Actor) -> None:
    text = body(client.get("/imports/templates/stock/"))
    imported = send(text, "stock", engineer)
    assert [(one["row"], one["code"]) for one in imported.errors] == [(2, "unknown_part")]
    assert client.get("/imports/templates/receipts/").status_code == 404


def test_cells_are_hidden_from_who_may_not_see_prices(client: Client) -> None:
    buyer = factories.actor("procurement")
    imported = send("Received date,Part number,Qty\n2026-01-01,A-77,3\n", "receipts", buyer)
    text = page(client.get(url(imported)))
    assert ("hidden" in text, "A-77" in text) == (True, False)
    codes = [client.get(url(imported, what)).status_code for what in ("file/", "rejected/")]
    assert codes == [403, 403]
    posts = ("confirm/", "mapping/", "undo/", "discard/")
    assert [client.post(url(imported, what)).status_code for what in posts] == [403] * 4
    assert "A-77" in page(signed_in(buyer).get(url(imported)))


def test_what_is_on_record_already_offers_nothing_to_confirm(
    client: Client, engineer: Actor
) -> None:
    text = "Part number,Stock\nA-1,5\n"
    take(text, "stock", engineer)
    again = page(client.get(url(send(text, "stock", engineer))))
    assert ("it is on record already" in again, 'href="#confirm"' in again) == (True, False)


def test_the_result_leads_to_the_parts_of_the_import(client: Client, engineer: Actor) -> None:
    """Of every kind, as far as the reader sees parts and import."""
    factories.part(ipn="OTHER")
    text = "IPN,Description,Manufacturer,MPN\nN-1,Resistor,Yageo,CC1\nN-2,Resistor,Yageo,CC2\n"
    done = take(text, "parts", engineer)
    client.force_login(engineer.user)
    address = f"/parts/?import={done.public_id}"
    assert address in client.get(done.get_absolute_url()).content.decode()
    listed = client.get(address).content.decode()
    assert ("N-1" in listed, "N-2" in listed, "OTHER" in listed) == (True, True, False)
    refused = client.get("/parts/?import=abc")
    assert (refused.status_code, "“abc” is not on record." in refused.content.decode()) == (
        400,
        True,
    )
