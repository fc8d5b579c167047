"""The pages of negotiations: what each reader sees, and the forms."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from incentives.models import Negotiation, NegotiationRound, RoundPrice
from tests import factories
from tests.incentives.world import FIRST, Deal, offer

Browse = Callable[[Any], Any]


@pytest.fixture
def begun(deal: Deal) -> Deal:
    """A round with prices, and offers."""
    offer(deal.incumbent, (1, "3.3371"), (10_000, "2.6671"))
    offer(deal.alternate, (1, "2.3371"), (10_000, "1.9471"))
    deal.round("3.1071", "2.3571", FIRST, target_price=Decimal("2.0071"), should_cost="die 0.4071")
    deal.round("2.7071", day=FIRST)
    deal.reload()
    return deal


def address(deal: Deal, rest: str = "") -> str:
    return f"/negotiations/{deal.negotiation.key}/{rest}"


def price_name(deal: Deal, source: Any, what: str = "price") -> str:
    return f"{what}_{source.pk}_{source.manufacturer_part.manufacturer_id}"


def test_a_buyer_sees_rounds_ladder_and_leverage(begun: Deal, browse: Browse) -> None:
    text = browse(begun.buyer.user).get(address(begun)).content.decode()
    for shown in ("$3.1071", "$2.7071", "$2.3571", "Target $2.0071", "die 0.4071", "Price ladder",
                  "Leverage", "cut its price", "rounds/new/"):  # fmt: skip
        assert shown in text, shown


@pytest.mark.parametrize("role", ["engineer", "quality"])
def test_readers_without_prices_see_relative_ones(begun: Deal, browse: Browse, role: str) -> None:
    text = browse(factories.person(role)).get(address(begun)).content.decode()
    for hidden in ("3.1071", "2.7071", "2.3571", "2.0071", "0.4071", "2.6671", "1.9471"):
        assert hidden not in text, hidden
    assert "87\u202f%" in text


def test_a_viewer_sees_none(begun: Deal, browse: Browse) -> None:
    client = browse(factories.person("viewer"))
    assert client.get(address(begun)).status_code == 403
    assert client.get("/negotiations/").status_code == 403


def test_a_negotiation_without_rounds_says_what_to_do(deal: Deal, browse: Browse) -> None:
    text = browse(deal.buyer.user).get(address(deal)).content.decode()
    assert "No round yet" in text
    assert "The time line begins with the first price." in text


def test_the_list_and_its_file(begun: Deal, browse: Browse) -> None:
    client = browse(begun.buyer.user)
    assert begun.negotiation.key in client.get("/negotiations/?state=open").content.decode()
    lines = b"".join(client.get("/negotiations/?export=csv").streaming_content).decode()
    assert f"{begun.negotiation.key},{begun.part.ipn}" in lines


def test_a_negotiation_is_opened_by_form(deal: Deal, browse: Browse) -> None:
    part = factories.part()
    given = {"part": part.ipn.lower(), "case": "", "quantity": "12,000", "currency": "eur",
             "terms": "DDP"}  # fmt: skip
    answer = browse(deal.buyer.user).post("/negotiations/new/", given)
    row = Negotiation.objects.get(part=part)
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    assert (row.quantity, row.currency, row.terms) == (12_000, "EUR", "DDP")


def test_an_unknown_part_and_case_are_told_at_their_fields(deal: Deal, browse: Browse) -> None:
    given = {"part": "NONE", "case": "SSQ-9", "quantity": "0", "currency": "X"}
    answer = browse(deal.buyer.user).post("/negotiations/new/", given)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"part", "case", "quantity", "currency"}


def test_a_round_is_recorded_by_form_and_cites_the_offer_of_that_price(
    begun: Deal, browse: Browse
) -> None:
    given = {
        "sent_on": FIRST.isoformat(), "put_on_table": "Pilot passed",
        price_name(begun, begun.alternate): "1.9471",
        price_name(begun, begun.alternate, "from"): "2026-06-01",
        "expected": begun.negotiation.version,
    }  # fmt: skip
    answer = browse(begun.buyer.user).post(address(begun, "rounds/new/"), given)
    assert answer.status_code == 302
    price = RoundPrice.objects.get(round__number=3)
    assert (price.price, price.offer_version) == (Decimal("1.9471"), 1)
    assert price.offer is not None
    assert price.offer.supplier == price.supplier


def test_a_wrong_price_keeps_what_was_typed(begun: Deal, browse: Browse) -> None:
    given = {"sent_on": FIRST.isoformat(), "put_on_table": "Pilot passed",
             price_name(begun, begun.alternate): "1,94x"}  # fmt: skip
    answer = browse(begun.buyer.user).post(address(begun, "rounds/new/"), given)
    assert answer.status_code == 422
    assert "1,94x" in answer.content.decode()
    assert "Pilot passed" in answer.content.decode()
    assert NegotiationRound.objects.count() == 2


def test_a_round_on_an_old_reading_shows_the_conflict(begun: Deal, browse: Browse) -> None:
    given = {"sent_on": FIRST.isoformat(), "put_on_table": "x", "expected": 1}
    answer = browse(begun.buyer.user).post(address(begun, "rounds/new/"), given)
    assert answer.status_code == 409
    assert NegotiationRound.objects.count() == 2


def test_a_round_is_changed_by_form(begun: Deal, browse: Browse) -> None:
    row = begun.negotiation.rounds.get(number=2)
    page = address(begun, f"rounds/{row.public_id}/")
    client = browse(begun.buyer.user)
    assert "2.7071" in client.get(page).content.decode()
    given = {"sent_on": FIRST.isoformat(), "put_on_table": "Spec review passed",
             price_name(begun, begun.incumbent): "2.60", "expected": row.version}  # fmt: skip
    assert client.post(page, given).status_code == 302
    assert row.prices.get().price == Decimal("2.6")


def test_the_award_form_takes_per_cent(begun: Deal, browse: Browse) -> None:
    given = {
        price_name(begun, begun.incumbent, "share"): "70",
        price_name(begun, begun.alternate, "share"): "30",
        "reason": "The incumbent keeps the line safe.", "expected": begun.negotiation.version,
    }  # fmt: skip
    client = browse(begun.buyer.user)
    assert client.post(address(begun, "award/"), given).status_code == 302
    assert [row.share for row in begun.negotiation.award.all()] == [Decimal("0.7"), Decimal("0.3")]
    text = client.get(address(begun)).content.decode()
    assert "The incumbent keeps the line safe." in text
    assert "rounds/new" not in text


def test_shares_of_90_per_cent_are_refused(begun: Deal, browse: Browse) -> None:
    given = {price_name(begun, begun.incumbent, "share"): "90", "reason": "r",
             "expected": begun.negotiation.version}  # fmt: skip
    answer = browse(begun.buyer.user).post(address(begun, "award/"), given)
    assert answer.status_code == 422
    assert "The shares sum to 90 %" in answer.content.decode()


def test_a_negotiation_is_abandoned_by_form(begun: Deal, browse: Browse) -> None:
    given = {"reason": "The product ends.", "expected": begun.negotiation.version}
    assert browse(begun.buyer.user).post(address(begun, "abandon/"), given).status_code == 302
    assert begun.reload().state == "abandoned"


def test_the_page_reads_a_fixed_number_of_statements(
    begun: Deal, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    client = browse(begun.buyer.user)
    client.get(address(begun))
    with django_assert_max_num_queries(45):
        client.get(address(begun))
