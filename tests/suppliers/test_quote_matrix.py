"""The comparison of quotes: what is counted, at which cost, and why the rest is not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secondsource.core import clock
from suppliers import services
from suppliers.models import ManufacturerPartSite, Rfq, Source
from suppliers.quote_matrix import Cell, quote_matrix
from suppliers.rfq_workflow import RFQ_FLOW
from tests import factories, rfq_work
from tests.factories import JOB

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part())


def asked(*sources: Source, **fields: Any) -> Rfq:
    companies = tuple({s.manufacturer_part.manufacturer for s in sources})
    return rfq_work.rfq(*{s.part for s in sources}, suppliers=companies, **fields)


def only(rfq: Rfq, **at: Any) -> Cell:
    """The cell of the only part and supplier."""
    (row,) = quote_matrix(rfq, **at).rows
    (cell,) = row.cells
    assert cell is not None
    return cell


def codes(cell: Cell) -> list[str]:
    return [reason.code for reason in cell.reasons]


def test_a_unit_costs_what_the_calculator_says(source: Source) -> None:
    rfq = asked(source, amortise_units=150_000)
    rfq_work.quote(
        rfq, source, "2.40", incoterm="FCA", freight=Decimal("0.08"), nre=Decimal(45_000),
        tariff_rate=Decimal("0.035"),
    )  # fmt: skip
    cost = only(rfq).cost
    assert cost is not None
    assert (cost.duty, cost.quality, cost.qualification) == (
        Decimal("0.086800"), Decimal("0.036000"), Decimal("0.300000"),
    )  # fmt: skip
    assert cost.tco == Decimal("2.978749")


def test_volumes_choose_the_price(source: Source) -> None:
    rfq = asked(source)
    rfq_work.quote(rfq, source, "2.00", "1.80", "1.50", multiple=600)
    prices = [only(rfq, place=place).cost.price for place in (1, 2, 9)]  # type: ignore[union-attr]
    assert prices == [Decimal("1.80"), Decimal("1.50"), Decimal("1.50")]
    few = only(rfq, quantity=10)
    assert (few.cost.price, few.order_qty) == (Decimal(2), 600)  # type: ignore[union-attr]
    assert few.remarks == ["Order 600 at least"]


def test_currencies_are_compared_at_the_rates_of_one_day(source: Source) -> None:
    rfq_work.rate("EUR", "USD", "1.10")
    rfq = asked(source)
    rfq_work.quote(rfq, source, "1.00", currency="EUR")
    assert only(rfq).cost.price == Decimal("1.10")  # type: ignore[union-attr]


def test_the_least_counted_offer_is_marked_and_others_are_measured_by_it(source: Source) -> None:
    others = [factories.approved(source.part) for _ in range(2)]
    rfq = asked(source, *others)
    for one, price in zip((source, *others), ("1.10", "1.00", "0.50"), strict=True):
        named = {} if price != "0.50" else {"incoterm": ""}
        rfq_work.quote(rfq, one, price, **named)
    cells = {c.quoted.mpn: c for row in quote_matrix(rfq).rows for c in row.cells if c}
    dear, cheap, unknown = (cells[s.manufacturer_part.mpn] for s in (source, *others))
    assert (cheap.best, cheap.difference) == (True, 0)
    assert (dear.best, round(dear.difference or 0, 4)) == (False, Decimal("0.1000"))
    assert (unknown.state, unknown.best, unknown.cost) == ("not_comparable", False, None)


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"incoterm": ""}, ["no_incoterm"]),
        ({"incoterm": "FCA"}, ["no_freight", "no_duty"]),
        ({"incoterm": "DAP"}, ["no_duty"]),
        ({"incoterm": "DAP", "tariff_rate": Decimal(0)}, []),
        ({"currency": "JPY"}, ["no_rate"]),
        ({"nre": Decimal(9)}, ["no_units"]),
        ({"mpn": "OTHER-1"}, ["no_source"]),
        ({"price_breaks": [(5000, Decimal(1))]}, ["no_price"]),
    ],
)
def test_what_is_not_known_is_named_and_the_offer_not_counted(
    source: Source, fields: dict[str, Any], reasons: list[str]
) -> None:
    rfq = asked(source)
    rfq_work.quote(rfq, source, **fields)
    cell = only(rfq)
    assert codes(cell) == reasons
    assert cell.state == ("not_comparable" if reasons else "counted")


def test_an_alternate_carries_the_cost_of_its_qualification(source: Source) -> None:
    other = factories.alternate(source.part)
    rfq = asked(other)
    rfq_work.quote(rfq, other)
    assert codes(only(rfq)) == ["no_qualification"]
    line = rfq.lines.get()
    from suppliers import services  # only here

    services.cost_line(
        line=line, qualification_cost=Decimal(5000), amortise_units=10_000, actor=JOB
    )
    assert only(rfq).cost.qualification == Decimal("0.5")  # type: ignore[union-attr]


def test_an_expired_offer_is_marked_and_a_closed_rfq_compares_as_on_its_last_day(
    source: Source,
) -> None:
    rfq = asked(source)
    quote = rfq_work.quote(rfq, source)
    RFQ_FLOW.fire(rfq.pk, "close", actor=JOB)
    rfq.refresh_from_db()
    assert quote.valid_to is not None
    with clock.at(quote.valid_to + dt.timedelta(days=1)):
        assert only(rfq).state == "counted"
        rfq.closed_on = None
        cell = only(rfq)
        assert (cell.state, codes(cell), cell.best) == ("expired", ["expired"], False)


def test_a_cost_that_is_too_large_stops_the_comparison_of_no_other(source: Source) -> None:
    other = factories.approved(source.part)
    rfq = asked(source, other, qualification_cost=Decimal(1), amortise_units=1)
    rfq_work.quote(rfq, source, "1.00", nre=Decimal("9e12"))
    rfq_work.quote(rfq, other, "2.00")
    cells = {c.quoted.mpn: c for row in quote_matrix(rfq).rows for c in row.cells if c}
    huge, usual = (cells[s.manufacturer_part.mpn] for s in (source, other))
    assert (huge.state, codes(huge), usual.best) == ("not_comparable", ["out_of_range"], True)


def test_a_declined_line_is_no_offer(source: Source) -> None:
    second = factories.incumbent(
        factories.part(), manufacturer=source.manufacturer_part.manufacturer
    )
    rfq = asked(source, second)
    from suppliers import services  # only here

    services.record_quote(
        invitation=rfq.invitations.get(), channel="form", values=rfq_work.head(), actor=JOB,
        lines=[
            {"line": rfq.lines.get(part=source.part), "declined": True},
            rfq_work.quoted(rfq, second),
        ],
    )  # fmt: skip
    states = {row.line.part_id: row.cells[0].state for row in quote_matrix(rfq).rows}  # type: ignore[union-attr]
    assert states == {source.part_id: "declined", second.part_id: "counted"}


def test_statements_do_not_grow_with_parts_and_suppliers(source: Source) -> None:
    def statements(rfq: Rfq) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            quote_matrix(rfq)
        return len(caught)

    small = asked(source)
    rfq_work.quote(small, source)
    many = [factories.incumbent(factories.part()) for _ in range(4)]
    large = asked(source, *many)
    for one in (source, *many):
        rfq_work.quote(large, one)
    assert statements(large) == statements(small)


def test_independence_and_risk_stand_beside_the_cost(source: Source) -> None:
    rival = factories.approved(source.part)
    rfq = asked(source, rival)
    rfq_work.quote(rfq, source, "2.00")
    rfq_work.quote(rfq, rival, "1.90")
    number = rival.manufacturer_part
    site = services.add_site(
        supplier=number.manufacturer, name="Penang", activity="assembly", country="MY", actor=JOB
    )
    ManufacturerPartSite.objects.create(manufacturer_part=number, site=site)
    Source.objects.filter(pk=rival.pk).update(independence="partly", shared=["assembly Penang"])
    (row,) = quote_matrix(rfq).rows
    found = {cell.quoted.mpn: cell for cell in row.counted}
    mine, other = found[source.manufacturer_part.mpn], found[number.mpn]
    assert mine.facts[-2:] == [
        "Approved · incumbent", "Standing not assessed · lifecycle unknown · sites not known",
    ]  # fmt: skip
    assert other.facts[-2:] == [
        "Approved · partly independent (shares assembly Penang)",
        "Standing not assessed · lifecycle unknown · made in MY",
    ]  # fmt: skip
