"""The page of a split, the proposal by form, and its decision."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from incentives.models import SplitProposal
from suppliers.models import Source
from tests import factories
from tests.incentives.world import two_approved

D = Decimal
Browse = Callable[[Any], Any]
Pair = tuple[Source, Source]


@pytest.fixture
def pair(db: None) -> Pair:
    found = two_approved(prices=("1.0071", "0.8871"))
    Source.objects.filter(pk=found[1].pk).update(share_cap=D("0.4"), independence="independent")
    return found


def page(pair: Pair) -> str:
    return f"/parts/{pair[0].part.ipn}/split/"


def shares(pair: Pair, first: str, second: str) -> dict[str, str]:
    return {f"share_{pair[0].pk}": first, f"share_{pair[1].pk}": second, "reason": "less risk"}


def test_a_buyer_sees_costs_bounds_and_the_frontier(pair: Pair, browse: Browse) -> None:
    text = browse(factories.person("procurement")).get(page(pair)).content.decode()
    wanted = ("$1.0071", "$0.8871", "the ramp&#x27;s share of this month", "Cost against risk",
              "The worst outage loses least", "Propose a split")  # fmt: skip
    for shown in wanted:
        assert shown in text, shown


def test_an_engineer_sees_relative_costs(pair: Pair, browse: Browse) -> None:
    text = browse(factories.person("engineer")).get(page(pair)).content.decode()
    assert not {price for price in ("1.0071", "0.8871", "$") if price in text}
    assert "88\u202f%" in text


def test_an_impossible_demand_is_explained_and_not_proposed(pair: Pair, browse: Browse) -> None:
    Source.objects.filter(pk=pair[0].pk).update(capacity_wk=D(10))
    client = browse(factories.person("procurement"))
    text = client.get(page(pair)).content.decode()
    assert "of the demand can be bought" in text
    assert "Propose a split" not in text
    assert client.post(page(pair), shares(pair, "60", "40")).status_code == 422
    assert not SplitProposal.objects.exists()


def test_demand_and_warm_share_come_from_the_address(pair: Pair, browse: Browse) -> None:
    text = browse(factories.person("procurement")).get(
        page(pair) + "?demand=50,000&warm=10"
    ).content.decode()  # fmt: skip
    assert "Demand 50,000 a year, warm share 10" in text


def test_a_split_is_proposed_drawn_and_accepted(pair: Pair, browse: Browse) -> None:
    engineer, buyer = factories.person("engineer"), factories.person("procurement")
    drawn = browse(engineer).post(page(pair), {**shares(pair, "75", "25"), "preview": "1"})
    assert drawn.status_code == 200
    assert not SplitProposal.objects.exists()
    answer = browse(engineer).post(page(pair), shares(pair, "70", "30"))
    split = SplitProposal.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, split.get_absolute_url())
    client = browse(buyer)
    assert "Accept" in client.get(split.get_absolute_url()).content.decode()
    done = client.post(f"/splits/{split.public_id}/accept/", {"expected": split.version})
    assert done.status_code == 302
    assert Source.objects.get(pk=pair[1].pk).share == D("0.3")
    factories.receipt(pair[1], 100)
    text = client.get(split.get_absolute_url()).content.decode()
    assert "Share bought" in text
    assert "+70\u202f%" in text


def test_a_share_above_its_bound_keeps_what_was_typed(pair: Pair, browse: Browse) -> None:
    answer = browse(factories.person("engineer")).post(page(pair), shares(pair, "50", "50"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "at most 40\u202f%" in text
    assert "less risk" in text


def test_a_decline_needs_a_reason(pair: Pair, browse: Browse) -> None:
    browse(factories.person("engineer")).post(page(pair), shares(pair, "70", "30"))
    split = SplitProposal.objects.get()
    client, address = browse(factories.person("procurement")), f"/splits/{split.public_id}/decline/"
    assert client.post(address, {"reason": "", "expected": 1}).status_code == 422
    given = {"reason": "The ramp is not over.", "expected": split.version}
    assert client.post(address, given).status_code == 302
    split.refresh_from_db()
    assert (split.state, split.decision_note) == ("declined", "The ramp is not over.")


def test_an_author_withdraws_a_split(pair: Pair, browse: Browse) -> None:
    client = browse(factories.person("engineer"))
    client.post(page(pair), shares(pair, "70", "30"))
    split = SplitProposal.objects.get()
    address = f"/splits/{split.public_id}/withdraw/"
    assert address in client.get(f"/splits/{split.public_id}/").content.decode()
    assert client.post(address, {"reason": "", "expected": 1}).status_code == 422
    stranger = browse(factories.person("engineer"))
    given = {"reason": "The volume changed.", "expected": split.version}
    assert stranger.post(address, given).status_code == 403
    assert client.post(address, given).status_code == 302
    split.refresh_from_db()
    assert (split.state, split.decision_note) == ("withdrawn", "The volume changed.")
    assert "Withdrawn" in client.get("/splits/?state=withdrawn").content.decode()


def test_the_list_of_splits_and_its_file(pair: Pair, browse: Browse) -> None:
    engineer = factories.person("engineer")
    browse(engineer).post(page(pair), shares(pair, "70", "30"))
    client = browse(engineer)
    assert "70\u202f% / 30\u202f%" in client.get("/splits/").content.decode()
    lines = b"".join(client.get("/splits/?export=csv").streaming_content).decode()
    assert pair[0].part.ipn in lines


def test_finance_does_not_propose(pair: Pair, browse: Browse) -> None:
    client = browse(factories.person("finance"))
    assert client.get(page(pair)).status_code == 200
    assert client.post(page(pair), shares(pair, "70", "30")).status_code == 403
