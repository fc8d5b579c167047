"""The list of cases: tabs, search, export, empty states, a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualification.models import Case
from qualification.models.cases import State
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
    assert counts(client.get("/q/")) == {
        "Open": 3, "Mine": 1, "Blocked": 1, "In transition": 1, "Closed": 1, "All": 4,
    }  # fmt: skip
    assert keys(client.get("/q/?open=true&mine=true")) == [team.case.key]
    assert keys(client.get("/q/?blocked=true")) == [held.case.key]
    assert keys(client.get("/q/?state=transition")) == [moving.case.key]
    assert keys(client.get("/q/?state=closed")) == [closed.case.key]


def test_overdue_is_blocked_and_merely_unfinished_is_not(team: Team, browse: Browse) -> None:
    team.fire("submit")
    client = browse(team.people["quality"])
    assert keys(client.get("/q/?blocked=true")) == []
    yesterday = clock.business_day() - dt.timedelta(days=1)
    team.case.checklist.filter(gate="spec_review").update(due_date=yesterday)
    assert keys(client.get("/q/?blocked=true")) == []
    team.case.checklist.filter(gate="business_case").update(due_date=yesterday)
    assert keys(client.get("/q/?blocked=true")) == [team.case.key]
    team.do_items()
    assert keys(client.get("/q/?blocked=true")) == []
    team.plan(due_date=yesterday)
    assert "Overdue" in client.get("/q/?blocked=true").content.decode()


def test_an_overdue_or_failed_hold_point_blocks(team: Team, browse: Browse) -> None:
    team.jump_to(State.TRANSITION)
    client, points = browse(team.people["quality"]), team.case.hold_points
    assert keys(client.get("/q/?blocked=true")) == []
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
    found = keys(browse(team.people["quality"]).get("/q/"))
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
    assert ",7," in text


def test_without_a_case_it_says_what_one_is(team: Team, browse: Browse) -> None:
    here, there = (Plant.objects.create(code=code, name=code) for code in ("HERE", "THERE"))
    factories.product(uses={team.source.part: 1}, plants=[here])
    engineer, viewer = factories.person("engineer"), factories.person("viewer")
    for one in (engineer, viewer):
        one.plants.add(there)
    text = browse(engineer).get("/q/").content.decode()
    assert "No qualification case yet" in text
    assert text.count("Open a case") == 2
    assert "Open a case" not in browse(viewer).get("/q/").content.decode()


def test_an_empty_search_says_which_filter_to_drop(team: Team, browse: Browse) -> None:
    text = browse(team.people["quality"]).get("/q/?q=nothing-such").content.decode()
    assert "Nothing matches 1 filter" in text


def test_scope_hides_cases_of_other_plants(team: Team, browse: Browse) -> None:
    here, there = (Plant.objects.create(code=code, name=code) for code in ("HERE", "THERE"))
    factories.product(uses={team.source.part: 1}, plants=[here])
    stranger = factories.person("engineer")
    stranger.plants.add(there)
    answer = browse(stranger).get("/q/")
    assert (keys(answer), counts(answer)["All"]) == ([], 0)


def test_an_administrator_has_no_list(team: Team, browse: Browse) -> None:
    assert browse(factories.person("admin")).get("/q/").status_code == 403


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
    urls = ("/q/", "/work/", team.case.get_absolute_url())
    for url in urls:
        client.get(url)
    before = {url: queries(client, url) for url in urls}
    many(team)
    after = {url: queries(client, url) for url in urls}
    assert after == before
    assert max(after["/q/"], after["/work/"]) <= 16
