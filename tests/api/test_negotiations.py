"""``/negotiations/`` and its rounds."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from incentives.models import Negotiation, NegotiationRound
from tests.api.callers import Api
from tests.incentives.world import FIRST, Deal

Caller = Callable[..., Api]


@pytest.fixture
def deal(db: None) -> Deal:
    """A negotiation with a round."""
    found = Deal()
    found.round("3.10", "2.35", FIRST, target_price=Decimal(2), should_cost="die 0.40")
    found.reload()
    return found


def path(deal: Deal, rest: str = "") -> str:
    return f"/negotiations/{deal.negotiation.key}/{rest}"


def price(source: Any, amount: str) -> dict[str, str]:
    return {"source": source.key, "supplier": source.manufacturer_part.manufacturer.code,
            "price": amount}  # fmt: skip


def test_a_negotiation_is_opened_with_its_case(deal: Deal, buyer: Api) -> None:
    buyer.post(path(deal, "abandon/"), {"reason": "again"})
    body = {"part": deal.part.ipn, "case": deal.team.case.key, "currency": "USD",
            "quantity": 12000, "terms": "DDP"}  # fmt: skip
    answer = buyer.post("/negotiations/", body)
    shown = answer.json()
    assert answer.status_code == 201
    assert (shown["part"], shown["case"], shown["state"], shown["quantity"]) == (
        deal.part.ipn, deal.team.case.key, "open", 12000,
    )  # fmt: skip
    assert buyer.get(f"/negotiations/{shown['key']}/").json() == shown


def test_rounds_are_recorded_and_changed(deal: Deal, buyer: Api) -> None:
    body = {"sent_on": "2026-03-01", "put_on_table": "Spec review passed",
            "prices": [price(deal.incumbent, "2.70")]}  # fmt: skip
    made = buyer.post(path(deal, "rounds/"), body)
    assert (made.status_code, made.json()["number"]) == (201, 2)
    change = {"prices": [price(deal.incumbent, "2.66")]}
    answer = buyer.patch(path(deal, f"rounds/{made.json()['id']}/"), change)
    assert [one["price"] for one in answer.json()["prices"]] == ["2.660000"]


def test_engineers_read_rounds_without_prices(deal: Deal, engineer: Api) -> None:
    shown = engineer.get(path(deal, "rounds/")).json()["results"][0]
    assert {"target_price", "should_cost"} & set(shown) == set()
    assert {"price"} & set(shown["prices"][0]) == set()
    assert shown["put_on_table"] == "What is new"


def test_engineers_do_not_write_rounds(deal: Deal, engineer: Api) -> None:
    body = {"sent_on": "2026-03-01", "put_on_table": "x"}
    assert engineer.post(path(deal, "rounds/"), body).status_code == 403
    assert NegotiationRound.objects.count() == 1


def test_an_integration_without_the_scope_writes_no_price(deal: Deal, api: Caller) -> None:
    caller = api("integration", scopes=("read", "write"))
    body = {"sent_on": "2026-03-01", "put_on_table": "x",
            "prices": [price(deal.incumbent, "2.70")]}  # fmt: skip
    answer = caller.post(path(deal, "rounds/"), body)
    assert answer.status_code == 422
    assert NegotiationRound.objects.count() == 1


def test_the_award_is_whole_and_has_a_reason(deal: Deal, buyer: Api) -> None:
    lines = [{**price(deal.incumbent, ""), "share": "0.7"}]
    lines[0].pop("price")
    refused = buyer.post(path(deal, "award/"), {"lines": lines, "reason": "safe"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/lines")
    lines[0]["share"] = "1"
    answer = buyer.post(path(deal, "award/"), {"lines": lines, "reason": "safe"})
    assert (answer.status_code, answer.json()["state"]) == (200, "awarded")
    assert answer.json()["award"][0]["price"] == "3.100000"


def test_an_award_on_an_old_version_is_409(deal: Deal, buyer: Api) -> None:
    line = {"source": deal.incumbent.key, "share": "1",
            "supplier": deal.incumbent.manufacturer_part.manufacturer.code}  # fmt: skip
    body = {"lines": [line], "reason": "safe", "expected": 1}
    assert buyer.post(path(deal, "award/"), body).status_code == 409
    assert deal.reload().state == Negotiation.State.OPEN


def test_leverage_tells_moves_as_fractions(deal: Deal, engineer: Api) -> None:
    deal.round("2.70", day=FIRST)
    found = engineer.get(path(deal, "leverage/")).json()
    assert [(m["round"], m["change"]) for m in found["moves"]] == [(2, "-0.1290")]
    assert found["gates"] == []


def test_an_integration_without_prices_reads_no_change(deal: Deal, api: Any) -> None:
    deal.round("2.70", day=FIRST)
    for scopes, shown in ((("read",), False), (("read", "prices"), True)):
        caller = api("integration", scopes=scopes)
        (move,) = caller.get(path(deal, "leverage/")).json()["moves"]
        assert ("change" in move) is shown


def test_a_viewer_reads_none(deal: Deal, viewer: Api) -> None:
    assert viewer.get("/negotiations/").status_code == 403
