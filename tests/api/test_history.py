"""History: who, when, by which entrance, why, what."""

from secondsource.accounts.models import User
from secondsource.core import clock
from tests.api.callers import Api, add_user
from tests.api.data import a_category, a_part


def test_changes_are_told_newest_first(engineer: Api) -> None:
    a_part("R-1")
    a_category("resistors")
    engineer.patch("/parts/R-1/", {"category": "resistors", "stock_qty": 7})
    newest, first = engineer.get("/parts/R-1/history/").json()["results"]
    assert (first["kind"], first["by"], first["changes"]) == ("created", None, [])
    assert newest["by"] == {"email": "engineer@example.com", "name": "Engineer"}
    assert (newest["kind"], newest["origin"], newest["version"]) == ("changed", "api", 2)
    assert sorted(newest["changes"], key=lambda change: change["field"]) == [
        {"field": "category", "from": "regulators", "to": "resistors"},
        {"field": "stock_as_of", "from": None, "to": clock.business_day().isoformat()},
        {"field": "stock_qty", "from": None, "to": "7.0000"},
        {"field": "stock_source", "from": "", "to": "API"},
    ]


def test_people_are_named_by_address(engineer: Api) -> None:
    a_part("R-1")
    add_user("quality", "q@example.com")
    engineer.patch("/parts/R-1/", {"owner": "q@example.com"})
    newest = engineer.get("/parts/R-1/history/").json()["results"][0]
    assert newest["changes"] == [{"field": "owner", "from": None, "to": "q@example.com"}]
    assert User.objects.count() == 2


def test_pages_of_a_long_history(engineer: Api) -> None:
    a_part("R-1")
    for unit in ("m", "kg", "g"):
        engineer.patch("/parts/R-1/", {"unit": unit})
    first = engineer.get("/parts/R-1/history/", limit=2).json()
    assert [entry["changes"][0]["to"] for entry in first["results"]] == ["g", "kg"]
    rest = engineer.client.get(first["next"], headers=engineer.headers).json()
    assert [entry["kind"] for entry in rest["results"]] == ["changed", "created"]
    assert rest["results"][0]["changes"] == [{"field": "unit", "from": "pcs", "to": "m"}]


def test_history_of_what_is_not_there(engineer: Api) -> None:
    assert engineer.get("/parts/R-9/history/").status_code == 404
