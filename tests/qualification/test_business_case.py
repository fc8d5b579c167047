"""The business case of a case: what is signed, what voids it, who sees what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.models import BusinessCase, BusinessCaseVersion, SignOff
from qualification.models.cases import State
from secondsource.core.errors import PermissionRefused, ValuesRefused
from tests import factories
from tests.factories import Team
from tests.qualification.asking import refusal, refused_move
from tests.qualification.business_cases import (
    as_seen,
    change_part,
    offer,
    priced_part,
    priced_team,
    today,
)
from tests.threads import at_once


def step(team: Team) -> Any:
    return team.case.checklist.get(link="business_case")


def pointers(call: Any, **values: Any) -> list[str]:
    with pytest.raises(ValuesRefused) as caught:
        call(**values)
    return [problem.pointer for problem in caught.value.problems]


@pytest.fixture
def priced(db: None) -> Team:
    team = priced_team()
    team.fire("submit")
    return team


def test_a_case_opens_with_its_working_hours_planned(team: Team) -> None:
    (cost,) = team.case.planned_costs.all()
    assert (cost.kind, cost.hours, cost.rate, cost.amount) == ("hours", 240, 85, 20_400)


def test_the_step_is_met_by_the_figures_alone(priced: Team) -> None:
    assert step(priced).met_at is not None
    assert services.sign(case=priced.case, function="quality", actor=priced["quality"])


def test_offers_and_stock_that_come_later_meet_the_step(db: None) -> None:
    part = priced_part(stock_qty=None)
    first, second = factories.incumbent(part), factories.alternate(part)
    team = Team(second)
    assert step(team).met_at is None
    offer(first, "2.00")
    offer(second, "1.50")
    change_part(part, stock_qty=Decimal(4_000))
    assert step(team).met_at is not None


def test_every_reason_against_it_blocks_the_gate(team: Team) -> None:
    team.fire("submit")
    assert step(team).met_at is None
    codes = refused_move(team, "pass")
    assert codes.count("work_open") == 2
    services.remove_planned_cost(cost=team.case.planned_costs.get(), actor=team.lead)
    assert refused_move(team, "pass").count("work_open") == 3
    values = {"no_cost_reason": "The supplier pays.", "exposure_note": "One line."}
    services.change_business_case(case=team.case, values=values, actor=team.lead)
    assert refused_move(team, "pass").count("work_open") == 1
    team.do_items()
    assert "work_open" not in refused_move(team, "pass")
    assert step(team).met_at is not None


def test_the_first_signature_stores_the_figures(priced: Team) -> None:
    services.sign(case=priced.case, function="quality", actor=priced["quality"])
    version = BusinessCaseVersion.objects.get()
    assert (version.number, version.exact["saving"]) == (1, "10400.00")
    signature = SignOff.objects.get()
    assert signature.work_versions == {"business_case": 1}
    services.sign(case=priced.case, function="procurement", actor=priced["procurement"])
    assert BusinessCaseVersion.objects.count() == 1


def test_a_price_that_ends_after_a_signature_leaves_what_was_signed(priced: Team) -> None:
    services.sign(case=priced.case, function="quality", actor=priced["quality"])
    offers = priced.source.manufacturer_part.offers.all()
    offers.update(valid_from="2020-01-01", valid_to="2020-02-01")
    assert today(priced.case).saving == Decimal("8320.00"), "8 % of the spend"
    assert services.sign(case=priced.case, function="procurement", actor=priced["procurement"])
    assert BusinessCaseVersion.objects.get().exact["saving"] == "10400.00"


@pytest.mark.parametrize("what", ["inputs", "added", "changed", "removed", "share"])
def test_a_change_voids_the_signatures(priced: Team, what: str) -> None:
    services.sign(case=priced.case, function="quality", actor=priced["quality"])
    cost = priced.case.planned_costs.get()
    if what == "inputs":
        services.change_business_case(case=priced.case, values={"note": "x"}, actor=priced.lead)
    elif what == "added":
        services.plan_cost(case=priced.case, kind="lab", amount=Decimal(5), actor=priced.lead)
    elif what == "changed":
        services.change_planned_cost(cost=cost, values={"hours": Decimal(10)}, actor=priced.lead)
    elif what == "removed":
        services.plan_cost(case=priced.case, kind="lab", amount=Decimal(5), actor=priced.lead)
        services.remove_planned_cost(cost=cost, actor=priced.lead)
    else:
        priced.plan(transition_share=Decimal("0.7"))
    assert not SignOff.objects.filter(voided_at=None).exists()
    services.sign(case=priced.case, function="quality", actor=priced["quality"])
    assert BusinessCaseVersion.objects.count() == 2


def test_it_is_fixed_once_its_gate_is_passed(priced: Team) -> None:
    priced.go_to(State.SPEC_REVIEW)
    call = {"case": priced.case, "actor": priced.lead}
    found = refusal(services.change_business_case, values={"note": "late"}, **call)
    assert found == ["gate_passed"]
    assert refusal(services.plan_cost, kind="lab", amount=Decimal(5), **call) == ["gate_passed"]
    cost = priced.case.planned_costs.get()
    assert refusal(services.remove_planned_cost, cost=cost, actor=priced.lead) == ["gate_passed"]
    assert priced.case.planned_costs.count() == 1


def test_values_out_of_range_are_refused_all_at_once(team: Team) -> None:
    values = {
        "saving_per_year": Decimal(1), "currency": "XX", "share": Decimal(2),
        "discount_rate": Decimal(-1), "horizon_months": 0,
    }  # fmt: skip
    found = pointers(services.change_business_case, case=team.case, values=values, actor=team.lead)
    assert found == ["/currency", "/share", "/discount_rate", "/horizon_months"]
    assert not BusinessCase.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_first_entries_on_one_reading_the_slower_is_stale(transactional_db: None) -> None:
    team = Team()

    def enter(note: str) -> Any:
        return lambda: services.change_business_case(
            case=team.case, values={"note": note}, actor=team.lead, expected=0
        )

    assert at_once(enter("one"), enter("two")) == ["done", "stale"]
    assert BusinessCase.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_and_a_signature_wait_for_each_other(transactional_db: None) -> None:
    team = priced_team()
    team.fire("submit")
    seen = team.case.version

    def sign() -> None:
        services.sign(case=team.case, function="quality", actor=team["quality"], expected=seen)

    def enter() -> None:
        services.change_business_case(
            case=team.case, values={"note": "later"}, actor=team.lead, expected=0
        )

    assert at_once(sign, enter) in (["done", "done"], ["done", "stale"])
    assert SignOff.objects.filter(voided_at=None).count() == 0


def test_a_reader_with_prices_sees_exact_sums(priced: Team) -> None:
    offer(priced.source, "1.4321")
    seen = as_seen(priced.case, "finance")
    assert (seen.figures.saving, seen.rounded) == (Decimal("11812.32"), False)
    assert "$1.4321" in seen.figures.basis["saving"]
    assert not seen.hidden


def test_a_reader_without_prices_sees_two_digits_and_no_price(priced: Team) -> None:
    offer(priced.source, "1.4321")
    seen = as_seen(priced.case, by=priced.people["quality"])
    # the difference of 0.5679 as 0.57, so 11,856, as 12,000
    assert seen.figures.saving == 12_000
    assert "$" not in "".join(seen.figures.basis.values())
    assert (seen.figures.one_time_cost, seen.figures.npv) == (20_400, 11_000)


def test_another_share_does_not_tell_the_price(priced: Team) -> None:
    offer(priced.source, "1.4321")
    per_share = set()
    for share in ("0.41", "0.43", "0.47", "0.53", "0.59", "0.61"):
        services.change_business_case(
            case=priced.case, values={"share": Decimal(share)}, actor=priced.lead
        )
        exact = today(priced.case, rounded=True)
        per_share.add(exact.saving)
    # what is rounded at last is 0.57 x 52,000 x share, never 0.5679
    assert per_share == {12_000, 13_000, 14_000, 16_000, 17_000, 18_000}


def test_engineers_outside_of_the_team_see_savings_and_no_cost(priced: Team) -> None:
    seen = as_seen(priced.case, "engineer")
    assert seen.figures.saving == 10_000
    assert seen.hidden == {
        "one_time_cost", "payback_months", "pays_back", "npv", "effort_hours"
    }  # fmt: skip


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_viewers_see_weeks_and_no_money(priced: Team, role: str) -> None:
    found = as_seen(priced.case, role).figures
    assert (found.saving, found.one_time_cost, found.npv, found.exposure_before) == (None,) * 4
    assert found.survival_before == 4
    assert set(found.basis) == {"exposure", "survival"}


def test_the_margin_of_a_single_product_stays_with_those_who_see_margins(db: None) -> None:
    case = priced_team(products=1).case
    assert as_seen(case, "executive").figures.exposure_before == 12_000
    assert as_seen(case, "procurement").figures.exposure_before is None
    assert as_seen(case, "procurement").figures.lost_before == 10_000


def test_only_people_who_see_the_cost_plan_it(priced: Team) -> None:
    outsider = factories.actor("engineer")
    with pytest.raises(PermissionRefused):
        services.plan_cost(case=priced.case, kind="lab", amount=Decimal(5), actor=outsider)
    buyer = factories.actor("procurement")
    assert services.plan_cost(case=priced.case, kind="lab", amount=Decimal(5), actor=buyer)
