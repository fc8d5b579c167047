"""RFQs, quotes and price agreements by the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from secondsource.core import clock
from suppliers.models import Offer, PriceAgreement, Quote, Source
from tests import factories
from tests.api.callers import Api


@pytest.fixture
def source(db: None) -> Source:
    return factories.incumbent(factories.part(), "OURS-1")


def rfq_body(source: Source) -> dict[str, object]:
    due = clock.business_day() + dt.timedelta(days=9)
    return {
        "title": "Converters", "due": due.isoformat(), "currency": "USD",
        "lines": [{"part": source.part.ipn, "volumes": [1000, 10_000]}],
        "suppliers": [source.manufacturer_part.manufacturer.code],
    }  # fmt: skip


def quote_body(source: Source, rfq: str, **fields: object) -> dict[str, object]:
    until = clock.business_day() + dt.timedelta(days=30)
    return {
        "rfq": rfq, "supplier": source.manufacturer_part.manufacturer.code, "currency": "USD",
        "incoterm": "DDP", "valid_to": until.isoformat(),
        "lines": [
            {
                "part": source.part.ipn, "mpn": "OURS-1",
                "price_breaks": [{"quantity": 1, "price": "2.00"}],
            }
        ],
    } | fields  # fmt: skip


def test_a_walk_from_the_draft_to_the_offer(buyer: Api, source: Source) -> None:
    made = buyer.post("/rfqs/", rfq_body(source))
    assert made.status_code == 201
    rfq = made.json()
    url = f"/rfqs/{rfq['id']}/"
    assert (rfq["state"], rfq["suppliers"][0]["revision"]) == ("draft", 0)
    assert buyer.post(f"{url}moves/", {"name": "send"}).json()["state"] == "sent"
    link = buyer.post(f"{url}link/", {"supplier": rfq["suppliers"][0]["supplier"]})
    assert link.status_code == 201
    assert "/quote/" in link.json()["address"]
    revoked = buyer.post(f"{url}revoke-link/", {"supplier": rfq["suppliers"][0]["supplier"]})
    assert revoked.status_code == 204
    quoted = buyer.post("/quotes/", quote_body(source, rfq["id"], expected=0))
    assert quoted.status_code == 201
    line = quoted.json()["lines"][0]
    assert line["price_breaks"] == [{"quantity": 1, "price": "2.000000"}]
    assert buyer.post("/quotes/", quote_body(source, rfq["id"], expected=0)).status_code == 409
    (row,) = buyer.get(f"{url}matrix/", volume=2).json()["rows"]
    (cell,) = row["cells"]
    assert (row["volume"], cell["state"], cell["tco"]["price"]) == (10_000, "counted", "2.000000")
    buyer.post(f"{url}moves/", {"name": "close"})
    award = {"name": "award", "note": "least cost", "data": {"quote_lines": [line["id"]]}}
    assert buyer.post(f"{url}moves/", award).json()["state"] == "awarded"
    offer = Offer.objects.get()
    assert buyer.get(f"/quotes/{quoted.json()['id']}/").json()["lines"][0]["offer"] == offer.key


def test_what_is_refused(buyer: Api, source: Source) -> None:
    rfq = buyer.post("/rfqs/", rfq_body(source)).json()
    unsent = buyer.post("/quotes/", quote_body(source, rfq["id"]))
    assert (unsent.status_code, unsent.json()["reasons"][0]["code"]) == (422, "not_open")
    other = factories.manufacturer()
    stranger = buyer.post("/quotes/", quote_body(source, rfq["id"], supplier=other.code))
    assert stranger.json()["errors"][0]["pointer"] == "/supplier"
    buyer.post(f"/rfqs/{rfq['id']}/moves/", {"name": "send"})
    wrong = quote_body(source, rfq["id"], lines=[{"part": factories.part().ipn, "mpn": "X"}])
    assert buyer.post("/quotes/", wrong).json()["errors"][0]["pointer"] == "/lines/0/part"
    assert buyer.get(f"/rfqs/{rfq['id']}/matrix/", volume="x").status_code == 400
    assert Quote.objects.count() == 0


def test_an_engineer_compares_without_prices(buyer: Api, engineer: Api, source: Source) -> None:
    rfq = buyer.post("/rfqs/", rfq_body(source)).json()
    buyer.post(f"/rfqs/{rfq['id']}/moves/", {"name": "send"})
    buyer.post("/quotes/", quote_body(source, rfq["id"]))
    shown = engineer.get(f"/rfqs/{rfq['id']}/matrix/").json()
    assert "currency" not in shown
    assert "tco" not in shown["rows"][0]["cells"][0]
    assert engineer.get("/quotes/").status_code == 403
    assert "qualification_cost" not in engineer.get(f"/rfqs/{rfq['id']}/").json()["lines"][0]
    assert engineer.post("/rfqs/", rfq_body(source)).status_code == 403


def test_an_integration_without_prices_compares_none(buyer: Api, api: Any, source: Source) -> None:
    rfq = buyer.post("/rfqs/", rfq_body(source)).json()
    buyer.post(f"/rfqs/{rfq['id']}/moves/", {"name": "send"})
    buyer.post("/quotes/", quote_body(source, rfq["id"]))
    for scopes, seen in ((("read",), set()), (("read", "prices"), {"best", "difference", "tco"})):
        caller = api("integration", scopes=scopes)
        (row,) = caller.get(f"/rfqs/{rfq['id']}/matrix/").json()["rows"]
        assert set(row["cells"][0]) & {"best", "difference", "tco"} == seen


def test_an_agreement_is_recorded_and_ended(buyer: Api, source: Source) -> None:
    today = clock.business_day()
    body = {
        "supplier": source.manufacturer_part.manufacturer.code, "document": "LTA-1",
        "manufacturer_part": {
            "manufacturer": source.manufacturer_part.manufacturer.name, "mpn": "OURS-1",
        },
        "valid_from": today.isoformat(), "currency": "USD",
        "valid_to": (today + dt.timedelta(days=99)).isoformat(),
        "price_breaks": [{"quantity": 1, "price": "1.20"}],
    }  # fmt: skip
    made = buyer.post("/price-agreements/", body)
    assert made.status_code == 201
    assert buyer.post("/price-agreements/", body).json()["errors"][0]["pointer"] == "/valid_to"
    url = f"/price-agreements/{made.json()['id']}/"
    ended = buyer.patch(url, {"valid_to": today.isoformat()}, If_Match=made["ETag"])
    assert (ended.status_code, PriceAgreement.objects.get().valid_to) == (200, today)
    assert buyer.patch(url, {"note": "x"}, If_Match=made["ETag"]).status_code == 412
