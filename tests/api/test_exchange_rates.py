"""/exchange-rates/: in either form, corrected under If-Match, with history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parts.models import ExchangeRate
from tests.api.callers import Api

PAIR = {
    "base": "EUR", "quote": "USD", "rate": "1.0923", "date": "2026-01-02", "publisher": "ECB",
}  # fmt: skip
PER_USD = {"currency": "JPY", "per_usd": "156.25", "date": "2026-01-02", "publisher": "Fed"}


@pytest.fixture
def finance(api: Callable[..., Api]) -> Api:
    return api("finance")


def test_a_rate_between_two_currencies(finance: Api) -> None:
    answer = finance.post("/exchange-rates/", PAIR)
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert {name: shown[name] for name in (*PAIR, "currency", "per_usd", "version")} == {
        **PAIR, "rate": "1.092300000000", "currency": "EUR", "per_usd": "0.9154994", "version": 1,
    }  # fmt: skip
    assert finance.get("/exchange-rates/").json()["results"][0]["id"] == shown["id"]


def test_units_for_one_usd(finance: Api) -> None:
    shown = finance.post("/exchange-rates/", PER_USD).json()
    assert (shown["base"], shown["quote"], shown["per_usd"]) == ("USD", "JPY", "156.25")
    row = ExchangeRate.objects.get()
    assert (row.currency, row.quote, str(row.rate)) == ("USD", "JPY", "156.250000000000")


def test_a_correction_stands_in_the_history(finance: Api, viewer: Api) -> None:
    made = finance.post("/exchange-rates/", PAIR)
    address = f"/exchange-rates/{made.json()['id']}/"
    wrong = {"rate": "1.2", "reason": "typo"}
    assert viewer.patch(address, wrong).status_code == 403
    assert finance.patch(address, wrong, If_Match='"999"').status_code == 412
    assert finance.patch(address, wrong, If_Match=made["ETag"]).status_code == 200
    newest, first = viewer.get(f"{address}history/").json()["results"]
    assert (newest["reason"], first["kind"]) == ("typo", "created")
    assert newest["changes"] == [
        {"field": "rate", "from": "1.092300000000", "to": "1.200000000000"}
    ]


def test_a_rate_is_taken_as_it_is_shown(finance: Api) -> None:
    made = finance.post("/exchange-rates/", PAIR | {"rate": "0.000042163215"}).json()
    address = f"/exchange-rates/{made['id']}/"
    assert finance.patch(address, {"rate": made["rate"]}).json()["rate"] == "0.000042163215"
    answer = finance.patch(address, {"rate": "0.0000000000001"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_a_decimal")


def test_filters(finance: Api) -> None:
    for body in (PAIR, PER_USD, PAIR | {"date": "2026-02-02"}):
        assert finance.post("/exchange-rates/", body).status_code == 201

    def days(**query: Any) -> list[str]:
        found = finance.get("/exchange-rates/", **query).json()["results"]
        return [row["date"] for row in found]

    assert days(currency="usd") == ["2026-02-02", "2026-01-02", "2026-01-02"]
    assert days(currency="JPY", publisher="fed") == ["2026-01-02"]
    assert days(since="2026-02-01") == ["2026-02-02"]


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"rate": "0"}, 422, "/rate"),
        ({"rate": 1.1}, 422, "/rate"),
        ({"base": "XYZ"}, 422, "/base"),
        ({"quote": "EUR"}, 422, "/quote"),
        ({"date": "2099-01-01"}, 422, "/date"),
        ({"date": "1969-12-31"}, 422, "/date"),
        ({"date": "0001-01-01"}, 422, "/date"),
        ({"per_usd": "1"}, 422, "/per_usd"),
    ],
)
def test_what_a_rate_cannot_be(
    finance: Api, changes: dict[str, Any], status: int, pointer: str
) -> None:
    answer = finance.post("/exchange-rates/", PAIR | changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)
    assert not ExchangeRate.objects.exists()


def test_a_second_rate_of_the_day_is_a_duplicate(finance: Api) -> None:
    finance.post("/exchange-rates/", PAIR)
    assert finance.post("/exchange-rates/", PAIR).status_code == 409
    assert ExchangeRate.objects.count() == 1


def test_who_writes_rates(buyer: Api, api: Callable[..., Api]) -> None:
    assert buyer.post("/exchange-rates/", PAIR).status_code == 403
    assert api("integration", scopes=("read",)).post("/exchange-rates/", PAIR).status_code == 403
    assert not ExchangeRate.objects.exists()
    machine = api("integration", scopes=("read", "write"))
    assert machine.post("/exchange-rates/", PAIR).status_code == 201
