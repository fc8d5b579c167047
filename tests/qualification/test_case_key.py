"""The key of a case, written and read alike in Python, SQL, addresses and search."""

from __future__ import annotations

from typing import Any

import pytest

from parts.models import PartFigures
from qualification import figures
from qualification.models import Case
from tests.factories import Team

pytestmark = pytest.mark.django_db
KEYS = [(7, "SSQ-0007"), (9999, "SSQ-9999"), (10000, "SSQ-10000"), (12345, "SSQ-12345")]


def numbered(team: Team, number: int) -> Case:
    Case.objects.filter(pk=team.case.pk).update(number=number)
    return team.reload()


@pytest.mark.parametrize(("number", "key"), KEYS)
def test_lists_and_pages_write_it_alike(team: Team, number: int, key: str) -> None:
    case = numbered(team, number)
    figures.refresh_case_columns()
    assert case.key == key
    assert PartFigures.objects.get(part=case.part).case_key == key
    assert case.get_absolute_url() == f"/q/{key}/"


@pytest.mark.parametrize(("number", "key"), KEYS)
def test_its_addresses_lead_to_it(team: Team, browse: Any, api: Any, number: int, key: str) -> None:
    numbered(team, number)
    client, caller = browse(team.people["quality"]), api("quality")
    assert client.get(f"/q/{key}/").status_code == 200
    assert caller.get(f"/cases/{key}/").json()["key"] == key
    assert caller.get(f"/cases/{key}/checklist/").status_code == 200
    idle = key.replace("-", "-0")
    assert client.get(f"/q/{idle}/").status_code == 404
    assert caller.get(f"/cases/{idle}/").status_code == 404


@pytest.mark.parametrize(
    "text", ["SSQ-12345", "ssq-12345", "12345", "SSQ-1234", "SSQ-123", "SSQ-1", "SSQ-", "ssq"]
)
def test_it_is_found_by_its_beginning(team: Team, text: str) -> None:
    numbered(team, 12345)
    assert list(Case.objects.search(text)) == [team.case]


@pytest.mark.parametrize("text", ["SSQ-0", "SSQ-01234", "SSQ-123456", "SSQ-2345", "SSQ-1２"])
def test_it_is_not_found_by_another(team: Team, text: str) -> None:
    numbered(team, 12345)
    assert list(Case.objects.search(text)) == []


def test_short_numbers_are_found_with_their_zeros(team: Team) -> None:
    numbered(team, 123)
    assert list(Case.objects.search("SSQ-01")) == [team.case]
    assert list(Case.objects.search("SSQ-1")) == []
