"""A signature is given on a version of the case, which each change of its gate's work raises."""

from __future__ import annotations

from typing import Any

import pytest

from parts.signals import specification_changed
from qualification import services
from qualification.models import SignOff
from qualification.models.cases import State
from tests.factories import Team, text_file
from tests.qualification.asking import refusal


@pytest.fixture
def ready(team: Team) -> Team:
    """At the spec review, its steps done."""
    team.jump_to(State.SPEC_REVIEW)
    team.do_items()
    team.reload()
    return team


def add_file(team: Team) -> None:
    """A file that nobody saw who opened the form before."""
    item = team.case.checklist.filter(gate=team.case.state).first()
    services.add_evidence(item=item, upload=text_file("late.txt"), actor=team.lead)


def test_all_functions_sign_the_same_version(ready: Team) -> None:
    seen = ready.case.version
    for function in ("engineering", "quality"):
        services.sign(case=ready.case, function=function, actor=ready[function], expected=seen)
    given = SignOff.objects.filter(case=ready.case, gate="spec_review")
    assert list(given.values_list("case_version", flat=True)) == [seen, seen]


@pytest.mark.parametrize("change", ["evidence", "tick", "note", "step"])
def test_a_change_of_the_work_raises_the_version(ready: Team, change: str) -> None:
    seen, item = ready.case.version, ready.case.checklist.filter(gate="spec_review").first()
    if change == "evidence":
        add_file(ready)
    elif change == "tick":
        services.set_item(item=item, done=False, actor=ready.lead)
        services.set_item(item=item, done=True, actor=ready.lead)
    elif change == "note":
        services.change_item(item=item, values={"note": "again"}, actor=ready.lead)
    else:
        services.add_item(case=ready.case, gate="spec_review", text="More", actor=ready.lead)
    assert ready.reload().version > seen
    found = refusal(
        services.sign, case=ready.case, function="quality", actor=ready["quality"], expected=seen
    )
    assert found == ["stale"]
    assert not SignOff.objects.filter(case=ready.case, gate="spec_review").exists()


def test_work_of_a_later_gate_leaves_the_version(ready: Team) -> None:
    seen = ready.case.version
    services.add_item(case=ready.case, gate="approval", text="More", actor=ready.lead)
    assert ready.reload().version == seen


def test_the_form_says_what_was_changed_since_it_was_opened(ready: Team, browse: Any) -> None:
    client = browse(ready.people["quality"])
    url = f"{ready.case.get_absolute_url()}sign/quality/"
    assert f"version {ready.case.version}, for" in " ".join(
        client.get(url).content.decode().split()
    )
    seen = ready.case.version
    add_file(ready)
    answer = client.post(url, {"expected": seen, "note": "mine"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The file “late.txt” was added" in text
    assert "mine" in text
    assert not SignOff.objects.filter(case=ready.case, gate="spec_review").exists()


def test_the_api_refuses_a_signature_on_an_older_version(ready: Team, api: Any) -> None:
    signer, url = api(user=ready.people["quality"]), f"/cases/{ready.case.key}/sign-offs/"
    seen = ready.case.version
    add_file(ready)
    refused = signer.post(url, {"function": "quality", "expected": seen})
    assert refused.status_code == 409
    refused = signer.post(url, {"function": "quality"}, If_Match=f'"{seen}"')
    assert refused.status_code == 412
    assert not SignOff.objects.filter(case=ready.case, gate="spec_review").exists()
    now = ready.reload().version
    given = signer.post(url, {"function": "quality", "expected": now})
    assert (given.status_code, given.json()["case_version"]) == (201, now)
    assert given.json()["work_versions"] == {}


def test_a_changed_datasheet_raises_the_version(ready: Team) -> None:
    seen = ready.case.version
    specification_changed.send(
        sender=None, part_ids={ready.case.part_id}, actor=ready.lead, why="the datasheet"
    )
    assert ready.reload().version == seen + 1


def test_the_page_shows_the_version_that_was_signed(ready: Team, browse: Any) -> None:
    services.sign(case=ready.case, function="quality", actor=ready["quality"])
    text = browse(ready.people["engineering"]).get(ready.case.get_absolute_url()).content.decode()
    assert f"on version {ready.case.version}" in " ".join(text.split())
