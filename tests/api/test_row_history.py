"""The history of an object holds the changes of what belongs to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from secondsource.accounts.models import Plant, Team
from suppliers import services as sourcing
from tests import factories
from tests.api.callers import Api

# Each change is a transaction of its own, as it is outside of tests.
pytestmark = pytest.mark.django_db(transaction=True)


def newest(caller: Api, address: str) -> dict[str, Any]:
    return history(caller, address)[0]


def history(caller: Api, address: str) -> list[dict[str, Any]]:
    answer = caller.get(f"{address}history/")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_the_products_of_a_source(engineer: Api) -> None:
    source = factories.alternate(factories.part())
    for code in ("PUMP", "VALVE"):
        factories.product(code)
    address = f"/sources/{source.key}/"
    for scope in (["PUMP"], ["VALVE"]):
        assert engineer.patch(address, {"scope": scope}).status_code == 200
    entry = newest(engineer, address)
    assert entry["by"]["email"] == engineer.user.email
    assert entry["changes"] == [{"field": "scope", "from": ["PUMP"], "to": ["VALVE"]}]


def test_the_spellings_of_a_supplier(quality: Api) -> None:
    supplier = factories.manufacturer("Alder")
    sourcing.set_aliases(supplier=supplier, aliases=["Elder"], actor=factories.JOB)
    entry = newest(quality, f"/suppliers/{supplier.code}/")
    (change,) = entry["changes"]
    assert (change["field"], change["from"]) == ("aliases", [])
    assert [row["text"] for row in change["to"]] == ["Elder"]
    assert not {"id", "supplier_id"} & set(change["to"][0])


def test_a_line_that_is_written_again_is_no_change(engineer: Api) -> None:
    part = factories.manufacturer_part()
    lines = [{"name": "Voltage", "unit": "V", "typical": 5.0}, {"name": "Pins", "text": "8"}]
    for wanted in (lines[:1], lines):
        sourcing.set_parameters(manufacturer_part=part, parameters=wanted, actor=factories.JOB)
    (change,) = newest(engineer, f"/manufacturer-parts/{part.key}/")["changes"]
    assert (change["field"], change["from"]) == ("parameters", [])
    assert [row["name"] for row in change["to"]] == ["Pins"]


def test_the_team_of_a_case(engineer: Api) -> None:
    team = factories.Team()
    pairs = [(team["quality"].user, "quality")]
    from qualification import services

    services.set_team(case=team.case, members=pairs, actor=factories.actor("quality"))
    entry = newest(engineer, f"/cases/{team.case.key}/")
    change = next(one for one in entry["changes"] if "team" in one["field"] or one["from"])
    functions = {row["function"] for row in change["from"]}
    assert "quality" not in functions
    assert "procurement" in functions


def test_what_changed_by_sql_alone_is_an_entry_of_its_own(engineer: Api) -> None:
    team, person = Team.objects.create(code="NORTH", name="North"), factories.person()
    before = history(engineer, "/teams/NORTH/")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_team_members (team_id, user_id) VALUES (%s, %s)",
            (team.pk, person.pk),
        )
    entry, *others = history(engineer, "/teams/NORTH/")
    assert others == before
    assert (entry["by"], entry["origin"], entry["kind"]) == (None, "sql", "changed")
    assert entry["reason"].startswith("SQL by ")
    assert [(one["field"], one["from"], len(one["to"])) for one in entry["changes"]] == [
        ("members", [], 1)
    ]


def test_what_changed_alone_stands_between_the_entries_around_it(engineer: Api) -> None:
    product = factories.product("PUMP")
    plant = Plant.objects.create(code="BRNO", name="Brno")
    product.plants.add(plant)
    answer = engineer.patch("/products/PUMP/", {"name": "Water pump"})
    assert answer.status_code == 200, answer.content
    fields = [[c["field"] for c in e["changes"]] for e in history(engineer, "/products/PUMP/")]
    assert fields == [["name"], ["plants"], []]


def test_pages_of_history_neither_lose_nor_repeat_it(engineer: Api) -> None:
    product = factories.product("PUMP")
    for number in range(3):
        plant = Plant.objects.create(code=f"P-{number}", name="Plant")
        product.plants.add(plant)
        engineer.patch("/products/PUMP/", {"name": f"Pump {number}"})
    whole = history(engineer, "/products/PUMP/")
    page = engineer.get("/products/PUMP/history/", limit=2).json()
    found = page["results"]
    while page["next"]:
        page = engineer.get(page["next"].partition("/api/v1")[2]).json()
        found += page["results"]
    assert len(whole) == 7
    assert found == whole
