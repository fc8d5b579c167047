"""The list of approvals: what can be signed, interims that end, customers that are late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification import services
from qualification.models.cases import State
from secondsource.core import clock
from tests import factories
from tests.approval_work import affected_product, customer, risk, sign_risk
from tests.factories import Team
from tests.qualification.test_customer_approvals import sent


@pytest.fixture
def rows(browse: Any) -> Any:
    """``rows(team, query)``: the list as the team's quality reads it, in one line."""

    def read(team: Team, query: str = "") -> str:
        client = browse(team.people["quality"])
        return " ".join(client.get(f"/approvals/?{query}").content.decode().split())

    return read


def test_a_gate_is_listed_once_it_can_be_signed(team: Team, rows: Any) -> None:
    team.jump_to(State.SPEC_REVIEW)
    assert "Nothing waits for an approval" in rows(team)
    team.do_items()
    assert f"{team.case.get_absolute_url()}approval/" in rows(team, "to_sign=true")
    assert "Engineering, Quality" in rows(team)
    team.sign()
    assert team.case.key not in rows(team, "to_sign=true")


def test_the_approval_gate_is_listed_with_what_is_open(team: Team, rows: Any) -> None:
    team.jump_to(State.APPROVAL)
    made = risk(team)
    customer(team, affected_product(team), **sent(due_in=-1))
    text = rows(team, "late=true")
    assert team.case.key in text
    assert "Customer overdue, Risk not signed" in text
    sign_risk(team, made)
    assert "Risk not signed" not in rows(team)


def test_an_interim_is_listed_until_its_last_day(team: Team, rows: Any) -> None:
    team.jump_to(State.APPROVAL)
    last = clock.business_day() + dt.timedelta(days=9)
    services.give_interim(case=team.case, quantity=9, until=last, note="gap", actor=team["quality"])
    assert team.case.key in rows(team, "interim=true")
    with clock.at(last + dt.timedelta(days=1)):
        assert team.case.key not in rows(team, "interim=true")


def test_a_case_on_hold_at_the_approval_stays_listed(team: Team, rows: Any) -> None:
    team.jump_to(State.APPROVAL)
    team.fire("hold", note="waits")
    assert team.case.key in rows(team)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    team: Team, browse: Any, django_assert_max_num_queries: Any
) -> None:
    team.jump_to(State.APPROVAL)
    client = browse(team.people["quality"])
    client.get("/approvals/")
    with django_assert_max_num_queries(60) as few:
        client.get("/approvals/")
    for _ in range(3):
        Team().jump_to(State.APPROVAL)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/approvals/")


def test_cases_of_other_plants_are_not_listed(team: Team, browse: Any) -> None:
    from secondsource.accounts.models import Plant

    here, there = (Plant.objects.create(code=code, name=code) for code in ("HERE", "THERE"))
    factories.product(uses={team.source.part: 1}, plants=[there])
    team.jump_to(State.APPROVAL)
    reader = factories.person("viewer")
    reader.plants.add(here)
    assert team.case.key not in browse(reader).get("/approvals/").content.decode()


def test_the_api_finds_what_can_be_signed(team: Team, api: Any) -> None:
    team.jump_to(State.SPEC_REVIEW)
    caller = api("viewer")
    assert caller.get("/cases/", to_sign="true").json()["results"] == []
    team.do_items()
    found = caller.get("/cases/", to_sign="true").json()["results"]
    assert [case["key"] for case in found] == [team.case.key]
