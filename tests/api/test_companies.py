"""Suppliers, sites and manufacturer parts are changed, assessed, named and merged by the API."""

from __future__ import annotations

import pytest

from suppliers import services
from suppliers.models import ManufacturerPart, Supplier
from tests import factories
from tests.api.callers import Api

pytestmark = pytest.mark.django_db


def test_spellings_are_replaced(buyer: Api) -> None:
    supplier = factories.manufacturer("Texas Instruments", code="TI", aliases=["TI"])
    factories.manufacturer("Tundra")
    answer = buyer.patch("/suppliers/TI/", {"aliases": ["Texas Instr"], "country": "US"})
    assert answer.json()["aliases"] == ["Texas Instr", "Texas Instruments"]
    taken = buyer.patch("/suppliers/TI/", {"aliases": ["Tundra"], "country": "DE"})
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (422, "/aliases")
    supplier.refresh_from_db()
    assert supplier.country == "US"


def test_quality_gives_a_standing(quality: Api, buyer: Api) -> None:
    factories.manufacturer("Alder", code="ALDER")
    assert quality.get("/suppliers/?standing=not_assessed").json()["results"][0]["code"] == "ALDER"
    body = {"standing": "approved", "reason": "audit", "expected": 1}
    assert buyer.post("/suppliers/ALDER/standing/", body).status_code == 403
    assert quality.post("/suppliers/ALDER/standing/", body).json()["standing"] == "approved"
    assert quality.post("/suppliers/ALDER/standing/", body).status_code == 409
    entry = quality.get("/suppliers/ALDER/history/").json()["results"][0]
    assert entry["reason"] == "audit"
    assert entry["changes"][0] == {"field": "standing", "from": "not_assessed", "to": "approved"}
    nothing = quality.post("/suppliers/ALDER/standing/", {"standing": "approved", "reason": "a"})
    assert nothing.json()["errors"][0]["code"] == "unchanged"


def test_a_merger_is_tried_and_done(buyer: Api, engineer: Api) -> None:
    for code in ("MURATA", "MURATA-E"):
        company = factories.manufacturer(code.title(), code=code)
        factories.manufacturer_part("GRM1", manufacturer=company)
    body = {"gone": "MURATA-E", "reason": "one company"}
    assert engineer.post("/suppliers/MURATA/merge/", body).status_code == 403
    tried = buyer.post("/suppliers/MURATA/merge/?dry_run=true", body).json()
    assert (tried["joined"], tried["reasons"]) == (["GRM1"], [])
    assert tried["counts"]["manufacturer_parts"] == 1
    assert ManufacturerPart.objects.count() == 2
    assert buyer.post("/suppliers/MURATA/merge/", body).status_code == 200
    assert ManufacturerPart.objects.count() == 1
    assert buyer.get("/suppliers/MURATA-E/").json()["code"] == "MURATA"
    site = {"supplier": "MURATA-E", "name": "Fukui", "activity": "fab", "country": "JP"}
    assert buyer.post("/sites/", site).json()["supplier"] == "MURATA"
    again = buyer.post("/suppliers/MURATA/merge/", body)
    assert again.status_code == 422


def test_a_placeholder_is_no_supplier(buyer: Api) -> None:
    nobody = Supplier.objects.get(pk=services.placeholder_id()[0])
    made = factories.manufacturer_part("X-1", manufacturer=nobody)
    assert buyer.get("/suppliers/").json()["results"] == []
    assert buyer.get(f"/suppliers/{nobody.code}/").status_code == 404
    address = f"/manufacturer-parts/{made.key}/"
    assert buyer.get(address).json()["manufacturer_code"] == ""
    refused = buyer.patch(address, {"manufacturer": "various"})
    assert refused.json()["errors"][0]["code"] == "manufacturer_not_named"
    factories.manufacturer("Alder", code="ALDER")
    assert buyer.patch(address, {"manufacturer": "alder"}).json()["manufacturer_code"] == "ALDER"
    new = buyer.post("/manufacturer-parts/", {"manufacturer": "n/a", "mpn": "X-2"})
    assert new.json()["errors"][0]["pointer"] == "/manufacturer"


def test_sites_of_a_manufacturer_part(engineer: Api) -> None:
    company = factories.manufacturer("Alder", code="ALDER")
    fab, test = (
        services.add_site(
            supplier=company, name="Alder 3", activity=activity, country="FR", actor=factories.JOB
        )
        for activity in ("fab", "test")
    )
    body = {"manufacturer": "ALDER", "mpn": "A-1", "sites": [{"site": fab.key, "activity": "fab"}]}
    made = engineer.post("/manufacturer-parts/", body).json()
    assert [(one["site"], one["activity"]) for one in made["sites"]] == [(fab.key, "fab")]
    address = f"/manufacturer-parts/{made['id']}/"
    wanted = {"sites": [{"site": fab.key}, {"site": test.key, "activity": "test"}]}
    assert len(engineer.patch(address, wanted).json()["sites"]) == 2
    wrong = engineer.patch(address, {"sites": [{"site": fab.key, "activity": "assembly"}]})
    assert wrong.json()["errors"][0]["pointer"] == "/sites/0/activity"
    assert engineer.patch(address, {"sites": []}).json()["sites"] == []


def test_a_site_is_changed_and_removed(buyer: Api) -> None:
    made = factories.manufacturer_part()
    site = services.add_site(
        supplier=made.manufacturer, name="Fab", activity="fab", country="FR", actor=factories.JOB
    )
    address = f"/sites/{site.key}/"
    assert buyer.patch(address, {"recovery_days": 90}).json()["recovery_days"] == 90
    services.set_sites(manufacturer_part=made, sites=[site], actor=factories.JOB)
    assert buyer.send("DELETE", address).status_code == 422
    services.set_sites(manufacturer_part=made, sites=[], actor=factories.JOB)
    assert buyer.send("DELETE", address).status_code == 204
    assert buyer.get(address).status_code == 404
