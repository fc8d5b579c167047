"""Forms of a case over HTTP: what they write, and every refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qualification import services
from qualification.models import Case, ChecklistItem, SignOff, TeamMember
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.models import Attachment, Comment
from tests import factories
from tests.factories import Team, text_file

Browse = Callable[..., Any]


@pytest.fixture
def lead(team: Team, browse: Browse) -> Any:
    return browse(team.people["engineering"])


@pytest.fixture
def item(team: Team) -> ChecklistItem:
    team.jump_to(State.SPEC_REVIEW)
    return team.case.checklist.filter(gate="spec_review").order_by("position")[0]


def at(team: Team, path: str) -> str:
    return team.case.get_absolute_url() + path


def test_the_team_form_replaces_the_team(team: Team, lead: Any) -> None:
    tester = factories.person("engineer")
    rows = {
        "rows": "3", "function-0": "test", "person-0": tester.pk, "function-1": "quality",
        "person-1": "", "function-2": "", "person-2": "", "expected": team.case.version,
    }  # fmt: skip
    assert lead.post(at(team, "team/"), rows).status_code == 302
    kept = TeamMember.objects.filter(case=team.case).values_list("user_id", "function")
    assert list(kept) == [(tester.pk, "test")]


def test_a_person_without_a_function_is_refused(team: Team, lead: Any) -> None:
    rows = {"rows": "1", "function-0": "", "person-0": team.people["quality"].pk}
    answer = lead.post(at(team, "team/"), rows)
    assert answer.status_code == 422
    assert "Choose a function for this person." in answer.content.decode()
    assert TeamMember.objects.filter(case=team.case).count() == 3


def test_a_row_offers_those_who_may_hold_its_function(team: Team, lead: Any) -> None:
    finance, viewer = (factories.person(role).name for role in ("finance", "viewer"))
    form = lead.get(at(team, "team/")).context["form"]
    offered = {
        str(function.value()): {label for _, label in person.field.choices}
        for function, person in form.rows
    }
    assert finance in offered["finance"]
    assert team.people["quality"].name in offered["test"]
    assert team.people["engineering"].name not in offered["quality"]
    assert not any(viewer in people for people in offered.values())


def test_a_person_without_the_role_is_refused_in_the_form(team: Team, lead: Any) -> None:
    engineer = team.people["engineering"].pk
    rows = {"rows": "1", "function-0": "quality", "person-0": engineer}
    answer = lead.post(at(team, "team/"), rows)
    assert answer.status_code == 422
    assert "This person cannot hold the function." in answer.content.decode()
    assert TeamMember.objects.filter(case=team.case).count() == 3


def test_procurement_does_not_staff(team: Team, browse: Browse) -> None:
    assert browse(team.people["procurement"]).get(at(team, "team/")).status_code == 403


def test_a_step_is_ticked(team: Team, lead: Any, item: ChecklistItem) -> None:
    answer = lead.post(at(team, f"steps/{item.public_id}/done/"), {"done": "1"})
    assert answer["Location"] == f"{team.case.get_absolute_url()}?gate=spec_review#step-{item.pk}"
    item.refresh_from_db()
    assert item.done_by == team.people["engineering"]


def test_a_tick_is_taken_back_by_its_toast(team: Team, lead: Any, item: ChecklistItem) -> None:
    url = at(team, f"steps/{item.public_id}/done/")
    text = lead.get(lead.post(url, {"done": "1"})["Location"]).content.decode()
    assert f'<form method="post" action="{url}">' in text
    assert '<input type="hidden" name="done" value="0">' in text
    assert lead.post(url, {"done": "0"}).status_code == 302
    item.refresh_from_db()
    assert item.done_at is None


def test_what_voided_signatures_is_not_undone(team: Team, lead: Any, item: ChecklistItem) -> None:
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    url = at(team, f"steps/{item.public_id}/done/")
    text = lead.get(lead.post(url, {"done": "0", "sure": "1"})["Location"]).content.decode()
    assert ("Opened again." in text, "<button>Undo</button>" in text) == (True, False)


def test_an_untick_that_voids_signatures_asks_first(
    team: Team, lead: Any, item: ChecklistItem
) -> None:
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    url = at(team, f"steps/{item.public_id}/done/")
    answer = lead.post(url, {"done": "0"})
    assert "voids 1 signature" in answer.content.decode()
    item.refresh_from_db()
    assert item.done_at is not None
    assert lead.post(url, {"done": "0", "sure": "1"}).status_code == 302
    assert SignOff.objects.get(case=team.case, gate="spec_review").voided_at is not None


def test_a_step_of_another_gate_is_not_ticked(team: Team, lead: Any, item: ChecklistItem) -> None:
    other = team.case.checklist.filter(gate="fmea")[0]
    answer = lead.post(at(team, f"steps/{other.public_id}/done/"), {"done": "1"})
    assert answer.status_code == 422
    assert "is at spec review, not at FMEA" in answer.content.decode()


def test_a_step_of_another_case_does_not_exist_here(
    team: Team, lead: Any, item: ChecklistItem
) -> None:
    foreign = Team().case.checklist.all()[0]
    assert lead.get(at(team, f"steps/{foreign.public_id}/")).status_code == 404


def test_a_step_is_added_and_edited(team: Team, lead: Any, item: ChecklistItem) -> None:
    body = {"gate": "fmea", "text": "Rate the oscillator", "evidence_required": "on"}
    assert lead.post(at(team, "steps/new/"), body).status_code == 302
    added = team.case.checklist.get(text="Rate the oscillator")
    assert (added.gate, added.evidence_required) == ("fmea", True)
    owner = team.people["quality"]
    changed = {"owner": owner.pk, "due_date": "2027-01-05", "note": "lot 7", "expected": "1"}
    assert lead.post(at(team, f"steps/{added.public_id}/"), changed).status_code == 302
    added.refresh_from_db()
    assert (added.owner, added.due_date, added.note) == (owner, dt.date(2027, 1, 5), "lot 7")


def test_a_passed_gate_takes_no_step(team: Team, lead: Any, item: ChecklistItem) -> None:
    body = {"gate": "business_case", "text": "late"}
    assert lead.post(at(team, "steps/new/"), body).status_code == 422


def test_evidence_is_uploaded_and_comes_back_as_attachment(
    team: Team, lead: Any, item: ChecklistItem
) -> None:
    url = at(team, f"steps/{item.public_id}/evidence/")
    assert lead.post(url, {"file": text_file("böse.txt", "abc")}).status_code == 302
    file = Attachment.objects.get(subject_id=item.pk)
    answer = lead.get(at(team, f"files/{file.public_id}/"))
    assert b"".join(answer.streaming_content) == b"abc"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-SHA256"] == file.sha256


def test_a_file_of_another_type_is_refused(team: Team, lead: Any, item: ChecklistItem) -> None:
    url = at(team, f"steps/{item.public_id}/evidence/")
    answer = lead.post(url, {"file": SimpleUploadedFile("x.html", b"<script>")})
    assert answer.status_code == 422
    assert "Allowed are PDF" in answer.content.decode()
    assert Attachment.objects.count() == 0


def test_no_file_is_refused(team: Team, lead: Any, item: ChecklistItem) -> None:
    assert lead.post(at(team, f"steps/{item.public_id}/evidence/"), {}).status_code == 422


def test_a_file_of_another_case_does_not_exist_here(
    team: Team, lead: Any, item: ChecklistItem
) -> None:
    file = services.add_evidence(item=item, upload=text_file(), actor=team.lead)
    other = Team().case.get_absolute_url()
    assert lead.get(f"{other}files/{file.public_id}/").status_code == 404


def test_evidence_is_removed_with_a_reason(team: Team, lead: Any, item: ChecklistItem) -> None:
    file = services.add_evidence(item=item, upload=text_file(), actor=team.lead)
    url = at(team, f"files/{file.public_id}/remove/")
    assert lead.post(url, {"reason": ""}).status_code == 422
    assert lead.post(url, {"reason": "wrong lot"}).status_code == 302
    file.refresh_from_db()
    assert file.removed_reason == "wrong lot"


def test_a_signature_by_page(team: Team, browse: Browse, item: ChecklistItem) -> None:
    team.do_items()
    client = browse(team.people["quality"])
    assert "You sign gate" in client.get(at(team, "sign/quality/")).content.decode()
    body = {"note": "seen", "expected": team.reload().version}
    assert client.post(at(team, "sign/quality/"), body).status_code == 302
    assert SignOff.objects.get(gate="spec_review", function="quality").note == "seen"


def test_a_signature_on_an_old_reading_is_refused(
    team: Team, browse: Browse, item: ChecklistItem
) -> None:
    team.do_items()
    body = {"note": "", "expected": team.case.version - 1}
    assert browse(team.people["quality"]).post(at(team, "sign/quality/"), body).status_code == 409
    assert not SignOff.objects.filter(gate="spec_review").exists()


@pytest.mark.parametrize(
    ("function", "status"), [("quality", 422), ("procurement", 403), ("nobody", 404)]
)
def test_refused_signatures(
    team: Team, browse: Browse, item: ChecklistItem, function: str, status: int
) -> None:
    client = browse(team.people["quality"])
    assert client.post(at(team, f"sign/{function}/"), {}).status_code == status


def test_outsiders_do_not_reach_the_signature(team: Team, browse: Browse) -> None:
    assert browse(factories.person("quality")).get(at(team, "sign/quality/")).status_code == 403


def test_a_hold_point_by_page(team: Team, browse: Browse) -> None:
    team.jump_to(State.TRANSITION)
    point = team.case.hold_points.all()[0]
    client, url = browse(team.people["quality"]), at(team, f"hold-points/{point.public_id}/")
    answer = client.post(url, {"verdict": "pass", "note": ""})
    assert answer.status_code == 422
    assert "This hold point is due on" in answer.content.decode()
    with clock.at(point.due):
        assert client.post(url, {"verdict": ""}).status_code == 422
        assert client.post(url, {"verdict": "pass", "note": "good"}).status_code == 302
    point.refresh_from_db()
    assert point.verdict == "pass"


def test_an_interim_by_page(team: Team, browse: Browse) -> None:
    team.jump_to(State.APPROVAL)
    until = (clock.business_day() + dt.timedelta(days=5)).isoformat()
    body = {"quantity": "50", "until": until, "note": "line stop", "expected": team.case.version}
    lead = browse(team.people["engineering"])
    assert lead.post(at(team, "interim/"), body).status_code == 403
    quality = browse(team.people["quality"])
    assert quality.post(at(team, "interim/"), body | {"until": "2020-01-01"}).status_code == 422
    assert quality.post(at(team, "interim/"), body | {"note": ""}).status_code == 422
    assert quality.post(at(team, "interim/"), body).status_code == 302
    team.reload()
    assert (team.source.status, team.source.quantity_cap) == ("interim", Decimal(50))


def test_a_comment_by_page(team: Team, browse: Browse) -> None:
    url = at(team, "discussion/")
    assert browse(factories.person("viewer")).post(url, {"text": "hi"}).status_code == 403
    client = browse(factories.person("finance"))
    assert client.post(url, {"text": "  "}).status_code == 422
    assert client.post(url, {"text": "The price holds."}).status_code == 302
    assert Comment.objects.get().text == "The price holds."


def new_source() -> Any:
    of = factories.part(risk_class="high")
    factories.incumbent(of)
    return factories.alternate(of)


def test_a_case_is_opened_with_the_class_of_its_category(db: None, browse: Browse) -> None:
    source, who = new_source(), factories.person("engineer")
    url = f"/q/new/?source={source.public_id}"
    client = browse(who)
    assert '<option value="high" selected>' in client.get(url).content.decode()
    body = {"kind": "second_source", "risk_class": "high", "lead": who.pk, "summary": "x"}
    answer = client.post(url, body)
    case = Case.objects.get(source=source)
    assert (answer["Location"], case.lead) == (case.get_absolute_url(), who)


def test_an_alternate_is_chosen_first(db: None, browse: Browse) -> None:
    source, client = new_source(), browse(factories.person("engineer"))
    text = client.get("/q/new/", {"q": source.part.ipn}).content.decode()
    assert f"?source={source.public_id}" in text
    assert "No alternate matches" in client.get("/q/new/?q=nothing-such").content.decode()
    assert client.post("/q/new/", {}).status_code == 404


def test_a_late_product_is_explained(db: None, browse: Browse) -> None:
    source = new_source()
    factories.product("LATE-7", uses={source.part: 1}, phase="mass_production")
    client = browse(factories.person("engineer"))
    text = client.get(f"/q/new/?source={source.public_id}").content.decode()
    assert "LATE-7 is past design freeze." in text


def test_refused_openings(team: Team, browse: Browse) -> None:
    url = f"/q/new/?source={team.source.public_id}"
    body = {"kind": "second_source", "risk_class": "low", "lead": team.people["engineering"].pk}
    answer = browse(team.people["engineering"]).post(url, body)
    assert answer.status_code == 422
    assert f"{team.case.key} works on this source already." in answer.content.decode()
    assert browse(factories.person("viewer")).get(url).status_code == 403
    client = browse(team.people["quality"])
    assert client.get("/q/new/?source=no-uuid").status_code == 404
    assert client.post(url, body | {"sponsor": team.people["quality"].pk}).status_code == 422
