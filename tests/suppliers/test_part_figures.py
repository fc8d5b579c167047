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


def test_a_receipt_without_rate_or_price_makes_the_sum_unknown_not_smaller() -> None:
    part = factories.part()
    source = factories.incumbent(part)
    factories.receipt(source, 100, "2")
    factories.receipt(source, 100)
    assert spend(part) == (None, "missing")


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


def counts(part: Part) -> tuple[int, int, int, int, bool]:
    row = stored(part)
    return (
        row.approved_sources, row.independent_sources, row.underway_sources,
        row.candidate_sources, row.single_source,
    )  # fmt: skip


def test_two_approved_sources_are_not_single() -> None:
    part = factories.part()
    factories.incumbent(part)
    factories.approved(part)
    assert counts(part) == (2, 2, 0, 0, False)


def test_a_candidate_is_no_second_source() -> None:
    part = factories.part()
    factories.incumbent(part)
    factories.alternate(part)
    assert counts(part) == (1, 1, 0, 1, True)


def site(name: str, activity: str, country: str) -> object:
    return sourcing.add_site(
        supplier=factories.manufacturer(), name=name, activity=activity, country=country,
        actor=factories.JOB,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "theirs", "word", "independent"),
    [
        (("Fab 1", "fab", "TW"), ("Fab 1", "fab", "TW"), "nominal", 1),
        (("Line", "assembly", "MY"), ("Line", "assembly", "MY"), "nominal", 1),
        (("Fab 1", "fab", "TW"), ("Fab 2", "fab", "TW"), "partly", 2),
        (("Fab 1", "fab", "TW"), ("Fab 2", "fab", "US"), "independent", 2),
    ],
)
def test_what_two_sources_share_decides(
    mine: tuple[str, str, str], theirs: tuple[str, str, str], word: str, independent: int
) -> None:
    part = factories.part()
    first = site(*mine)
    second = first if mine == theirs else site(*theirs)
    factories.incumbent(part, sites=[first])
    other = factories.approved(part, sites=[second])
    other.refresh_from_db()
    assert other.independence == word
    assert stored(part).independent_sources == independent
    assert stored(part).single_source is (independent < 2)


def test_the_same_die_in_another_package_is_nominal() -> None:
    part = factories.part()
    factories.incumbent(part, die="D42")
    other = factories.approved(part, mpn="OTHER", die="D42")
    other.refresh_from_db()
    assert (other.independence, stored(part).single_source) == ("nominal", True)
    assert any(text.startswith("same die D42") for text in other.shared)


def test_sites_not_on_record_are_said_and_count_partly() -> None:
    part = factories.part()
    factories.incumbent(part)
    other = factories.approved(part)
    other.refresh_from_db()
    assert (other.independence, other.shared) == ("partly", ["sites not on record"])


def test_the_time_of_computation_is_kept() -> None:
    moment = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    with clock.at(moment):
        part = factories.part()
    assert stored(part).computed_at == moment
