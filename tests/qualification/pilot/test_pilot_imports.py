"""Results and measurements by file: all of a file or nothing, refused rows by row and column."""

from __future__ import annotations

import pytest

from qualification import services as qualification
from qualification.models import Measurement, MeasurementBatch, PilotBuild, PilotDefect
from qualification.models.cases import State
from qualification.pilot_parameters import parameters_of
from qualification.pilot_verdicts import locked_plan, results_of
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedParameter,
    lock_pilot_plan,
)
from secondsource.core import clock
from secondsource.core.errors import RuleRefused
from secondsource.exchange import services
from secondsource.exchange.models import Import
from tests import case_work, factories
from tests.core.tabular.files import xlsx
from tests.exchange.bulk.files import problems, send, take
from tests.factories import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(team: Team) -> Team:
    """A case at its pilot build: KC-1 and KC-2 with 60 units each, one parameter."""
    products = [factories.product(f"KC-{n}", uses={team.source.part: 1}) for n in (1, 2)]
    team.jump_to(State.PILOT_BUILD)
    plan = case_work.draft_pilot(
        team,
        models=[PlannedModel(product=p, units=60, floor=case_work.FLOOR) for p in products],
        parameters=[PlannedParameter(name="Vout", unit="V", lower_limit=3.0, upper_limit=3.6)],
    )
    lock_pilot_plan(plan=plan, actor=team["quality"])
    return team


def results(*rows: str) -> str:
    day = clock.business_day().isoformat()
    head = "Product,Built on,Lot,Started,Good,Defect 1,Units with the defect 1"
    return "\n".join([head, *(row.replace("{day}", day) for row in rows), ""])


GOOD = results("KC-1,{day},L-1,50,48,lead skew,2", "KC-2,{day},L-1,40,40,,")


def test_results_are_added_with_their_defects(pilot: Team) -> None:
    done = take(GOOD, "pilot_results", pilot.lead)
    assert (done.state, done.result["created"]) == ("done", 2)
    plan = locked_plan(pilot.case)
    assert plan is not None
    found = results_of(plan)
    assert [(one.started, one.good) for one in found.models] == [(50, 48), (40, 40)]
    assert list(PilotDefect.objects.values_list("description", "count")) == [("lead skew", 2)]
    assert pilot.case.checklist.get(link="pilot_results").met_at is None


def test_a_file_sent_twice_adds_nothing(pilot: Team) -> None:
    take(GOOD, "pilot_results", pilot.lead)
    again = send(GOOD, "pilot_results", pilot.lead)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 2}
    with pytest.raises(RuleRefused):
        services.confirm(imported=again, actor=pilot.lead)
    assert PilotBuild.objects.count() == 2


def test_wrong_rows_are_named_and_nothing_is_written(pilot: Team) -> None:
    imported = send(
        results(
            "KC-1,{day},L-1,50,51,,", "KC-9,{day},L-1,5,5,,", "KC-1,2020-01-01,L-2,5,5,,",
            "KC-2,{day},L-1,61,61,,", "KC-1,{day},L-3,5,5,skew,1", "KC-2,{day},L-4,five,5,,",
        ),
        "pilot_results", pilot.lead,
    )  # fmt: skip
    assert set(problems(imported)) == {
        (2, "good", "above_started"), (3, "product", "unknown_product"),
        (4, "built_on", "before_plan"), (5, "started", "beyond_plan"),
        (6, "defect_units", "above_failed"), (7, "started", "no_number"),
    }  # fmt: skip
    with pytest.raises(RuleRefused):
        services.confirm(imported=imported, actor=pilot.lead)
    assert not PilotBuild.objects.exists()


def test_undo_writes_counter_entries(pilot: Team) -> None:
    done = take(GOOD, "pilot_results", pilot.lead)
    services.undo(imported=done, actor=pilot.lead)
    assert PilotBuild.objects.count() == 4
    assert not PilotBuild.objects.standing().exists()


def measured(*rows: str, key: str = "") -> str:
    return "\n".join(["Case,Parameter,Value,Source,Serial,Unit", *rows, ""]).replace("{case}", key)


def test_measurements_are_compared_by_parameter(pilot: Team) -> None:
    rows = [f"{{case}},Vout,3.3{n},alternate,A{n},V" for n in range(10)]
    rows += [f"{{case}},Vout,3.3{n},incumbent,I{n},V" for n in range(9)]
    done = take(measured(*rows, key=pilot.case.key), "measurements", pilot.lead)
    assert (done.state, done.result["created"]) == ("done", 19)
    plan = locked_plan(pilot.case)
    assert plan is not None
    (one,) = parameters_of(plan)
    assert (one.alternate, one.incumbent, one.difference) == (10, 9, pytest.approx(0.06))
    assert one.capability is not None
    assert one.capability.ppk is not None
    assert round(one.capability.mean, 3) == 3.345
    assert one.equivalence is not None
    assert one.equivalence.equivalent is True


def test_a_lot_that_was_built_names_the_case(pilot: Team) -> None:
    take(GOOD, "pilot_results", pilot.lead)
    text = "Parameter,Value,Source,Lot\nVout,3.31,alternate,L-1\n"
    assert take(text, "measurements", pilot.lead).result["created"] == 1


