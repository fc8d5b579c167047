"""Administrators add and change plants, product lines and teams."""

from __future__ import annotations

import pytest
from django.test import Client

from secondsource.accounts.models import Plant, ProductLine, Team
from secondsource.core.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(factories.person("admin"))
    return browser


def test_a_plant_is_added_listed_and_changed(client: Client) -> None:
    values = {"code": "BRNO", "name": "Brno", "country": "CZ"}
    assert client.post("/plants/new/", values).status_code == 302
    assert "/plants/BRNO/" in client.get("/plants/").content.decode()
    changed = {"name": "Brno 2", "country": "CZ", "expected": "1"}
    assert client.post("/plants/BRNO/", changed).status_code == 302
    assert client.post("/plants/BRNO/", changed | {"name": "Other"}).status_code == 409
    plant = Plant.objects.get()
    assert (plant.code, plant.name, plant.country, plant.version) == ("BRNO", "Brno 2", "CZ", 2)
    assert "changed name" in client.get("/plants/BRNO/").content.decode()


def test_a_code_is_in_use_once_and_readable(client: Client) -> None:
    ProductLine.objects.create(code="DRIVES", name="Drives")
    for code in ("DRIVES", "drives ", "A/B"):
        answer = client.post("/product-lines/new/", {"code": code, "name": "Line"})
        assert answer.status_code in (409, 422)
        assert 'value="Line"' in answer.content.decode()
    assert ProductLine.objects.count() == 1


def test_the_members_of_a_team_are_chosen(client: Client) -> None:
    ann, bob = factories.person("engineer"), factories.person("quality")
    client.post("/teams/new/", {"code": "RED", "name": "Red", "members": [ann.pk]})
    assert list(Team.objects.get().members.all()) == [ann]
    client.post("/teams/RED/", {"name": "Red", "members": [bob.pk], "expected": "1"})
    team = Team.objects.get()
    assert (list(team.members.all()), team.version) == ([bob], 2)
    assert Event.objects.filter(action="accounts.team.changed").count() == 1
