"""The list of cases: tabs, search, export, empty states, a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualification.models import Case, HoldPoint
from qualification.models.cases import GATES, State
from qualification.next_move import Steps, blockers, to_lift, with_work
from qualification.overdue import overdue_since
from secondsource.accounts.models import Plant
from secondsource.core import clock
from tests import factories
from tests.factories import Team

Browse = Callable[..., Any]


def keys(answer: Any) -> list[str]:
    return [case.key for case in answer.context["table"].page.rows]


def counts(answer: Any) -> dict[str, Any]:
    return {tab.label: tab.count for tab in answer.context["tabs"]}


def test_tabs_count_and_filter(team: Team, browse: Browse) -> None:
    moving, closed, held = Team(), Team(), Team()
    moving.jump_to(State.TRANSITION)
    Case.objects.filter(pk=closed.case.pk).update(state="closed")
    held.fire("submit")
    held.fire("hold", note="why")
    client = browse(team.people["quality"])
    assert counts(client.get("/q/?open=true")) == {
        "Open": 3, "Mine": 1, "Blocked": 2, "Overdue": 0, "In transition": 1, "Closed": 1,
        "All": 4,
    }  # fmt: skip
    assert keys(client.get("/q/?open=true&mine=true")) == [team.case.key]
    assert keys(client.get("/q/?blocked=true&sort=key")) == [moving.case.key, held.case.key]
    assert keys(client.get("/q/?state=transition")) == [moving.case.key]
    assert keys(client.get("/q/?state=closed")) == [closed.case.key]


def test_it_opens_with_the_open_cases(team: Team, browse: Browse) -> None:
    answer = browse(team.people["quality"]).get("/q/")
    assert (answer.status_code, answer["Location"]) == (302, "/q/?open=true")


def test_the_last_filter_gives_way_to_all_cases(team: Team, browse: Browse) -> None:
    chips = browse(team.people["quality"]).get("/q/?open=true").context["filter_chips"]
    assert [(chip.label, chip.value, chip.url) for chip in chips] == [("Open", "Yes", "?view=all")]


def test_only_open_cases_have_something_due(team: Team, browse: Browse) -> None:
    team.plan(due_date=clock.business_day())
    client = browse(team.people["quality"])
    day = clock.business_day().isoformat()
    assert day in client.get("/q/?export=csv").getvalue().decode()
    Case.objects.update(state="rejected")
    assert day not in client.get("/q/?export=csv&columns=due").getvalue().decode()


def test_blocked_are_those_with_something_to_lift(team: Team, browse: Browse) -> None:
    """The tab, the rows and the column say the same at every gate, before and after the work."""
    states = ["draft", *GATES, *GATES]
    teams = [team, *(Team() for _ in states[1:])]
    for one, state in zip(teams, states, strict=True):
        one.jump_to(str(state))
    for one in teams[-len(GATES) :]:
        one.do_items()
    for one in teams[-len(GATES) : -1]:
        one.sign()
    late = Team()
    factories.product(uses={late.source.part: 1}, phase="mass_production")
    Case.objects.filter(pk=late.case.pk).update(start_reason="")
    answer = browse(team.people["quality"]).get("/q/?open=true")
    lifted = {case.key for case in answer.context["table"].page.rows if blockers(case)}
    assert len(lifted) == len(GATES) + 1
    assert set(keys(browse(team.people["quality"]).get("/q/?blocked=true"))) == lifted
    assert counts(answer)["Blocked"] == len(lifted)


def test_a_hold_point_blocks_once_it_is_due(team: Team, browse: Browse) -> None:
    team.jump_to(State.TRANSITION)
    team.do_items()
    client = browse(team.people["quality"])
    assert keys(client.get("/q/?blocked=true")) == []
    HoldPoint.objects.update(due=clock.business_day())
    assert keys(client.get("/q/?blocked=true")) == [team.case.key]


def test_a_failed_hold_point_blocks(team: Team, browse: Browse) -> None:
    team.jump_to(State.TRANSITION)
    team.do_items()
    client, points = browse(team.people["quality"]), team.case.hold_points
    points.filter(due__gt=clock.business_day()).update(verdict="fail", judged_at=clock.now())
    assert "Hold point failed" in client.get("/q/?blocked=true").content.decode()


@pytest.mark.parametrize("piece", ["ssq", "begun", "key", "number", "part", "mpn", "inner"])
def test_search_by_any_piece(team: Team, browse: Browse, piece: str) -> None:
    Team()
    mpn = team.source.manufacturer_part.mpn
    text = {
        "ssq": "ssq", "begun": team.case.key[:-1],
        "key": team.case.key.lower(), "number": f"{team.case.number:04d}",
        "part": team.source.part.ipn, "mpn": mpn.lower(), "inner": mpn[1:],
    }[piece]  # fmt: skip
    found = keys(browse(team.people["quality"]).get("/q/", {"q": text}))
    assert team.case.key in found
    if piece in ("key", "part", "mpn"):
        assert found == [team.case.key]


@pytest.mark.parametrize("text", ["SSQ-9", "ssq-x", "SSQ-00000", "SQ"])
def test_search_by_what_no_key_begins_with(team: Team, browse: Browse, text: str) -> None:
    assert keys(browse(team.people["quality"]).get("/q/", {"q": text})) == []


def test_those_that_are_over_stand_last(team: Team, browse: Browse) -> None:
    early, late = Team(), Team()
    early.plan(due_date=dt.date(2020, 1, 1))
    early.fire("withdraw", note="why")
    late.plan(due_date=dt.date(2031, 1, 1))
    found = keys(browse(team.people["quality"]).get("/q/?view=all"))
    assert found == [late.case.key, team.case.key, early.case.key]


def test_the_gate_sorts_in_the_order_of_the_gates(team: Team, browse: Browse) -> None:
    pilot, fmea = Team(), Team()
    pilot.jump_to(State.PILOT_BUILD)
    fmea.jump_to(State.FMEA)
    found = keys(browse(team.people["quality"]).get("/q/?sort=state"))
    assert found == [team.case.key, fmea.case.key, pilot.case.key]


def test_blockers_are_counted(team: Team, browse: Browse) -> None:
    team.fire("submit")
    client = browse(team.people["quality"])
    text = client.get("/q/?export=csv").getvalue().decode()
    assert team.case.key in text
    assert ",business case,5," in text  # a step and four signatures


@pytest.mark.parametrize("done", [False, True], ids=["open", "done"])
@pytest.mark.parametrize("state", [State.DRAFT, *GATES, State.ON_HOLD, State.CLOSED])
def test_counted_steps_tell_what_steps_that_are_read_tell(
    team: Team, state: State, done: bool
) -> None:
    if state != State.DRAFT:
        team.jump_to(state if state in GATES else State.FMEA)
    if done:
        team.do_items()
    steps = team.case.checklist.order_by("pk")
    for step in steps[::2]:
        steps.filter(pk=step.pk).update(due_date=clock.business_day() - dt.timedelta(step.position))
    if state in (State.ON_HOLD, State.CLOSED):
        held_from = State.FMEA if state == State.ON_HOLD else ""
        Case.objects.update(state=state, held_from=held_from)
    [read] = with_work(Case.objects.all())
    [counted] = with_work(Case.objects.all(), steps=Steps.COUNTED)
    assert blockers(counted) == blockers(read) == len(to_lift(read))
    assert overdue_since(counted) == overdue_since(read)
    if state == State.SPEC_REVIEW and not done:
        assert blockers(read) > 1
        assert overdue_since(read) is not None


def test_without_a_case_it_says_what_one_is(team: Team, browse: Browse) -> None:
    here, there = (Plant.objects.create(code=code, name=code) for code in ("HERE", "THERE"))
    factories.product(uses={team.source.part: 1}, plants=[here])
    engineer, viewer = factories.person("engineer"), factories.person("viewer")
    for one in (engineer, viewer):
        one.plants.add(there)
    text = browse(engineer).get("/q/?open=true").content.decode()
    assert "No case yet" in text
    assert text.count("Open a case") == 3
    assert "Open a case" not in browse(viewer).get("/q/?view=all").content.decode()


def test_an_empty_search_says_which_filter_to_drop(team: Team, browse: Browse) -> None:
    text = browse(team.people["quality"]).get("/q/?q=nothing-such").content.decode()
    assert "Nothing matches 1 filter" in text


def test_scope_hides_cases_of_other_plants(team: Team, browse: Browse) -> None:
    here, there = (Plant.objects.create(code=code, name=code) for code in ("HERE", "THERE"))
    factories.product(uses={team.source.part: 1}, plants=[here])
    stranger = factories.person("engineer")
    stranger.plants.add(there)
    answer = browse(stranger).get("/q/?view=all")
    assert (keys(answer), counts(answer)["All"]) == ([], 0)


def test_an_administrator_reads_and_opens_nothing(team: Team, browse: Browse) -> None:
    answer = browse(factories.person("admin")).get("/q/?view=all")
    assert keys(answer) == [team.case.key]
    assert "Open a case" not in answer.content.decode()


def queries(client: Any, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def many(team: Team) -> None:
    """Nine further cases with work of all kinds, led by the same person."""
    states = ["draft", "business_case", "spec_review", "pilot_build", "transition"]
    for number in range(9):
        other = Team()
        other.jump_to(states[number % 5])
    Case.objects.update(lead=team.people["engineering"], sponsor=team.people["sponsor"])


def test_ten_cases_need_as_many_queries_as_one(team: Team, browse: Browse) -> None:
    team.jump_to(State.SPEC_REVIEW)
    client = browse(team.people["engineering"])
    chosen = client.get("/work/").context["chosen"]  # the page tells of its gate's work
    work = f"/work/?item={chosen.key}"
    urls = ("/q/?view=all", work, team.case.get_absolute_url())
    for url in urls:
        client.get(url)
    before = {url: queries(client, url) for url in urls}
    many(team)
    after = {url: queries(client, url) for url in urls}
    assert after == before
    assert after["/q/?view=all"] <= 17
    # Six of them read the differences, declarations and clearances, two the effort of today, two
    # the person's splits that wait for an answer and the tasks that were put aside, one the steps
    # of rollbacks under way, and two the parts and sources, which are read apart because the join
    # takes longer to plan.
    assert after[work] <= 27
    assert queries(client, "/work/") <= 32  # of a business case: offers, spend, stock, costs