def test_text_in_numbers_and_strange_parameters_are_refused(pilot: Team) -> None:
    key = pilot.case.key
    text = measured(
        "{case},Vout,three,alternate,1,V", "{case},Iq,3.3,alternate,2,", "{case},Vout,3.3,both,3,V",
        "{case},Vout,3.3,alternate,4,mV", "SSQ-9999,Vout,3.3,alternate,5,V",
        "{case},Vout,3.3,alternate,6,V", key=key,
    )  # fmt: skip
    imported = send(text, "measurements", pilot.lead)
    assert problems(imported) == [
        (2, "value", "no_number"), (3, "parameter", "not_planned"), (4, "arm", "unknown_word"),
        (5, "unit", "other_unit"), (6, "case_key", "unknown_case"),
    ]  # fmt: skip
    assert "“three” is not a number." in str(imported.errors)
    with pytest.raises(RuleRefused):
        services.confirm(imported=imported, actor=pilot.lead)
    assert not Measurement.objects.exists()


def test_a_workbook_is_read_as_well(pilot: Team) -> None:
    rows = [["Case", "Parameter", "Value", "Source"], [pilot.case.key, "Vout", 3.31, "alternate"]]
    imported = send(xlsx({"log": rows}), "measurements", pilot.lead, name="log.xlsx")
    services.confirm(imported=imported, actor=pilot.lead)
    imported.refresh_from_db()
    assert imported.problem is None


def test_measurements_are_taken_back_by_a_mark(pilot: Team) -> None:
    text = measured("{case},Vout,3.3,alternate,1,V", key=pilot.case.key)
    done = take(text, "measurements", pilot.lead)
    services.undo(imported=done, actor=pilot.lead)
    assert MeasurementBatch.objects.get().taken_back_at is not None
    plan = locked_plan(pilot.case)
    assert plan is not None
    assert parameters_of(plan)[0].alternate == 0
    assert Measurement.objects.count() == 1


def test_a_case_that_is_not_at_its_pilot_takes_no_measurements(pilot: Team) -> None:
    text = measured("{case},Vout,3.3,alternate,1,V", key=pilot.case.key)
    pilot.fire("send_back", note="again", data={"to": "fmea"})
    assert problems(send(text, "measurements", pilot.lead)) == [(2, "case_key", "not_at_pilot")]


def warned(imported: Import) -> list[str]:
    return [one["detail"] for one in imported.warnings]


def test_a_lot_that_is_not_on_record_names_near_ones(pilot: Team) -> None:
    for lot in ("LOT-12", "XM-77"):
        qualification.receive_sample(
            case=pilot.case, lot=lot, quantity=100, received_on=clock.business_day(),
            purpose="pilot", actor=pilot.lead,
        )  # fmt: skip
    rows = ("KC-1,{day},LOT-12,5,5,,", "KC-1,{day},LOT-21,5,5,,", "KC-2,{day},Q9,5,5,,")
    imported = send(results(*rows), "pilot_results", pilot.lead)
    assert warned(imported) == [
        f"Lot LOT-21 is not on record for {pilot.case.key}. Did you mean LOT-12?",
        f"Lot Q9 is not on record for {pilot.case.key}.",
    ]
    assert imported.totals["good"] == 3


def test_lots_of_measurements_are_compared_with_those_built(pilot: Team) -> None:
    take(GOOD, "pilot_results", pilot.lead)
    key = pilot.case.key
    head = "Parameter,Value,Source,Case,Lot,Serial"
    rows = [f"Vout,3.3,alternate,{key},L-1,1", f"Vout,3.3,alternate,{key},l-1,2",
            f"Vout,3.3,incumbent,{key},OLD-7,3"]  # fmt: skip
    imported = send("\n".join([head, *rows, ""]), "measurements", pilot.lead)
    assert warned(imported) == [f"Lot l-1 is not on record for {key}. Did you mean L-1?"]


def test_without_a_lot_on_record_there_is_nothing_to_compare_with(pilot: Team) -> None:
    assert warned(send(GOOD, "pilot_results", pilot.lead)) == []


def test_a_build_on_record_is_not_added_again_with_other_counts(pilot: Team) -> None:
    take(results("KC-1,{day},L-1,50,40,,"), "pilot_results", pilot.lead)
    again = send(results("KC-1,{day},L-1,50,50,,"), "pilot_results", pilot.lead)
    assert set(problems(again)) == {(2, "lot", "on_record")}


def test_a_value_of_a_unit_counts_once(pilot: Team) -> None:
    text = measured(*(f"{{case}},Vout,3.3{n},alternate,A{n},V" for n in range(3)),
                    key=pilot.case.key)  # fmt: skip
    take(text, "measurements", pilot.lead)
    again = send(text + f"{pilot.case.key},Vout,3.35,alternate,B1,V\n" * 2, "measurements",
                 pilot.lead)  # fmt: skip
    assert set(problems(again)) == {
        (2, "serial", "on_record"), (3, "serial", "on_record"), (4, "serial", "on_record"),
        (6, "serial", "duplicate"),
    }  # fmt: skip
    assert Measurement.objects.count() == 3
