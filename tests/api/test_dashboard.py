"""The executive figures over the API."""

from decimal import Decimal

import pytest

from secondsource.core import clock
from secondsource.workspace.models import CompanyFigures
from tests.api.callers import Api

CATEGORIES = [
    {
        "category": "ICs",
        "known": 5,
        "none": "0.00",
        "single": "9.00",
        "underway": "0.00",
        "several": "1.00",
    },
    {
        "category": "Few",
        "known": 2,
        "none": "0.00",
        "single": "2.00",
        "underway": "0.00",
        "several": "0.00",
    },
    {
        "category": "Lone",
        "known": 1,
        "none": "0.00",
        "single": "4.00",
        "underway": "0.00",
        "several": "0.00",
    },
]
COUNTS = [(3, 0, 2), (2, 0, 0), (1, 0, 0)]
STORED = [
    category
    | {"none_known": 0}
    | dict(zip(("single_known", "underway_known", "several_known"), counts, strict=True))
    for category, counts in zip(CATEGORIES, COUNTS, strict=True)
]


@pytest.fixture
def figures(db: None) -> CompanyFigures:
    return CompanyFigures.objects.create(
        currency="EUR", parts=4, single_source_parts=2, spend_12m=Decimal(14),
        single_source_spend=Decimal(13), single_source_underway=None, spend_parts_missing=1,
        open_cases=1, cases_in_transition=0, conversions=2, conversions_target=5,
        short_on_cover=0, cover_unknown=4, by_category=STORED, computed_at=clock.now(),
    )  # fmt: skip


def test_figures_with_their_time(buyer: Api, figures: CompanyFigures) -> None:
    shown = buyer.get("/dashboards/executive/").json()
    assert shown["spend_12m"] == {"amount": "14.00", "currency": "EUR"}
    assert (shown["single_source_underway"], shown["conversions"]) == (None, 2)
    assert shown["by_category"] == CATEGORIES
    assert shown["computed_at"].endswith("Z")


def test_a_sum_over_one_part_is_hidden_with_the_price(
    engineer: Api, figures: CompanyFigures
) -> None:
    shown = engineer.get("/dashboards/executive/").json()
    assert shown["by_category"] == [
        CATEGORIES[0],
        {"category": "Few", "known": 2},  # else the total less the others would tell the lone one
        {"category": "Lone", "known": 1},
    ]
    assert shown["spend_12m"] == {"amount": "14.00", "currency": "EUR"}


def test_a_viewer_sees_no_money(viewer: Api, figures: CompanyFigures) -> None:
    shown = viewer.get("/dashboards/executive/").json()
    assert {"spend_12m", "single_source_spend", "by_category"} & set(shown) == set()
    assert shown["parts"] == 4


def test_before_the_first_computation(buyer: Api) -> None:
    assert buyer.get("/dashboards/executive/").status_code == 404
