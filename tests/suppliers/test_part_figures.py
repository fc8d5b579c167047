"""Stored figures of a part: what they rest on, and that stored is what is explained."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parts.models import ExchangeRate, Part, PartFigures
from secondsource.core import clock
from suppliers import figures
from suppliers import services as sourcing
from suppliers.models import Source
from tests import factories

pytestmark = pytest.mark.django_db


def stored(part: Part) -> PartFigures:
    return PartFigures.objects.get(part=part)


def spend(part: Part) -> tuple[Decimal | None, str]:
    row = stored(part)
    return row.spend_12m, row.spend_basis


def offer(source: Source, price: str, currency: str = "USD", **fields: object) -> None:
    number = source.manufacturer_part
    sourcing.add_offer(
        manufacturer_part=number, supplier=number.manufacturer, currency=currency,
        price_breaks=[(1, Decimal(price))], actor=factories.JOB, **fields,
    )  # fmt: skip


def test_what_is_stored_is_what_is_explained() -> None:
    part = factories.part(stock_qty=Decimal(1000))
    source = factories.incumbent(part)
    factories.alternate(part)
    factories.product(uses={part: 2}, monthly_volume=100)
    offer(source, "1.5", lead_time_days_max=70)
    factories.receipt(source, 100, "1.40")
    shown = figures.explain(part.pk)
    row = stored(part)
    assert {name: getattr(row, name) for name in figures.COLUMNS} == {
        name: shown[name] for name in figures.COLUMNS
    }


def test_an_unchanged_run_writes_nothing() -> None:
    factories.incumbent(factories.part())
    assert figures.refresh_slices() == 0


def test_spend_is_the_sum_of_a_years_receipts() -> None:
    part = factories.part()
    source = factories.incumbent(part)
    factories.receipt(source, 100, "2")
    factories.receipt(source, 50, "3", received_date=factories.days_ago(300))
    factories.receipt(source, 70, "9", received_date=factories.days_ago(400))
    factories.receipt(source, -10, "2")
    assert spend(part) == (Decimal("330.000000"), "receipts")


def test_other_currencies_are_converted_at_the_day_of_receipt() -> None:
    part = factories.part()
    source = factories.incumbent(part)
    for days, rate in ((200, "1.10"), (20, "1.20")):
        ExchangeRate.objects.create(
            currency="EUR", quote="USD", rate=Decimal(rate), as_of=factories.days_ago(days),
            publisher="test",
        )  # fmt: skip
    factories.receipt(
        source, 100, received_date=factories.days_ago(100), unit_price=Decimal(1), currency="EUR"
    )
    assert spend(part) == (Decimal("110.000000"), "receipts")


def test_receipts_without_price_or_rate_are_counted_apart_and_hide_no_other() -> None:
    part = factories.part()
    source = factories.incumbent(part)
    factories.receipt(source, 100, "2")
    factories.receipt(source, 100)
    factories.receipt(source, 7, unit_price=Decimal(3), currency="CHF")
    assert spend(part) == (Decimal("200.000000"), "receipts")
    assert stored(part).unpriced_receipts == 2


def test_receipts_without_price_alone_leave_the_spend_to_offers() -> None:
    part = factories.part(given_demand=Decimal(1200))
    source = factories.incumbent(part)
    factories.receipt(source, 100)
    offer(source, "2")
    figures.refresh([part.pk])
    assert spend(part) == (Decimal("2400.000000"), "offer")
    assert stored(part).unpriced_receipts == 1


def test_without_receipts_demand_times_the_best_valid_offer() -> None:
    part = factories.part()
    source = factories.incumbent(part)
    factories.product(uses={part: 2}, monthly_volume=100)
    offer(source, "1.5")
    offer(source, "1.2")
    offer(source, "0.5", valid_from=factories.days_ago(9), valid_to=factories.days_ago(1))
    figures.refresh([part.pk])
    assert spend(part) == (Decimal("2880.000000"), "offer")


def test_the_offer_of_a_candidate_does_not_count() -> None:
    part = factories.part()
    factories.incumbent(part)
    factories.product(uses={part: 2}, monthly_volume=100)
    offer(factories.alternate(part), "1.5")
    assert spend(part) == (None, "missing")


def test_else_demand_times_the_standard_cost() -> None:
    part = factories.part(standard_cost=Decimal("0.5"), standard_cost_currency="USD")
    factories.product(uses={part: 1}, monthly_volume=10)
    assert spend(part) == (Decimal("60.000000"), "standard")


def test_with_nothing_it_is_missing_not_zero() -> None:
    assert spend(factories.part()) == (None, "missing")


def test_cover_and_lead_time_in_weeks() -> None:
    part = factories.part(stock_qty=Decimal(520))
    source = factories.incumbent(part)
    factories.product(uses={part: 1}, monthly_volume=130)
    offer(source, "1", lead_time_days_max=70)
    assert (stored(part).cover_wk, stored(part).lead_wk) == (Decimal("17.3"), Decimal("10.0"))


def test_without_stock_on_record_the_cover_is_missing() -> None:
    part = factories.part()
    factories.product(uses={part: 1}, monthly_volume=130)
    assert stored(part).cover_wk is None


def test_price_and_lead_time_come_from_sources_that_may_be_ordered_without_a_cap() -> None:
    part = factories.part(given_demand=Decimal(1200))
    offer(factories.incumbent(part), "3", lead_time_days_max=84)
    capped = sourcing.approve_source(
        source=factories.alternate(part), kind="interim", evidence_ref="SSQ-1", quantity=Decimal(9),
        valid_to=clock.business_day(), actor=factories.JOB,
    )  # fmt: skip
    gone = factories.approved(part)
    sourcing.withdraw_approval(source=gone, reason="drifts", actor=factories.JOB)
    later = factories.approved(part)
    Source.objects.filter(pk=later.pk).update(valid_from=factories.days_ago(-5))
    for source in (capped, gone, later, factories.alternate(part)):
        offer(source, "1", lead_time_days_max=7)
    figures.refresh([part.pk])
    assert spend(part) == (Decimal("3600.000000"), "offer")
    assert stored(part).lead_wk == Decimal("12.0")


def test_offers_of_a_disqualified_seller_count_for_nothing() -> None:
    part = factories.part(given_demand=Decimal(1200))
    source = factories.incumbent(part)
    seller = factories.manufacturer()
    factories.standing(seller, "disqualified")
    sourcing.add_offer(
        manufacturer_part=source.manufacturer_part, supplier=seller, currency="USD",
        price_breaks=[(1, Decimal(1))], lead_time_days_max=7, actor=factories.JOB,
    )  # fmt: skip
    figures.refresh([part.pk])
    assert (spend(part), stored(part).lead_wk) == ((None, "missing"), None)


@pytest.mark.parametrize(("risk_class", "weeks"), [("high", None), ("low", Decimal("10.0"))])
def test_a_source_to_requalify_counts_where_it_may_be_ordered(
    risk_class: str, weeks: Decimal | None
) -> None:
    part = factories.part(risk_class=risk_class)
    source = factories.incumbent(part)
    offer(source, "1", lead_time_days_max=70)
    Source.objects.filter(pk=source.pk).update(status="requalify")
    figures.refresh([part.pk])
    assert stored(part).lead_wk == weeks


def test_the_time_of_computation_is_kept() -> None:
    moment = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    with clock.at(moment):
        part = factories.part()
    assert stored(part).computed_at == moment
