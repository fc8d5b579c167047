"""What quality allowed is raised by nobody else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qualification import services
from qualification.models import SignOff, TeamMember
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, ValuesRefused
from tests import factories
from tests.factories import Team
from tests.qualification.asking import row, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return Team()


def test_a_return_does_not_raise_an_interim_quantity(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    services.give_interim(
        case=team.case, quantity=100, until=clock.business_day() + dt.timedelta(days=9),
        note="line stop",
        actor=team["quality"],
    )  # fmt: skip
    with pytest.raises(ValuesRefused, match="left to return"):
        factories.receipt(team.source, -5_000)
    team.reload()
    assert row(team.source) == ("interim", None, Decimal(100))
    assert (verdict(team.source, 100), verdict(team.source, 101)) == ("allow", "block")


def test_a_return_does_not_raise_the_pilot_quantity(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    factories.receipt(team.source, 200)
    with pytest.raises(ValuesRefused, match="not returned"):
        factories.receipt(team.source, -9_000)
    factories.receipt(team.source, -200)
    assert row(team.source)[2] == Decimal(300)


@pytest.mark.parametrize("role", ["integration", "admin", "viewer"])
def test_roles_without_a_signature_sign_nothing_as_team_members(team: Team, role: str) -> None:
    machine = factories.person(role)
    team.jump_to(State.BUSINESS_CASE)
    team.do_items()
    TeamMember.objects.create(case=team.case, user=machine, function="quality")
    token = Actor(user=machine, origin="api", scopes=frozenset({"read", "write", "approve"}))
    with pytest.raises(PermissionRefused):
        services.sign(case=team.reload(), function="quality", actor=token)
    assert SignOff.objects.filter(case=team.case).count() == 0
