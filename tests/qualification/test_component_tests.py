"""Component tests of a case: proposed, added, shown by data, waived, removed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification import linked_work, services, work_files
from qualification.differences import what_is_new
from qualification.models import ComponentTest
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event, PolicyVersion
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, ManufacturerPartSite, Source
from tests import factories
from tests.component_work import passing_data
from tests.factories import JOB, Team, text_file
from tests.qualification.asking import refusal


def propose(team: Team, *changes: str, **more: Any) -> list[str]:
    values = {"standard": "jesd47", "actor": team.lead} | more
    services.propose_tests(case=team.case, changes=changes, **values)
    return list(team.case.component_tests.values_list("code", flat=True))


def record(team: Team, code: str, **values: Any) -> ComponentTest:
    test = team.case.component_tests.get(code=code)
    return services.record_result(test=test, values=passing_data(test, **values), actor=team.lead)


def problems(call: Any, **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        call(**values)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def missing(team: Team) -> list[str]:
    return [reason.code for reason in linked_work.missing(team.case, "component_tests")]


def test_what_is_new_lists_the_tests_of_the_standard(team: Team) -> None:
    assert propose(team, "die") == ["HTOL", "ELFR", "LTOL", "HBM", "CDM", "LU"]
    htol = team.case.component_tests.get(code="HTOL")
    assert (htol.standard, htol.revision, htol.sample_size, htol.lots) == ("JESD47", "K", 77, 3)
    assert Event.objects.get(action="qualification.tests.proposed").data["changes"] == ["die"]


def test_another_standard_replaces_sizes_and_removes_what_has_no_data(team: Team) -> None:
    propose(team, "die")
    record(team, "LTOL")
    assert set(propose(team, "die", standard="aec_q100")) == {
        "HTOL", "ELFR", "LTOL", "HBM", "CDM", "LU",
    }  # fmt: skip
    assert team.case.component_tests.get(code="LU").sample_size == 6


def test_a_hand_added_test_stays_when_others_are_proposed(team: Team) -> None:
    services.add_test(
        case=team.case, code="sam", name="Acoustic microscopy", standard="J-STD-035",
        reason="Delamination at the incumbent.", actor=team.lead,
    )  # fmt: skip
    assert propose(team, "lead_finish") == ["SAM", "SD", "WHISKER"]
    event = Event.objects.get(action="qualification.test.added")
    assert event.note == "SAM Acoustic microscopy: Delamination at the incumbent."


def test_a_code_is_listed_once(team: Team) -> None:
    propose(team, "lead_finish")
    values = {"case": team.case, "name": "x", "standard": "x", "reason": "x", "actor": team.lead}
    assert refusal(services.add_test, code="sd", **values) == ["duplicate"]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"changes": []}, "/changes"),
        ({"changes": ["colour"]}, "/changes"),
        ({"changes": ["die"], "standard": "iso"}, "/standard"),
        ({"changes": ["die"], "features": ["gold"]}, "/features"),
    ],
)
def test_unknown_words_propose_nothing(team: Team, values: dict[str, Any], pointer: str) -> None:
    values = {"standard": "jesd47"} | values
    found = problems(services.propose_tests, case=team.case, actor=team.lead, **values)
    assert [where for where, _ in found] == [pointer]
    assert not team.case.component_tests.exists()


def test_data_are_whole_or_refused_with_every_reason(team: Team) -> None:
    propose(team, "die")
    test = team.case.component_tests.get(code="HTOL")
    call = {"call": services.record_result, "test": test, "actor": team.lead}
    assert problems(**call, values={}) == [
        ("/origin", "required"), ("/data_date", "required"), ("/lots_tested", "required"),
        ("/units_tested", "required"), ("/failures", "required"),
    ]  # fmt: skip
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    wrong = passing_data(test, origin="generic", data_date=tomorrow, units_tested=2, failures=3)
    assert problems(**call, values=wrong) == [
        ("/failures", "too_many"), ("/lots_tested", "too_many"), ("/data_date", "in_future"),
        ("/family", "required"),
    ]  # fmt: skip
    assert ComponentTest.objects.get(pk=test.pk).origin == ""


def test_the_step_lists_what_is_missing_and_is_met_with_the_last_data(team: Team) -> None:
    step = team.case.checklist.get(link="component_tests")
    assert missing(team) == ["no_component_tests"]
    propose(team, "die")
    assert missing(team) == ["test_no_data"]
    record(team, "HTOL", failures=1)
    record(team, "LU", units_tested=1)
    record(team, "ELFR", origin="generic", family="CMOS 180", data_date=dt.date(2010, 1, 1))
    assert missing(team) == ["test_no_data", "test_fail", "test_too_old", "test_not_enough"]
    for test in team.case.component_tests.all():
        record(team, test.code)
    assert missing(team) == []
    step.refresh_from_db()
    assert step.met_at is not None
    record(team, "HTOL", failures=1)
    step.refresh_from_db()
    assert step.met_at is None


def test_the_house_rule_says_how_old_generic_data_may_be(team: Team) -> None:
    propose(team, "lead_finish")
    day = clock.business_day() - dt.timedelta(days=400)
    record(team, "SD")
    record(team, "WHISKER", origin="generic", family="Matte tin", data_date=day)
    assert missing(team) == []
    PolicyVersion.objects.create(
        name="component_tests", number=1, values={"generic_months": 12}, state="active"
    )
    assert missing(team) == ["test_too_old"]


def test_low_risk_needs_no_component_tests(db: None) -> None:
    of = factories.part(risk_class="low")
    factories.incumbent(of)
    low = Team(factories.alternate(of))
    assert not low.case.checklist.filter(link="component_tests").exists()


def test_the_gate_is_not_passed_with_a_failed_test(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.do_items()
    record(team, "SD", failures=1)
    assert refusal(services.sign, case=team.case, function="quality", actor=team["quality"]) == [
        "work_open"
    ]


def test_new_data_void_the_signatures_of_the_gate(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    record(team, "SD", units_tested=20)
    assert team.case.sign_offs.get(gate="pilot_build").void_reason == "the data of SD were changed"


def test_an_engineer_waives_with_a_reason_and_new_data_end_the_waiver(team: Team) -> None:
    propose(team, "lead_finish")
    record(team, "SD")
    test = team.case.component_tests.get(code="WHISKER")
    assert problems(services.waive_test, test=test, actor=team.lead, reason=" ") == [
        ("/reason", "required")
    ]
    services.waive_test(test=test, actor=team.lead, reason="Same finish as the incumbent.")
    test.refresh_from_db()
    assert (test.waived_by, missing(team)) == (team.people["engineering"], [])
    assert refusal(services.waive_test, test=test, actor=team.lead, reason="x") == [
        "nothing_to_waive"
    ]
    assert record(team, "WHISKER", failures=2).waived_by is None
    assert missing(team) == ["test_fail"]


def test_only_quality_waives_a_failed_test(team: Team) -> None:
    propose(team, "lead_finish")
    test = record(team, "SD", failures=1)
    assert refusal(services.waive_test, test=test, actor=team.lead, reason="x") == ["not_permitted"]
    services.waive_test(test=test, actor=team["quality"], reason="Lead bent in the lab.")
    assert ComponentTest.objects.get(pk=test.pk).waived_by == team.people["quality"]


@pytest.mark.parametrize("who", ["procurement", "sponsor"])
def test_nobody_else_of_the_team_waives(team: Team, who: str) -> None:
    propose(team, "lead_finish")
    test = team.case.component_tests.get(code="SD")
    assert refusal(services.waive_test, test=test, actor=team[who], reason="x") == ["not_permitted"]


def test_an_engineer_outside_the_team_does_not_waive(team: Team) -> None:
    propose(team, "lead_finish")
    test = team.case.component_tests.get(code="SD")
    stranger = factories.actor("engineer")
    assert refusal(services.waive_test, test=test, actor=stranger, reason="x") == ["not_permitted"]


def test_a_test_without_data_is_removed_with_a_reason(team: Team) -> None:
    propose(team, "lead_finish")
    test = team.case.component_tests.get(code="SD")
    services.remove_test(test=test, actor=team.lead, reason="Not soldered.")
    assert list(team.case.component_tests.values_list("code", flat=True)) == ["WHISKER"]
    assert Event.objects.get(action="qualification.test.removed").note.endswith("Not soldered.")
    assert refusal(services.remove_test, test=test, actor=team.lead, reason="x") == ["test_removed"]


def test_a_test_with_data_or_files_is_not_removed(team: Team) -> None:
    propose(team, "lead_finish")
    test = record(team, "SD")
    remove = {"call": services.remove_test, "actor": team.lead, "reason": "x"}
    assert refusal(**remove, test=test) == ["test_has_data"]
    other = team.case.component_tests.get(code="WHISKER")
    services.add_work_file(
        kind=work_files.kind("component-tests"), row=other, upload=text_file(), actor=team.lead
    )
    assert refusal(**remove, test=other) == ["test_has_data"]


@pytest.mark.parametrize("state", ["approval", "on_hold", "withdrawn"])
def test_tests_are_written_up_to_their_gate(team: Team, state: str) -> None:
    propose(team, "lead_finish")
    code = {"approval": "gate_passed", "on_hold": "on_hold", "withdrawn": "case_over"}[state]
    if state == "approval":
        team.jump_to(State.APPROVAL)
    else:
        team.fire("submit")
        team.fire("hold" if state == "on_hold" else "withdraw", note="why")
    test = team.case.component_tests.get(code="SD")
    values = passing_data(test)
    assert refusal(services.record_result, test=test, values=values, actor=team.lead) == [code]


@pytest.mark.parametrize("role", ["viewer", "finance", "executive", "admin"])
def test_only_case_workers_write_tests(team: Team, role: str) -> None:
    propose(team, "lead_finish")
    test, who = team.case.component_tests.get(code="SD"), factories.actor(role)
    values = passing_data(test)
    assert refusal(services.record_result, test=test, values=values, actor=who) == ["not_permitted"]
    assert refusal(
        services.propose_tests, case=team.case, standard="jesd47", changes=["die"], actor=who
    ) == ["not_permitted"]


def test_an_old_version_is_stale(team: Team) -> None:
    propose(team, "lead_finish")
    test = record(team, "SD")
    values = passing_data(test)
    assert refusal(
        services.record_result, test=test, values=values, actor=team.lead, expected=1
    ) == ["stale"]


def test_what_is_known_to_be_the_same_is_not_new(team: Team) -> None:
    assert what_is_new(team.case) == ["die", "fab", "package", "assembly"]
    candidate = team.source.manufacturer_part
    used = Source.objects.get(part=team.case.part, role="incumbent").manufacturer_part
    ManufacturerPart.objects.filter(pk__in=[candidate.pk, used.pk]).update(die="D7")
    for activity, parts in (("fab", [candidate, used]), ("assembly", [candidate])):
        site = sourcing.add_site(
            supplier=candidate.manufacturer, name=activity, activity=activity, country="DE",
            actor=JOB,
        )  # fmt: skip
        for one in parts:
            ManufacturerPartSite.objects.create(manufacturer_part=one, site=site)
    case = type(team.case).objects.get(pk=team.case.pk)
    assert what_is_new(case) == ["package", "assembly"]
