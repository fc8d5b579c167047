"""The main job by the API alone: a BOM in, an alternate through every gate, the figures moved.

Everybody has a token of the command line; objects are named by their natural keys.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from qualification.models.cases import State
from secondsource.core import clock, jobs
from secondsource.workspace import figures
from suppliers.models import Receipt
from tests import factories
from tests.api.callers import Api, add_user
from tests.api.case_work import do_the_work
from tests.api.data import a_case

BOM = (
    b"Designator,Qty,Manufacturer,MPN,Alternate Manufacturer,Alternate MPN\n"
    b"U1,1,Walnut Analog,WA7805-3,Yew Power,YP7805\n"
)
ROLES = ("engineer", "quality", "procurement", "executive")
#: Gate → who signs it (a person signs for what the role is called, the executive as sponsor), then
#: the source's status, share cap and units left, and what an order of one unit is answered.
GATES: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {
    "business_case": (ROLES, ("in_qualification", "0.0000", 0, "block")),
    "spec_review": (ROLES[:2], ("in_qualification", "0.0000", 0, "block")),
    "fmea": (ROLES[:2], ("in_qualification", "0.0000", 0, "block")),
    "pilot_build": (ROLES[:2], ("in_qualification", "0.0000", 300, "allow")),
    "approval": (ROLES, ("in_qualification", "0.0000", 0, "block")),
}
FUNCTION = {
    "engineer": "engineering", "quality": "quality", "procurement": "procurement",
    "executive": "sponsor",
}  # fmt: skip


@pytest.fixture
def people(db: None, capsys: Any) -> dict[str, Api]:
    """A caller for each role, with a token that ``issue_token`` printed."""
    found = {}
    for role in ROLES:
        user = add_user(role)
        call_command(
            "issue_token", user.email, "--scopes", "read,write,approve,prices", "--days", "365"
        )
        found[role] = Api(user, capsys.readouterr().out.strip())
    return found


def import_bom(engineer: Api) -> str:
    """Upload by job; answers our number of the part with an alternate."""
    file = SimpleUploadedFile("pump.csv", BOM)
    started = engineer.upload("/imports/", {"file": file, "kind": "bom", "product": "PUMP"})
    assert started.status_code == 202, started.json()
    job = started.json()["job"].rstrip("/").rpartition("/")[2]
    assert engineer.get(f"/jobs/{job}/").json()["state"] == "queued"
    jobs.run(job)
    done = engineer.get(f"/jobs/{job}/").json()
    assert (done["state"], done["result"]["lines"], done["result"]["alternates"]) == ("done", 1, 1)
    (line,) = engineer.get("/products/PUMP/bom/").json()["results"]
    version = engineer.get("/products/PUMP/")["ETag"]
    volume = engineer.patch("/products/PUMP/", {"monthly_volume": 100}, If_Match=version)
    assert volume.status_code == 200, volume.json()
    return str(line["ipn"])


def open_case(people: dict[str, Api], source: dict[str, Any]) -> str:
    """Opened once whatever the caller repeats; staffed and planned on the version that was seen."""
    engineer = people["engineer"]
    body = {"source": source["id"], "sponsor": people["executive"].user.email}  # type: ignore[union-attr]
    opened, again = (engineer.post("/cases/", body, Idempotency_Key="open-1") for _ in range(2))
    assert (opened.status_code, again.status_code) == (201, 201)
    assert again.json() == opened.json()
    other = engineer.post("/cases/", {**body, "summary": "x"}, Idempotency_Key="open-1")
    assert other.status_code == 422
    url = f"/cases/{opened.json()['key']}/"
    team = [
        {"person": people[role].user.email, "function": FUNCTION[role]}  # type: ignore[union-attr]
        for role in ROLES[:3]
    ]
    plan = {
        "start_reason": "The line stands still without it.",
        "pilot_quantity": 300, "transition_share": "0.4", "rollback_hours": "48",
        "rollback_stock": 600, "rollback_rehearsed_on": clock.business_day().isoformat(),
        "team": team,
    }  # fmt: skip
    assert engineer.patch(url, plan, If_Match='"999"').status_code == 412
    assert engineer.patch(url, plan, If_Match=opened["ETag"]).status_code == 200
    return url


def move(caller: Api, url: str, name: str) -> Any:
    """Fire a move on the version that the caller sees."""
    seen = caller.get(url).json()["version"]
    return caller.post(f"{url}moves/", {"name": name, "expected": seen})


def sign(people: dict[str, Api], url: str, roles: tuple[str, ...]) -> None:
    for role in roles:
        given = people[role].post(f"{url}sign-offs/", {"function": FUNCTION[role]})
        assert given.status_code == 201, given.json()


def row(caller: Api, source: dict[str, Any]) -> tuple[Any, ...]:
    """Status, caps and the answer to an order of one unit."""
    shown = caller.get(f"/sources/{source['id']}/").json()
    asked = caller.get("/check/", part=source["part"], **source["manufacturer_part"]).json()
    return shown["status"], shown["share_cap"], shown["quantity_cap"], asked["verdict"]


def pass_gates(people: dict[str, Api], url: str, source: dict[str, Any]) -> None:
    """Every gate up to the transition, refused with every reason before its work is done."""
    engineer = people["engineer"]
    assert move(engineer, url, "submit").json()["state"] == "business_case"
    for gate, (signers, answer) in GATES.items():
        assert (engineer.get(url).json()["state"], row(engineer, source)) == (gate, answer)
        refused = move(engineer, url, "pass")
        codes = [reason["code"] for reason in refused.json()["reasons"]]
        items = [item for item in engineer.get(f"{url}checklist/", limit=500).json()["results"]
                 if item["gate"] == gate]  # fmt: skip
        assert refused.status_code == 422
        to_tick = [item for item in items if not item["link"] and item["required"]]
        assert codes.count("item_open") == len(to_tick)
        assert ("work_open" in codes) == any(i["link"] and not i["done"] for i in items)
        assert codes.count("not_signed") == len(signers)
        do_the_work(engineer, url, gate)
        sign(people, url, signers)
        assert move(engineer, url, "pass").status_code == 200


def judge(people: dict[str, Api], url: str) -> None:
    """The three hold points, each on its day, by a token that may approve."""
    quality = people["quality"]
    for point in quality.get(f"{url}transition/").json()["checkpoints"]:
        at = f"{url}transition/checkpoints/{point['id']}/"
        early = quality.post(at, {"verdict": "pass"})
        assert [reason["code"] for reason in early.json()["reasons"]] == ["not_due"]
        with clock.at(dt.date.fromisoformat(point["due"])):
            judged = quality.post(at, {"verdict": "pass", "note": "0 of 500 failed"})
        assert (judged.status_code, judged.json()["verdict"]) == (200, "pass")


def company(people: dict[str, Api]) -> dict[str, Any]:
    """The executive's figures after the worker was here."""
    figures.refresh_company()
    shown: dict[str, Any] = people["executive"].get("/dashboards/executive/").json()
    assert shown["computed_at"] <= clock.now().isoformat().replace("+00:00", "Z")
    return shown


