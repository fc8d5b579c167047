"""Bulk data over the API: preview, rows refused, the good ones alone, undo."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile

from parts.models import Part
from secondsource.core import jobs
from secondsource.exchange.models import Import
from tests import factories
from tests.api.callers import Api

STOCK = b"Part number,Stock\nA-1,5\nA-2,6\n"
BAD = STOCK + b"A-9,=1+1\nA-8,7\n"


def send(caller: Api, data: bytes = STOCK, **body: Any) -> Any:
    file = SimpleUploadedFile("stock.csv", data)
    return caller.upload("/imports/", {"file": file, "kind": "stock", **body})


def parts() -> None:
    for n in (1, 2):
        factories.part(ipn=f"A-{n}", stock_qty=1)


def stock() -> list[Any]:
    return list(Part.objects.order_by("ipn").values_list("stock_qty", flat=True))


def test_dry_run_then_confirm_then_undo(engineer: Api) -> None:
    parts()
    shown = send(engineer, dry_run="true").json()
    assert (shown["kind"], shown["state"]) == ("stock", "previewed")
    assert shown["preview"] == {"created": 0, "updated": 2, "unchanged": 0, "rejected": 0}
    assert stock() == [1, 1]
    url = f"/imports/{shown['id']}/"
    started = engineer.post(f"{url}confirm/", {"expected": shown["version"]})
    assert started.status_code == 202, started.json()
    jobs.run(started.json()["job"].rstrip("/").rpartition("/")[2])
    result = engineer.get(url).json()["result"]
    counts = {name: result[name] for name in ("rows", "created", "updated", "unchanged", "errors")}
    assert counts == {"rows": 2, "created": 0, "updated": 2, "unchanged": 0, "errors": []}
    assert stock() == [5, 6]
    assert engineer.post(f"{url}undo/").json()["state"] == "undone"
    assert stock() == [1, 1]


def test_refused_rows_name_their_place(engineer: Api) -> None:
    parts()
    answer = send(engineer, BAD)
    assert answer.status_code == 422
    found = [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
    assert found == [
        ("/rows/4/ipn", "unknown_part"),
        ("/rows/4/stock_qty", "no_number"),
        ("/rows/5/ipn", "unknown_part"),
    ]
    assert stock() == [1, 1]


def test_the_good_rows_alone(engineer: Api) -> None:
    parts()
    started = send(engineer, BAD, partial="true")
    assert started.status_code == 202, started.json()
    jobs.run(started.json()["job"].rstrip("/").rpartition("/")[2])
    shown = engineer.get(f"/imports/{started.json()['id']}/").json()
    result = shown["result"]
    assert (shown["state"], result["updated"], result["rejected"], result["partial"]) == (
        "done", 2, 2, True,
    )  # fmt: skip
    assert result["errors"][0] == {
        "row": 4, "column": 1, "code": "unknown_part",
        "detail": "There is no part with this number.", "header": "Part number", "value": "A-9",
    }  # fmt: skip
    assert stock() == [5, 6]


def test_the_rejected_rows_page_by_page(engineer: Api) -> None:
    parts()
    url = f"/imports/{send(engineer, BAD, dry_run='true').json()['id']}/rejected/"
    first = engineer.get(url, limit=1).json()
    assert [(row["row"], row["cells"]) for row in first["results"]] == [(4, ["A-9", "=1+1"])]
    assert parse_qs(urlsplit(first["next"]).query) == {"cursor": ["4"], "limit": ["1"]}
    last = engineer.get(url, cursor=4).json()
    assert ([row["row"] for row in last["results"]], last["next"]) == ([5], None)
    assert engineer.get(url, limit=0).status_code == 400
    assert engineer.get(url, colour="red").status_code == 400


def test_columns_named_by_header(engineer: Api) -> None:
    parts()
    mapping = '{"columns": [{"header": "Amount", "role": "stock_qty"}]}'
    data = b"Part number,Amount\nA-1,5\n"
    assert [e["code"] for e in send(engineer, data).json()["errors"]] == ["columns_missing"]
    shown = send(engineer, data, mapping=mapping, dry_run="true").json()
    assert shown["preview"]["updated"] == 1
    wrong = send(engineer, data, mapping='{"columns": [{"header": "Size", "role": "ipn"}]}')
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/mapping"]


def test_a_buyer_imports_no_stock(buyer: Api) -> None:
    assert send(buyer).status_code == 403
    assert Import.objects.count() == 0


def test_who_may_not_see_prices_sees_no_cells(buyer: Api, quality: Api) -> None:
    file = SimpleUploadedFile("r.csv", b"Received date,Part number,Qty\n2026-01-01,A-9,3\n")
    shown = buyer.upload("/imports/", {"file": file, "kind": "receipts", "dry_run": "true"}).json()
    url = f"/imports/{shown['id']}/"
    assert shown["result"]["errors"][0]["value"] == "A-9"
    assert "value" not in quality.get(url).json()["result"]["errors"][0]
    assert quality.get(f"{url}rejected/").status_code == 403
