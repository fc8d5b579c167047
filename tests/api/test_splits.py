"""``/splits/`` and ``/split/``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from incentives.models import SplitProposal
from suppliers.models import Source
from tests import factories
from tests.api.callers import Api
from tests.incentives.world import two_approved

Pair = tuple[Source, Source]


@pytest.fixture
def pair(db: None) -> Pair:
    return two_approved()


def body(pair: Pair, second: str = "0.3") -> dict[str, Any]:
    return {
        "part": pair[0].part.ipn, "reason": "less risk",
        "shares": [{"source": pair[0].key, "share": str(1 - Decimal(second))},
                   {"source": pair[1].key, "share": second}],
    }  # fmt: skip


def test_a_split_is_proposed_and_accepted(pair: Pair, engineer: Api, buyer: Api) -> None:
    made = engineer.post("/splits/", body(pair))
    shown = made.json()
    assert (made.status_code, shown["state"], shown["in_force"]) == (201, "proposed", False)
    assert "yearly_cost" not in shown
    assert buyer.get(f"/splits/{shown['id']}/").json()["yearly_cost"] == "100698.37"
    assert buyer.get(f"/splits/{shown['id']}/bought/").status_code == 404
    done = buyer.post(f"/splits/{shown['id']}/accept/", {})
    assert (done.status_code, done.json()["in_force"]) == (200, True)
    factories.receipt(pair[0], 100)
    bought = buyer.get(f"/splits/{shown['id']}/bought/").json()
    assert [(row["units"], row["share"], row["agreed"]) for row in bought["rows"]] == [
        (100, "1.0000", "0.7000"), (0, "0.0000", "0.3000"),
    ]  # fmt: skip


def test_a_refusal_without_note_is_refused(pair: Pair, engineer: Api, buyer: Api) -> None:
    made = engineer.post("/splits/", body(pair)).json()
    answer = buyer.post(f"/splits/{made['id']}/decline/", {})
    assert answer.status_code == 422
    assert SplitProposal.objects.get().state == "proposed"


def test_the_author_withdraws(pair: Pair, engineer: Api, buyer: Api) -> None:
    made = engineer.post("/splits/", body(pair)).json()
    assert buyer.post(f"/splits/{made['id']}/withdraw/", {"note": "old"}).status_code == 403
    done = engineer.post(f"/splits/{made['id']}/withdraw/", {"note": "The volume changed."})
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")


def test_an_engineer_does_not_accept(pair: Pair, engineer: Api) -> None:
    made = engineer.post("/splits/", body(pair)).json()
    assert engineer.post(f"/splits/{made['id']}/accept/", {}).status_code == 403


def test_a_share_above_its_bound_has_its_place(pair: Pair, engineer: Api) -> None:
    Source.objects.filter(pk=pair[1].pk).update(share_cap=Decimal("0.25"))
    answer = engineer.post("/splits/", body(pair))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/shares/1/share"]


def test_the_splits_of_many_parts_are_calculated_at_once(pair: Pair, buyer: Api) -> None:
    without = factories.part()
    asked = {"parts": [pair[0].part.ipn, without.ipn]}
    found = buyer.post("/split/", asked).json()
    assert [row["share"] for row in found[0]["sources"]] == ["0.2000", "0.8000"]
    assert (found[0]["yearly_cost"], found[0]["problems"]) == ("94430.82", [])
    assert len(found[1]["problems"]) == 2
    assert not SplitProposal.objects.exists()


def test_without_prices_costs_are_absent(pair: Pair, engineer: Api) -> None:
    found = engineer.post("/split/", {"parts": [pair[0].part.ipn]}).json()[0]
    assert "yearly_cost" not in found
    assert "unit_cost" not in found["sources"][0]
