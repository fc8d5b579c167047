"""The company's figures and the executive page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from parts.models import PartFigures
from qualification.models import Case
from secondsource.accounts.models import Plant
from secondsource.core import clock, outbox
from secondsource.core.models import Event, Outbox
from secondsource.workspace import executive, figures, kpis
from secondsource.workspace.models import CompanyFigures
from suppliers import services as sourcing
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def page(*roles: str) -> str:
    client = Client()
    client.force_login(factories.person(*roles), backend=LOGIN)
    answer = client.get("/dashboard/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_stored_is_what_is_explained() -> None:
    source = factories.incumbent(factories.part())
    factories.receipt(source, 10, "5")
    row = figures.refresh_company()
    shown = figures.explain()
    assert {name: getattr(row, name) for name in shown} == shown


def test_single_source_spend_and_what_is_missing() -> None:
    alone, pair = factories.part(), factories.part()
    factories.receipt(factories.incumbent(alone), 10, "5")
    factories.receipt(factories.incumbent(pair), 10, "3")
    factories.approved(pair)
    factories.incumbent(factories.part(given_demand=Decimal(12)))
    factories.part()
    row = figures.refresh_company()
    assert (row.parts, row.single_source_parts, row.left_out_parts) == (3, 2, 1)
    assert (row.spend_parts_known, row.spend_parts_missing) == (2, 1)
    assert (row.spend_12m, row.single_source_spend) == (Decimal(80), Decimal(50))


def test_without_any_spend_the_sum_is_missing_not_zero() -> None:
    factories.part()
    row = figures.refresh_company()
    assert (row.spend_12m, row.single_source_spend) == (None, None)


def test_transition_takes_the_spend_out_of_single_source() -> None:
    team = factories.Team()
    incumbent = team.case.part.sources.get(role="incumbent")
    factories.receipt(incumbent, 10, "5")
    team.go_to("approval")
    assert figures.refresh_company().single_source_spend == Decimal(50)
    team.pass_gate()
    row = figures.refresh_company()
    assert (row.single_source_parts, row.cases_in_transition) == (0, 1)
    assert PartFigures.objects.get(part=team.case.part).single_source is False


def test_a_conversion_counts_with_its_first_production_receipt() -> None:
    team = factories.Team()
    team.jump_to("transition")
    case = team.finish_transition()
    with clock.at(case.closed_at):
        assert counted() == (0, 1)
        factories.receipt(team.source, 5, purpose="pilot")
        assert counted() == (0, 1)
        factories.receipt(team.source, 5)
        assert counted() == (1, 0)


def counted() -> tuple[int, int]:
    """Conversions, and closed cases that wait for their first receipt."""
    row = figures.refresh_company()
    return row.conversions, row.cases_awaiting_receipt


def test_the_tile_leads_to_the_conversions_that_wait_for_a_receipt(
    browse: Callable[..., Client], api: Callable[..., Any]
) -> None:
    team = factories.Team()
    team.jump_to("transition")
    team.finish_transition()
    figures.refresh_company()
    client = browse(factories.person("executive"))
    shown = client.get("/dashboard/").content.decode()
    told = r'<a [^>]*href="(/q/[^"]*)"[^>]*>\s*1 closed, waits for its first receipt'
    found = re.search(told, shown)
    assert found
    assert [row.key for row in client.get(found[1]).context["table"].page.rows] == [team.case.key]
    caller = api("executive")
    assert caller.get("/dashboards/executive/").json()["cases_awaiting_receipt"] == 1
    [row] = caller.get("/cases/", awaits_receipt="true").json()["results"]
    assert row["key"] == team.case.key
    factories.receipt(team.source, 5)
    assert caller.get("/cases/", awaits_receipt="true").json()["results"] == []


def test_a_rollback_takes_the_conversion_back() -> None:
    team = factories.Team()
    team.jump_to("transition")
    case = team.finish_transition()
    with clock.at(case.closed_at):
        factories.receipt(team.source, 5)
        team.fire("roll_back", note="bad lot", by="quality")
        assert figures.refresh_company().conversions == 0


def test_a_conversion_belongs_to_its_year() -> None:
    team = factories.Team()
    team.jump_to("transition")
    case = team.finish_transition()
    with clock.at(case.closed_at):
        factories.receipt(team.source, 5)
    with clock.at(dt.datetime(case.closed_at.year + 1, 6, 1, tzinfo=dt.UTC)):
        assert figures.refresh_company().conversions == 0


def test_its_year_is_that_of_the_company_s_calendar(settings: Any) -> None:
    settings.COMPANY_TIME_ZONE = ZoneInfo("America/Los_Angeles")
    eve = dt.datetime(2028, 1, 1, 3, tzinfo=dt.UTC)  # in the west still 31 December
    with clock.at(eve - dt.timedelta(days=200)):
        team = factories.Team()
        team.jump_to("transition")
        case = team.finish_transition()
        factories.receipt(team.source, 5, received_date=clock.business_day())
    Case.objects.filter(pk=case.pk).update(closed_at=eve)
    reader = Client()
    reader.force_login(factories.person("engineer", time_zone="Asia/Tokyo"), backend=LOGIN)
    with clock.at(eve):
        assert figures.refresh_company().conversions == 1
        assert "converted=2027" in page("executive")
        listed = [reader.get(f"/q/?converted={year}").content.decode() for year in (2027, 2028)]
    assert [case.key in text for text in listed] == [True, False]


def test_changes_ask_for_new_figures_once() -> None:
    for _ in range(3):
        factories.part()
    assert outbox.work_off() == 1
    states = Outbox.objects.filter(topic="company_figures").values_list("state", flat=True)
    assert list(states) == ["done"] * 3


def test_a_move_of_a_case_asks_for_new_figures() -> None:
    team = factories.Team()
    Outbox.objects.all().delete()
    team.fire("submit")
    event = Event.objects.get(action="qualification.case.submit")
    assert Outbox.objects.filter(topic="company_figures", payload={"event": event.pk}).count() == 1


def test_recomputing_what_has_not_changed_writes_nothing() -> None:
    factories.product(uses={factories.part(): 1}, monthly_volume=5)
    assert figures.recompute_everything() == {"usage": 0, "sources": 0, "cases": 0}


def test_before_the_first_computation_the_page_says_so() -> None:
    assert "No figures yet" in page("executive")


def test_the_page_shows_figures_with_their_time() -> None:
    factories.receipt(factories.incumbent(factories.part()), 1000, "5")
    with clock.at(dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)):
        CompanyFigures.objects.all().delete()
    figures.refresh_company()
    text = page("executive")
    assert "Single-source spend" in text
    assert "$5k" in text
    assert "Figures of" in text


def test_a_viewer_sees_counts_but_no_money() -> None:
    factories.receipt(factories.incumbent(factories.part()), 1000, "5")
    figures.refresh_company()
    text = page("viewer")
    assert "Single-source parts" in text
    assert "$" not in text.partition("<main")[2]


def test_an_engineer_gets_no_bar_over_a_single_part_and_is_told() -> None:
    factories.receipt(factories.incumbent(factories.part()), 1000, "5")
    figures.refresh_company()
    assert "Spend by source state" not in page("engineer")
    assert "Spend is withheld" in page("engineer")
    assert "Spend by source state" in page("executive")
    assert "withheld" not in page("executive")


def test_a_reader_of_one_plant_is_told_that_figures_are_of_the_company() -> None:
    figures.refresh_company()
    reader = factories.person("executive")
    reader.plants.add(Plant.objects.create(code="BRQ", name="Brno"))
    client = Client()
    client.force_login(reader, backend=LOGIN)
    assert "Figures cover the whole company" in client.get("/dashboard/").content.decode()
    assert "of the whole company" not in page("executive")


def test_a_viewer_reads_nothing_of_spend() -> None:
    factories.receipt(factories.incumbent(factories.part()), 1000, "5")
    figures.refresh_company()
    assert re.findall(r"\b[Ss]pen[dt]", page("viewer").partition("<main")[2]) == []


def test_categories_without_a_bar_of_their_own_stand_as_others() -> None:
    category = {"known": 2, "none": "0", "underway": "0", "several": "1", "parts": 2,
                "none_known": 0, "single_known": 2, "underway_known": 0,
                "several_known": 2}  # fmt: skip
    row = CompanyFigures(
        currency="USD",
        by_category=[
            category | {"category": f"C{place}", "path": f"c{place}", "single": str(100 - place)}
            for place in range(10)
        ],
    )
    chart = executive.spend_by_state(row, sees_prices=True)
    assert chart is not None
    names = [line[0] for line in chart.rows]
    assert (len(names), names[-1]) == (8, "3 others")
    assert chart.rows[-1][-1] == "$276"
    assert "sources=single_idle&amp;categories=c7%2Cc8%2Cc9" in chart.svg


def test_what_a_chart_withholds_is_one_bar_that_makes_it_add_up() -> None:
    whole = {"known": 4, "none": "0", "underway": "0", "several": "1", "parts": 4,
             "none_known": 0, "single_known": 2, "underway_known": 0, "several_known": 2,
             "single": "9"}  # fmt: skip
    of_one = whole | {"known": 1, "single_known": 1, "several_known": 0, "category": "One"}
    rows = [whole | {"category": name} for name in ("A", "B", "C")]
    row = CompanyFigures(
        currency="USD", by_category=[*rows, of_one], spend_12m=Decimal(40),
        single_source_spend=Decimal(36),
    )  # fmt: skip
    shown, exact = (executive.spend_by_state(row, sees_prices=sees) for sees in (False, True))
    assert shown is not None
    assert exact is not None
    assert "2 withheld: a bar of its own would show one part's spend" in shown.sentence
    assert [line[0] for line in shown.rows] == ["B", "C", "2 withheld"]
    assert shown.rows[-1][-1] == "$18"
    assert "withheld" not in exact.sentence


def test_a_low_coverage_is_a_warning() -> None:
    row = CompanyFigures(
        currency="USD", parts=522, single_source_parts=520, spend_12m=Decimal(9),
        single_source_spend=Decimal(9), spend_parts_known=13, spend_parts_missing=509,
        conversions=0, conversions_target=3, cases_in_transition=0,
    )  # fmt: skip
    first = kpis.kpis(row, sees_exposure=True, sees_prices=True, sees_savings=True)[0]
    assert first["facts"][:2] == [
        {"text": "Of 13 parts with known spend (2\u202f%)", "url": "", "tone": "warn"},
        {"text": "509 to complete", "url": "/parts/?sources=counted&spend=missing", "tone": ""},
    ]
    hidden = kpis.kpis(row, sees_exposure=True, sees_prices=False, sees_savings=True)[0]
    assert hidden["facts"][1]["url"] == ""
    row.spend_parts_known, row.spend_parts_missing = 500, 22
    assert (
        kpis.kpis(row, sees_exposure=True, sees_prices=True, sees_savings=True)[0]["facts"][0][
            "tone"
        ]
        == ""
    )


def test_a_coverage_with_a_part_to_complete_is_not_whole() -> None:
    row = CompanyFigures(
        currency="USD", spend_12m=Decimal(9), single_source_spend=Decimal(9),
        parts=292, single_source_parts=188, spend_parts_known=290, spend_parts_missing=1,
        conversions=0, conversions_target=3, cases_in_transition=0,
    )  # fmt: skip
    first = kpis.kpis(row, sees_exposure=True, sees_prices=True, sees_savings=True)[0]
    assert first["facts"][0]["text"] == "Of 290 parts with known spend (99.7 %)"


def test_money_in_qualification_is_of_cases_that_take_a_part_out() -> None:
    line = sourcing.add_site(
        supplier=factories.manufacturer(), name="Mill", activity="assembly", country="DE",
        actor=factories.JOB,
    )  # fmt: skip
    for sites in ([line], []):
        part = factories.part()
        factories.receipt(factories.incumbent(part, sites=[line]), 10, "5")
        factories.Team(factories.alternate(part, sites=sites))
    row = figures.refresh_company()
    assert (row.single_source_spend, row.single_source_underway) == (Decimal(100), Decimal(50))
