"""What lies outside a person's plants and product lines does not exist for them."""

import pytest

from parts.models import Product
from secondsource.accounts.models import Plant, ProductLine
from tests.api.callers import Api
from tests.api.data import a_bom, a_case, a_part, a_product, a_source


@pytest.fixture
def elsewhere(engineer: Api) -> Api:
    """An engineer of the plant NORTH; part FAR is used in a product of SOUTH only."""
    north = Plant.objects.create(code="NORTH", name="North")
    south = Plant.objects.create(code="SOUTH", name="South")
    assert engineer.user is not None
    engineer.user.plants.add(north)
    a_bom(a_product("HERE", plants=[north]), a_part("NEAR"))
    a_bom(a_product("THERE", plants=[south]), a_part("FAR"))
    a_part("FREE")
    return engineer


def test_lists_hold_what_is_in_scope(elsewhere: Api) -> None:
    assert [p["ipn"] for p in elsewhere.get("/parts/").json()["results"]] == ["FREE", "NEAR"]
    assert [p["code"] for p in elsewhere.get("/products/").json()["results"]] == ["HERE"]


def test_what_is_out_of_scope_is_404(elsewhere: Api) -> None:
    for path in ("/parts/FAR/", "/parts/FAR/history/", "/parts/FAR/sources/", "/products/THERE/"):
        assert elsewhere.get(path).status_code == 404
    assert elsewhere.patch("/parts/FAR/", {"unit": "m"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "query"),
    [("bom/", {}), ("bom/", {"revision": 1}), ("bom/revisions/", {}),
     ("bom/compare/", {"from": 1, "to": 1})],
)  # fmt: skip
def test_its_bill_of_material_is_404(elsewhere: Api, path: str, query: dict[str, int]) -> None:
    assert elsewhere.get(f"/products/HERE/{path}", **query).status_code == 200
    assert elsewhere.get(f"/products/THERE/{path}", **query).status_code == 404


def test_places_are_read_anew_with_each_request(elsewhere: Api) -> None:
    assert elsewhere.get("/parts/FAR/").status_code == 404
    assert elsewhere.user is not None
    elsewhere.user.plants.set(Plant.objects.filter(code="SOUTH"))
    assert [p["ipn"] for p in elsewhere.get("/parts/").json()["results"]] == ["FAR", "FREE"]
    assert elsewhere.get("/parts/NEAR/").status_code == 404
    elsewhere.user.plants.clear()
    assert len(elsewhere.get("/parts/").json()["results"]) == 3


def test_lines_of_products_narrow_the_view_too(elsewhere: Api) -> None:
    assert elsewhere.user is not None
    line = ProductLine.objects.create(code="PUMPS", name="Pumps")
    elsewhere.user.plants.clear()
    elsewhere.user.product_lines.add(line)
    assert [p["ipn"] for p in elsewhere.get("/parts/").json()["results"]] == ["FREE"]
    Product.objects.filter(code="THERE").update(product_line=line)
    assert [p["code"] for p in elsewhere.get("/products/").json()["results"]] == ["THERE"]


def test_it_cannot_be_referred_to(elsewhere: Api) -> None:
    source = a_source(mpn="X1")
    body = {
        "part": "FAR",
        "manufacturer_part": {"manufacturer": "Texas Instruments", "mpn": "X1"},
    }
    answer = elsewhere.post("/sources/", body)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/part", "does_not_exist")
    ]
    assert source.part.sources.count() == 1


def test_it_cannot_be_asked_about(elsewhere: Api) -> None:
    assert elsewhere.get("/check/", part="FAR").status_code == 400


def test_one_own_case_is_seen_wherever_it_is(elsewhere: Api) -> None:
    case = a_case(lead=elsewhere.user)
    assert elsewhere.get(f"/cases/{case.key}/").status_code == 200
