"""Which gates alternates had passed at each round, and what moved after it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from incentives.leverage import read_leverage, time_line
from incentives.models import Negotiation
from incentives.price_history import price_history
from incentives.price_ladder import ladder_chart, ladder_of
from incentives.price_sight import PriceSight
from incentives.services import NewPrice, record_round
from qualification.models import GatePassage
from secondsource.core import clock
from suppliers import services as sourcing
from tests import factories
from tests.factories import JOB
from tests.incentives.world import FIRST, Deal, offer
from tests.rfq_work import rate

EXACT = PriceSight(True, "USD", Decimal("3.10"))
RELATIVE = PriceSight(False, "USD", Decimal("3.10"))


def days(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@pytest.fixture
def moved(deal: Deal) -> Deal:
    """Three rounds; the alternate passed the spec review before the second, FMEA after it."""
    noon = dt.time(12, tzinfo=dt.UTC)
    for gate, day in (("spec_review", days(10)), ("fmea", days(40))):
        GatePassage.objects.create(
            case=deal.team.case, gate=gate, entered_at=dt.datetime.combine(FIRST, noon),
            left_at=dt.datetime.combine(day, noon), passed=True,
        )  # fmt: skip
    deal.round("3.10", "2.35", days(0))
    deal.round("2.70", "2.35", days(28))
    deal.round("", "2.20", days(50))
    return deal


def test_a_move_names_the_gates_between_the_two_rounds(moved: Deal) -> None:
    found = read_leverage(moved.negotiation)
    told = [
        (str(move.round), move.bidder.is_incumbent, move.change, [g.gate for g in move.gates])
        for move in found.moves
    ]
    assert told == [
        ("R2", True, "−13\u202f%", ["spec_review"]), ("R3", False, "−6\u202f%", ["fmea"]),
    ]  # fmt: skip


def test_a_round_knows_the_last_gate_of_its_day(moved: Deal) -> None:
    rows = read_leverage(moved.negotiation).rows
    standing = [[g.gate for g in row.standing] for row in rows]
    assert standing == [[], ["spec_review"], ["fmea"]]


def test_a_gate_that_was_not_passed_is_no_leverage(deal: Deal) -> None:
    now = clock.now()
    GatePassage.objects.create(
        case=deal.team.case, gate="spec_review", entered_at=now, left_at=now, passed=False
    )
    deal.round("3.10", "2.35", FIRST)
    assert read_leverage(deal.negotiation).gates == []


def test_the_reference_is_the_first_price_of_the_incumbent(moved: Deal) -> None:
    assert read_leverage(moved.negotiation).reference == Decimal("3.10")


def test_leverage_is_read_in_a_fixed_number_of_statements(
    moved: Deal, django_assert_num_queries: object
) -> None:
    row = Negotiation.objects.get(pk=moved.negotiation.pk)
    with django_assert_num_queries(7):  # type: ignore[operator]
        read_leverage(row)


def test_the_time_line_draws_prices_and_gates(moved: Deal) -> None:
    drawn = time_line(read_leverage(moved.negotiation), EXACT)
    assert drawn is not None
    assert "Spec review" in drawn.svg
    assert "$2.70" in drawn.svg
    assert "$2.20" in drawn.svg
    assert f"after {moved.alternate.manufacturer_part.mpn} passed spec review." in drawn.sentence
    assert [row[1] for row in drawn.rows][1].startswith("Spec review of ")


def test_a_phone_has_the_gates_in_words(moved: Deal, browse: Any) -> None:
    text = browse(moved.buyer.user).get(f"/negotiations/{moved.negotiation.key}/").text
    assert "Lines from left to right" in text
    assert f"Spec review of {moved.alternate.manufacturer_part.mpn}" in text


def test_without_prices_the_time_line_is_relative(moved: Deal) -> None:
    drawn = time_line(read_leverage(moved.negotiation), RELATIVE)
    assert drawn is not None
    assert "$" not in drawn.svg + drawn.sentence + str(drawn.rows)
    assert "87\u202f%" in drawn.svg


def test_without_a_price_there_is_no_time_line(deal: Deal) -> None:
    assert time_line(read_leverage(deal.negotiation), EXACT) is None


def test_the_ladder_has_the_best_offer_of_each_source_in_the_currency(deal: Deal) -> None:
    offer(deal.incumbent, (1, "3.05"), (10_000, "2.66"))
    offer(deal.incumbent, (1, "3.50"), sku="dearer")
    offer(deal.alternate, (1, "2.30"), (2_500, "2.05"), (10_000, "1.94"))
    offer(deal.alternate, (1, "0.50"), currency="EUR")
    rungs = ladder_of(deal.part, 10_000, "USD")
    assert [rung.at(10_000) for rung in rungs] == [Decimal("2.66"), Decimal("1.94")]
    assert [rung.at(2_500) for rung in rungs] == [Decimal("3.05"), Decimal("2.05")]
    drawn = ladder_chart(rungs, 12_000, EXACT)
    assert drawn is not None
    assert [row[0] for row in drawn.rows] == ["1+", "2,500+", "10,000+"]
    assert "our lot, 12,000" in drawn.svg


def test_an_offer_in_another_currency_is_converted(deal: Deal) -> None:
    rate("EUR", "USD", "1.10")
    offer(deal.incumbent, (1, "2.66"))
    offer(deal.alternate, (1, "1.50"), currency="EUR")
    first, second = ladder_of(deal.part, 10, "USD")
    assert (first.at(10), first.rate) == (Decimal("2.66"), None)
    assert second.rate is not None
    assert (second.at(10), second.rate.rate) == (Decimal("1.65"), Decimal("1.10"))
    assert second.name.endswith(", converted")


def test_no_offer_no_ladder(deal: Deal) -> None:
    assert ladder_chart(ladder_of(deal.part, 10, "USD"), 10, EXACT) is None


def test_the_price_history_is_that_of_the_versions_at_the_quantity(deal: Deal) -> None:
    row = offer(deal.incumbent, (1, "3.10"), (10_000, "2.90"))
    breaks = [(1, Decimal("3.00")), (10_000, Decimal("2.90"))]
    sourcing.change_offer(offer=row, values={}, actor=JOB, price_breaks=breaks)
    breaks = [(1, Decimal("3.00")), (10_000, Decimal("2.70"))]
    sourcing.change_offer(offer=row, values={}, actor=JOB, price_breaks=breaks)
    found = price_history(deal.part, 12_000)
    assert [(one.before, one.price) for one in found] == [
        (Decimal("2.90"), Decimal("2.70")), (None, Decimal("2.90")),
    ]  # fmt: skip


def test_a_second_supplier_of_a_source_is_named(deal: Deal) -> None:
    broker = factories.manufacturer("Broker House")
    deal.round("3.10", day=FIRST)
    record_round(
        negotiation=deal.negotiation, sent_on=FIRST, put_on_table="RFQ", actor=deal.buyer,
        prices=[NewPrice(deal.incumbent, broker, Decimal("2.99"))],
    )  # fmt: skip
    names = [one.name for one in read_leverage(deal.negotiation).bidders]
    assert names[1].endswith(" via Broker House")
