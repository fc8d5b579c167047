"""History: who, when, by which entrance, why, what."""

from qualification import services as qualification
from secondsource.accounts.models import User
from secondsource.core import clock, discussion
from suppliers.serializers import receipt_id
from tests import factories
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


def test_a_receipt_says_when_it_was_recorded_and_corrected(buyer: Api) -> None:
    source = factories.incumbent(factories.part())
    receipt = factories.receipt(source, 100, "1.00")
    address = f"/receipts/{receipt_id(receipt.pk)}/"
    (entry,) = buyer.get(f"{address}history/").json()["results"]
    assert (entry["kind"], entry["changes"]) == ("created", [])
    assert buyer.post(f"{address}correct/", {"reason": "typed twice"}).status_code == 201
    newest, _ = buyer.get(f"{address}history/").json()["results"]
    assert (newest["reason"], newest["by"]["email"]) == ("typed twice", buyer.user.email)
    assert newest["changes"] == [{"field": "corrected", "from": False, "to": True}]


def test_what_belongs_to_a_case_has_a_history(engineer: Api) -> None:
    team = factories.Team()
    team.go_to("business_case")
    item = team.case.checklist.first()
    qualification.add_evidence(item=item, upload=factories.text_file(), actor=team.lead)
    team.do_items()
    team.sign()
    case = f"/cases/{team.case.key}"
    discussion.say(subject=team.case, text="measured again", actor=team.lead)
    for name in ("checklist", "evidence", "sign-offs", "discussion"):
        shown = engineer.get(f"{case}/{name}/").json()["results"]
        assert shown, name
        first = shown[0]
        answer = engineer.get(f"{case}/{name}/{first['id']}/history/")
        assert answer.status_code == 200, name
        assert answer.json()["results"][-1]["kind"] == "created"
