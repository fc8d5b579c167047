"""Quotes that are taken into a round of a negotiation."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incentives import services
from incentives.models import NegotiationRound, RoundPrice
from incentives.quoted import newest_quotes
from secondsource.core import clock
from secondsource.core.errors import PermissionRefused, RuleRefused, Stale, ValuesRefused
from suppliers.models import QuoteLine, Rfq
from tests import factories, rfq_work
from tests.api.callers import Api
from tests.incentives.world import Deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def rfq(deal: Deal) -> Rfq:
    makers = (source.manufacturer_part.manufacturer for source in (deal.incumbent, deal.alternate))
    return rfq_work.rfq(deal.part, suppliers=tuple(makers))


def line_of(rfq: Rfq, source: Any, *prices: str, **fields: Any) -> QuoteLine:
    return rfq_work.quote(rfq, source, *prices, **fields).lines.get()


def take(deal: Deal, *lines: QuoteLine, **call: Any) -> NegotiationRound:
    values = {"put_on_table": "RFQ to two", "actor": deal.buyer} | call
    return services.import_quotes(negotiation=deal.negotiation, quote_lines=lines, **values)


def refusals(deal: Deal, *lines: QuoteLine, **call: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        take(deal, *lines, **call)
    assert not RoundPrice.objects.filter(quote_line__isnull=False).exists()
    return [(one.pointer, one.code) for one in caught.value.problems]


def test_quotes_begin_the_next_round_at_the_quantity_of_the_negotiation(
    deal: Deal, rfq: Rfq
) -> None:
    first = line_of(rfq, deal.incumbent, "3.10", "3.00", "2.70")
    second = line_of(rfq, deal.alternate, "2.40", "2.20", "1.94")
    made = take(deal, first, second)
    assert (made.number, made.put_on_table, made.sent_on) == (
        1, "RFQ to two", clock.business_day(),
    )  # fmt: skip
    assert [(one.quote_line, one.price) for one in made.prices.all()] == [
        (first, Decimal("2.70")), (second, Decimal("1.94")),
    ]  # fmt: skip


def test_in_a_round_that_is_there_they_replace_the_prices_of_their_suppliers(
    deal: Deal, rfq: Rfq
) -> None:
    sent = deal.round("3.10", "2.35")
    line = line_of(rfq, deal.alternate, "1.94")
    made = take(deal, line, into=sent, expected=deal.reload().version)
    prices = {one.source: (one.price, one.quote_line) for one in made.prices.all()}
    assert prices == {
        deal.incumbent: (Decimal("3.10"), None), deal.alternate: (Decimal("1.94"), line),
    }  # fmt: skip
    assert deal.reload().rounds.count() == 1


def test_an_incremental_ladder_is_taken_at_its_average(deal: Deal, rfq: Rfq) -> None:
    line = line_of(rfq, deal.alternate, "2.00", "1.00", break_type="incremental")
    price = take(deal, line).prices.get().price
    assert price == Decimal("1.0999")


def test_only_the_newest_quote_is_taken(deal: Deal, rfq: Rfq) -> None:
    old = line_of(rfq, deal.alternate, "2.00")
    line_of(rfq, deal.alternate, "1.90")
    assert refusals(deal, old) == [("/quote_lines/0", "not_newest")]
    later = rfq_work.rfq(deal.part, suppliers=(deal.alternate.manufacturer_part.manufacturer,))
    newest = line_of(later, deal.alternate, "1.80")
    (found,) = newest_quotes(deal.negotiation, deal.buyer.user)
    assert (found.line, found.price) == (newest, Decimal("1.80"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"currency": "EUR"}, "quoted in EUR, the rounds are in USD"),
        ({"price_breaks": [(20_000, Decimal(1))]}, "no price at 10,000"),
    ],
)
def test_what_cannot_be_compared_is_told_and_not_taken(
    deal: Deal, rfq: Rfq, fields: dict[str, Any], why: str
) -> None:
    line = line_of(rfq, deal.alternate, **fields)
    (found,) = newest_quotes(deal.negotiation, deal.buyer.user)
    assert found.why == why
    assert refusals(deal, line) == [("/quote_lines/0", "not_usable")]


def test_a_quote_that_ended_is_not_taken(deal: Deal, rfq: Rfq) -> None:
    line = line_of(rfq, deal.alternate)
    with clock.at(line.quote.valid_to + dt.timedelta(days=1)):
        assert refusals(deal, line) == [("/quote_lines/0", "not_usable")]


def test_nothing_chosen_and_nothing_said(deal: Deal) -> None:
    assert refusals(deal, put_on_table=" ") == [
        ("/quote_lines", "required"), ("/put_on_table", "required"),
    ]  # fmt: skip


def test_who_may_and_when(deal: Deal, rfq: Rfq) -> None:
    line = line_of(rfq, deal.alternate)
    with pytest.raises(PermissionRefused):
        take(deal, line, actor=factories.actor("engineer"))
    with pytest.raises(Stale):
        take(deal, line, expected=99)
    deal.round("3.10", "2.00")
    deal.award()
    with pytest.raises(RuleRefused):
        take(deal, line)
    assert not RoundPrice.objects.filter(quote_line__isnull=False).exists()


def test_a_supplier_who_only_quoted_can_be_awarded(deal: Deal, rfq: Rfq, client: Client) -> None:
    dealer = factories.manufacturer()
    made = rfq_work.rfq(deal.part, suppliers=(dealer,))
    take(deal, line_of(made, deal.alternate, "1.90", supplier=dealer))
    client.force_login(deal.buyer.user)  # type: ignore[arg-type]
    text = client.get(reverse("negotiation_award", args=[deal.negotiation.number])).content
    assert dealer.name in text.decode()


def test_editing_another_price_keeps_the_citation(deal: Deal, rfq: Rfq, client: Client) -> None:
    made = take(deal, line_of(rfq, deal.alternate, "1.94"))
    client.force_login(deal.buyer.user)  # type: ignore[arg-type]
    url = reverse("negotiation_round", args=[deal.negotiation.number, made.public_id])
    source, maker = deal.alternate.pk, deal.alternate.manufacturer_part.manufacturer_id
    old, owner = deal.incumbent.pk, deal.incumbent.manufacturer_part.manufacturer_id
    posted = client.post(url, {
        "sent_on": made.sent_on.isoformat(), "put_on_table": made.put_on_table,
        f"price_{source}_{maker}": "1.94", f"price_{old}_{owner}": "3.10",
        "expected": made.version,
    })  # fmt: skip
    assert posted.status_code == 302, posted.content
    cited = {one.source_id: one.quote_line_id for one in made.prices.all()}
    assert cited == {source: QuoteLine.objects.get().pk, old: None}


def test_the_page_takes_them(deal: Deal, rfq: Rfq, client: Client) -> None:
    line = line_of(rfq, deal.alternate, "1.94")
    client.force_login(deal.buyer.user)  # type: ignore[arg-type]
    url = reverse("negotiation_quotes", args=[deal.negotiation.number])
    assert "$1.94" in client.get(url).content.decode()
    nothing = client.post(url, {"into": "new", "expected": deal.negotiation.version})
    assert nothing.status_code == 422
    assert "Choose at least one." in nothing.content.decode()
    posted = client.post(url, {
        "quotes": line.key, "into": "new", "put_on_table": "RFQ", "sent_on": "",
        "expected": deal.negotiation.version,
    })  # fmt: skip
    assert posted.status_code == 302
    assert RoundPrice.objects.get().quote_line == line
    page = client.get(deal.negotiation.get_absolute_url()).content.decode()
    assert reverse("quote_detail", args=[line.quote.public_id]) in page


def test_the_api_takes_them(deal: Deal, rfq: Rfq, buyer: Api) -> None:
    line = line_of(rfq, deal.alternate, "1.94")
    url = f"/negotiations/{deal.negotiation.key}/quotes/"
    (shown,) = buyer.get(url).json()["results"]
    assert (shown["quote_line"], shown["price"], shown["problem"]) == (line.key, "1.940000", "")
    body = {"quote_lines": [line.key], "put_on_table": "RFQ"}
    made = buyer.post(url, body)
    assert made.status_code == 201
    assert [one["quote_line"] for one in made.json()["prices"]] == [line.key]
    missing = buyer.post(url, {"quote_lines": [line.key], "round": 7})
    assert missing.json()["errors"][0]["pointer"] == "/round"


def test_a_cited_quote_must_fit_its_price(deal: Deal, rfq: Rfq, buyer: Api) -> None:
    line = line_of(rfq, deal.alternate, "1.94")
    price = {
        "source": deal.alternate.key, "price": "1.90", "quote_line": line.key,
        "supplier": deal.alternate.manufacturer_part.manufacturer.code,
    }  # fmt: skip
    body = {"sent_on": "2026-02-01", "put_on_table": "RFQ", "prices": [price]}
    refused = buyer.post(f"/negotiations/{deal.negotiation.key}/rounds/", body)
    assert refused.json()["errors"][0] | {"detail": ""} == {
        "pointer": "/prices/0/quote_line", "code": "other_price", "detail": "",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["procurement", "engineer"])
def test_the_brief_shows_prices_to_those_who_see_them(
    deal: Deal, rfq: Rfq, role: str, client: Client
) -> None:
    deal.round("3.10", "2.35", target_price=Decimal("2.10"), should_cost="copper fell")
    line_of(rfq, deal.alternate, "1.94")
    client.force_login(factories.person(role))
    text = client.get(reverse("negotiation_brief", args=[deal.negotiation.number])).content
    shown = [word in text.decode() for word in ("$1.94", "$2.10", "copper fell", "3.10")]
    assert shown == [role == "procurement"] * 4
