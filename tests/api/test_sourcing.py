"""Suppliers, manufacturer parts, sources, offers, receipts, the ERP's question."""

import datetime as dt
from decimal import Decimal

from secondsource.core import clock
from suppliers.models import ManufacturerPart, Offer, Receipt, Source, Supplier
from tests.api.callers import Api
from tests.api.data import a_manufacturer, a_manufacturers_part, a_part, a_source, an_incumbent

TI = {"manufacturer": "T.I.", "mpn": "tps62130\u2011rgtr"}


def test_a_supplier_with_its_spellings(buyer: Api) -> None:
    body = {"name": "Texas Instruments Inc.", "aliases": ["TI", "T.I."], "country": "US"}
    answer = buyer.post("/suppliers/", body)
    assert answer.status_code == 201
    assert answer.json()["code"] == "TEXAS-INSTRUMENTS"
    assert answer.json()["aliases"] == ["T.I.", "Texas Instruments Inc."]
    assert buyer.post("/suppliers/", {"name": "texas instruments"}).status_code == 409
    assert Supplier.objects.count() == 1


def test_a_site_of_a_supplier(buyer: Api) -> None:
    manufacturer = a_manufacturer()
    body = {"supplier": manufacturer.code, "name": "RFAB", "activity": "fab", "country": "US"}
    assert buyer.post("/sites/", body).status_code == 201
    (site,) = buyer.get(f"/suppliers/{manufacturer.code}/").json()["sites"]
    assert (site["name"], site["supplier"]) == ("RFAB", manufacturer.code)
    half = {**body, "name": "DMOS6", "latitude": 32.9}
    assert buyer.post("/sites/", half).json()["errors"][0]["pointer"] == "/longitude"


def test_a_manufacturers_part_with_parameters(engineer: Api) -> None:
    a_manufacturer("Texas Instruments", "TI")
    body = {
        "manufacturer": "TI",
        "mpn": "TPS62130RGTR",
        "parameters": [{"name": "Vin", "min": 3.0, "max": 17.0, "unit": "V"}],
    }
    answer = engineer.post("/manufacturer-parts/", body)
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["manufacturer"], shown["mpn"]) == ("Texas Instruments", "TPS62130RGTR")
    assert shown["parameters"][0]["max"] == 17.0
    again = engineer.post("/manufacturer-parts/", {**body, "mpn": "tps62130 rgtr"})
    assert again.status_code == 409
    assert ManufacturerPart.objects.count() == 1


def test_parameters_on_an_outdated_version(engineer: Api) -> None:
    part = a_manufacturers_part("TPS62130-RGTR")
    url = f"/manufacturer-parts/{part.public_id}/"
    tag, line = engineer.get(url)["ETag"], {"name": "Vin", "min": 3.0}
    assert engineer.patch(url, {"parameters": [line]}, If_Match=tag).status_code == 200
    assert engineer.patch(url, {"parameters": []}, If_Match=tag).status_code == 412
    assert [row["name"] for row in engineer.get(url).json()["parameters"]] == ["Vin"]
    assert engineer.patch(url, {"parameters": []}).status_code == 200
    assert engineer.get(url).json()["parameters"] == []


def test_any_spelling_finds_it(engineer: Api) -> None:
    a_manufacturer("Texas Instruments", "T.I.")
    a_manufacturers_part("TPS62130-RGTR")
    for query in ({"mpn": TI["mpn"]}, {"manufacturer": "T.I."}, {"search": "62130"}):
        found = engineer.get("/manufacturer-parts/", **query).json()["results"]
        assert [part["mpn"] for part in found] == ["TPS62130-RGTR"], query


def test_a_new_source_is_a_candidate_whatever_is_asked(engineer: Api) -> None:
    a_part("R-1")
    a_manufacturer("Texas Instruments", "T.I.")
    a_manufacturers_part("TPS62130-RGTR")
    body = {"part": "R-1", "manufacturer_part": TI}
    assert engineer.post("/sources/", {**body, "status": "approved"}).status_code == 422
    answer = engineer.post("/sources/", body)
    assert (answer.status_code, answer.json()["status"]) == (201, "candidate")
    assert engineer.post("/sources/", body).status_code == 409
    assert Source.objects.get().status == "candidate"


def test_a_sources_status_cannot_be_written(engineer: Api) -> None:
    source = a_source()
    url = f"/sources/{source.key}/"
    assert engineer.patch(url, {"status": "approved"}).status_code == 422
    assert engineer.patch(url, {"share": "0.3"}).json()["share"] == "0.3000"
    source.refresh_from_db()
    assert (source.status, source.share) == ("candidate", Decimal("0.3"))


def test_an_offer(buyer: Api) -> None:
    a_manufacturer("Mouser")
    a_manufacturers_part("TPS62130RGTR")
    body = {
        "manufacturer_part": {"manufacturer": "Texas Instruments", "mpn": "TPS62130RGTR"},
        "supplier": "MOUSER",
        "currency": "USD",
        "price_breaks": [{"quantity": 1, "price": "1.25"}, {"quantity": 100, "price": "0.98"}],
        "lead_time_days": {"min": 14, "max": 28},
    }
    answer = buyer.post("/offers/", body)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["price_breaks"][1] == {"quantity": 100, "price": "0.980000"}
    assert answer.json()["lead_time_days"] == {"min": 14, "max": 28}
    assert [b.price for b in Offer.objects.get().price_breaks.all()] == [
        Decimal("1.25"),
        Decimal("0.98"),
    ]


