"""A case over the API: open, staff, tick, prove, sign, move, judge."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qualification.models import Case, ChecklistItem, SignOff
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.models import Attachment, Comment
from suppliers.models import Source
from tests.api.callers import Api, add_user
from tests.api.case_work import clear, do_the_work
from tests.api.data import a_case, a_source, an_incumbent

PDF = b"%PDF-1.7\nevidence"


@pytest.fixture
def sponsor(api: Any) -> Api:
    return api("executive")


def staff(case_url: str, lead: Api, *others: Api) -> None:
    """Engineering is the lead's; procurement and quality are the others'."""
    quality, buyer, sponsor = others
    body = {
        "sponsor": sponsor.user.email,
        "team": [
            {"person": lead.user.email, "function": "engineering"},
            {"person": quality.user.email, "function": "quality"},
            {"person": buyer.user.email, "function": "procurement"},
        ],
        "start_reason": "The incumbent is at end of life.",
        "pilot_quantity": 50,
        "transition_share": "0.2",
        "rollback_hours": "8",
        "rollback_stock": 100,
        "rollback_rehearsed_on": clock.business_day().isoformat(),
    }
    answer = lead.patch(case_url, body)
    assert answer.status_code == 200, answer.json()


def do_and_sign(case_url: str, lead: Api, signers: dict[str, Api]) -> None:
    """Do everything at the current gate and sign."""
    do_the_work(lead, case_url, lead.get(case_url).json()["state"])
    for function, signer in signers.items():
        signer.post(f"{case_url}sign-offs/", {"function": function})


def move(caller: Api, case_url: str, name: str, **body: Any) -> Any:
    return caller.post(f"{case_url}moves/", {"name": name, **body})


def test_a_refused_move_names_every_reason(engineer: Api) -> None:
    case = a_case(lead=engineer.user)
    url = f"/cases/{case.key}/"
    step = {"gate": State.BUSINESS_CASE, "text": "Forecast agreed", "required": True}
    assert engineer.post(f"{url}checklist/", step).status_code == 201
    move(engineer, url, "submit")
    answer = move(engineer, url, "pass")
    assert answer.status_code == 422
    codes = {reason["code"] for reason in answer.json()["reasons"]}
    assert codes == {"no_sponsor", "function_missing", "item_open", "work_open", "not_signed"}
    offers = {offer["name"]: offer for offer in engineer.get(f"{url}moves/").json()}
    assert offers["pass"]["allowed"] is False
    assert offers["pass"]["reasons"] == answer.json()["reasons"]
    assert engineer.get(url).json()["blockers"] == answer.json()["reasons"]
    assert (offers["withdraw"]["allowed"], offers["withdraw"]["label"]) == (True, "Withdraw")


def test_a_move_that_the_state_does_not_have(engineer: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    for name, code in (("close", "wrong_state"), ("fly", "unknown_move")):
        answer = move(engineer, url, name)
        assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (422, code)


def test_a_move_by_somebody_else(quality: Api, engineer: Api) -> None:
    case = a_case(lead=engineer.user)
    assert move(quality, f"/cases/{case.key}/", "submit").status_code == 403
    assert Case.objects.get().state == State.DRAFT


def test_a_move_on_an_outdated_version(engineer: Api) -> None:
    case = a_case(lead=engineer.user)
    url = f"/cases/{case.key}/"
    engineer.patch(url, {"summary": "New"})
    answer = move(engineer, url, "submit", expected=case.version)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:secondsource:problem:stale")
    tagged = engineer.post(f"{url}moves/", {"name": "submit"}, If_Match='"1"')
    assert tagged.status_code == 412
    assert Case.objects.get().state == State.DRAFT


def test_passing_needs_the_scope_approve(api: Any, engineer: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    move(engineer, url, "submit")
    writer = api(user=engineer.user, scopes=("read", "write"))
    refused = move(writer, url, "pass")
    assert refused.status_code == 403
    assert refused.json()["reasons"][0]["fix"] == "Use a token with the scope approve."
    assert writer.post(f"{url}sign-offs/", {"function": "engineering"}).status_code == 403


def test_the_lead_hands_over(engineer: Api, buyer: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    answer = engineer.patch(url, {"lead": buyer.user.email, "summary": "New"})
    assert (answer.status_code, answer.json()["lead"]) == (200, buyer.user.email)
    assert (Case.objects.get().lead, Case.objects.get().summary) == (buyer.user, "New")


def test_a_hand_over_by_somebody_else_writes_nothing(engineer: Api, buyer: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    answer = buyer.patch(url, {"lead": buyer.user.email, "summary": "New"})
    assert answer.status_code == 403
    assert (Case.objects.get().lead, Case.objects.get().summary) == (engineer.user, "")


def test_a_viewer_leads_no_case(engineer: Api, api: Any) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    answer = engineer.patch(url, {"lead": api("viewer").user.email})
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/lead"]
    assert Case.objects.get().lead == engineer.user


def test_the_state_cannot_be_written(engineer: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    assert engineer.patch(url, {"state": "closed"}).status_code == 422
    assert Case.objects.get().state == State.DRAFT


def test_no_case_on_an_incumbent_and_no_second_one(engineer: Api) -> None:
    incumbent, case = an_incumbent(), a_case()
    assert engineer.post("/cases/", {"source": incumbent.key}).status_code == 422
    assert engineer.post("/cases/", {"source": case.source.key}).status_code == 409
    assert Case.objects.count() == 1


def test_a_sponsor_who_is_no_executive(engineer: Api, quality: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    answer = engineer.patch(url, {"sponsor": quality.user.email})
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/sponsor"]


def test_viewers_open_nothing(viewer: Api) -> None:
    assert viewer.post("/cases/", {"source": a_source().key}).status_code == 403
    assert Case.objects.count() == 0


def test_evidence_of_an_item(engineer: Api) -> None:
    case = a_case(lead=engineer.user)
    url = f"/cases/{case.key}/"
    move(engineer, url, "submit")
    item = ChecklistItem.objects.filter(case=case, gate=State.BUSINESS_CASE)[0]
    body = {"item": item.key, "file": SimpleUploadedFile("offer.pdf", PDF)}
    added = engineer.upload(f"{url}evidence/", body)
    assert added.status_code == 201
    (listed,) = engineer.get(f"{url}evidence/").json()["results"]
    assert listed == added.json()
    assert (listed["item"], listed["gate"]) == (item.key, "business_case")
    got = engineer.get(f"{url}evidence/{listed['id']}/file/")
    assert (got.getvalue(), got["Content-Disposition"]) == (
        PDF,
        'attachment; filename="offer.pdf"',
    )
    assert engineer.send("DELETE", f"{url}evidence/{listed['id']}/").status_code == 400
    gone = engineer.send("DELETE", f"{url}evidence/{listed['id']}/?reason=wrong+file")
    assert gone.status_code == 204
    assert Attachment.objects.get().removed_reason == "wrong file"
    assert engineer.get(f"{url}evidence/").json()["results"] == []


def test_evidence_that_is_not_what_it_says(engineer: Api) -> None:
    case = a_case(lead=engineer.user)
    url = f"/cases/{case.key}/"
    move(engineer, url, "submit")
    item = ChecklistItem.objects.filter(case=case, gate=State.BUSINESS_CASE)[0]
    for name, data, pointer in (("a.pdf", b"MZ\x00", "/file"), ("a.exe", b"MZ", "/file")):
        body = {"item": item.key, "file": SimpleUploadedFile(name, data)}
        answer = engineer.upload(f"{url}evidence/", body)
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert engineer.upload(f"{url}evidence/", {"item": item.key}).status_code == 422
    assert Attachment.objects.count() == 0


def test_evidence_above_the_limit_is_refused_before_it_is_read(engineer: Api) -> None:
    url = f"/api/v1/cases/{a_case(lead=engineer.user).key}/evidence/"
    answer = engineer.client.post(
        url, {}, headers=engineer.headers | {"Content-Length": str(60 * 1024 * 1024)}
    )
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_signing_twice_and_for_another_function(
    engineer: Api, quality: Api, buyer: Api, sponsor: Api
) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/"
    staff(url, engineer, quality, buyer, sponsor)
    move(engineer, url, "submit")
    assert engineer.post(f"{url}sign-offs/", {"function": "quality"}).status_code == 403
    do_and_sign(url, engineer, {"engineering": engineer})
    again = engineer.post(f"{url}sign-offs/", {"function": "engineering"})
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (422, "signed")
    assert SignOff.objects.count() == 1


def test_discussion(engineer: Api, viewer: Api) -> None:
    url = f"/cases/{a_case(lead=engineer.user).key}/discussion/"
    assert engineer.post(url, {"text": "Who has samples?"}).status_code == 201
    assert viewer.post(url, {"text": "Me"}).status_code == 403
    assert engineer.post(url, {"text": "  "}).status_code == 422
    assert [c["text"] for c in viewer.get(url).json()["results"]] == ["Who has samples?"]
    assert Comment.objects.count() == 1


def test_an_interim_is_given_by_quality_at_approval_only(engineer: Api, quality: Api) -> None:
    case = a_case(lead=engineer.user)
    team = [{"person": quality.user.email, "function": "quality"}]
    engineer.patch(f"/cases/{case.key}/", {"team": team})
    body = {
        "quantity": 100,
        "until": (clock.business_day() + dt.timedelta(days=30)).isoformat(),
        "note": "Line would stop",
    }
    url = f"/cases/{case.key}/interim/"
    assert engineer.post(url, body).status_code == 403
    early = quality.post(url, body)
    assert (early.status_code, early.json()["reasons"][0]["code"]) == (422, "wrong_state")
    clear(engineer, f"/cases/{case.key}/")
    Case.objects.update(state=State.APPROVAL)
    given = quality.post(url, body)
    assert given.status_code == 200, given.json()
    assert given.json()["planned"]["interim_quantity"] == 100
    assert given.json()["source"]["status"] == "interim"
    assert Source.objects.get().quantity_cap == 100


def test_what_belongs_to_a_case_out_of_sight_is_not_there(engineer: Api) -> None:
    a_case()
    for tail in ("", "checklist/", "evidence/", "sign-offs/", "discussion/", "transition/"):
        assert engineer.get(f"/cases/SSQ-9999/{tail}").status_code == 404


def test_filters_of_cases(engineer: Api) -> None:
    case = a_case(lead=engineer.user)
    a_case(lead=add_user("engineer", "other@example.com"))
    for query in ({"mine": "true"}, {"search": case.key}, {"part": case.part.ipn}):
        found = engineer.get("/cases/", **query).json()["results"]
        assert [row["key"] for row in found] == [case.key], query
