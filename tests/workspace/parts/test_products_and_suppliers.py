"""Pages of products and suppliers, and what Ctrl K finds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parts.models import PartFigures, Product
from secondsource.accounts.models import Plant
from suppliers.models import Site, Supplier
from tests import factories as make

pytestmark = pytest.mark.django_db


def text(client: Any, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_products_are_listed_with_their_counts(reader: Any, shown: Any) -> None:
    page = text(reader("viewer"), "/products/")
    assert '<a class="b" href="/products/KC-210/">KC-210</a>' in page
    assert "1 product" in page
    assert 'href="/parts/?product=KC-210&amp;sources=multiple"' in page


def test_a_product_shows_its_lines_with_pips(reader: Any, shown: Any) -> None:
    page = text(reader("viewer"), "/products/KC-210/")
    assert 'href="/parts/410-00217/"' in page
    assert 'aria-label="Single source, nothing started: 1 approved, 1 candidate"' in page
    assert 'href="/parts/?product=KC-210&amp;sources=single"' in page


def test_an_earlier_revision_can_be_read(reader: Any, shown: Any) -> None:
    make.bom(shown.product, {make.part(ipn="NEW-1"): 1})
    client = reader("viewer")
    assert "NEW-1" in text(client, "/products/KC-210/")
    assert "NEW-1" not in text(client, "/products/KC-210/?revision=1")
    assert client.get("/products/KC-210/?revision=9").status_code == 404


def test_a_product_out_of_scope_does_not_exist(reader: Any, shown: Any) -> None:
    client = reader("engineer")
    client.user.plants.add(Plant.objects.create(code="BRQ", name="Brno"))
    assert client.get("/products/KC-210/").status_code == 404
    assert "KC-210" not in text(client, "/products/")


def test_a_new_volume_moves_the_demand_of_its_parts(reader: Any, shown: Any) -> None:
    posted = {"name": "Motor drive", "phase": "pilot", "monthly_volume": "500"}
    response = reader("engineer").post("/products/KC-210/edit/", posted)
    assert (response.status_code, response["Location"]) == (302, "/products/KC-210/")
    assert Product.objects.values_list("name", "phase").get() == ("Motor drive", "pilot")
    assert PartFigures.objects.get(part=shown.part).month_demand == Decimal(1000)


def test_margins_are_absent_for_an_engineer(reader: Any, shown: Any) -> None:
    Product.objects.update(unit_margin=Decimal("77.7"), currency="USD")
    assert "77.7" in text(reader("executive"), "/products/KC-210/")
    for path in ("/products/KC-210/", "/products/KC-210/edit/"):
        assert "77.7" not in text(reader("engineer"), path)


def test_a_product_is_added(reader: Any) -> None:
    posted = {"code": "kc-9", "name": "Gateway", "phase": "concept"}
    response = reader("engineer").post("/products/new/", posted)
    assert response["Location"] == "/products/KC-9/"
    assert reader("procurement").get("/products/new/").status_code == 403


def test_a_supplier_is_found_by_any_of_its_names(reader: Any, shown: Any) -> None:
    make.manufacturer("Texas Instruments", aliases=["TI Burr-Brown"])
    client = reader("viewer")
    assert "Texas Instruments" in text(client, "/suppliers/?search=burr")
    assert "Texas Instruments" not in text(client, "/suppliers/?search=nobody")


def test_a_supplier_shows_what_it_is_a_source_of(reader: Any, shown: Any) -> None:
    manufacturer = shown.incumbent.manufacturer_part.manufacturer
    page = text(reader("viewer"), f"/suppliers/{manufacturer.code}/")
    assert 'href="/parts/410-00217/"' in page
    assert "No site on record" in page


def test_a_supplier_is_added_with_its_spellings(reader: Any) -> None:
    posted = {"name": "Yageo Corp.", "kinds": ["manufacturer"], "aliases": "YAG\n\nYageo Group"}
    response = reader("quality").post("/suppliers/new/", posted)
    assert response["Location"] == "/suppliers/YAGEO/"
    added = Supplier.objects.get(code="YAGEO")
    names = added.aliases.order_by("normal").values_list("normal", flat=True)
    assert list(names) == ["YAG", "YAGEO", "YAGEO GROUP"]


def test_a_name_that_another_has_is_refused(reader: Any) -> None:
    make.manufacturer("Yageo Corp.")
    before = Supplier.objects.count()
    posted = {"name": "YAGEO", "kinds": ["manufacturer"]}
    response = reader("quality").post("/suppliers/new/", posted)
    assert response.status_code == 422
    assert "(YAGEO) already has the name YAGEO." in response.content.decode()
    assert Supplier.objects.count() == before


def test_a_site_is_added(reader: Any) -> None:
    manufacturer = make.manufacturer("Yageo")
    posted = {"name": "Kaohsiung", "activity": "assembly", "country": "TW", "latitude": ""}
    assert (
        reader("quality").post(f"/suppliers/{manufacturer.code}/sites/new/", posted).status_code
        == 302
    )
    assert Site.objects.values_list("supplier", "name", "country").get() == (
        manufacturer.pk, "Kaohsiung", "TW",
    )  # fmt: skip


def test_one_coordinate_alone_is_refused(reader: Any) -> None:
    manufacturer = make.manufacturer("Yageo")
    posted = {"name": "K", "activity": "fab", "country": "TW", "latitude": "22.6"}
    response = reader("quality").post(f"/suppliers/{manufacturer.code}/sites/new/", posted)
    assert response.status_code == 422
    assert "Give both coordinates or none." in response.content.decode()


@pytest.mark.parametrize("role", ["engineer", "executive", "viewer"])
def test_suppliers_are_written_by_quality_and_procurement(reader: Any, role: str) -> None:
    manufacturer = make.manufacturer("Yageo")
    client = reader(role)
    for path in ("new/", f"{manufacturer.code}/edit/", f"{manufacturer.code}/sites/new/"):
        assert client.get(f"/suppliers/{path}").status_code == 403


def test_jump_finds_parts_products_and_suppliers(reader: Any, shown: Any) -> None:
    client = reader("viewer")
    make.manufacturer("Kc Components")
    page = text(client, "/jump/?q=KC")
    assert 'href="/products/KC-210/"' in page
    assert 'href="/suppliers/KC-COMPONENTS/"' in page
    assert 'href="/parts/410-00217/"' in text(client, "/jump/?q=32F407")
