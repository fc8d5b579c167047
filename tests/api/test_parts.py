"""Parts: read, add, change, where used."""

from decimal import Decimal
from typing import Any

import pytest

from parts.models import Part, Requirement
from tests.api.callers import Api
from tests.api.data import a_bom, a_category, a_part, a_product, an_incumbent


def test_a_part_is_shown_by_its_number(engineer: Api) -> None:
    part = a_part("R-1", description="wire", unit="m", stock_qty=Decimal("12.5"))
    answer = engineer.get("/parts/R-1/")
    assert (answer.status_code, answer["ETag"]) == (200, '"1"')
    shown = answer.json()
    assert shown["id"] == str(part.public_id)
    assert (shown["ipn"], shown["category"], shown["stock_qty"]) == ("R-1", "regulators", "12.5")
    assert shown["requirements"] == []
    assert shown["created_at"].endswith("Z")
    assert shown["figures"]["approved_sources"] == 0


def test_a_part_is_added(costing: Api) -> None:
    a_category()
    body = {
        "ipn": "IC-7",
        "category": "regulators",
        "description": "Buck",
        "safety_stock": 100,
        "standard_cost": {"amount": "1.25", "currency": "USD"},
        "owner": "engineer@example.com",
        "requirements": [{"parameter": "Vin", "rule": "at_least", "minimum": 17.0, "unit": "V"}],
    }
    answer = costing.post("/parts/", body)
    assert answer.status_code == 201, answer.json()
    assert answer["Location"] == "http://testserver/api/v1/parts/IC-7/"
    part = Part.objects.get(ipn="IC-7")
    assert (part.standard_cost, part.standard_cost_currency) == (Decimal("1.25"), "USD")
    assert part.owner == costing.user
    assert Requirement.objects.get(part=part).minimum == 17.0
    assert list(part.history.values_list("history_origin", flat=True)) == ["api", "api"]
    assert answer.json()["safety_stock"] == 100


def test_without_a_number_it_gets_the_next_of_its_category(engineer: Api) -> None:
    a_category()
    assert engineer.post("/parts/", {"category": "regulators"}).json()["ipn"] == "REGULATORS-00001"


def test_a_part_is_changed_and_its_tag_with_it(engineer: Api) -> None:
    a_part("R-1")
    answer = engineer.patch("/parts/R-1/", {"lifecycle": "nrnd"}, If_Match='"1"')
    assert (answer.status_code, answer["ETag"], answer.json()["version"]) == (200, '"2"', 2)
    assert Part.objects.get().lifecycle == "nrnd"


def test_an_outdated_tag_changes_nothing(engineer: Api) -> None:
    a_part("R-1")
    engineer.patch("/parts/R-1/", {"lifecycle": "nrnd"})
    answer = engineer.patch("/parts/R-1/", {"lifecycle": "mature"}, If_Match='"1"')
    assert answer.status_code == 412
    assert Part.objects.get().lifecycle == "nrnd"


def test_a_number_twice_is_409(engineer: Api) -> None:
    a_part("R-1")
    answer = engineer.post("/parts/", {"ipn": "R-1", "category": "regulators"})
    assert answer.status_code == 409
    assert [r["code"] for r in answer.json()["reasons"]] == ["duplicate"]
    assert Part.objects.count() == 1


def test_every_bad_value_is_named(costing: Api) -> None:
    body = {
        "ipn": "has blank",
        "category": "nowhere",
        "safety_stock": -1,
        "standard_cost": {"amount": 1.25, "currency": "USD"},
        "colour": "red",
    }
    answer = costing.post("/parts/", body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/colour", "code": "unknown_field", "detail": "There is no such field."}
    ]
    del body["colour"]
    found = {e["pointer"]: e["code"] for e in costing.post("/parts/", body).json()["errors"]}
    assert found == {
        "/ipn": "invalid",
        "/category": "does_not_exist",
        "/safety_stock": "negative",
        "/standard_cost": "not_money",
    }
    assert Part.objects.count() == 0


