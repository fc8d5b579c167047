"""The work of a gate, done over the API as far as a walk needs it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from qualification.case_key import number_of
from qualification.models import Case
from secondsource.core import clock
from tests.api.callers import Api
from tests.case_work import FINISH
from tests.factories import Team


def decide(engineer: Api, case_url: str) -> None:
    """A requirement on which the candidate states nothing, accepted after a measurement."""
    part = engineer.get(case_url).json()["part"]
    need = {"parameter": "Voltage", "rule": "at_least", "minimum": 3, "unit": "V"}
    written = engineer.patch(f"/parts/{part}/", {"requirements": [need]})
    assert written.status_code == 200, written.json()
    review = engineer.get(f"{case_url}spec-review/").json()
    lines: list[dict[str, Any]] = [
        {name: line[name] for name in ("parameter", "test_condition", "seen")}
        for line in review["lines"]
        if line["state"] == "open"
    ]
    body = {"lines": lines, "decision": "accept", "reason": "Measured: 5 V on 5 samples"}
    decided = engineer.post(f"{case_url}spec-review/", body)
    assert (decided.status_code, decided.json()["open"]) == (200, [])


def clear(engineer: Api, case_url: str) -> None:
    """A search without a conflict."""
    body = {
        "kind": "claim", "subject": "EP 1234567", "searched_in": "Espacenet", "result": "clear",
    }  # fmt: skip
    made = engineer.post(f"{case_url}clearances/", body)
    assert made.status_code == 201, made.json()


def declare(engineer: Api, case_url: str) -> None:
    """Declarations of the candidate."""
    wanted = engineer.get(case_url).json()["source"]["manufacturer_part"]["mpn"]
    rows = engineer.get("/manufacturer-parts/", limit=100).json()["results"]
    part = next(row["id"] for row in rows if row["mpn"] == wanted)
    for scheme, status in (
        ("rohs", "compliant"), ("reach", "no_svhc"), ("conflict_minerals", "conformant"),
    ):  # fmt: skip
        body = {"scheme": scheme, "status": status, "document": "D-1"}
        body |= {"list_date": clock.business_day().isoformat()} if scheme == "reach" else {}
        made = engineer.post(f"/manufacturer-parts/{part}/declarations/", body)
        assert made.status_code == 201, made.json()


def do_the_work(engineer: Api, url: str, gate: str) -> None:
    """Do every step of the gate: a tick, a value, a file, or the work that it is linked to."""
    for item in engineer.get(f"{url}checklist/", limit=500).json()["results"]:
        if item["gate"] != gate or item["done"]:
            continue
        if item["link"]:
            _do_linked(engineer, url, item["link"])
            continue
        if item["evidence_required"] or item["kind"] == "document":
            file = SimpleUploadedFile("report.pdf", b"%PDF-1.7\nmeasured")
            sent = engineer.upload(f"{url}evidence/", {"item": item["id"], "file": file})
            assert sent.status_code == 201, sent.json()
        if item["kind"] != "document":
            value = item["lower"] or item["upper"] or "1"
            body = {"value": value} if item["kind"] == "value" else {"done": True}
            changed = engineer.patch(f"{url}checklist/{item['id']}/", body)
            assert (changed.status_code, changed.json()["done"]) == (200, True), changed.json()


def _do_linked(engineer: Api, url: str, link: str) -> None:
    """Over the API where this module does it, else through the services."""
    if link in WORK:
        WORK[link](engineer, url)
        return
    case = Case.objects.get(number=number_of(url.strip("/").rpartition("/")[2]))
    team = object.__new__(Team)  # a case that was opened elsewhere
    team.case, team.source = case, case.source
    team.people = {one.function: one.user for one in case.team.select_related("user")}
    if case.sponsor is not None:
        team.people["sponsor"] = case.sponsor
    FINISH[link](team)


#: Link of a step → what does its work.
WORK = {"deviations": decide, "clearance": clear, "declarations": declare}
