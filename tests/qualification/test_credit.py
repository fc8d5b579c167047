"""Who brought an approved alternate in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qualification import credit, services
from qualification.models.cases import State
from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.models import PolicyVersion
from tests import factories
from tests.api.callers import Api
from tests.factories import Team, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought() -> Team:
    """A case in transition, its people by name."""
    people = {
        "engineering": person("engineer", name="Ann"), "quality": person("quality", name="Ben"),
        "procurement": person("procurement", name="Cleo"),
        "sponsor": person("executive", name="Dan"),
    }  # fmt: skip
    team = Team(people=people)
    team.jump_to(State.TRANSITION)
    return team


def names(team: Team) -> list[tuple[str, str]]:
    found = credit.of_source(team.source.pk)
    return [(one.name, one.in_words) for one in found.people] if found else []


def test_it_names_the_people_of_the_case_by_function(brought: Team) -> None:
    found = credit.of_source(brought.source.pk)
    assert found is not None
    assert (found.case, found.on) == (brought.case.key, clock.business_day())
    assert names(brought) == [
        ("Ann", "lead, engineering"), ("Ben", "quality"), ("Cleo", "procurement"),
        ("Dan", "sponsor"),
    ]  # fmt: skip


def test_a_source_that_no_case_approved_has_none(brought: Team) -> None:
    other = factories.approved(factories.part())
    early = Team()
    early.jump_to(State.PILOT_BUILD)
    ids = [brought.source.pk, other.pk, early.source.pk]
    assert list(credit.of_sources(ids)) == [brought.source.pk]
    assert credit.of_sources([]) == {}


def test_who_signed_keeps_it_when_the_team_changes(brought: Team) -> None:
    other = person("quality", name="Eve")
    pairs = [(brought.people["engineering"], "engineering"), (other, "quality")]
    services.set_team(case=brought.case, members=pairs, actor=brought.lead)
    assert ("Ben", "quality") in names(brought)
    assert ("Cleo", "procurement") in names(brought)


def test_it_is_the_team_of_the_day_of_the_approval() -> None:
    team, helper, later = Team(), person("engineer", name="Gus"), person("engineer", name="Ida")
    pairs = [(team.people[f], f) for f in ("engineering", "quality", "procurement")]
    services.set_team(case=team.case, members=[*pairs, (helper, "test")], actor=team.lead)
    team.jump_to(State.TRANSITION)
    services.set_team(case=team.case, members=[*pairs, (later, "test")], actor=team.lead)
    services.change_lead(case=team.case, lead=later, actor=team.lead)
    with clock.at(clock.business_day() + dt.timedelta(days=1)):
        services.log_cost(
            case=team.case, kind="hours", hours=Decimal(1), day=clock.business_day(),
            actor=Actor(user=later),
        )  # fmt: skip
    helper.is_active = False
    helper.save()
    found = dict(names(team))
    assert (found["Gus"], "Ida" in found) == ("test", False)
    assert found[team.people["engineering"].name] == "lead, engineering"


def test_a_signature_that_became_void_later_keeps_it(brought: Team) -> None:
    team = [(brought.people["engineering"], "engineering")]
    services.set_team(case=brought.case, members=team, actor=brought.lead)
    brought.fire("send_back", note="wrong lot", data={"to": "fmea"})
    assert ("Ben", "quality") in names(brought)


def test_who_logged_effort_alone_is_named_without_hours_unless_the_house_says_no(
    brought: Team,
) -> None:
    helper = person("engineer", "procurement", name="Finn")
    services.log_cost(
        case=brought.case, kind="hours", hours=Decimal(3), day=clock.business_day(),
        actor=Actor(user=helper),
    )  # fmt: skip
    assert names(brought)[-1] == ("Finn", "logged effort")
    PolicyVersion.objects.create(
        name="effort", number=1, values={"by_person": False}, state="active"
    )
    assert "Finn" not in dict(names(brought))


def test_an_erased_person_is_a_former_colleague(brought: Team) -> None:
    User.objects.filter(name="Ben").update(name="")
    assert ("former colleague", "quality") in names(brought)


def test_later_cases_on_the_source_and_its_part_show_it(
    brought: Team, browse: Callable[[Any], Any]
) -> None:
    brought.finish_transition()
    later = services.open_case(source=brought.source, kind="requalification", actor=brought.lead)
    client = browse(person("viewer"))
    made = f"/manufacturer-parts/{brought.source.manufacturer_part.public_id}/"
    for url in (later.get_absolute_url(), brought.source.part.get_absolute_url(), made):
        page = client.get(url).content.decode()
        assert "Brought in by" in page
        assert brought.case.key in page
    assert credit.of_source(brought.source.pk).case == brought.case.key  # type: ignore[union-attr]


def test_the_api_names_them(brought: Team, api: Callable[..., Api]) -> None:
    source = brought.source
    expected = {
        "case": brought.case.key, "on": clock.business_day().isoformat(),
        "people": [
            {"person": brought.people["engineering"].email, "functions": ["lead", "engineering"]},
            {"person": brought.people["quality"].email, "functions": ["quality"]},
            {"person": brought.people["procurement"].email, "functions": ["procurement"]},
            {"person": brought.people["sponsor"].email, "functions": ["sponsor"]},
        ],
    }  # fmt: skip
    caller = api("viewer")
    assert caller.get(f"/sources/{source.public_id}/").json()["credit"] == expected
    listed = caller.get(f"/parts/{source.part.ipn}/sources/").json()["results"]
    assert [one["credit"] for one in listed] == [None, expected]
    every = caller.get("/sources/").json()["results"]
    assert [one["credit"] for one in every if one["id"] == source.key] == [expected]
