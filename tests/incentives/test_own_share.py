"""The card of My work with one's own share of the year's pools and the target of one's teams."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from incentives import own_share
from incentives.models import Allocation, BonusPool
from secondsource.accounts.models import Team as Crew
from secondsource.accounts.models import User
from secondsource.core import clock
from tests import factories
from tests.factories import Team
from tests.pool_work import pool_rows

pytestmark = pytest.mark.django_db
YEAR = clock.business_day().year


@pytest.fixture
def person(team: Team) -> User:
    """With 70.00 of a pool, all of it paid."""
    lead = team.people["engineering"]
    pool_rows(team.case, lead)
    return lead


@pytest.fixture
def team(db: None) -> Team:
    return Team()


def release(**values: Any) -> None:
    """The pool as two persons released it."""
    now = clock.now()
    BonusPool.objects.update(
        state="held", finance_by=factories.person("finance"), finance_at=now, executive_at=now,
        executive_by=factories.person("executive"), released_amount=70, **values,
    )  # fmt: skip


def test_what_is_proposed_is_no_share_yet(person: User) -> None:
    [found] = own_share.of_year(person, YEAR)
    assert (found.total, found.proposed) == (0, 70)


def test_what_was_released_is_paid_or_held_until_the_case_is_closed(
    person: User, team: Team
) -> None:
    release(amount=Decimal("80.50"))
    Allocation.objects.update(amount=Decimal("80.50"))
    [found] = own_share.of_year(person, YEAR)
    assert (found.total, found.paid, found.held) == (Decimal("80.50"), 70, Decimal("10.50"))
    assert found.until == [team.case.key]


def test_pools_of_other_years_cancelled_ones_and_drafts_are_left_out(person: User) -> None:
    for values in ({"state": "draft"}, {"state": "cancelled"}):
        BonusPool.objects.update(**values)
        assert own_share.of_year(person, YEAR) == []
    release(proposed_on=dt.date(YEAR - 1, 12, 31))
    assert own_share.of_year(person, YEAR) == []


def test_my_work_fetches_it_and_nobody_sees_that_of_another(
    person: User, team: Team, browse: Any
) -> None:
    release()
    crew = Crew.objects.create(code="CONV", name="Conversions")
    crew.members.add(person)
    client = browse(person)
    assert 'hx-get="/work/share/"' in client.get("/work/").content.decode()
    card = client.get("/work/share/", headers={"HX-Request": "true", "HX-Target": "share"})
    text = card.content.decode()
    assert "<html" not in text
    assert "$70.00" in text
    assert "Conversions, attainment" in text
    other = browse(team.people["quality"]).get("/work/share/").content.decode()
    assert "$70" not in other
    assert "No pool of this year has a share of yours." in other
