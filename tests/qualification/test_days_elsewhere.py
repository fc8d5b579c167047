"""The company's calendar where its day is not yet that of UTC: an evening in the west."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qualification import services
from qualification.dossier import model
from qualification.models import Case
from qualification.models.cases import State
from secondsource.core import clock
from suppliers.models import Approval
from tests import factories
from tests.application_role import owner
from tests.factories import Team
from tests.qualification.asking import codes, row, verdict

DAY = dt.timedelta(days=1)
NIGHT = dt.datetime(2027, 3, 2, 3, tzinfo=dt.UTC)


@pytest.fixture
def evening(team: Team, settings: Any) -> Iterator[Team]:
    """Seven in the evening of the first of March at the company, the second of March by UTC."""
    settings.COMPANY_TIME_ZONE = ZoneInfo("America/Los_Angeles")
    with clock.at(NIGHT):
        yield team


def test_an_approval_begins_on_the_business_day_on_which_it_is_given(evening: Team) -> None:
    factories.product("PUMP", uses={evening.source.part: 1}, monthly_volume=1000)
    evening.jump_to(State.TRANSITION)
    assert clock.business_day() == evening.source.approval.valid_from == NIGHT.date() - DAY
    assert verdict(evening.source, 400) == "allow"
    assert codes(evening.source, 400, clock.business_day() - DAY) == ["not_yet_valid"]


def test_an_interim_until_today_is_given_in_the_evening(evening: Team) -> None:
    evening.jump_to(State.APPROVAL)
    services.give_interim(
        case=evening.case, quantity=10, until=clock.business_day(), actor=evening["quality"],
        note="the last pieces",
    )  # fmt: skip
    assert evening.reload().source.status == "interim"


def test_the_readers_zone_moves_no_business_day(evening: Team) -> None:
    with timezone.override("Asia/Tokyo"):
        assert clock.business_day() == NIGHT.date() - DAY


def test_lists_and_dossiers_tell_the_day_of_the_company(evening: Team, browse: Any) -> None:
    Case.objects.filter(pk=evening.case.pk).update(opened_at=NIGHT)
    reader = factories.person("engineer", time_zone="Asia/Tokyo")
    shown = browse(reader).get("/q/?open=true").content.decode()
    assert ">1 Mar<" in re.sub(r"\s*([<>])\s*", r"\1", shown)
    with timezone.override("Asia/Tokyo"):
        assert model.date(NIGHT) == "2027-03-01"


def test_an_approval_for_a_later_day_does_not_hold_before(evening: Team) -> None:
    with owner():
        Approval.objects.create(
            source=evening.source, kind="case", evidence_ref="SSQ-9999",
            valid_from=NIGHT.date() + 2 * DAY,
        )  # fmt: skip
    evening.fire("withdraw", note="approved elsewhere")
    assert evening.source.status == "candidate"
    assert codes(evening.source, 400) == ["not_yet_valid"]
    assert verdict(evening.source, 400) == "block"


def test_what_comes_on_the_day_after_it_began_uses_the_pilot_quantity_up(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    factories.receipt(team.source, 300, purpose="pilot")
    assert row(team.source)[2] == 200


def test_what_came_the_day_before_does_not(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    factories.receipt(team.source, 300, received_date=clock.business_day() - DAY, purpose="pilot")
    assert row(team.source)[2] == 500


def test_what_was_written_down_before_the_beginning_does_not(team: Team) -> None:
    factories.receipt(team.source, 300, purpose="pilot")
    team.jump_to(State.PILOT_BUILD)
    assert row(team.source)[2] == 500
