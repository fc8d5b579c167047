"""A BOM that can be read in two ways is not imported until somebody says which."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from secondsource.exchange.models import Import
from suppliers.models import Source
from tests.api.callers import Api
from tests.api.test_imports import run

TWO = b"""Ref,Qty,Mfr blue,MPN blue,Mfr red,MPN red
R1,1,Yageo,RC0402FR-0710KL,Vishay,CRCW040210K0FKED
U1,1,TI,TPS62130RGTR,,
"""


def send(caller: Api, data: bytes = TWO, **body: Any) -> Any:
    file = SimpleUploadedFile("two.csv", data)
    return caller.upload("/imports/", {"file": file, "kind": "bom", "product": "PUMP", **body})


def test_import_stops_with_the_question(engineer: Api) -> None:
    refused = send(engineer)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (422, "primary")
    assert "“MPN red”" in refused.json()["reasons"][0]["detail"]
    assert Import.objects.get().state == "previewed"


def test_question_is_part_of_what_is_shown(engineer: Api) -> None:
    shown = send(engineer, dry_run="true").json()
    (question,) = shown["result"]["questions"]
    assert (question["key"], question["code"]) == ("primary:0:3:5", "primary")
    assert (question["table"], question["columns"], question["row"]) == (0, [3, 5], None)


def test_mapping_with_the_upload_says_which_source_is_the_primary_one(engineer: Api) -> None:
    said = '{"columns": [{"header": "MPN red", "role": "mpn", "number": 1},'
    said += '{"index": 3, "role": "mpn", "number": 2},'
    said += '{"header": "Mfr red", "role": "manufacturer", "number": 1},'
    said += '{"header": "Mfr blue", "role": "manufacturer", "number": 2}]}'
    started = send(engineer, mapping=said)
    assert started.status_code == 202, started.json()
    run(started)
    first = Source.objects.get(role="incumbent", part__usages__product__code="PUMP",
                               manufacturer_part__mpn="CRCW040210K0FKED")  # fmt: skip
    assert first.manufacturer_part.manufacturer.name == "Vishay"


def test_answer_says_that_it_is_right_as_read(engineer: Api) -> None:
    shown = send(engineer, dry_run="true").json()
    keys = [one["key"] for one in shown["result"]["questions"]]
    url = f"/imports/{shown['id']}/"
    started = engineer.post(f"{url}confirm/", {"answered": keys})
    assert started.status_code == 202, started.json()


def test_answer_in_a_mapping_is_remembered(engineer: Api) -> None:
    shown = send(engineer, dry_run="true").json()
    keys = [one["key"] for one in shown["result"]["questions"]]
    read = engineer.patch(f"/imports/{shown['id']}/", {"mapping": {"answered": keys}})
    assert read.json()["result"]["questions"] == []
    assert send(engineer, dry_run="true").json()["result"]["questions"] == []


def test_mapping_under_another_header_row(engineer: Api) -> None:
    data = b"Alpha,Beta,Gamma\nWo,Was,Wieviel\nlinks,LM75BD-118,2\nrechts,LM393-QT,1\n"
    shown = send(engineer, data, dry_run="true").json()
    assert shown["result"]["errors"][0]["code"] == "no_table"
    said = {"header_row": 1, "sheet": 0, "columns": [
        {"header": "Was", "role": "mpn"}, {"header": "Wieviel", "role": "quantity"},
    ]}  # fmt: skip
    read = engineer.patch(f"/imports/{shown['id']}/", {"mapping": said}).json()
    assert (read["state"], read["result"]["lines"], read["result"]["quantity_total"]) == (
        "previewed", 2, 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"columns": [{"header": "nowhere", "role": "mpn"}]},
        {"columns": [{"index": 0, "role": "poem"}]},
        {"columns": [{"index": 0, "role": "mpn", "table": 7}]},
        {"columns": [7]},
        {"tables": [{"table": 0, "decimal": "x"}]},
        {"header_row": 99},
        {"header_row": "top", "sheet": "none"},
        {"poem": 1},
    ],
)
def test_mapping_of_no_meaning_is_refused(engineer: Api, said: Any) -> None:
    shown = send(engineer, dry_run="true").json()
    answer = engineer.patch(f"/imports/{shown['id']}/", {"mapping": said})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/mapping"]


def test_what_is_left_out_is_named(engineer: Api) -> None:
    data = b"Ref,Qty,MPN,Cabinet\nR1,1,RC0402FR-0710KL,left\nU1,1,TPS62130RGTR,right\n,,,below\n"
    result = send(engineer, data, dry_run="true").json()["result"]
    assert [(one["column"], one["header"]) for one in result["columns_left_out"]] == [
        (4, "Cabinet")
    ]
    assert [(one["row"], one["text"]) for one in result["rows_left_out"]] == [(4, "below")]
    assert result["sheets_left_out"] == []
