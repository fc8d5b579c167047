"""Steps and their evidence: when they are written, and when no more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qualification import services
from qualification.models import ChecklistItem
from qualification.models.cases import State
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Attachment, Event
from tests import factories
from tests.factories import Team, text_file
from tests.qualification.asking import refusal


@pytest.fixture
def step(team: Team) -> ChecklistItem:
    """The first step of the spec review, where the case stands; it asks for a file."""
    team.jump_to(State.SPEC_REVIEW)
    return team.case.checklist.filter(gate="spec_review").order_by("position")[0]


def test_evidence_is_hashed_and_told(team: Team, step: ChecklistItem) -> None:
    file = services.add_evidence(item=step, upload=text_file(content="abc"), actor=team["quality"])
    assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (file.name, file.size, file.uploaded_by) == ("evidence.txt", 3, team.people["quality"])
    event = Event.objects.get(action="qualification.evidence.added")
    assert event.data == {"gate": "spec_review", "sha256": file.sha256}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<script>", "type_not_allowed"),
        ("report.pdf", b"\x89PNG\r\n\x1a\n", "wrong_type"),
        ("empty.txt", b"", "empty"),
        ("tool.exe", b"MZ\x00", "type_not_allowed"),
    ],
)
def test_other_files_are_refused(
    team: Team, step: ChecklistItem, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(ValuesRefused) as caught:
        services.add_evidence(item=step, upload=SimpleUploadedFile(name, content), actor=team.lead)
    assert [(p.pointer, p.code) for p in caught.value.problems] == [("/file", code)]
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("gate", ["business_case", "fmea"])
def test_work_is_written_at_the_current_gate_only(
    team: Team, step: ChecklistItem, gate: str
) -> None:
    other = team.case.checklist.filter(gate=gate)[0]
    here = {"item": other, "actor": team.lead}
    assert refusal(services.add_evidence, upload=text_file(), **here) == ["not_at_this_gate"]
    assert refusal(services.set_item, done=False, **here) == ["not_at_this_gate"]


def test_a_held_case_takes_no_work(team: Team, step: ChecklistItem) -> None:
    team.fire("hold", note="why")
    assert refusal(services.set_item, item=step, done=True, actor=team.lead) == ["not_at_this_gate"]


@pytest.mark.parametrize("role", ["viewer", "finance", "executive", "admin"])
def test_only_case_workers_write(team: Team, step: ChecklistItem, role: str) -> None:
    who = factories.actor(role)
    assert refusal(services.set_item, item=step, done=True, actor=who) == ["not_permitted"]
    assert refusal(services.add_evidence, item=step, upload=text_file(), actor=who) == [
        "not_permitted"
    ]
    assert refusal(services.add_item, case=team.case, gate="fmea", text="x", actor=who) == [
        "not_permitted"
    ]
    assert refusal(services.change_item, item=step, values={"note": "x"}, actor=who) == [
        "not_permitted"
    ]


def test_evidence_of_an_unsigned_gate_can_be_removed(team: Team, step: ChecklistItem) -> None:
    file = services.add_evidence(item=step, upload=text_file(), actor=team.lead)
    services.remove_evidence(item=step, attachment=file, actor=team.lead, reason="wrong lot")
    file.refresh_from_db()
    assert file.removed_at is not None
    assert file.removed_reason == "wrong lot"
    assert file.file.storage.exists(file.file.name)


def test_signed_evidence_stays(team: Team, step: ChecklistItem) -> None:
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    file = Attachment.objects.filter(subject_id=step.pk).get()
    found = refusal(
        services.remove_evidence, item=step, attachment=file, actor=team.lead, reason="x"
    )
    assert found == ["signed"]


def test_a_step_is_added_behind_the_last_of_a_gate_ahead(team: Team, step: ChecklistItem) -> None:
    item = services.add_item(
        case=team.case, gate="fmea", text="  rate the oscillator ", actor=team.lead,
        evidence_required=True, owner=team.people["quality"], due_date=dt.date(2030, 1, 2),
    )  # fmt: skip
    last = team.case.checklist.filter(gate="fmea").order_by("-position")[0]
    assert (last, item.text, item.evidence_required) == (item, "rate the oscillator", True)
    assert (item.owner, item.due_date) == (team.people["quality"], dt.date(2030, 1, 2))


@pytest.mark.parametrize("gate", ["business_case", "closed", "nowhere"])
def test_no_step_is_added_to_a_passed_gate(team: Team, step: ChecklistItem, gate: str) -> None:
    with pytest.raises(ValuesRefused) as caught:
        services.add_item(case=team.case, gate=gate, text="x", actor=team.lead)
    assert [p.code for p in caught.value.problems] == ["gate_passed"]


def test_an_empty_step_is_refused(team: Team, step: ChecklistItem) -> None:
    with pytest.raises(ValuesRefused) as caught:
        services.add_item(case=team.case, gate="fmea", text="  ", actor=team.lead)
    assert [p.pointer for p in caught.value.problems] == ["/text"]


def test_a_step_gets_owner_day_and_note(team: Team, step: ChecklistItem) -> None:
    values = {"owner": team.people["quality"], "due_date": dt.date(2030, 1, 2), "note": "lot 7"}
    services.change_item(item=step, values=values, actor=team.lead, expected=step.version)
    step.refresh_from_db()
    assert {name: getattr(step, name) for name in values} == values
    assert step.version == 2


def test_a_step_of_a_passed_gate_is_not_changed(team: Team, step: ChecklistItem) -> None:
    passed = team.case.checklist.filter(gate="business_case")[0]
    found = refusal(services.change_item, item=passed, values={"note": "x"}, actor=team.lead)
    assert found == ["gate_passed"]


def test_a_step_is_not_given_to_somebody_who_left(team: Team, step: ChecklistItem) -> None:
    gone = factories.person("quality", is_active=False)
    with pytest.raises(ValuesRefused) as caught:
        services.change_item(item=step, values={"owner": gone}, actor=team.lead)
    assert [p.pointer for p in caught.value.problems] == ["/owner"]


def test_who_saw_another_version_of_a_step_is_refused(team: Team, step: ChecklistItem) -> None:
    services.change_item(item=step, values={"note": "first"}, actor=team.lead)
    found = refusal(
        services.change_item, item=step, values={"note": "second"}, actor=team.lead, expected=1
    )
    assert found == ["stale"]
    step.refresh_from_db()
    assert step.note == "first"
