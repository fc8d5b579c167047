"""Declarations of the candidate: what is asked for, what ends, and who sees them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qualification import linked_work, services
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.formats import day
from suppliers.models import Declaration, ManufacturerPart
from tests import factories
from tests.factories import JOB, Team
from tests.qualification.asking import refusal
from tests.spec_review_work import declare, finish_declarations


def codes(team: Team) -> list[str]:
    return [reason.code for reason in linked_work.missing(team.case, "declarations")]


def is_met(team: Team) -> bool:
    return bool(team.case.checklist.get(link="declarations").met_at)


def test_every_scheme_is_asked_for(team: Team) -> None:
    assert (codes(team), is_met(team)) == (["declaration_missing"] * 3, False)
    finish_declarations(team)
    assert (codes(team), is_met(team)) == ([], True)
    made = ManufacturerPart.objects.get(pk=team.source.manufacturer_part_id)
    assert (made.rohs, made.reach) == ("compliant", "no_svhc")


@pytest.mark.parametrize(
    ("scheme", "values", "code"),
    [
        ("rohs", {"status": "non_compliant"}, "declared_problem"),
        ("conflict_minerals", {"status": "unresolved"}, "declared_problem"),
        ("reach", {"list_date": dt.date(2020, 1, 1)}, "list_outdated"),
    ],
)
def test_a_declared_problem_keeps_the_step_open(
    team: Team, scheme: str, values: dict[str, Any], code: str
) -> None:
    finish_declarations(team)
    declare(team, scheme, **values)
    assert (codes(team), is_met(team)) == ([code], False)


def test_an_expired_exemption_opens_the_step_of_every_case(team: Team) -> None:
    last = clock.business_day() + dt.timedelta(days=30)
    finish_declarations(team)
    declare(team, "rohs", status="exempt", exemption="7(c)-I", exemption_expires=last)
    assert is_met(team)
    with clock.at(last + dt.timedelta(days=1)):
        assert services.refresh_dated_work(actor=JOB) == 1
        assert (codes(team), is_met(team)) == (["exemption_expired"], False)


def test_a_later_declaration_takes_the_place_of_the_former(team: Team) -> None:
    declare(team, "rohs", status="non_compliant")
    row = declare(team, "rohs")
    assert Declaration.objects.get() == row
    assert (row.version, row.history.count()) == (2, 2)


@pytest.mark.parametrize(
    ("scheme", "values", "pointers"),
    [
        ("rohs", {"status": "no_svhc"}, ["/status"]),
        ("rohs", {"document": ""}, ["/document"]),
        ("rohs", {"status": "exempt"}, ["/exemption", "/exemption_expires"]),
        ("reach", {"list_date": None}, ["/list_date"]),
    ],
)
def test_an_incomplete_declaration_is_refused(
    team: Team, scheme: str, values: dict[str, Any], pointers: list[str]
) -> None:
    with pytest.raises(ValuesRefused) as caught:
        declare(team, scheme, **values)
    assert [problem.pointer for problem in caught.value.problems] == pointers
    assert not Declaration.objects.exists()


def test_a_viewer_declares_nothing(team: Team) -> None:
    team.people["engineering"] = factories.person("viewer")
    assert refusal(declare, team, "rohs") == ["not_permitted"]


def test_the_page_records_a_declaration(team: Team, browse: Any) -> None:
    client = browse(team.people["quality"])
    url = f"/q/{team.case.key}/declarations/rohs/"
    answer = client.post(url, {"status": "exempt", "document": "D-7", "expected": 1})
    assert (answer.status_code, Declaration.objects.count()) == (422, 0)
    values = {"status": "exempt", "document": "D-7", "exemption": "7(a)",
              "exemption_expires": clock.business_day().isoformat(), "expected": 1}  # fmt: skip
    assert client.post(url, values).status_code == 302
    text = client.get(f"/q/{team.case.key}/spec-review/").content.decode()
    assert "Compliant by exemption · D-7" in text


def test_the_page_of_the_manufacturer_part_shows_them(team: Team, browse: Any) -> None:
    last = clock.business_day() + dt.timedelta(days=30)
    declare(team, "rohs", status="exempt", exemption="7(c)-I", exemption_expires=last)
    url = f"/manufacturer-parts/{team.source.manufacturer_part.public_id}/"
    client = browse(team.people["engineering"])

    def card() -> str:
        page = client.get(url).content.decode()
        assert page.count('id="declarations"') == 1
        shown = page.split('id="declarations"')[1].split("</section>")[0]
        return " ".join(shown.split())

    shown = card()
    assert f"exemption 7(c)-I until {day(last)}" in shown
    assert (shown.count("Not on record"), "Holds" in shown) == (2, True)
    with clock.at(last + dt.timedelta(days=1)):
        shown = card()
    assert ("The RoHS exemption 7(c)-I expired" in shown, "Holds" in shown) == (True, False)
