"""Runs of the transition: the present one with its ramp, the earlier ones with their verdicts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from tests.factories import JOB, Team

RAMP = [(1, Decimal("0.1")), (3, Decimal("0.4"))]
BACK, AGAIN = dt.date(2027, 4, 2), dt.date(2027, 5, 10)


@pytest.fixture
def rolled_back(team: Team) -> Team:
    """Begun on 31 January 2027, passed one hold point, failed the next, rolled back on 2 April."""
    with clock.at(dt.date(2027, 1, 31)):
        team.plan(ramp=RAMP)
        team.jump_to(State.TRANSITION, onward=True)
    verdicts = (("pass", "0 of 900"), ("fail", "4 of 500 drifted"))
    for point, (verdict, note) in zip(team.case.hold_points.all(), verdicts, strict=False):
        with clock.at(point.due):
            services.judge_hold_point(
                hold_point=point, verdict=verdict, note=note, actor=team["quality"]
            )
    with clock.at(BACK):
        team.fire("roll_back", note="field returns")
    return team


@pytest.fixture
def twice(rolled_back: Team) -> Team:
    """Reopened, and in transition again since 10 May."""
    with clock.at(AGAIN):
        rolled_back.fire("reopen", "quality", note="cause found")
        rolled_back.go_to(State.TRANSITION)
    return rolled_back


def hold_points(client: Any, team: Team) -> str:
    """The panel of the case's page."""
    text = client.get(team.case.get_absolute_url()).content.decode()
    panel: str = text.partition('id="hold-points"')[2].partition("</section>")[0]
    return panel


def test_the_page_shows_the_ramp_and_the_earlier_run(twice: Team, browse: Any) -> None:
    with clock.at(dt.date(2027, 6, 1)):
        panel = hold_points(browse(twice.people["quality"]), twice)
    present, _, earlier = panel.partition("<details>")
    quality = twice.people["quality"].name
    assert "began 10 May" in present
    assert "Month 1: 10\u202f%, from month 3: 40\u202f%" in present
    assert present.count("Not due yet") == 3
    assert "Run 1, rolled back 2 Apr" in earlier
    for told in (f"{quality}, 28 Feb: “0 of 900”", f"{quality}, 31 Mar: “4 of 500 drifted”"):
        assert (told in earlier, told in present) == (True, False)
    assert (earlier.count("Pass<"), earlier.count("Fail<")) == (1, 1)
    assert "30 Apr" in earlier
    assert earlier.count("Not judged") == 1


def test_the_page_of_a_rolled_back_case_shows_its_run(rolled_back: Team, browse: Any) -> None:
    with clock.at(BACK):
        panel = hold_points(browse(rolled_back.people["quality"]), rolled_back)
    assert "<details open>" in panel
    assert "Run 1, rolled back 2 Apr" in panel
    assert "4 of 500 drifted" in panel
    assert "Not due yet" not in panel


def test_a_failed_point_of_an_earlier_run_stops_no_later_gate(
    rolled_back: Team, browse: Any
) -> None:
    client = browse(rolled_back.people["quality"])
    with clock.at(BACK):
        rolled_back.fire("reopen", "quality", note="cause found")
        answer = client.get(rolled_back.case.get_absolute_url())
    pads = [gate["state"] for gate in answer.context["gates"]]
    assert pads == ["done", "done", "done", "now", "todo", "todo", "todo"]


def test_the_api_names_every_run(twice: Team, api: Any) -> None:
    with clock.at(dt.date(2027, 6, 1)):
        shown = api("viewer").get(f"/cases/{twice.case.key}/transition/").json()
    assert (shown["started_on"], shown["ends_on"]) == ("2027-05-10", "2027-08-10")
    assert shown["share"] == "0.1000"
    first, second = shown["runs"]
    plain = ("run", "started_on", "ended_on", "outcome")
    assert [first[name] for name in plain] == [1, "2027-01-31", "2027-04-02", "rolled_back"]
    assert [second[name] for name in plain] == [2, "2027-05-10", None, ""]
    ramp = [{"month": 1, "share": "0.1000"}, {"month": 3, "share": "0.4000"}]
    assert first["ramp"] == second["ramp"] == shown["ramp"] == ramp
    quality = twice.people["quality"].email
    assert [(p["due"], p["verdict"], p["note"], p["judged_by"]) for p in first["checkpoints"]] == [
        ("2027-02-28", "pass", "0 of 900", quality),
        ("2027-03-31", "fail", "4 of 500 drifted", quality),
        ("2027-04-30", "", "", None),
    ]
    assert second["checkpoints"] == shown["checkpoints"]
    assert [p["due"] for p in shown["checkpoints"]] == ["2027-06-10", "2027-07-10", "2027-08-10"]


def test_the_api_before_and_after_a_run(team: Team, api: Any) -> None:
    caller = api("viewer")
    url = f"/cases/{team.case.key}/transition/"
    planned = caller.get(url).json()
    assert (planned["started_on"], planned["ends_on"], planned["share"]) == (None, None, "0.4000")
    assert [(run["run"], run["outcome"]) for run in planned["runs"]] == [(1, "")]
    team.plan(ramp=RAMP)
    team.jump_to(State.TRANSITION)
    assert caller.get(url).json()["share"] == "0.1000"
    team.fire("withdraw", note="the part is dropped")
    ended = caller.get(url).json()
    assert (ended["share"], ended["runs"][0]["outcome"]) == ("0.4000", "withdrawn")


def test_the_plan_takes_the_ramp_or_its_one_share(team: Team) -> None:
    before = team.case.ramp
    with pytest.raises(ValuesRefused) as refused:
        team.plan(ramp=RAMP, transition_share=Decimal("0.3"))
    assert [problem.code for problem in refused.value.problems] == ["beside_ramp"]
    assert team.reload().ramp == before


@pytest.mark.parametrize("held", [False, True])
def test_the_share_of_a_month_begins_with_its_hold_point(team: Team, held: bool) -> None:
    with clock.at(dt.date(2027, 1, 31)):
        team.plan(ramp=[(1, Decimal("0.1")), (2, Decimal("0.4"))])
        team.jump_to(State.TRANSITION)
    shares = []
    for day in (dt.date(2027, 2, 27), dt.date(2027, 2, 28), dt.date(2027, 3, 1)):
        with clock.at(day):
            services.expire_approvals(actor=JOB)
            case = team.reload()
            assert case.share_today == team.source.share_cap
            shares.append(case.share_today)
            if held and case.state != State.ON_HOLD:
                team.fire("hold", note="audit")
    later = Decimal("0.1") if held else Decimal("0.4")
    assert shares == [Decimal("0.1"), later, later]
