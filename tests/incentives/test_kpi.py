"""The shared target of a team and a year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incentives import services, team_kpi
from incentives.models import KpiTarget, SavingLine
from qualification.models import Case
from qualification.models.cases import State
from secondsource.accounts.models import Team
from secondsource.core import clock
from secondsource.core.errors import PermissionRefused, Stale, ValuesRefused
from secondsource.workspace.figures import refresh_company
from tests import factories
from tests.incentives.saving import AUGUST, Saving
from tests.qualification.business_cases import offer, site


@pytest.fixture
def crew(saving: Saving) -> Team:
    """The lead's team."""
    made = Team.objects.create(code="CREW", name="Power team")
    made.members.add(saving.team["engineering"].user)
    return made


def row_of(crew: Team, day: dt.date = AUGUST) -> team_kpi.TeamKpi:
    with clock.at(day):
        return team_kpi.of_year(2026, [crew])[0]


def test_defaults_hold_until_a_target_is_set(saving: Saving, crew: Team) -> None:
    row = row_of(crew)
    assert (row.conversions_target, row.pct_target, row.target) == (3, Decimal("5.0"), None)
    assert (row.conversions, row.pct, row.weeks) == (0, 0, None)
    assert row.dppm is None


def test_savings_of_its_cases_count_and_escapes_stand_beside(saving: Saving, crew: Team) -> None:
    saving.summer()
    saving.receive(saving.alternate, dt.date(2026, 7, 15), 2000, "1.94", rejected_qty=Decimal(3))
    saving.compute()
    row = row_of(crew)
    assert row.pct == Decimal("17.68")
    assert row.attained.cost == 1
    assert row.attained.team == Decimal("0.5")
    assert not row.on_pace
    assert row.dppm == Decimal(196)


def test_a_conversion_counts_in_the_year_of_its_closing(
    saving: Saving, crew: Team, settings: Any
) -> None:
    with clock.at(OPEN_END):
        saving.team.finish_transition()
    closed = Case.objects.get(pk=saving.case.pk).closed_at
    assert closed is not None
    assert closed.year == 2026
    row = row_of(crew)
    assert (row.conversions, row.waiting, row.forecast) == (0, 1, 1)
    new_year = dt.datetime(2027, 1, 1, 3, tzinfo=dt.UTC)  # the year is still old at the company
    settings.COMPANY_TIME_ZONE = ZoneInfo("America/Los_Angeles")
    Case.objects.filter(pk=saving.case.pk).update(closed_at=new_year)
    assert row_of(crew).waiting == 1
    saving.receive(saving.alternate, dt.date(2026, 6, 20), 3800, "1.94")
    row = row_of(crew)
    assert (row.conversions, row.waiting, row.forecast) == (1, 0, 1)


OPEN_END = dt.date(2026, 6, 30)


def test_a_part_that_never_runs_out_is_cover_gained(db: None) -> None:
    day = clock.business_day()
    with clock.at(factories.days_ago(150)):
        part = factories.part(stock_qty=Decimal(11_000), given_demand=Decimal(52_000))
        offer(factories.incumbent(part, sites=[site("DE", 14)]), "2.00", days=42)
        second = factories.alternate(part, sites=[site("FR")])
        offer(second, "1.50", days=70)
        work = factories.Team(second)
        work.jump_to(State.TRANSITION)
    work.finish_transition()
    factories.receipt(second, 100, "1.50")
    crew = Team.objects.create(code="CREW", name="Power team")
    crew.members.add(work["engineering"].user)
    row = team_kpi.of_year(day.year, [crew])[0]
    assert (row.conversions, row.weeks, row.endless) == (1, None, 1)
    assert row.cover == "1 part never runs out"


def test_a_forecast_names_both_targets_that_it_misses(saving: Saving, crew: Team) -> None:
    assert row_of(crew).missed == "conversions and cost"
    saving.summer()
    saving.compute()
    assert row_of(crew).missed == "conversions"


def test_the_dashboard_tells_the_reduction_of_all_cases(
    saving: Saving, crew: Team, browse: Any, api: Any
) -> None:
    saving.summer()
    saving.compute()
    with clock.at(AUGUST):
        refresh_company()
        told = api("executive").get("/dashboards/executive/").json()
        page = browse(factories.person("executive")).get("/dashboard/").content.decode()
        viewers = browse(factories.person("viewer")).get("/dashboard/").content.decode()
        unseen = api("viewer").get("/dashboards/executive/").json()
    assert (told["cost_reduction_pct"], told["cost_reduction_target_pct"]) == ("17.16", "5.0")
    assert "Material cost reduction: 17.2 %" in page
    assert "Material cost reduction" not in viewers
    assert "cost_reduction_pct" not in unseen


def test_what_misses_the_target_is_not_shown_as_reaching_it(saving: Saving, crew: Team) -> None:
    SavingLine.objects.create(
        case=saving.case, source=saving.alternate, month=dt.date(2026, 7, 1),
        earned_in=dt.date(2026, 7, 1), kind="volume_shift", stage="realised", origin="entered",
        reason="Shifted", amount=Decimal("499.99"), quantity=Decimal(10_000),
        baseline_price=Decimal(1), currency="USD",
    )  # fmt: skip
    row = row_of(crew)
    assert (str(row.pct), row.attained.met, row.attained.cost < 1) == ("4.9999", False, True)


def test_another_team_has_no_part_of_it(saving: Saving, crew: Team) -> None:
    saving.summer()
    saving.compute()
    other = Team.objects.create(code="OTHER", name="Another team")
    assert row_of(other).pct == 0


def test_an_executive_sets_the_target(saving: Saving, crew: Team) -> None:
    who = factories.actor("executive")
    values: dict[str, Any] = {"team": crew, "year": 2026, "actor": who}
    made = services.set_target(conversions=4, cost_reduction_pct=Decimal(6), **values)
    services.set_target(conversions=5, cost_reduction_pct=Decimal(6), expected=1, **values)
    with pytest.raises(Stale):
        services.set_target(conversions=6, cost_reduction_pct=Decimal(6), expected=1, **values)
    with pytest.raises(ValuesRefused):
        services.set_target(conversions=0, cost_reduction_pct=Decimal(0), **values)
    assert KpiTarget.objects.get(pk=made.pk).conversions == 5
    with pytest.raises(PermissionRefused):
        services.set_target(
            team=crew, year=2026, conversions=1, cost_reduction_pct=Decimal(1),
            actor=saving.buyer,
        )  # fmt: skip


def test_the_page_names_teams_and_nobody_else(saving: Saving, crew: Team, browse: Any) -> None:
    client = browse(factories.person("executive"))
    page = client.get("/savings/kpi/?year=2026").content.decode()
    assert "Power team" in page
    assert saving.team["engineering"].user.name not in page
    typed = {"conversions": "4", "cost_reduction_pct": "6"}
    assert client.post("/savings/kpi/CREW/2026/target/", typed).status_code == 302
    assert KpiTarget.objects.get().conversions == 4
    wrong = client.post("/savings/kpi/CREW/2026/target/", typed | {"conversions": "0"})
    assert wrong.status_code == 422
