"""Sums never tell a single part's spend to those from whom prices are hidden."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.core import clock
from secondsource.workspace import aggregates, executive
from secondsource.workspace.models import CompanyFigures
from tests import factories
from tests.security.world import World


def category(name: str, **known: int) -> dict[str, Any]:
    counts = {f"{segment}_known": known.get(segment, 0) for segment in aggregates.SEGMENTS}
    sums = dict.fromkeys(aggregates.SEGMENTS, "5.00")
    return {"category": name, "known": sum(known.values()), **counts, **sums}


MANY = category("Many", single=4, several=3)
LARGER = category("Larger", single=9, several=9)
LONE = category("Lone", single=1)
LONE_SEGMENT = category("Segment", single=5, underway=1)


def test_a_category_of_many_is_shown() -> None:
    assert aggregates.hidden([MANY, LARGER]) == []


def test_a_segment_over_one_part_hides_the_category() -> None:
    assert aggregates.hidden([LONE_SEGMENT, category("Two", underway=1)]) == [
        LONE_SEGMENT,
        category("Two", underway=1),
    ]


def test_the_rest_to_the_total_tells_none_either() -> None:
    assert aggregates.hidden([LARGER, MANY, LONE]) == [LONE, MANY]


def test_figures_without_counts_are_hidden() -> None:
    old = {"category": "Old", "known": 7, "single": "5.00", "underway": "0.00", "several": "0.00"}
    assert aggregates.hidden([old]) == [old]


def figures(*categories: dict[str, Any]) -> CompanyFigures:
    return CompanyFigures.objects.create(
        currency="EUR", parts=9, single_source_parts=5, spend_12m=14, single_source_spend=9,
        single_source_underway=5, spend_parts_missing=0, open_cases=1, cases_in_transition=0,
        conversions=0, conversions_target=5, short_on_cover=0, cover_unknown=0,
        by_category=list(categories), computed_at=clock.now(),
    )  # fmt: skip


@pytest.mark.django_db
def test_page_and_api_hide_totals_that_tell_one_part() -> None:
    figures(LONE)
    world = World()
    page = world.client("engineer").get("/dashboard/")
    shown = world.client("engineer").get("/api/v1/dashboards/executive/").json()
    assert next(kpi["label"] for kpi in page.context["kpis"]) == "Single-source parts"
    assert page.context.get("spend_chart") is None
    assert {"spend_12m", "single_source_spend", "single_source_underway"} & set(shown) == set()
    assert shown["by_category"] == [{"category": "Lone", "known": 1}]


@pytest.mark.django_db
def test_those_who_see_prices_see_every_sum() -> None:
    figures(LONE)
    shown = World().client("procurement").get("/api/v1/dashboards/executive/").json()
    assert shown["spend_12m"] == {"amount": "14.00", "currency": "EUR"}
    assert shown["by_category"][0]["single"] == "5.00"


@pytest.mark.django_db
def test_the_roadmap_is_in_the_order_of_spend_only_for_those_who_see_it() -> None:
    cheap, dear = factories.Team(), factories.Team()
    for team, price in ((cheap, "1.00"), (dear, "90.00")):
        team.fire("submit")
        incumbent = team.source.part.sources.get(role="incumbent")
        factories.receipt(incumbent, 100, price)
    by_spend = {
        role: [drawn.lane.url for drawn in executive.roadmap(factories.person(role))[0].lanes]
        for role in ("procurement", "engineer")
    }
    first, second = (team.case.get_absolute_url() for team in (cheap, dear))
    assert by_spend == {"procurement": [second, first], "engineer": [first, second]}
