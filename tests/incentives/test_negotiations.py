"""Negotiations: opened, rounds recorded, awarded or abandoned."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from incentives import services
from incentives.models import AwardLine, Negotiation, NegotiationRound, RoundPrice
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Event
from tests import factories
from tests.incentives.world import FIRST, Deal, offer
from tests.qualification.asking import refusal


def problems(call: object) -> list[tuple[str, str]]:
    """Pointer and code of every refused value."""
    with pytest.raises(ValuesRefused) as caught:
        call()  # type: ignore[operator]
    return [(one.pointer, one.code) for one in caught.value.problems]


def test_a_negotiation_opens_with_a_key(deal: Deal) -> None:
    row = deal.reload()
    assert row.key == f"NEG-{row.number:04d}"
    assert (row.state, row.case, row.quantity, row.opened_by) == (
        "open", deal.team.case, 10_000, deal.buyer.user,
    )  # fmt: skip
    assert Event.objects.filter(action="incentives.negotiation.opened").count() == 1


def test_a_part_has_one_open_negotiation(deal: Deal) -> None:
    again = {"part": deal.part, "currency": "USD", "quantity": 1, "actor": deal.buyer}
    assert refusal(services.open_negotiation, **again) == ["duplicate"]
    services.abandon_negotiation(negotiation=deal.negotiation, reason="no need", actor=deal.buyer)
    assert services.open_negotiation(**again).state == "open"


def test_a_case_of_another_part_an_unknown_currency_and_no_quantity_are_refused(
    deal: Deal,
) -> None:
    found = problems(
        lambda: services.open_negotiation(
            part=factories.part(), case=deal.team.case, currency="XXX", quantity=0,
            actor=deal.buyer,
        )
    )  # fmt: skip
    assert found == [
        ("/currency", "unknown_currency"), ("/quantity", "not_positive"), ("/case", "other_part"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["engineer", "quality", "finance", "executive", "viewer"])
def test_only_procurement_negotiates(deal: Deal, role: str) -> None:
    with pytest.raises(PermissionRefused):
        deal.round("3.10", actor=factories.actor(role))
    assert not NegotiationRound.objects.exists()


def test_rounds_count_up_with_their_prices(deal: Deal) -> None:
    deal.round("3.10", "2.35", FIRST, target_price=Decimal("2.00"), should_cost="die 0.40")
    second = deal.round("2.70", day=FIRST + dt.timedelta(days=28))
    assert [row.number for row in deal.negotiation.rounds.all()] == [1, 2]
    prices = RoundPrice.objects.order_by("id").values_list("round__number", "source", "price")
    assert list(prices) == [
        (1, deal.incumbent.pk, Decimal("3.1")), (1, deal.alternate.pk, Decimal("2.35")),
        (2, deal.incumbent.pk, Decimal("2.7")),
    ]  # fmt: skip
    assert second.held_by == deal.buyer.user
    assert deal.reload().version == 3


def test_every_wrong_value_of_a_round_is_told_at_once(deal: Deal) -> None:
    deal.round("3.10", day=FIRST)
    stranger = factories.incumbent(factories.part())
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    found = problems(
        lambda: services.record_round(
            negotiation=deal.negotiation, sent_on=tomorrow, put_on_table=" ",
            answer_by=FIRST, target_price=Decimal(-1), actor=deal.buyer,
            prices=[deal.price(stranger, "1"), deal.price(deal.incumbent, "-1"),
                    deal.price(deal.incumbent, "1")],
        )
    )  # fmt: skip
    assert found == [
        ("/put_on_table", "required"), ("/sent_on", "in_future"),
        ("/answer_by", "limits_reversed"), ("/target_price", "negative"),
        ("/prices/0/source", "other_part"), ("/prices/1/price", "negative"),
        ("/prices/2/supplier", "duplicate"),
    ]  # fmt: skip
    assert NegotiationRound.objects.count() == 1


def test_a_round_is_not_before_the_last_one(deal: Deal) -> None:
    deal.round("3.10", day=FIRST)
    early = FIRST - dt.timedelta(days=1)
    assert problems(lambda: deal.round("3", day=early)) == [("/sent_on", "before_last_round")]


def test_an_offer_in_another_currency_is_no_quote_of_the_round(deal: Deal) -> None:
    quote = offer(deal.incumbent, (1, "2.90"), currency="EUR")
    maker = deal.incumbent.manufacturer_part.manufacturer
    price = services.NewPrice(deal.incumbent, maker, Decimal("2.90"), offer=quote)
    found = problems(
        lambda: services.record_round(
            negotiation=deal.negotiation, sent_on=FIRST, put_on_table="RFQ", prices=[price],
            actor=deal.buyer,
        )
    )  # fmt: skip
    assert found == [("/prices/0/offer", "mixed_currencies")]


def test_a_round_is_changed_with_its_prices_and_keeps_history(deal: Deal) -> None:
    first = deal.round("3.10", "2.35", FIRST)
    services.change_round(
        negotiation_round=first, values={"note": "a typing error"}, actor=deal.buyer,
        prices=[deal.price(deal.incumbent, "3.00")], expected=first.version,
    )  # fmt: skip
    assert list(first.prices.values_list("price", flat=True)) == [Decimal(3)]
    assert first.history.count() == 2
    assert Event.objects.filter(action="incentives.negotiation.round_changed").count() == 1


def test_the_same_round_again_writes_nothing(deal: Deal) -> None:
    first = deal.round("3.10", day=FIRST)
    version = deal.reload().version
    services.change_round(
        negotiation_round=first, values={"note": ""}, actor=deal.buyer,
        prices=[deal.price(deal.incumbent, "3.10")],
    )  # fmt: skip
    assert deal.reload().version == version


def test_quantity_and_currency_stay_once_there_is_a_round(deal: Deal) -> None:
    deal.round("3.10", day=FIRST)
    values = {"quantity": 5, "currency": "EUR", "terms": "FCA"}
    found = problems(
        lambda: services.change_negotiation(
            negotiation=deal.negotiation, values=values, actor=deal.buyer
        )
    )
    assert sorted(found) == [("/currency", "has_rounds"), ("/quantity", "has_rounds")]
    services.change_negotiation(
        negotiation=deal.negotiation, values={"terms": "FCA"}, actor=deal.buyer
    )
    assert deal.reload().terms == "FCA"


def test_an_award_keeps_the_last_price_of_each_supplier(deal: Deal) -> None:
    deal.round("3.10", "2.35", FIRST)
    deal.round("2.70", day=FIRST)
    deal.award(deal.line(deal.incumbent, "0.7"), deal.line(deal.alternate, "0.3"))
    row = deal.reload()
    assert (row.state, row.reason, row.decided_by) == ("awarded", "cheaper", deal.buyer.user)
    assert [(a.share, a.price) for a in row.award.all()] == [
        (Decimal("0.7"), Decimal("2.7")), (Decimal("0.3"), Decimal("2.35")),
    ]  # fmt: skip


def test_an_award_needs_answers_whole_shares_and_a_reason(deal: Deal) -> None:
    assert refusal(deal.award, reason=" ") == ["note_missing", "no_price"]
    deal.round("3.10", day=FIRST)
    both = (deal.line(deal.incumbent, "0.7"), deal.line(deal.alternate, "0.4"))
    assert problems(lambda: deal.award(*both)) == [
        ("/lines/1/supplier", "no_price"), ("/lines", "not_whole"),
    ]  # fmt: skip
    assert deal.reload().state == "open"
    assert not AwardLine.objects.exists()


@pytest.mark.parametrize("role", ["engineer", "finance", "integration"])
def test_only_procurement_awards(deal: Deal, role: str) -> None:
    deal.round("3.10", "2.35", FIRST)
    with pytest.raises(PermissionRefused):
        deal.award(actor=factories.actor(role))


def test_after_the_award_no_round_is_recorded(deal: Deal) -> None:
    first = deal.round("3.10", "2.35", FIRST)
    deal.award()
    assert refusal(deal.round, "2.00") == ["not_open"]
    change = {"negotiation_round": first, "values": {"note": "x"}, "actor": deal.buyer}
    assert refusal(services.change_round, **change) == ["not_open"]
    with pytest.raises(RuleRefused):
        deal.award()


def test_a_negotiation_is_abandoned_with_a_reason(deal: Deal) -> None:
    abandon = {"negotiation": deal.negotiation, "actor": deal.buyer}
    assert refusal(services.abandon_negotiation, reason="", **abandon) == ["note_missing"]
    services.abandon_negotiation(reason="The product ends.", **abandon)
    assert deal.reload().state == Negotiation.State.ABANDONED


def test_an_award_on_an_old_reading_is_stale(deal: Deal) -> None:
    deal.round("3.10", "2.35", FIRST)
    seen = deal.reload().version
    deal.round("2.70", day=FIRST)
    assert refusal(deal.award, expected=seen) == ["stale"]


def test_a_job_may_negotiate(deal: Deal) -> None:
    assert deal.round("3.10", actor=Actor.named_job("tests")).held_by is None