def test_an_offer_with_a_price_as_number(buyer: Api) -> None:
    a_manufacturer("Mouser")
    a_manufacturers_part("TPS62130RGTR")
    body = {
        "manufacturer_part": {"manufacturer": "Texas Instruments", "mpn": "TPS62130RGTR"},
        "supplier": "MOUSER",
        "currency": "USD",
        "price_breaks": [{"quantity": 1, "price": 1.25}],
    }
    answer = buyer.post("/offers/", body)
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/price_breaks/0/price"]
    assert Offer.objects.count() == 0


def _receipt(**fields: object) -> dict[str, object]:
    return {"received_date": clock.business_day().isoformat(), "received_qty": 10, **fields}


def test_a_receipt_is_added_and_never_changed(buyer: Api) -> None:
    source = an_incumbent(a_part("R-1"))
    price = {"amount": "0.5", "currency": "EUR"}
    answer = buyer.post("/receipts/", _receipt(source=source.key, po="4500", unit_price=price))
    assert answer.status_code == 201, answer.json()
    url = answer["Location"].removeprefix("http://testserver/api/v1")
    assert buyer.get(url).json() == answer.json()
    assert buyer.patch(url, {"po": "1"}).status_code == 405
    assert buyer.send("DELETE", url).status_code == 405
    receipt = Receipt.objects.get()
    assert (receipt.received_qty, receipt.unit_price, receipt.currency) == (
        10,
        Decimal("0.5"),
        "EUR",
    )


def test_a_receipt_by_natural_keys(buyer: Api) -> None:
    an_incumbent(a_part("R-1"), "TPS62130RGTR")
    mpn = {"manufacturer": "Texas Instruments", "mpn": "tps62130rgtr"}
    answer = buyer.post("/receipts/", _receipt(part="R-1", manufacturer_part=mpn))
    assert (answer.status_code, answer.json()["part"]) == (201, "R-1")


def test_bad_receipts(buyer: Api) -> None:
    source = an_incumbent()
    late = (clock.business_day() + dt.timedelta(days=9)).isoformat()
    wrong = {
        "/received_date": _receipt(source=source.key, received_date=late),
        "/received_qty": _receipt(source=source.key, received_qty=0),
        "/rejected_qty": _receipt(source=source.key, rejected_qty=11),
        "/source": _receipt(),
    }
    for pointer, body in wrong.items():
        answer = buyer.post("/receipts/", body)
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert Receipt.objects.count() == 0


def test_a_quantity_far_above_the_usual_is_confirmed(buyer: Api) -> None:
    source = an_incumbent()
    buyer.post("/receipts/", _receipt(source=source.key))
    large = _receipt(source=source.key, received_qty=101)
    answer = buyer.post("/receipts/", large)
    (problem,) = answer.json()["errors"]
    assert (answer.status_code, problem["pointer"], problem["code"]) == (
        422, "/confirm", "unusual_quantity",
    )  # fmt: skip
    assert buyer.post("/receipts/", large | {"confirm": True}).status_code == 201
    assert Receipt.objects.count() == 2


def test_a_wrong_receipt_is_corrected_by_a_counter_entry(buyer: Api, engineer: Api) -> None:
    source = an_incumbent()
    made = buyer.post("/receipts/", _receipt(source=source.key)).json()
    address = f"/receipts/{made['id']}/"
    assert engineer.post(f"{address}correct/", {"reason": "typed"}).status_code == 403
    assert buyer.post(f"{address}correct/", {}).status_code == 422
    answer = buyer.post(f"{address}correct/", {"reason": "typed"})
    assert answer.status_code == 201, answer.json()
    entry = answer.json()
    assert (entry["received_qty"], entry["corrects"], entry["note"]) == (-10, made["id"], "typed")
    assert answer["Location"].endswith(f"/receipts/{entry['id']}/")
    assert buyer.get(address).json()["corrected"] is True
    again = buyer.post(f"{address}correct/", {"reason": "typed"})
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (422, "corrected")
    assert not Receipt.objects.standing().exists()


def test_an_engineer_records_no_receipt(engineer: Api) -> None:
    source = an_incumbent()
    assert engineer.post("/receipts/", _receipt(source=source.key)).status_code == 403
    assert Receipt.objects.count() == 0


def test_may_the_incumbent_be_ordered(viewer: Api) -> None:
    an_incumbent(a_part("R-1"), "TPS62130RGTR")
    answer = viewer.get("/check/", part="R-1", quantity=5)
    assert answer.status_code == 200
    assert answer.json()["verdict"] == "allow"
    assert answer.json()["source"]["manufacturer_part"]["mpn"] == "TPS62130RGTR"


def test_may_a_candidate_be_ordered(viewer: Api) -> None:
    a_source(a_part("R-1"), "TPS62130RGTR")
    answer = viewer.get("/check/", part="R-1", mpn="TPS62130RGTR").json()
    assert (answer["verdict"], [r["code"] for r in answer["reasons"]]) == ("block", ["candidate"])


def test_may_a_stranger_be_ordered(viewer: Api) -> None:
    a_part("R-1")
    answer = viewer.get("/check/", part="R-1", mpn="LM317").json()
    assert (answer["verdict"], answer["source"]) == ("block", None)


def test_a_bad_question(viewer: Api) -> None:
    a_part("R-1")
    for query in ({}, {"part": "R-9"}, {"part": "R-1", "date": "soon"}, {"part": "R-1", "x": "1"}):
        assert viewer.get("/check/", **query).status_code == 400
