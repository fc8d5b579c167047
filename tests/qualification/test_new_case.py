"""A new case with its people: what the page proposes, what page and API take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from qualification import services
from qualification.models import Case, TeamMember
from qualification.suggested_team import suggested_team
from secondsource.core.errors import ValuesRefused
from suppliers.models import Source
from tests import factories
from tests.factories import Team

Browse = Callable[..., Any]
FUNCTIONS = ("engineering", "quality", "procurement")


@pytest.fixture
def source(db: None) -> Source:
    of = factories.part()
    factories.incumbent(of)
    return factories.alternate(of)


def members(case: Case) -> dict[str, int]:
    return dict(TeamMember.objects.filter(case=case).values_list("function", "user_id"))


@pytest.mark.parametrize(
    ("role", "function"),
    [("engineer", "engineering"), ("quality", "quality"), ("procurement", "procurement")],
)
def test_the_opener_leads_and_holds_a_function(source: Source, role: str, function: str) -> None:
    opener = factories.person(role)
    assert suggested_team(source.part, opener) == {"lead": opener, function: opener}


def test_the_people_of_the_last_case_on_the_category_follow(team: Team, source: Source) -> None:
    assert source.part.category == team.source.part.category
    opener = factories.person("engineer")
    assert suggested_team(source.part, opener) == {
        "lead": opener,
        "engineering": opener,
        "quality": team.people["quality"],
        "procurement": team.people["procurement"],
        "sponsor": team.people["sponsor"],
    }


def test_in_a_new_category_the_people_of_the_last_case_at_all_follow(
    team: Team, source: Source
) -> None:
    source.part.category = factories.category("Relays")
    source.part.save()
    found = suggested_team(source.part, factories.person("engineer"))
    assert [found[f] for f in ("quality", "procurement", "sponsor")] == [
        team.people[f] for f in ("quality", "procurement", "sponsor")
    ]


def test_who_left_or_lost_the_role_is_not_proposed(team: Team, source: Source) -> None:
    for function, values in (("quality", {"is_active": False}), ("sponsor", {"roles": ["viewer"]})):
        type(team.people[function]).objects.filter(pk=team.people[function].pk).update(**values)
    found = suggested_team(source.part, factories.person("engineer"))
    assert sorted(found) == ["engineering", "lead", "procurement"]


def test_nobody_is_proposed_for_two_functions(team: Team, source: Source) -> None:
    """Quality opens: the engineer of the last case stays engineer, the opener is quality."""
    found = suggested_team(source.part, team.people["engineering"])
    assert [found[f] for f in FUNCTIONS] == [team.people[f] for f in FUNCTIONS]


def test_an_alternate_without_manufacturer_is_to_be_named_first(
    team: Team, source: Source, browse: Any
) -> None:
    company = source.manufacturer_part.manufacturer
    company.placeholder = True
    company.save()
    name = reverse("manufacturer_name", args=[source.manufacturer_part.public_id])
    client = browse(team.people["engineering"])
    listed = client.get(reverse("case_create")).content.decode()
    assert name in listed
    assert f"?source={source.public_id}" not in listed
    page = client.get(address(source)).content.decode()
    assert name in page
    assert "Open case" not in page


def address(source: Source) -> str:
    return f"{reverse('case_create')}?source={source.public_id}"


def posted(team: Team, **changes: Any) -> dict[str, Any]:
    people = {f: team.people[f].pk for f in (*FUNCTIONS, "sponsor")}
    lead = team.people["engineering"].pk
    return {"kind": "second_source", "risk_class": "medium", "lead": lead, **people, **changes}


def test_the_page_opens_a_case_with_its_team(team: Team, source: Source, browse: Browse) -> None:
    answer = browse(team.people["engineering"]).post(address(source), posted(team))
    case = Case.objects.latest("number")
    assert (answer.status_code, answer["Location"]) == (302, case.get_absolute_url())
    assert members(case) == {f: team.people[f].pk for f in FUNCTIONS}
    assert case.sponsor == team.people["sponsor"]


def test_the_page_says_what_may_stay_empty_and_for_how_long(
    team: Team, source: Source, browse: Browse
) -> None:
    factories.product("LATE-7", uses={source.part: 1}, phase="pilot")
    text = browse(team.people["engineering"]).get(address(source)).content.decode()
    assert text.count("needed for the spec review") == 4
    assert text.count("needed to submit") == 1


def test_a_person_without_the_role_is_refused_at_the_field(
    team: Team, source: Source, browse: Browse
) -> None:
    wrong = posted(team, quality=team.people["procurement"].pk)
    answer = browse(team.people["engineering"]).post(address(source), wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["quality"])
    assert Case.objects.count() == 1


def test_a_role_lost_meanwhile_is_refused_by_the_service(team: Team, source: Source) -> None:
    pairs = [(team.people["engineering"], "engineering"), (team.people["sponsor"], "quality")]
    with pytest.raises(ValuesRefused) as caught:
        services.open_case(source=source, actor=team.lead, team=pairs)
    assert [p.pointer for p in caught.value.problems] == ["/team/1/person"]
    assert Case.objects.count() == 1


def test_the_opener_names_the_team_of_a_case_that_somebody_else_leads(
    team: Team, source: Source
) -> None:
    lead = factories.person("quality")
    pairs = [(team.people["procurement"], "procurement")]
    case = services.open_case(source=source, actor=team.lead, lead=lead, team=pairs)
    assert members(case) == {"procurement": team.people["procurement"].pk}
