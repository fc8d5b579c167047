"""Order lines over the API, and what the other resources say since there are orders."""

from decimal import Decimal
from typing import Any

from secondsource.core import clock
from suppliers.models import Offer, OrderLine, Receipt
from tests import factories
from tests.api.callers import Api
from tests.api.data import a_manufacturer, a_part, a_product, a_source, an_incumbent, an_offer

PRICE = {"amount": "0.5", "currency": "EUR"}


def body(**fields: Any) -> dict[str, Any]:
    return {"po": "4500", "line": "10", "ordered_qty": 500, "unit_price": PRICE, **fields}


def pointers(answer: Any) -> list[str]:
    return [problem["pointer"] for problem in answer.json()["errors"]]


def test_an_order_line_is_added_shown_and_changed(buyer: Api) -> None:
    source, house = an_incumbent(a_part("R-1")), a_manufacturer("Mouser")
    answer = buyer.post("/order-lines/", body(source=source.key, supplier=house.code))
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["part"], shown["supplier"], shown["open_qty"]) == ("R-1", "MOUSER", 500)
    assert shown["unit_price"] == {"amount": "0.500000", "currency": "EUR"}
    changed = buyer.patch(f"/order-lines/{shown['id']}/", {"open_qty": 120})
    assert (changed.json()["open_qty"], changed.json()["version"]) == (120, 2)
    assert changed.json()["open_as_of"] == clock.business_day().isoformat()
    history = buyer.get(f"/order-lines/{shown['id']}/history/").json()["results"]
    assert [entry["kind"] for entry in history] == ["changed", "created"]


def test_by_part_and_manufacturers_part(buyer: Api) -> None:
    source = an_incumbent(a_part("R-1"), "TPS62130RGTR")
    ref = {"manufacturer": "texas instruments", "mpn": "tps62130rgtr"}
    answer = buyer.post("/order-lines/", body(part="R-1", manufacturer_part=ref))
    assert (answer.status_code, answer.json()["source"]) == (201, source.key)


def test_bad_order_lines(buyer: Api) -> None:
    source = an_incumbent()
    wrong = {
        "/ordered_qty": body(source=source.key, ordered_qty=0),
        "/open_qty": body(source=source.key, open_qty=501),
        "/open_as_of": body(source=source.key, open_as_of="2026-01-01"),
        "/source": body(),
        "/supplier": body(source=source.key, supplier="NOBODY"),
    }
    for pointer, given in wrong.items():
        answer = buyer.post("/order-lines/", given)
        assert (answer.status_code, pointers(answer)) == (422, [pointer])
    assert OrderLine.objects.count() == 0


def test_the_same_line_again(buyer: Api) -> None:
    source = an_incumbent()
    assert buyer.post("/order-lines/", body(source=source.key)).status_code == 201
    assert buyer.post("/order-lines/", body(source=source.key)).status_code == 409


def test_prices_are_for_those_who_see_them(engineer: Api) -> None:
    factories.order_line(an_incumbent(), 5, "0.5")
    (shown,) = engineer.get("/order-lines/").json()["results"]
    assert "unit_price" not in shown
    entry = engineer.get(f"/order-lines/{shown['id']}/history/").json()["results"][0]
    assert entry["changes"] == []


def test_filters(buyer: Api) -> None:
    first, second = an_incumbent(a_part("R-1")), an_incumbent(a_part("R-2"))
    factories.order_line(first, 5, po="A", open_given=Decimal(0))
    factories.order_line(second, 5, po="B", agreed_date=clock.business_day())

    def found(**query: str) -> list[str]:
        return [row["po"] for row in buyer.get("/order-lines/", **query).json()["results"]]

    assert found(open="true") == ["B"]
    assert found(open="false") == ["A"]
    assert found(part="R-1") == ["A"]
    assert found(source=second.key) == ["B"]
    assert found(agreed_to=clock.business_day().isoformat()) == ["B"]
    assert found(supplier=first.manufacturer_part.manufacturer.code) == ["B", "A"]
    assert found(ordering="po") == ["A", "B"]


def test_a_receipt_of_an_order_line(buyer: Api) -> None:
    line = factories.order_line(an_incumbent(a_part("R-1")), 500, po="4500")
    arrival = {
        "order_line": line.key,
        "received_date": clock.business_day().isoformat(), "received_qty": 200,
        "reference": "GR-7/1",
    }  # fmt: skip
    answer = buyer.post("/receipts/", arrival)
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["order_line"], shown["po"], shown["part"]) == (line.key, "4500", "R-1")
    assert (shown["reference"], shown["batch"]) == ("GR-7/1", None)
    assert buyer.get(f"/order-lines/{line.key}/").json()["open_qty"] == 300
    assert buyer.post("/receipts/", arrival).status_code == 409
    assert Receipt.objects.count() == 1


