"""Samples and incoming inspections of a case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification import linked_work, services
from qualification.inspection_work import next_lot
from qualification.models import InspectionLot, Sample
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event, PolicyVersion
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal


def inspect(team: Team, lot: str, defects: int = 0, **values: Any) -> InspectionLot:
    """A lot of 100 units: 13 on normal inspection, 20 on tightened, none allowed."""
    values = {"size": 100, "inspected": 20} | values
    return services.record_inspection(
        case=team.case, lot=lot, defects=defects, actor=team.lead, **values
    )


def receive(team: Team, lot: str, **values: Any) -> Sample:
    values = {"quantity": 100, "received_on": clock.business_day(), "purpose": "pilot"} | values
    return services.receive_sample(case=team.case, lot=lot, actor=team.lead, **values)


def problems(call: Any, *args: Any, **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        call(*args, **values)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def missing(team: Team) -> list[str]:
    return [reason.code for reason in linked_work.missing(team.case, "inspections")]


def test_a_lot_is_judged_by_the_plan_of_its_size(team: Team) -> None:
    row = inspect(team, "A1", defects=2, size=1000, inspected=80)
    assert (row.level, row.sample_size, row.accept_number, row.result) == (
        "normal", 80, 2, "accepted",
    )  # fmt: skip
    assert inspect(team, "A2", defects=3, size=1000, inspected=80).result == "rejected"
    event = Event.objects.filter(action="qualification.lot.inspected").latest("pk")
    assert event.note == "lot A2 rejected: 3 of 80 defective"


def test_too_few_inspected_names_the_plan(team: Team) -> None:
    with pytest.raises(ValuesRefused) as caught:
        inspect(team, "A1", size=1000, inspected=79)
    problem = caught.value.problems[0]
    assert (problem.pointer, problem.code) == ("/inspected", "too_few")
    assert problem.detail == "80 units of a lot of 1,000 are inspected at normal level."
    assert not InspectionLot.objects.exists()


def test_every_wrong_value_is_named(team: Team) -> None:
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    wrong = {"size": 5, "inspected": 6, "inspected_on": tomorrow, "resubmitted": True}
    assert problems(inspect, team, " ", defects=7, **wrong) == [
        ("/lot", "required"), ("/inspected", "too_many"), ("/defects", "too_many"),
        ("/inspected_on", "in_future"), ("/resubmitted", "not_rejected"),
    ]  # fmt: skip


def test_a_lot_is_inspected_once_and_again_when_resubmitted(team: Team) -> None:
    inspect(team, "A1", defects=1)
    assert problems(inspect, team, "A1") == [("/lot", "inspected")]
    again = inspect(team, "A1", resubmitted=True)
    assert (again.resubmitted, again.result) == (True, "accepted")


def test_two_rejected_lots_tighten_and_five_accepted_relax(team: Team) -> None:
    levels = [inspect(team, f"L{n}", defects=int(n < 2)).level for n in range(8)]
    assert levels == ["normal"] * 2 + ["tightened"] * 5 + ["normal"]


def test_resubmitted_and_void_lots_do_not_switch(team: Team) -> None:
    first = inspect(team, "A1", defects=1)
    inspect(team, "A1", defects=1, resubmitted=True)
    assert next_lot(team.case).level == "normal"
    inspect(team, "A2", defects=1)
    assert next_lot(team.case).level == "tightened"
    services.void_inspection(lot=first, actor=team.lead, reason="Wrong lot number.")
    assert next_lot(team.case).level == "normal"


def test_inspection_stops_and_begins_again_with_what_was_improved(team: Team) -> None:
    for n in range(7):
        inspect(team, f"L{n}", defects=1)
    assert next_lot(team.case).switching.discontinued
    assert "inspection_stopped" in missing(team)
    assert problems(inspect, team, "NEW") == [("/note", "required")]
    assert inspect(team, "NEW", note="New mould, 8D closed.").level == "tightened"
    assert "inspection_stopped" not in missing(team)


def test_a_manufacturer_on_probation_is_always_tightened(team: Team) -> None:
    factories.standing(team.source.manufacturer_part.manufacturer, "probation")
    team.reload()
    assert inspect(team, "A1").level == "tightened"


def test_the_house_rule_sets_the_limit(team: Team) -> None:
    PolicyVersion.objects.create(
        name="inspection", number=1, values={"aql": "0.65"}, state="active"
    )
    row = inspect(team, "A1", size=1000, inspected=80)
    assert (row.aql, row.accept_number) == ("0.65", 1)


def test_the_step_is_met_by_an_accepted_pilot_lot(team: Team) -> None:
    step = team.case.checklist.get(link="inspections")
    assert missing(team) == ["no_lot_accepted"]
    receive(team, "P1")
    inspect(team, "OTHER")
    assert missing(team) == ["lot_not_inspected"]
    inspect(team, "P1")
    assert missing(team) == []
    step.refresh_from_db()
    assert step.met_at is not None


def test_a_failed_lot_keeps_the_step_open_until_quality_decides(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.do_items()
    lot = inspect(team, "BAD", defects=4)
    assert missing(team) == ["lot_rejected"]
    assert refusal(services.sign, case=team.case, function="quality", actor=team["quality"]) == [
        "work_open"
    ]
    assert refusal(
        services.decide_lot, lot=lot, decision="returned", reason="x", actor=team.lead
    ) == ["not_permitted"]
    services.decide_lot(lot=lot, decision="returned", reason="Bent leads.", actor=team["quality"])
    assert missing(team) == []


def test_a_lot_used_by_concession_is_good_enough(team: Team) -> None:
    lot = inspect(team, "BAD", defects=1)
    decide = {"call": services.decide_lot, "lot": lot, "actor": team["quality"]}
    assert problems(**decide, decision="burnt", reason="") == [
        ("/decision", "unknown"), ("/reason", "required"),
    ]  # fmt: skip
    services.decide_lot(
        lot=lot, decision="concession", reason="Marking only.", actor=team["quality"]
    )
    assert missing(team) == []
    assert refusal(**decide, decision="returned", reason="x") == ["lot_decided"]
    good = inspect(team, "GOOD")
    assert refusal(
        services.decide_lot, lot=good, decision="returned", reason="x", actor=team["quality"]
    ) == ["lot_accepted"]


def test_a_void_inspection_counts_no_more_and_stays(team: Team) -> None:
    lot = inspect(team, "A1")
    services.void_inspection(lot=lot, actor=team.lead, reason="Typed for another case.")
    assert missing(team) == ["no_lot_accepted"]
    assert refusal(services.void_inspection, lot=lot, actor=team.lead, reason="x") == ["lot_voided"]
    assert InspectionLot.objects.get().void_reason == "Typed for another case."
    assert inspect(team, "A1").result == "accepted"


def test_another_lot_voids_the_signatures_of_the_gate(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    inspect(team, "A9")
    assert team.case.sign_offs.get(gate="pilot_build").void_reason == "lot A9 was inspected"


def test_a_sample_is_recorded_changed_and_removed(team: Team) -> None:
    sample = receive(team, "P1", date_code="2634", certificate="CoC 77")
    assert Event.objects.get(action="qualification.sample.received").note == (
        "100 of lot P1 for pilot build"
    )
    change = {"call": services.change_sample, "sample": sample, "actor": team.lead}
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    assert problems(**change, values={"quantity": 0, "received_on": tomorrow}) == [
        ("/quantity", "not_positive"), ("/received_on", "in_future"),
    ]  # fmt: skip
    services.change_sample(sample=sample, values={"quantity": 90}, actor=team.lead)
    assert refusal(**change, values={"quantity": 80}, expected=1) == ["stale"]
    services.remove_sample(sample=sample, actor=team.lead, reason="Twice.")
    assert not Sample.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "finance", "executive"])
def test_only_case_workers_inspect(team: Team, role: str) -> None:
    who = factories.actor(role)
    values = {"case": team.case, "lot": "A1", "actor": who}
    assert refusal(services.record_inspection, size=10, inspected=10, defects=0, **values) == [
        "not_permitted"
    ]
    today = clock.business_day()
    assert refusal(
        services.receive_sample, quantity=1, received_on=today, purpose="pilot", **values
    ) == ["not_permitted"]


def test_a_passed_gate_takes_no_lot(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    assert refusal(inspect, team, "A1") == ["gate_passed"]
