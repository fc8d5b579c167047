"""Hold points of the transition: judged on or after their day, in order, once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qualification import services
from qualification.models import HoldPoint
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal


@pytest.fixture
def points(team: Team) -> list[HoldPoint]:
    """The three of a transition that began today."""
    team.jump_to(State.TRANSITION)
    return list(team.case.hold_points.all())


def judge(point: HoldPoint, team: Team, by: str = "quality", verdict: str = "pass") -> HoldPoint:
    return services.judge_hold_point(
        hold_point=point, verdict=verdict, note="0 of 900", actor=team[by]
    )


@pytest.mark.parametrize("by", ["quality", "engineering"])
def test_quality_or_the_lead_judges_on_the_day(
    team: Team, points: list[HoldPoint], by: str
) -> None:
    with clock.at(points[0].due):
        judge(points[0], team, by)
    points[0].refresh_from_db()
    assert (points[0].verdict, points[0].note) == ("pass", "0 of 900")
    assert points[0].judged_by == team.people[by]


def test_not_before_its_day(team: Team, points: list[HoldPoint]) -> None:
    with clock.at(points[0].due - dt.timedelta(days=1)):
        assert refusal(judge, points[0], team) == ["not_due"]


def test_not_before_the_one_before(team: Team, points: list[HoldPoint]) -> None:
    with clock.at(points[2].due):
        assert refusal(judge, points[1], team) == ["earlier_open"]


def test_not_twice(team: Team, points: list[HoldPoint]) -> None:
    with clock.at(points[0].due):
        judge(points[0], team)
        assert refusal(judge, points[0], team, verdict="fail") == ["judged"]


def test_a_failure_says_why(team: Team, points: list[HoldPoint]) -> None:
    with clock.at(points[0].due), pytest.raises(ValuesRefused, match="Describe what failed"):
        services.judge_hold_point(
            hold_point=points[0], verdict="fail", note=" ", actor=team["quality"]
        )
    points[0].refresh_from_db()
    assert (points[0].verdict, points[0].judged_at) == ("", None)


@pytest.mark.parametrize("by", ["procurement", "sponsor"])
def test_not_by_others(team: Team, points: list[HoldPoint], by: str) -> None:
    with clock.at(points[0].due):
        assert refusal(judge, points[0], team, by) == ["not_permitted"]


def test_not_outside_the_transition(team: Team, points: list[HoldPoint]) -> None:
    team.fire("hold", note="why")
    with clock.at(points[0].due):
        assert refusal(judge, points[0], team) == ["not_at_this_gate"]


def test_not_with_another_word(team: Team, points: list[HoldPoint]) -> None:
    with clock.at(points[0].due), pytest.raises(ValuesRefused):
        judge(points[0], team, verdict="maybe")


def test_the_gate_is_not_signed_before_its_points_are_judged(
    team: Team, points: list[HoldPoint]
) -> None:
    signed = {"case": team.case, "function": "quality", "actor": team["quality"]}
    team.do_items()
    assert refusal(services.sign, **signed) == ["hold_point_ahead"] * 3
    with clock.at(points[1].due):
        wanted = ["hold_point_open", "hold_point_open", "hold_point_ahead"]
        assert refusal(services.sign, **signed) == wanted


def test_a_conversion_counts_once_a_production_receipt_is_in(team: Team) -> None:
    from qualification.figures import counts_as_conversion

    team.jump_to(State.TRANSITION)
    assert counts_as_conversion(team.case) is False
    team.finish_transition()
    assert counts_as_conversion(team.case) is False
    factories.receipt(team.source, 5, purpose="pilot")
    assert counts_as_conversion(team.case) is False
    before = team.case.transition_started - dt.timedelta(days=1)
    factories.receipt(team.source, 5, received_date=before)
    assert counts_as_conversion(team.case) is False
    factories.receipt(team.source, 5)
    assert counts_as_conversion(team.case) is True
    team.fire("roll_back", note="returns")
    assert counts_as_conversion(team.case) is False


def test_a_second_run_keeps_the_judged_points_of_the_first(team: Team) -> None:
    team.jump_to(State.TRANSITION, onward=True)
    first, *_ = team.case.hold_points.all()
    with clock.at(first.due):
        services.judge_hold_point(
            hold_point=first, verdict="fail", note="solder voids 12 %", actor=team["quality"]
        )
        team.fire("send_back", note="why", data={"to": "approval"})
        team.plan(transition_share=Decimal("0.2"))
        team.pass_gate()
    assert [run.outcome for run in team.case.runs.all()] == ["sent_back", ""]
    assert [step.share for step in team.case.ramp] == [Decimal("0.2")]
    assert team.case.runs.get(run=1).hold_points.get(verdict="fail").note == "solder voids 12 %"
    assert [point.verdict for point in team.case.hold_points.all()] == ["", "", ""]
