"""Imports over the API: upload, preview, correct, confirm, undo."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from parts.models import BomLine, Part, Product
from secondsource.core import jobs
from secondsource.exchange.models import Import
from suppliers.models import Source
from tests.api.callers import Api

BOM = b"""Designator,Quantity,Manufacturer,MPN,Description
"R1,R2",2,Yageo,RC0603FR-0710KL,10k
C1,1,Murata,GRM188R71C104KA01D,100n
"""


def send(caller: Api, data: bytes = BOM, name: str = "bom.csv", **body: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    return caller.upload("/imports/", {"file": file, "kind": "bom", **body})


def run(answer: Any) -> str:
    job = answer.json()["job"].rstrip("/").rpartition("/")[2]
    jobs.run(job)
    return str(job)


def test_dry_run_shows_what_the_file_holds(engineer: Api) -> None:
    answer = send(engineer, product="PUMP", dry_run="true")
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["state"], shown["product"], shown["name"]) == ("previewed", "PUMP", "bom.csv")
    result = {name: shown["result"][name] for name in ("lines", "designators", "mpns", "errors")}
    assert result == {"lines": 2, "designators": 3, "mpns": 2, "errors": []}
    assert shown["preview"]["parts_new"] == 2
    assert Part.objects.count() == 0
    assert engineer.get(f"/imports/{shown['id']}/").json() == shown


def test_upload_imports_by_job(engineer: Api) -> None:
    started = send(engineer, product="PUMP", product_name="Pump 3")
    assert started.status_code == 202, started.json()
    job = run(started)
    shown = engineer.get(f"/jobs/{job}/").json()
    assert (shown["state"], shown["result"]["lines"]) == ("done", 2)
    done = engineer.get(f"/imports/{started.json()['id']}/").json()
    assert (done["state"], done["revision"], done["result"]["lines"]) == ("done", 1, 2)
    assert BomLine.objects.filter(revision__product__code="PUMP").count() == 2
    assert set(Source.objects.values_list("role", "status")) == {("incumbent", "approved")}
    lines = engineer.get("/products/PUMP/bom/").json()["results"]
    assert [(line["quantity"], line["designators"]) for line in lines] == [
        (2, ["R1", "R2"]),
        (1, ["C1"]),
    ]


def test_preview_then_confirm_then_undo(engineer: Api) -> None:
    url = f"/imports/{send(engineer, dry_run='true').json()['id']}/"
    unnamed = engineer.post(f"{url}confirm/")
    assert [e["pointer"] for e in unnamed.json()["errors"]] == ["/product"]
    started = engineer.post(f"{url}confirm/", {"product": "PUMP"})
    assert (started.status_code, started["Location"]) == (202, started.json()["job"])
    assert engineer.post(f"{url}confirm/", {"product": "PUMP"}).status_code == 422
    run(started)
    undone = engineer.post(f"{url}undo/")
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")
    assert (Product.objects.count(), Part.objects.count()) == (0, 0)


def test_a_corrected_mapping(engineer: Api) -> None:
    shown = send(engineer, dry_run="true").json()
    mapping = shown["mapping"]
    for column in mapping["tables"][0]["columns"]:
        if column["role"] == "quantity":
            column["role"] = "ignore"
    corrected = engineer.patch(f"/imports/{shown['id']}/", {"mapping": mapping})
    assert corrected.status_code == 200, corrected.json()
    assert corrected.json()["version"] > shown["version"]
    for column in mapping["tables"][0]["columns"]:
        column["said"] = True
    assert Import.objects.get().mapping == mapping
    wrong = engineer.patch(f"/imports/{shown['id']}/", {"mapping": {"tables": 3}})
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/mapping"]


def test_a_file_that_holds_no_bom(engineer: Api) -> None:
    answer = send(engineer, b"\x89PNG\r\n\x1a\n", "photo.png")
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/file"]
    kept = send(engineer, b"\x89PNG\r\n\x1a\n", "photo.png", dry_run="true")
    assert (kept.status_code, len(kept.json()["result"]["errors"])) == (201, 1)


def test_an_upload_is_discarded(engineer: Api) -> None:
    url = f"/imports/{send(engineer, dry_run='true').json()['id']}/"
    assert engineer.send("DELETE", url).status_code == 204
    assert Import.objects.count() == 0


def test_bad_forms(engineer: Api) -> None:
    wrong = {
        "/kind": {"kind": "quotes"},
        "/product": {"product": "no good", "dry_run": "true"},
        "/colour": {"colour": "red"},
        "/mapping": {"mapping": "[]"},
    }
    for pointer, body in wrong.items():
        answer = send(engineer, **body)
        assert answer.status_code == 422, pointer
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert engineer.upload("/imports/", {"kind": "bom"}).json()["errors"][0]["pointer"] == "/file"
    assert engineer.post("/imports/", {"kind": "bom"}).status_code == 415
    assert send(engineer, b"").status_code == 422


def test_above_500_megabytes_nothing_is_read(engineer: Api) -> None:
    headers = engineer.headers | {"Content-Length": str(501 * 1024 * 1024)}
    answer = engineer.client.post("/api/v1/imports/", {}, headers=headers)
    assert answer.status_code == 413


def test_a_bom_above_20_megabytes_is_refused(engineer: Api) -> None:
    answer = send(engineer, b"a,b\n" * (5 * 1024 * 1024 + 1))
    assert answer.status_code == 422
    assert [e["code"] for e in answer.json()["errors"]] == ["too_large"]
    assert Import.objects.count() == 0


def test_a_buyer_imports_no_bom(buyer: Api) -> None:
    assert send(buyer).status_code == 403
    assert Import.objects.count() == 0


def test_a_name_that_is_no_field_is_refused(engineer: Api) -> None:
    url = f"/imports/{send(engineer, dry_run='true').json()['id']}/"
    assert engineer.patch(url, {"role": {}}).status_code in (400, 422)
