"""The total cost of a unit in a split, from offers and the quotes that became them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from incentives.split_facts import SourceTerms
from incentives.split_page import histogram
from incentives.split_reading import read_split
from secondsource.core import clock
from suppliers.models import Source
from suppliers.rfq_workflow import RFQ_FLOW
from tests import factories, rfq_work
from tests.factories import JOB
from tests.incentives.world import offer, two_approved

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part(given_demand=D(12_000)))


def accepted(source: Source, price: str, *, qualification: Any = None, **fields: Any) -> None:
    """An offer of the source that was quoted and accepted."""
    costs = {"qualification_cost": qualification, "amortise_units": fields.pop("units", None)}
    maker = source.manufacturer_part.manufacturer
    rfq = rfq_work.rfq(source.part, suppliers=(maker,), **costs)
    line = rfq_work.quote(rfq, source, price, price, price, **fields).lines.get()
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    rfq_work.award(rfq, line)


def terms(source: Source) -> SourceTerms:
    return read_split(source.part).of(source.pk)


def test_the_vector_of_the_total_cost(source: Source) -> None:
    accepted(
        source, "2.40", incoterm="FCA", freight=D("0.08"), tariff_rate=D("0.035"),
        qualification=D(45_000), units=150_000,
    )  # fmt: skip
    assert terms(source).unit_cost == D("2.678749")  # an approved source is not qualified again
    Source.objects.filter(pk=source.pk).update(status="interim", quantity_cap=5_000)
    assert terms(source).unit_cost == D("2.978749")
    assert terms(source).lacks == ""
    assert [name for name, _ in terms(source).cost.parts] == [  # type: ignore[union-attr]
        "Price", "Freight", "Duty", "Carrying", "Quality", "Qualification",
    ]  # fmt: skip


def test_nre_and_tooling_are_spread(source: Source) -> None:
    accepted(source, "1.00", nre=D(500), tooling=D(500), tooling_owner="us", units=10_000)
    cost = terms(source).cost
    assert cost is not None
    assert (cost.cost.qualification, cost.lacks) == (D("0.1"), ())


def test_other_currencies_are_converted(source: Source) -> None:
    rfq_work.rate("EUR", "USD", "1.10")
    accepted(source, "1.00", currency="EUR", incoterm="FCA", freight=D("0.10"), tariff_rate=0)
    cost = terms(source).cost
    assert cost is not None
    assert (cost.cost.price, cost.cost.freight) == (D("1.1"), D("0.11"))


@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({}, "freight (Incoterm not stated), duty rate"),
        ({"incoterm": "EXW", "tariff_rate": D(0)}, "freight (EXW)"),
        ({"incoterm": "DAP"}, "duty rate"),
        ({"incoterm": "DDP"}, ""),
    ],
)
def test_what_is_not_known_is_named(source: Source, fields: dict[str, Any], lacks: str) -> None:
    offer(source, (1, "1.00"), **fields)
    found = terms(source)
    assert found.lacks == lacks
    assert found.unit_cost == D("1.044589")  # price, carrying and quality


def test_a_source_that_is_not_approved_lacks_its_qualification(source: Source) -> None:
    offer(source, (1, "1.00"), incoterm="DDP")
    Source.objects.filter(pk=source.pk).update(status="interim", quantity_cap=5_000)
    assert terms(source).lacks == "qualification"


def received(source: Source, days: list[int]) -> None:
    for late in days:
        ordered = clock.business_day() - dt.timedelta(days=late)
        line = factories.order_line(source, 10, ordered_on=ordered)
        factories.receipt(source, 10, order_line=line)


def test_the_histogram_counts_units_by_the_days_of_receipts() -> None:
    first, second = two_approved()
    received(first, [60] * 10)
    received(second, [40] * 10)
    shares = {first.pk: D("0.7"), second.pk: D("0.3")}
    facts = read_split(first.part)
    chart = histogram(facts, shares)
    assert chart is not None
    rows = {row[0]: list(row[1:]) for row in chart.rows}
    assert rows["60 to 64"] == ["100\u202f%", "70\u202f%"]
    assert rows["40 to 44"] == ["0\u202f%", "30\u202f%"]
    assert histogram(facts, {}) is None


def test_without_ten_receipts_there_is_no_histogram() -> None:
    first, _ = two_approved()
    received(first, [60] * 9)
    assert histogram(read_split(first.part), {first.pk: D(1)}) is None