def test_an_offer_is_changed(buyer: Api) -> None:
    offer = an_offer()
    terms = {
        "price_breaks": [{"quantity": 10, "price": "0.9"}], "break_type": "incremental",
        "ncnr": True, "incoterm": "FCA", "tariff_rate": "0.07", "stock": 5, "capacity_wk": 9,
    }  # fmt: skip
    answer = buyer.patch(f"/offers/{offer.key}/", terms)
    assert answer.status_code == 200, answer.json()
    shown = answer.json()
    assert shown["price_breaks"] == [{"quantity": 10, "price": "0.900000"}]
    assert (shown["incoterm"], shown["tariff_rate"], shown["ncnr"]) == ("FCA", "0.070000", True)
    assert pointers(buyer.patch(f"/offers/{offer.key}/", {"tariff_rate": "25"})) == ["/tariff_rate"]
    assert Offer.objects.get().break_type == "incremental"


def test_declarations_of_a_manufacturers_part(engineer: Api) -> None:
    part = a_source().manufacturer_part
    said = {
        "fit": "12.5", "fit_confidence": "0.6", "msl": "2a", "rohs": "compliant",
        "reach": "no_svhc", "pcf_kg": "0.012", "country_of_origin": "TW", "hts_code": "8542.31",
        "eccn": "EAR99", "sanctions_flag": False,
    }  # fmt: skip
    url = f"/manufacturer-parts/{part.key}/"
    assert engineer.patch(url, said).status_code == 200
    shown = engineer.get(url).json()
    assert {name: shown[name] for name in said} == said | {
        "fit": "12.5000", "fit_confidence": "0.6000", "pcf_kg": "0.01200000"
    }  # fmt: skip
    assert pointers(engineer.patch(url, {"msl": "9"})) == ["/msl"]


def test_scope_and_period_of_a_candidate(engineer: Api) -> None:
    a_product("PUMP")
    source, approved = a_source(), an_incumbent()
    given = {"scope": ["PUMP"], "valid_to": clock.business_day().isoformat()}
    shown = engineer.patch(f"/sources/{source.key}/", given).json()
    assert (shown["scope"], shown["valid_to"]) == (["PUMP"], clock.business_day().isoformat())
    refused = engineer.patch(f"/sources/{approved.key}/", {"scope": ["PUMP"], "share": "0.1"})
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (422, "scope_is_approved")
    approved.refresh_from_db()
    assert approved.share is None


def test_a_given_demand(engineer: Api) -> None:
    a_part("R-1")
    given = {"annual_demand": 1200, "demand_source": "plan 7", "demand_as_of": "2026-01-31"}
    shown = engineer.patch("/parts/R-1/", given).json()
    assert (shown["annual_demand"], shown["demand_source"]) == (1200, "plan 7")
    assert (shown["demand_as_of"], shown["figures"]["demand_basis"]) == ("2026-01-31", "given")
    assert shown["figures"]["bom_demand"] is None
    assert pointers(engineer.patch("/parts/R-1/", {"annual_demand": "1.5"})) == ["/annual_demand"]


def test_a_price_that_would_be_kept_as_nothing_is_refused(buyer: Api) -> None:
    source = an_incumbent()
    tiny = {"amount": "0.00000001", "currency": "EUR"}
    answer = buyer.post("/order-lines/", body(source=source.key, unit_price=tiny))
    assert (answer.status_code, pointers(answer)) == (422, ["/unit_price"])
    ladder = [{"quantity": 1, "price": "0.00000001"}]
    made = source.manufacturer_part
    offer = {
        "manufacturer_part": {"manufacturer": made.manufacturer.name, "mpn": made.mpn},
        "supplier": made.manufacturer.code, "currency": "EUR", "price_breaks": ladder,
    }  # fmt: skip
    answer = buyer.post("/offers/", offer)
    assert (answer.status_code, pointers(answer)) == (422, ["/price_breaks/0/price"])
    assert not OrderLine.objects.exists()
    assert not Offer.objects.exists()


def test_a_day_that_there_is_not(buyer: Api) -> None:
    answer = buyer.post("/order-lines/", body(source=an_incumbent().key, agreed_date="2027-02-30"))
    (problem,) = answer.json()["errors"]
    assert (problem["pointer"], problem["detail"]) == (
        "/agreed_date", "February 2027 has 28 days."
    )  # fmt: skip


def test_a_line_is_cancelled_with_a_reason(buyer: Api, engineer: Api) -> None:
    line = factories.order_line(an_incumbent())
    address = f"/order-lines/{line.key}/"
    reason = {"reason": "The supplier stopped it."}
    assert engineer.post(f"{address}cancel/", reason).status_code == 403
    assert buyer.send("POST", f"{address}cancel/", reason, If_Match='"99"').status_code == 412
    assert pointers(buyer.post(f"{address}cancel/", {})) == ["/reason"]
    answer = buyer.post(f"{address}cancel/", reason)
    assert answer.status_code == 200, answer.json()
    shown = answer.json()
    today = clock.business_day().isoformat()
    assert (shown["open_qty"], shown["cancelled_on"]) == (0, today)
    (entry, _) = buyer.get(f"{address}history/").json()["results"]
    assert entry["reason"] == "The supplier stopped it."
    for again in (buyer.post(f"{address}cancel/", reason), buyer.patch(address, {"open_qty": 1})):
        assert (again.status_code, again.json()["reasons"][0]["code"]) == (422, "cancelled")
    done = factories.order_line(line.source, 10)
    factories.receipt(line.source, 10, order_line=done)
    answer = buyer.post(f"/order-lines/{done.key}/cancel/", reason)
    assert answer.json()["reasons"][0]["code"] == "nothing_open"
