"""Pages of suppliers: assessed, merged, their sites and manufacturer parts edited."""

from __future__ import annotations

import pytest
from django.test import Client

from suppliers import services
from suppliers.models import ManufacturerPart, Site, Supplier
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(factories.person(role))
    return client


def test_the_list_has_what_quality_is_to_assess() -> None:
    factories.manufacturer("Alder")
    known = factories.manufacturer("Birch")
    services.assess_supplier(
        supplier=known, standing="approved", reason="audit", actor=factories.actor("quality")
    )
    services.placeholder_id()
    page = signed_in("quality").get("/suppliers/?standing=not_assessed")
    assert [row.name for row in page.context["table"].page.rows] == ["Alder"]
    assert page.context["tabs"][1].count == 1


def test_a_standing_is_given_with_a_reason() -> None:
    company = factories.manufacturer("Alder", code="ALDER")
    client = signed_in("quality")
    assert "Assess" in client.get("/suppliers/ALDER/").content.decode()
    address = "/suppliers/ALDER/standing/"
    typed = {"standing": "probation", "reason": "late lots", "expected": 1}
    assert client.post(address, typed | {"reason": ""}).status_code == 422
    assert client.post(address, typed).status_code == 302
    company.refresh_from_db()
    assert company.standing == "probation"
    assert "late lots" in client.get("/suppliers/ALDER/history/").content.decode()
    assert signed_in("procurement").get(address).status_code == 403


def test_a_merger_is_shown_then_done_and_the_address_leads_on() -> None:
    for name in ("Murata", "Murata Electronics"):
        company = factories.manufacturer(name)
        factories.manufacturer_part("GRM1", manufacturer=company)
    client = signed_in("procurement")
    assert "Looks like" in client.get("/suppliers/MURATA/").content.decode()
    address = "/suppliers/MURATA/merge/?other=murata+electronics"
    assert "Both have GRM1" in client.get(address).content.decode()
    assert client.post(address, {"reason": "one company", "expected": 1}).status_code == 302
    old = client.get("/suppliers/MURATA-ELECTRONICS/edit/")
    assert (old.status_code, old["Location"]) == (301, "/suppliers/MURATA/edit/")
    assert client.get("/suppliers/NOBODY/").status_code == 404


def test_a_form_about_a_supplier_that_was_merged_says_that_nothing_was_saved() -> None:
    kept, gone = factories.manufacturer("Murata"), factories.manufacturer("Murata Electronics")
    actor = factories.actor("quality")
    services.merge_suppliers(kept=kept, gone=gone, reason="one", actor=actor)
    answer = signed_in("procurement").post(
        f"/suppliers/{gone.code}/merge/?other=murata", {"reason": "one", "expected": 1}, follow=True
    )
    assert "was merged into Murata. Nothing was saved." in answer.content.decode()


def test_spellings_are_edited_and_a_taken_one_is_named() -> None:
    company = factories.manufacturer("Alder", code="ALDER", aliases=["Elder"])
    factories.manufacturer("Birch")
    client = signed_in("quality")
    typed = {"name": "Alder", "kinds": ["manufacturer"], "country": "FR", "expected": 1}
    refused = client.post("/suppliers/ALDER/edit/", typed | {"aliases": "Elder\nBirch"})
    assert "is a name of Birch already" in refused.content.decode()
    company.refresh_from_db()
    assert company.country == ""
    assert client.post("/suppliers/ALDER/edit/", typed | {"aliases": "A. Semi"}).status_code == 302
    assert sorted(a.text for a in company.aliases.all()) == ["A. Semi", "Alder"]


def test_a_site_is_edited_and_removed() -> None:
    company = factories.manufacturer("Alder", code="ALDER")
    site = services.add_site(
        supplier=company, name="Fab", activity="fab", country="FR", actor=factories.JOB
    )
    client, address = signed_in("quality"), f"/suppliers/ALDER/sites/{site.key}/"
    typed = {"name": "Fab 3", "activity": "fab", "country": "FR", "recovery_days": "90"}
    assert client.post(address, typed | {"expected": 1}).status_code == 302
    assert client.post(address, typed | {"expected": 1, "name": "Fab 4"}).status_code == 409
    site.refresh_from_db()
    assert (site.name, site.recovery_days) == ("Fab 3", 90)
    assert "Remove site" in client.get(address).content.decode()
    assert client.post(f"{address}remove/", {"expected": 2}).status_code == 302
    assert not Site.objects.exists()


def test_a_part_of_nobody_is_named_from_the_part_s_page() -> None:
    nobody = Supplier.objects.get(pk=services.placeholder_id()[0])
    source = factories.incumbent(
        factories.part(), manufacturer_part=factories.manufacturer_part("X", manufacturer=nobody)
    )
    made, client = source.manufacturer_part, signed_in("engineer")
    page = client.get(source.part.get_absolute_url()).content.decode()
    assert f"/manufacturer-parts/{made.key}/name/" in page
    assert nobody.get_absolute_url() not in page
    address = f"/manufacturer-parts/{made.key}/name/"
    assert client.post(address, {"manufacturer": "Alder", "expected": 1}).status_code == 422
    factories.manufacturer("Alder")
    assert client.post(address, {"manufacturer": "alder", "expected": 1}).status_code == 302
    made.refresh_from_db()
    assert made.manufacturer.name == "Alder"


def test_a_manufacturer_part_is_edited() -> None:
    made = factories.manufacturer_part("X-1")
    site = services.add_site(
        supplier=made.manufacturer, name="Fab", activity="fab", country="FR", actor=factories.JOB
    )
    client, address = signed_in("engineer"), f"/manufacturer-parts/{made.key}/"
    typed = {
        "description": "100 nF", "lifecycle": "mature", "die": "D1", "sites": [site.pk],
        "datasheet_url": "https://alder.example/x.pdf", "expected": 1,
    }  # fmt: skip
    refused = client.post(f"{address}edit/", typed | {"datasheet_url": "javascript:alert(1)"})
    assert refused.status_code == 422
    assert client.post(f"{address}edit/", typed).status_code == 302
    row = ManufacturerPart.objects.get()
    assert (row.description, row.die, row.lifecycle) == ("100 nF", "D1", "mature")
    assert [link.site for link in row.part_sites.all()] == [site]
    shown = client.get(address).content.decode()
    assert "https://alder.example/x.pdf" in shown
    assert "part sites (added 1)" in shown
