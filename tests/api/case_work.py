"""The work behind linked steps of a case, done over the API."""

from __future__ import annotations

from typing import Any

from secondsource.core import clock
from tests.api.callers import Api


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


#: Link of a step → what does its work.
WORK = {"deviations": decide, "clearance": clear, "declarations": declare}
