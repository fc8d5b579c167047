"""Two administrators change the same plant, product line or team at the same time."""

from __future__ import annotations

from secondsource.accounts import services
from secondsource.accounts.models import Plant, Team
from tests import factories
from tests.threads import at_once


def test_two_rename_a_plant_at_once(transactional_db: None) -> None:
    plant = Plant.objects.create(code="BRNO", name="Brno")
    admin, seen = factories.actor("admin"), plant.version

    def rename(name: str) -> None:
        services.change_place(row=plant, values={"name": name}, actor=admin, expected=seen)

    assert at_once(lambda: rename("One"), lambda: rename("Two")) == ["done", "stale"]
    assert Plant.objects.get().version == seen + 1


def test_two_set_the_members_of_a_team_at_once(transactional_db: None) -> None:
    team = Team.objects.create(code="T1", name="Team one")
    admin, seen = factories.actor("admin"), team.version
    people = [factories.person("engineer"), factories.person("quality")]

    def staff(person: object) -> None:
        services.change_place(row=team, values={"members": [person]}, actor=admin, expected=seen)

    ended = at_once(*(lambda one=one: staff(one) for one in people))
    assert ended == ["done", "stale"]
    assert Team.objects.get().members.count() == 1


def test_two_add_one_code_at_once(transactional_db: None) -> None:
    admin = factories.actor("admin")

    def add() -> None:
        services.add_place(
            model=Plant, values={"code": "BRNO", "name": "Brno", "country": ""}, actor=admin
        )

    assert at_once(add, add).count("done") == 1
    assert Plant.objects.count() == 1
