"""``/aml-takeovers/``: propose, look at, move; propose alone by an integration."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from secondsource.core import clock
from suppliers.models import Approval, Source, Takeover
from tests import factories
from tests.api.callers import Api

pytestmark = pytest.mark.django_db


def body(number: int = 1, **fields: Any) -> dict[str, Any]:
    rows = []
    for _ in range(number):
        made = factories.manufacturer_part()
        rows.append(
            {
                "part": factories.part().ipn,
                "manufacturer_part": {"manufacturer": made.manufacturer.name, "mpn": made.mpn},
            }
        )
    return {"reference": {"document": "AML-7", "revision": "C"}, "rows": rows} | fields


def move(caller: Api, url: str, name: str, **data: Any) -> Any:
    return caller.post(f"{url}moves/", {"name": name, "note": "seen", "data": data})


def address(answer: Any) -> str:
    assert answer.status_code == 201, answer.json()
    return f"/aml-takeovers/{answer.json()['id']}/"


def test_proposed_by_an_integration_and_taken_over_by_two_persons(
    api: Any, quality: Api, buyer: Api
) -> None:
    machine = api("integration")
    sent = body(2, rows=[])
    product = factories.product()
    sent["rows"] = body(2)["rows"]
    sent["rows"][0] |= {"scope": [product.code], "valid_to": "2099-01-01", "evidence": "row 1"}
    answer = machine.post("/aml-takeovers/", sent)
    url = address(answer)
    shown = answer.json()
    assert shown["reference"] == {"document": "AML-7", "revision": "C", "date": None}
    assert (shown["state"], shown["counts"]["proposed"]) == ("proposed", 2)
    assert (shown["rows"][0]["scope"], shown["rows"][0]["evidence"]) == ([product.code], "row 1")
    for name in ("confirm", "approve", "refuse"):
        assert move(machine, url, name).status_code in (403, 422)
    assert Takeover.objects.get().state == "proposed"
    assert move(quality, url, "confirm").json()["state"] == "confirmed"
    done = move(buyer, url, "approve").json()
    assert (done["state"], done["counts"]["approved"]) == ("done", 2)
    assert {row["state"] for row in done["rows"]} == {"approved"}
    assert Source.objects.filter(status="approved").count() == 2
    listed = buyer.get("/sources/").json()["results"]
    assert sorted(one["scope"] for one in listed) == [[], [product.code]]
    assert [e["kind"] for e in quality.get(f"{url}history/").json()["results"]][-1] == "created"


def test_rows_are_moved_by_their_ids(engineer: Api, quality: Api) -> None:
    url = address(engineer.post("/aml-takeovers/", body(2)))
    first = engineer.get(url).json()["rows"][0]["id"]
    assert move(quality, url, "confirm", rows=[first]).json()["counts"]["confirmed"] == 1
    answer = move(quality, url, "confirm", rows=["nonsense"])
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (422, "unknown_row")
    offers = {offer["name"]: offer["allowed"] for offer in engineer.get(f"{url}moves/").json()}
    assert offers == {"confirm": False, "approve": True, "refuse": True}


def test_a_token_without_approve_confirms_nothing(engineer: Api, api: Any, quality: Api) -> None:
    url = address(engineer.post("/aml-takeovers/", body()))
    narrow = api(user=quality.user, scopes=("read", "write"))
    assert move(narrow, url, "confirm").status_code == 403
    assert Takeover.objects.get().state == "proposed"


def test_of_two_who_saw_one_version_the_later_is_told(engineer: Api, quality: Api) -> None:
    url = address(engineer.post("/aml-takeovers/", body()))
    seen = engineer.get(url).json()["version"]
    sent = {"name": "confirm", "note": "", "expected": seen}
    assert quality.post(f"{url}moves/", sent).status_code == 200
    assert quality.post(f"{url}moves/", sent).status_code == 409


def test_a_dry_run_judges_and_writes_nothing(engineer: Api) -> None:
    sent = body(1)
    sent["rows"][0] |= {"scope": [factories.product().code], "valid_to": "2099-01-01"}
    source = factories.approved(factories.part())
    made = source.manufacturer_part
    sent["rows"].append(
        {
            "part": source.part.ipn,
            "manufacturer_part": {"manufacturer": made.manufacturer.code, "mpn": made.mpn},
        }
    )
    answer = engineer.post("/aml-takeovers/?dry_run=true", sent)
    assert (answer.status_code, answer.json()["rows"]) == (200, 2)
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/rows/1/source"]
    warned = [(e["pointer"], e["code"]) for e in answer.json()["warnings"]]
    assert warned == [
        ("/rows/0/valid_to", "cut"), ("/rows/0/scope", "not_used_in_product"),
    ]  # fmt: skip
    assert Takeover.objects.count() == 0
    assert engineer.post("/aml-takeovers/", sent).status_code == 422
    partly = engineer.post("/aml-takeovers/?partial=true", sent).json()
    assert [row["state"] for row in partly["rows"]] == ["proposed", "refused"]
    assert engineer.post("/aml-takeovers/?dry_run=maybe", sent).status_code == 400


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"part": "NO-SUCH"}, "/rows/0/part"),
        ({"manufacturer_part": {"manufacturer": "Nobody", "mpn": "X"}},
         "/rows/0/manufacturer_part/manufacturer"),
        ({"scope": ["NO-SUCH"]}, "/rows/0/scope"),
        ({"valid_to": "2020-01-01"}, "/rows/0/valid_to"),
        ({"valid_to": "soon"}, "/rows/0/valid_to"),
        ({"status": "approved"}, "/rows/0/status"),
        ({"part": None}, "/rows/0/part"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_named(engineer: Api, change: Any, pointer: str) -> None:
    sent = body()
    sent["rows"][0] |= change
    answer = engineer.post("/aml-takeovers/", sent)
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert (Takeover.objects.count(), Source.objects.count()) == (0, 0)


@pytest.mark.parametrize("rows", [[], "all", None, [[]], {"a": 1}])
def test_rows_are_a_list(engineer: Api, rows: Any) -> None:
    assert engineer.post("/aml-takeovers/", body(0, rows=rows)).status_code == 422
    assert Takeover.objects.count() == 0


def test_who_may_not_propose(viewer: Api, stranger: Api) -> None:
    assert viewer.post("/aml-takeovers/", body()).status_code == 403
    assert stranger.post("/aml-takeovers/", body()).status_code == 401
    assert Takeover.objects.count() == 0


def test_the_list_has_no_rows_and_is_filtered(engineer: Api, quality: Api) -> None:
    url = address(engineer.post("/aml-takeovers/", body()))
    engineer.post("/aml-takeovers/", body(reference={"document": "Other"}))
    move(quality, url, "refuse")
    listed = engineer.get("/aml-takeovers/", state="refused").json()["results"]
    assert [one["reference"]["document"] for one in listed] == ["AML-7"]
    assert "rows" not in listed[0]
    found = engineer.get("/aml-takeovers/", search="other").json()["results"]
    assert [one["reference"]["document"] for one in found] == ["Other"]


def test_an_approval_ends_with_the_document(engineer: Api, quality: Api) -> None:
    sent = body()
    last = clock.business_day() + dt.timedelta(days=20)
    sent["rows"][0]["valid_to"] = last.isoformat()
    url = address(engineer.post("/aml-takeovers/", sent))
    move(quality, url, "confirm")
    assert move(engineer, url, "approve").status_code == 200
    assert Approval.objects.get(kind="takeover").valid_to == last


def test_a_document_of_tomorrow_is_refused_where_it_stands(engineer: Api) -> None:
    dated = {"document": "AML-7", "date": "2099-01-01"}
    answer = engineer.post("/aml-takeovers/", body(reference=dated))
    pointers = [one["pointer"] for one in answer.json()["errors"]]
    assert (answer.status_code, pointers) == (422, ["/reference/date"])
    assert not Takeover.objects.exists()


def test_reference_and_scope_change_until_a_row_is_confirmed(
    engineer: Api, quality: Api, buyer: Api
) -> None:
    url, product = address(engineer.post("/aml-takeovers/", body())), factories.product()
    sent = {"reference": {"document": "AML-8", "date": "2026-01-05"}, "scope": [product.code]}
    shown = engineer.patch(url, sent).json()
    assert shown["reference"] == {"document": "AML-8", "revision": "C", "date": "2026-01-05"}
    assert shown["scope"] == [product.code]
    move(quality, url, "confirm")
    assert buyer.patch(url, {"scope": []}).json()["reasons"][0]["code"] == "decided"
    assert Takeover.objects.get().products.get() == product