def test_the_place_in_a_list_is_named(engineer: Api) -> None:
    a_category()
    lines = [{"parameter": "Vin", "rule": "at_least"}, {"parameter": "Iout", "rule": "perhaps"}]
    answer = engineer.post("/parts/", {"category": "regulators", "requirements": lines})
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/requirements/1/rule"]


@pytest.mark.parametrize("limit", ["5.5", "NaN", "\u0661", True, 10**400, [5]])
def test_a_limit_that_is_no_json_number(engineer: Api, limit: Any) -> None:
    part = a_part("R-1")
    line = {"parameter": "Vin", "rule": "at_most", "maximum": limit}
    answer = engineer.patch("/parts/R-1/", {"requirements": [line]})
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/requirements/0/maximum"]
    assert not part.requirements.exists()


def test_body_that_is_no_json(engineer: Api) -> None:
    for text in ("{", "NaN", '{"a": NaN}', "\x00", '{"description": "\\u0000"}', "[" * 100_000):
        assert engineer.post("/parts/", text).status_code == 400


def test_body_that_is_no_object(engineer: Api) -> None:
    for text in ("[]", "3", '"part"'):
        assert engineer.post("/parts/", text).status_code == 422


def test_other_media_type(engineer: Api) -> None:
    answer = engineer.client.post(
        "/api/v1/parts/", "ipn=R-1", content_type="text/plain", headers=engineer.headers
    )
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_a_buyer_writes_no_parts(buyer: Api) -> None:
    a_part("R-1")
    assert buyer.patch("/parts/R-1/", {"lifecycle": "nrnd"}).status_code == 403
    assert Part.objects.get().lifecycle == "unknown"


def test_where_used_goes_through_all_levels(engineer: Api) -> None:
    resistor, board = a_part("R-1"), a_part("BOARD")
    assembly = a_product("BOARD-A", part=board)
    pump = a_product("PUMP")
    a_bom(assembly, resistor, quantity=3)
    a_bom(pump, board, quantity=2)
    assert engineer.get("/parts/R-1/where-used/").json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "product": "BOARD-A",
                "quantity": 3,
                "level": 1,
                "path": ["BOARD-A"],
                "designators": [],
            },
            {
                "product": "PUMP",
                "quantity": 6,
                "level": 2,
                "path": ["BOARD-A", "PUMP"],
                "designators": [],
            },
        ],
    }


def test_sources_of_a_part(engineer: Api) -> None:
    an_incumbent(a_part("R-1"), "TPS62130RGTR")
    (source,) = engineer.get("/parts/R-1/sources/").json()["results"]
    assert (source["role"], source["status"]) == ("incumbent", "approved")
    assert source["manufacturer_part"] == {
        "manufacturer": "Texas Instruments",
        "mpn": "TPS62130RGTR",
    }
    assert source["approval"]["kind"] == "legacy"


def test_requirements_on_an_outdated_version(engineer: Api) -> None:
    a_part("R-1")
    tag = engineer.get("/parts/R-1/")["ETag"]
    lines = [{"parameter": "Vin", "rule": "at_least", "minimum": 17}]
    assert engineer.patch("/parts/R-1/", {"requirements": lines}, If_Match=tag).status_code == 200
    assert engineer.patch("/parts/R-1/", {"requirements": []}, If_Match=tag).status_code == 412
    shown = engineer.get("/parts/R-1/").json()
    assert [line["parameter"] for line in shown["requirements"]] == ["Vin"]


def test_sources_side_by_side(engineer: Api) -> None:
    an_incumbent(a_part("R-1"))
    a_part("R-2")
    engineer.patch(
        "/parts/R-1/", {"requirements": [{"parameter": "Vin", "rule": "at_least", "minimum": 17}]}
    )
    shown = engineer.get("/parts/R-1/compare/").json()
    assert [row["parameter"] for row in shown["rows"]] == ["Vin"]
    assert [cell["verdict"] for cell in shown["rows"][0]["cells"]] == ["unknown"]
    assert engineer.get("/parts/R-2/compare/").json()["rows"] == []
