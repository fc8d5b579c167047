"""The verdict over all models, with the numbers of the design's picture."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification.models.cases import State
from qualification.pilot_verdicts import defects_of, results_of
from qualification.pilot_work import beside, missing_results
from qualification.services.pilot_plans import lock_pilot_plan, save_pilot_plan
from secondsource.core import clock
from tests.factories import Team
from tests.qualification.pilot import picture

pytestmark = pytest.mark.django_db


def test_each_model_is_judged_by_its_floor(team: Team) -> None:
    results = results_of(picture.built(team))
    assert results.verdict == "fail"
    assert [
        (one.code, one.verdict, round(100 * one.judged.lower, 2), round(100 * one.judged.upper, 2),
         one.needed)
        for one in results.models if one.judged
    ] == [
        ("KC-210", "pass", 98.07, 99.80, 0),
        ("KC-340", "pass", 97.44, 99.73, 0),
        ("KC-118", "not_enough_data", 95.76, 99.95, 52),
        ("KC-515", "fail", 88.15, 95.83, 0),
    ]  # fmt: skip


def test_models_that_differ_are_not_pooled(team: Team) -> None:
    judged = results_of(picture.built(team)).judged
    assert judged is not None
    pooled = judged.pooled
    assert not pooled.used
    assert [round(100 * (value or 0), 2) for value in (pooled.rd, pooled.lower, pooled.upper)] == [
        -0.55, -1.27, 0.18,
    ]  # fmt: skip
    assert round(pooled.heterogeneity_p or 0, 5) == 0.00003


def test_reasons_say_what_would_decide(team: Team) -> None:
    picture.built(team)
    told = [f"{reason.detail} {reason.fix}" for reason in missing_results(team.case)]
    assert told == [
        "KC-118 has not enough data: lower bound 95.8\u202f%, floor 97.1\u202f%."
        " 52 more good units would pass it.",
        "KC-515: upper bound 95.8\u202f% is below the floor 96.6\u202f%."
        " Find the cause, then rerun it or take it out of the scope by a new plan.",
    ]


@pytest.mark.parametrize(
    ("lower", "floor", "shown"),
    [(0.96798, 0.968, "96.798"), (0.968, 0.968, "96.8"), (0.96802, 0.968, "96.802"),
     (0.96876, 0.96875, "96.9"), (0.57, 0.57, "57.0")],
)  # fmt: skip
def test_a_bound_beside_its_floor_shows_the_digits_that_decide(
    lower: float, floor: float, shown: str
) -> None:
    assert beside(lower, floor) == f"{shown}\u202f%"


def test_a_rerun_counts_under_the_next_plan_alone(team: Team) -> None:
    picture.built(team)
    models = [
        picture.PlannedModel(**{**vars(one), "rerun": one.product.code == "KC-515",
                                "units": 240 if one.product.code == "KC-515" else one.units})
        for one in picture.planned(team).models
    ]  # fmt: skip
    again = picture.planned(team, models=models, reason="USB enumeration is mended")
    with clock.at(picture.SEEN):
        draft = save_pilot_plan(case=team.case, planned=again, actor=team["engineering"])
        plan = lock_pilot_plan(plan=draft, actor=team["quality"])
    picture.build(team, "KC-515", 240, 236, built_on=picture.SEEN + dt.timedelta(days=1))
    results = {one.code: one for one in results_of(plan).models}
    rerun, kept = results["KC-515"], results["KC-210"]
    assert (rerun.started, rerun.good, rerun.verdict, rerun.needed) == (
        240, 236, "not_enough_data", 27,
    )  # fmt: skip
    assert rerun.judged is not None
    assert round(100 * rerun.judged.lower, 2) == 96.23
    assert (kept.started, kept.verdict) == (400, "pass")
    assert team.reload().pilot_quantity == 400 + 300 + 320 + 150 + 240


def test_further_good_units_pass(team: Team) -> None:
    """The number that is named decides, and one unit less does not."""
    picture.built(team)
    day = picture.BUILT + dt.timedelta(days=3)
    picture.build(team, "KC-118", 51, 51, built_on=day)
    assert _verdict_of(team, "KC-118") == "not_enough_data"
    picture.build(team, "KC-118", 1, 1, built_on=day, line="2")
    assert _verdict_of(team, "KC-118") == "pass"


def _verdict_of(team: Team, code: str) -> str:
    results = results_of(team.case.pilot_plans.get())
    return next(one.verdict for one in results.models if one.code == code)


def test_a_model_that_was_not_built_keeps_the_verdict_open(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    plan = picture.locked(team)
    picture.build(team, "KC-210", 400, 400)
    results = results_of(plan)
    assert results.verdict == "not_enough_data"
    unbuilt = results.models[1]
    assert (unbuilt.judged, unbuilt.needed) == (None, 82)


def test_a_planned_lot_that_is_missing_keeps_the_verdict_open(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    plan = picture.locked(team, lots=2)
    for code, (_, _, _, units, *_) in picture.MODELS.items():
        picture.build(team, code, units, units)
    assert results_of(plan).verdict == "not_enough_data"
    assert [reason.code for reason in missing_results(team.case)] == ["pilot_lots"]


def test_defects_are_summed_most_first(team: Team) -> None:
    assert defects_of(picture.built(team))[:3] == [
        ("FCT: USB enumeration", 8), ("ICT: flash verify timeout", 3), ("AOI: lead skew", 2),
    ]  # fmt: skip


def test_the_page_shows_the_numbers(team: Team, browse: Any) -> None:
    picture.built(team)
    with clock.at(picture.SEEN):
        page = browse(team.people["quality"]).get(f"/q/{team.case.key}/pilot/").content.decode()
    flat = " ".join(page.split())
    for text in (
        "Verdict: fail. KC-515 is below its floor, KC-118 has not enough data.",
        "KC-515: upper bound 95.8\u202f% is below the floor 96.6\u202f%.",
        "52 more good units would pass it.",
        "98.07\u202f%", "95.83\u202f%", "−0.55 pts", "models differ, p &lt; 0.001", "Not pooled",
        "Locked 11 days before the first unit.", "18 failed units", "of 21,840",
    ):  # fmt: skip
        assert " ".join(text.split()) in flat, text
