"""Files made to hurt their reader, over the API and the page: 422, and the next one is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parts.models import Part
from secondsource.exchange.models import Import
from tests.api.callers import Api
from tests.core.tabular.hostile import HANDED

BOM = b"Designator,Quantity,MPN\nR1,1,RC0603FR-0710KL\n"
#: These hold tables, of an odd size and nothing that anybody wants to import.
READ = ("only delimiters", "rows of delimiters", "only line feeds", "lone quote")
REFUSED = [name for name in HANDED if name not in READ]


def send(caller: Api, data: bytes, kind: str, **body: Any) -> Any:
    file = SimpleUploadedFile("file.xlsx", data)
    return caller.upload("/imports/", {"file": file, "kind": kind, **body})


@pytest.mark.parametrize("name", REFUSED)
def test_the_api_refuses_it_and_reads_the_next(engineer: Api, buyer: Api, name: str) -> None:
    data = HANDED[name]()
    for caller, kind in ((engineer, "bom"), (buyer, "offers")):
        answer = send(caller, data, kind, **({"product": "PUMP"} if kind == "bom" else {}))
        assert answer.status_code == 422, answer.content
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/file"
        assert error["detail"].endswith(".")
    previewed = send(engineer, data, "bom", product="PUMP", dry_run="true").json()
    assert previewed["state"] == "uploaded"
    assert Part.objects.count() == 0
    assert set(Import.objects.values_list("state", flat=True)) == {"uploaded"}
    assert send(engineer, BOM, "bom", product="PUMP", dry_run="true").json()["state"] == "previewed"


@pytest.mark.parametrize("name", ["single quotes", "repeated rows", "nested spans", "value abc"])
def test_the_page_says_why(engineer: Api, name: str) -> None:
    client = Client()
    assert engineer.user is not None
    client.force_login(engineer.user)
    sent = {"file": SimpleUploadedFile("file.xlsx", HANDED[name]()), "product": "PUMP"}
    answer = client.post("/imports/new/?kind=bom", sent, follow=True)
    assert answer.status_code == 200
    problem = Import.objects.get().problem
    assert problem["detail"] in answer.content.decode()


@pytest.mark.parametrize("name", READ)
def test_what_is_only_odd_is_refused_by_its_content(engineer: Api, name: str) -> None:
    answer = send(engineer, HANDED[name](), "bom", product="PUMP")
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert Part.objects.count() == 0
