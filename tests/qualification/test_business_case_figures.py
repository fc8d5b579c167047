"""The six figures of a business case against numbers computed by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from parts.models import Product
from qualification import services
from qualification.economics import candidate, facts, figures, timing
from qualification.models import Case
from secondsource.core import clock
from secondsource.core.models import PolicyVersion
from suppliers.models import ManufacturerPart
from tests import factories
from tests.factories import Team
from tests.qualification.business_cases import (
    change_part,
    offer,
    priced_part,
    priced_team,
    site,
    today,
)

pytestmark = pytest.mark.django_db


def change(team: Team, **values: Any) -> None:
    services.change_business_case(case=team.case, values=values, actor=team.lead)


def codes(team: Team) -> list[str]:
    found = facts.read(Case.objects.get(pk=team.case.pk))
    return [reason.code for reason in figures.missing(found)]


def test_all_six_are_prefilled() -> None:
    team = priced_team()
    found = today(team.case)
    # ($2.00 - $1.50) x 52,000 x 40 %; 30 days x 8 h x $85
    assert (found.saving, found.saving_basis) == (Decimal("10400.00"), "offers")
    assert found.one_time_cost == Decimal("20400.00")
    assert found.payback_months == Decimal("23.5")
    # 36 x 866.67 a month, at 10 % a year: an annuity of 31.18646
    assert found.npv == Decimal("6628.26")
    assert (found.lost_before, found.lost_after) == (10_000, 6_000)
    # 52 x $100 a month is $1,200 a week, for each of two products
    assert (found.exposure_before, found.exposure_after) == (24_000, 14_400)
    assert (found.survival_before, found.survival_after, found.recovery_wk) == (4, 4, 14)
    assert codes(team) == []


def test_the_candidate_lengthens_the_time_to_survive_when_it_comes_in_time() -> None:
    team = priced_team()
    change_part(team.source.part, stock_qty=Decimal(11_000))
    found = today(team.case)
    assert (found.survival_before, found.survival_after) == (11, 14)
    assert (found.lost_before, found.lost_after) == (3_000, 0)


def test_without_offers_it_is_a_share_of_the_spend() -> None:
    of = priced_part()
    first = factories.incumbent(of, sites=[site("DE")])
    factories.receipt(first, 1_000, "5.00")
    found = today(Team(factories.alternate(of)).case)
    assert (found.saving, found.saving_basis) == (Decimal("400.00"), "spend")


def test_what_is_not_on_record_is_missing_and_never_zero() -> None:
    team = Team()
    found = today(team.case)
    assert (found.saving, found.payback_months, found.npv, found.pays_back) == (None,) * 4
    assert (found.lost_before, found.exposure_before, found.survival_before) == (None,) * 3
    assert codes(team) == ["saving_unknown", "exposure_unknown"]


def test_what_people_enter_takes_the_place_of_the_proposal() -> None:
    team = priced_team()
    change(team, share=Decimal("0.5"), horizon_months=12, discount_rate=Decimal(0))
    found = today(team.case)
    assert found.saving == Decimal("13000.00")
    assert found.npv == Decimal("-7400.00")
    change(team, saving_per_year=Decimal(24_000), currency="USD")
    found = today(team.case)
    assert (found.saving, found.saving_basis) == (24_000, "given")
    assert found.payback_months == Decimal("10.2")
    change(team, saving_per_year=None, share=None)
    assert today(team.case).saving == Decimal("10400.00")


def test_a_dearer_candidate_never_pays_back() -> None:
    team = priced_team()
    change(team, saving_per_year=Decimal(-100), currency="USD")
    found = today(team.case)
    assert (found.pays_back, found.payback_months) == (False, None)
    assert codes(team) == []


def test_a_case_on_the_incumbent_has_no_price_to_compare() -> None:
    of = priced_part()
    first = factories.incumbent(of)
    offer(first, "2.00")
    team = Team(first, kind="requalification")
    assert today(team.case).saving is None
    assert codes(team) == ["saving_unknown", "exposure_unknown"]


def test_an_exposure_that_cannot_be_computed_is_described() -> None:
    team = priced_team()
    change_part(team.source.part, stock_qty=None)
    assert codes(team) == ["exposure_unknown"]
    change(team, exposure_note="Both lines stop.")
    assert codes(team) == []
    assert today(team.case).basis["exposure"] == "Both lines stop."


def test_a_product_without_margin_leaves_pieces_and_no_money() -> None:
    team = priced_team()
    Product.objects.order_by("pk").update(unit_margin=None)
    found = today(team.case)
    assert (found.exposure_before, found.lost_before) == (None, 10_000)
    assert "without margin on record" in found.basis["exposure"]


def test_a_cost_without_an_exchange_rate_is_not_left_out() -> None:
    team = priced_team()
    services.plan_cost(
        case=team.case, kind="lab", amount=Decimal(100), currency="CHF", actor=team.lead
    )
    assert today(team.case).one_time_cost is None
    assert codes(team) == ["no_rate"]


def test_costs_and_savings_in_other_currencies_are_converted() -> None:
    team = priced_team()
    factories.catalogue.record_rate(
        currency="CHF", quote="USD", rate=Decimal("1.25"), as_of=clock.business_day(),
        publisher="SNB", actor=factories.JOB,
    )  # fmt: skip
    services.plan_cost(
        case=team.case, kind="lab", amount=Decimal(100), currency="CHF", actor=team.lead
    )
    change(team, saving_per_year=Decimal(1_000), currency="CHF")
    found = today(team.case)
    assert (found.one_time_cost, found.saving) == (Decimal("20525.00"), Decimal("1250.00"))


def test_the_rates_are_those_of_the_active_policy() -> None:
    PolicyVersion.objects.create(
        name="business_case", number=1, state="active",
        values={"rate_per_hour": "100", "planned_share": "0.25", "horizon_months": 24},
    )  # fmt: skip
    team = priced_team()
    found = today(team.case)
    assert (found.one_time_cost, found.horizon_months) == (Decimal("24000.00"), 24)


def test_a_horizon_from_29_february_ends_on_28_february() -> None:
    team = priced_team()
    with clock.at(dt.date(2028, 2, 29)):
        found = facts.read(Case.objects.get(pk=team.case.pk))
        assert figures.until(found) == dt.date(2031, 2, 28)


@pytest.mark.parametrize(
    ("phases", "factor", "words"),
    [
        ([], None, "nothing says how late"),
        (["development"], 1, "the best time for a change"),
        (["development", "pilot"], 5, "5 times"),
        (["mass_production", "concept"], 10, "10 times"),
        (["end_of_life"], 10, "10 times"),
    ],
)
def test_timing_is_that_of_the_latest_product(
    phases: list[str], factor: int | None, words: str
) -> None:
    team = Team()
    for phase in phases:
        factories.product(uses={team.source.part: 1}, phase=phase)
    found = timing.of(team.case)
    assert found.factor == factor
    assert words in found.sentence
    assert found.lacks_reason == bool(factor and factor > 1)


def test_lead_time_and_carbon_are_compared_with_the_incumbent() -> None:
    team = priced_team()
    found = candidate.compare(facts.read(team.case))
    assert (found.incumbent.lead_days, found.candidate.lead_days) == (42, 70)
    assert found.lead_change == 28
    # 0.5 g less on 40 % of 52,000
    assert found.carbon_a_year == Decimal("-10.4")
    ManufacturerPart.objects.filter(mpn="FIRST").update(pcf_kg=None)
    assert candidate.compare(facts.read(team.case)).carbon_a_year is None
