"""The gate FMEA is judged by its rows; a change of the world reopens a passed FMEA."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parts import services as catalogue
from qualification import services
from qualification.guards import checklist_is_done
from qualification.models import Case, ChecklistItem, Fmea, FmeaRow, FmeaVersion, SignOff
from qualification.models.cases import State
from qualification.next_move import unmet, with_work
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused, ValuesRefused
from secondsource.core.workflow import Move
from suppliers import services as sourcing
from tests import factories
from tests.factories import JOB, Team
from tests.fmea_work import LOW, complete, finish_fmea, fmea_row

pytestmark = pytest.mark.django_db


def against(team: Team) -> list[str]:
    """What the step of the FMEA says against passing."""
    step = ChecklistItem.objects.get(case=team.case, link="fmea")
    reasons = checklist_is_done(team.reload(), Move(Actor()))
    return [reason.detail for reason in reasons if reason.about == str(step.pk)]


def test_the_gate_names_what_is_missing_by_row(team: Team) -> None:
    team.jump_to(State.FMEA)
    assert against(team) == ["The FMEA has no failure modes."]
    fmea_row(team)
    fmea_row(team, failure_mode="Drift", occurrence=None, severity=None)
    fmea_row(team, **LOW)
    assert against(team) == [
        "Row 1, “Boot hangs” is open at AP-High.",
        "Row 2, “Drift”: severity and occurrence are missing.",
    ]
    item = ChecklistItem.objects.get(case=team.case, link="fmea")
    with pytest.raises(RuleRefused, match="is not ticked"):
        services.set_item(item=item, done=True, actor=team.lead)


def test_an_open_high_stops_signature_and_move(team: Team) -> None:
    team.jump_to(State.FMEA)
    row = fmea_row(team)
    for item in team.case.checklist.filter(gate="fmea", link=""):
        services.set_item(item=item, done=True, actor=team.lead)
    with pytest.raises(RuleRefused, match="is open at AP-High"):
        services.sign(case=team.case, function="quality", actor=team["quality"])
    with pytest.raises(RuleRefused, match="is open at AP-High"):
        team.fire("pass")
    complete(team, row)
    team.sign()
    assert team.fire("pass").state == State.PILOT_BUILD


def test_an_accepted_high_lets_the_gate_pass(team: Team) -> None:
    team.jump_to(State.FMEA)
    row = fmea_row(team)
    services.accept_row(row=row, reason="One fab only", actor=team["quality"])
    assert against(team) == []
    assert team.pass_gate().state == State.PILOT_BUILD


def test_passing_the_gate_freezes_a_version(team: Team) -> None:
    team.jump_to(State.FMEA)
    row = fmea_row(team)
    complete(team, row)
    team.pass_gate()
    version = FmeaVersion.objects.get()
    assert (version.number, version.actor_id) == (1, team.people["engineering"].pk)
    [frozen] = version.rows
    assert (frozen["failure_mode"], frozen["action_priority"], frozen["priority_now"]) == (
        "Boot hangs", "H", "L",
    )  # fmt: skip
    assert frozen["actions"][0]["evidence"]["name"] == "soak.txt"
    assert Fmea.objects.get().status == "passed"


@pytest.fixture
def passed(team: Team) -> Team:
    """A case at the pilot build, with its FMEA passed and signed."""
    team.jump_to(State.FMEA)
    team.pass_gate()
    return team


def _new_site(team: Team) -> None:
    part = team.source.manufacturer_part
    site = sourcing.add_site(
        supplier=part.manufacturer, name="Fab 2", activity="fab", country="DE", actor=JOB
    )
    sourcing.set_sites(manufacturer_part=part, sites=[site], actor=JOB)


def _moved_site(team: Team) -> None:
    _new_site(team)
    Fmea.objects.update(status="passed")
    site = team.source.manufacturer_part.part_sites.get().site
    sourcing.change_site(site=site, values={"country": "FR"}, actor=JOB)


def _datasheet(team: Team) -> None:
    line = {"name": "Voltage", "maximum": 5, "unit": "V"}
    part = team.source.manufacturer_part
    sourcing.set_parameters(manufacturer_part=part, parameters=[line], actor=JOB)


def _phase_out(team: Team) -> None:
    sourcing.assess_supplier(
        supplier=team.source.manufacturer_part.manufacturer, standing="phase_out",
        reason="leaves the market", actor=factories.actor("quality"),
    )  # fmt: skip


@pytest.mark.parametrize("change", [_new_site, _moved_site, _datasheet, _phase_out])
def test_a_change_reopens_a_passed_fmea(passed: Team, change: Callable[[Team], None]) -> None:
    change(passed)
    sheet = Fmea.objects.get()
    assert (sheet.status, bool(sheet.reopened_reason)) == ("reopened", True)
    assert not SignOff.objects.filter(gate="fmea", voided_at=None).exists()
    assert ChecklistItem.objects.get(case=passed.case, link="fmea").met_at is None
    assert [detail.split(" on ")[0] for detail in against(passed)] == ["The FMEA was reopened"]


def test_a_reopened_fmea_stops_the_next_gate_in_lists_too(passed: Team) -> None:
    _new_site(passed)
    listed = with_work(Case.objects.filter(pk=passed.case.pk)).get()
    assert any("Rate the failure modes" in reason.detail for reason in unmet(listed))
    assert Case.objects.blocked().filter(pk=passed.case.pk).exists()


def test_a_review_makes_the_next_version_and_frees_the_gate(passed: Team) -> None:
    _new_site(passed)
    row = fmea_row(passed)
    with pytest.raises(RuleRefused, match="is open at AP-High"):
        services.review_fmea(case=passed.case, note="Seen", actor=passed["quality"])
    services.accept_row(row=row, reason="Same process", actor=passed["quality"])
    services.review_fmea(case=passed.case, note="Same process", actor=passed["quality"])
    assert Fmea.objects.get().status == "passed"
    assert [len(version.rows) for version in FmeaVersion.objects.all()] == [1, 2]
    assert against(passed) == []
    with pytest.raises(RuleRefused, match="has passed FMEA"):
        services.change_row(row=row, values={"severity": 9}, actor=passed.lead)


def test_a_person_reopens_it_for_a_notice(passed: Team) -> None:
    services.reopen_fmea(
        case=passed.case, cause="notice", reference="PCN-7", why="New passivation",
        actor=passed.lead,
    )  # fmt: skip
    sheet = Fmea.objects.get()
    told = ("reopened", "change notice PCN-7: New passivation")
    assert (sheet.status, sheet.reopened_reason) == told
    assert not SignOff.objects.filter(gate="fmea", voided_at=None).exists()


def test_only_a_passed_fmea_is_reopened(team: Team) -> None:
    fmea_row(team, **LOW)
    with pytest.raises(RuleRefused, match="has not passed its gate"):
        services.reopen_fmea(
            case=team.case, cause="notice", reference="PCN-7", why="New", actor=team.lead
        )
    assert Fmea.objects.get().status == "open"


def test_a_reopening_names_the_document_and_the_change(passed: Team) -> None:
    with pytest.raises(ValuesRefused) as refused:
        services.reopen_fmea(
            case=passed.case, cause="nonconformance", reference=" ", why="", actor=passed.lead
        )
    assert [one.pointer for one in refused.value.problems] == ["/reference", "/why"]
    assert Fmea.objects.get().status == "passed"


def test_a_review_needs_a_reopened_fmea(team: Team) -> None:
    fmea_row(team, **LOW)
    with pytest.raises(RuleRefused, match="is not reopened"):
        services.review_fmea(case=team.case, note="Seen", actor=team["quality"])


def test_a_case_sent_back_before_the_gate_reviews_it_again(passed: Team) -> None:
    passed.fire("send_back", note="other package", data={"to": "spec_review"})
    sheet = Fmea.objects.get()
    assert (sheet.status, sheet.reopened_reason) == ("reopened", "sent back: other package")
    finish_fmea(passed)
    assert Fmea.objects.get().status == "open"
    passed.go_to(State.PILOT_BUILD)
    assert FmeaVersion.objects.count() == 2


def test_a_reopened_fmea_says_so_on_its_page(passed: Team, browse: Callable[[Any], Any]) -> None:
    _new_site(passed)
    client = browse(passed.people["quality"])
    page = f"/q/{passed.case.key}/fmea/"
    html = client.get(page).content.decode()
    assert ", reopened " in html
    assert "The sites of" in html or "the sites of" in html
    form = client.get(f"{page}review/").content.decode()
    assert "What the review found" in form
    client.post(f"{page}review/", {"note": "Same process", "expected": Fmea.objects.get().version})
    assert Fmea.objects.get().status == "passed"


def test_a_requirement_that_changes_reopens_too(passed: Team) -> None:
    catalogue.set_requirements(
        part=passed.source.part, actor=JOB,
        requirements=[{"parameter": "Voltage", "rule": "equal", "text": "5 V"}],
    )  # fmt: skip
    assert Fmea.objects.get().status == "reopened"
    assert FmeaRow.objects.exists()