def receive(people: dict[str, Api], source: dict[str, Any]) -> None:
    """A production receipt, sent twice with one key, recorded once."""
    body = {
        "source": source["id"], "po": "PO-1", "received_date": clock.business_day().isoformat(),
        "received_qty": 250, "unit_price": {"amount": "2.10", "currency": "USD"},
    }  # fmt: skip
    for _ in range(2):
        made = people["procurement"].post("/receipts/", body, Idempotency_Key="receipt-1")
        assert made.status_code == 201, made.json()
    assert Receipt.objects.count() == 1


def test_from_a_bom_file_to_the_dashboard(people: dict[str, Api]) -> None:
    engineer = people["engineer"]
    ipn = import_bom(engineer)
    found = engineer.get(f"/parts/{ipn}/sources/").json()["results"]
    assert [(s["role"], s["status"], s["approval"] and s["approval"]["kind"]) for s in found] == [
        ("incumbent", "approved", "legacy"), ("alternate", "candidate", None),
    ]  # fmt: skip
    source = found[1]
    assert row(engineer, source)[3] == "block"
    url = open_case(people, source)
    pass_gates(people, url, source)
    assert row(engineer, source) == ("approved", "0.4000", None, "allow")
    assert engineer.get(f"/parts/{ipn}/").json()["figures"]["counted_sources"] == 2
    assert company(people)["single_source_parts"] == 0
    judge(people, url)
    do_the_work(engineer, url, "transition")
    sign(people, url, ("quality", "procurement"))
    assert move(engineer, url, "close").json()["state"] == "closed"
    assert row(engineer, source) == ("approved", None, None, "allow")
    assert company(people)["conversions"] == 0
    receive(people, source)
    assert company(people)["conversions"] == 1
    told = [entry["changes"] for entry in engineer.get(f"{url}history/").json()["results"]]
    states = [c["to"] for changes in told for c in changes if c["field"] == "state"]
    assert states == ["closed", "transition", *reversed(list(GATES))]


def test_a_token_without_approve_judges_and_takes_back_nothing(
    api: Any, people: dict[str, Api]
) -> None:
    team = factories.Team(people={FUNCTION[role]: people[role].user for role in ROLES})  # type: ignore[misc]
    team.jump_to(State.TRANSITION)
    url, points = f"/cases/{team.case.key}/", team.case.hold_points.filter(verdict="")
    point = points[0]
    writer = api(user=people["quality"].user, scopes=("read", "write"))
    with clock.at(point.due):
        judged = writer.post(f"{url}transition/checkpoints/{point.key}/", {"verdict": "pass"})
    back = writer.post(f"{url}moves/", {"name": "roll_back", "note": "field returns"})
    assert (judged.status_code, back.status_code) == (403, 403)
    assert (team.reload().state, points.count()) == ("transition", 3)


def test_an_entity_tag_holds_through_compression(engineer: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    answer = engineer.client.get(
        f"/api/v1{url}", headers={**engineer.headers, "Accept-Encoding": "gzip"}
    )
    assert answer["Content-Encoding"] == "gzip"
    changed = engineer.patch(url, {"summary": "New"}, If_Match=answer["ETag"])
    assert changed.status_code == 200, changed.json()
    assert engineer.patch(url, {"summary": "Newer"}, If_Match=answer["ETag"]).status_code == 412
