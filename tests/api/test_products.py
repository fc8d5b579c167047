"""Products and their bills of material."""

from decimal import Decimal

from parts.models import Product
from secondsource.accounts.models import Plant, ProductLine
from tests.api.callers import Api
from tests.api.data import a_bom, a_part, a_product


def test_a_product_is_added(costing: Api) -> None:
    Plant.objects.create(code="NORTH", name="North")
    ProductLine.objects.create(code="PUMPS", name="Pumps")
    body = {
        "code": "PUMP",
        "name": "Pump 3",
        "phase": "pilot",
        "monthly_volume": 400,
        "unit_margin": {"amount": "9.5", "currency": "EUR"},
        "plants": ["NORTH"],
        "product_line": "PUMPS",
    }
    answer = costing.post("/products/", body)
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["plants"], shown["product_line"], shown["phase"]) == (["NORTH"], "PUMPS", "pilot")
    product = Product.objects.get()
    assert (product.unit_margin, product.currency) == (Decimal("9.5"), "EUR")


def test_two_currencies_in_one_product(costing: Api) -> None:
    body = {
        "code": "PUMP",
        "name": "Pump",
        "unit_margin": {"amount": "9", "currency": "EUR"},
        "annual_revenue": {"amount": "9", "currency": "USD"},
    }
    assert [e["pointer"] for e in costing.post("/products/", body).json()["errors"]] == [
        "/annual_revenue"
    ]
    assert Product.objects.count() == 0


def test_volume_drives_the_demand_of_its_parts(engineer: Api) -> None:
    a_bom(a_product("PUMP"), a_part("R-1"), quantity=3)
    assert engineer.get("/parts/R-1/").json()["annual_demand"] is None
    engineer.patch("/products/PUMP/", {"monthly_volume": 100})
    assert engineer.get("/parts/R-1/").json()["annual_demand"] == 3600


def test_revisions_and_their_lines(engineer: Api) -> None:
    product, resistor = a_product("PUMP"), a_part("R-1")
    a_bom(product, resistor, quantity=2)
    a_bom(product, resistor, a_part("R-2"), quantity=3)
    revisions = engineer.get("/products/PUMP/bom/revisions/").json()["results"]
    assert [(r["number"], r["current"]) for r in revisions] == [(2, True), (1, False)]
    current = engineer.get("/products/PUMP/bom/").json()["results"]
    assert [(line["ipn"], line["quantity"]) for line in current] == [("R-1", 3), ("R-2", 3)]
    first = engineer.get("/products/PUMP/bom/", revision=1).json()["results"]
    assert [(line["ipn"], line["quantity"]) for line in first] == [("R-1", 2)]


def test_two_revisions_compared(engineer: Api) -> None:
    product, same = a_product("PUMP"), a_part("R-0")
    a_bom(product, same, a_part("R-1"), a_part("R-2"))
    lines = a_bom(product, same, a_part("R-3")).lines
    lines.filter(part=same).update(quantity=5)
    found = engineer.get("/products/PUMP/bom/compare/", **{"from": 1, "to": 2}).json()["results"]
    assert [(d["ipn"], d["change"]) for d in found] == [
        ("R-0", "quantity"),
        ("R-1", "removed"),
        ("R-2", "removed"),
        ("R-3", "added"),
    ]
    assert (found[0]["from"]["quantity"], found[0]["to"]["quantity"]) == (2, 5)
    assert found[1]["to"] is None
    assert engineer.get("/products/PUMP/bom/compare/").json()["results"] == found


def test_a_revision_that_does_not_exist(engineer: Api) -> None:
    a_product("PUMP")
    assert engineer.get("/products/PUMP/bom/").status_code == 404
    assert engineer.get("/products/PUMP/bom/", revision="one").status_code == 400
    assert engineer.get("/products/PUMP/bom/", revision=7).status_code == 404
