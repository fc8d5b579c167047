"""Lists: pages, order, filters, sparse fields, the number of queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.callers import Api
from tests.api.data import a_case, a_part, a_product, a_source, an_incumbent, an_offer

LISTS: dict[str, Callable[[], Any]] = {
    "/categories/": lambda: None,
    "/parts/": lambda: an_incumbent(),
    "/products/": lambda: None,
    "/suppliers/": lambda: None,
    "/sites/": lambda: None,
    "/manufacturer-parts/": lambda: None,
    "/sources/": lambda: an_incumbent(),
    "/receipts/": lambda: None,
    "/plants/": lambda: None,
    "/product-lines/": lambda: None,
    "/teams/": lambda: None,
    "/cases/": a_case,
    "/imports/": lambda: None,
}


#: A case tells its plan and the signatures that each gate requires, which takes a query each; its
#: part and source are read by statements of their own, because one join of all is planned longer.
MOST_QUERIES = {"/cases/": 15}


def _numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["ipn"] for row in answer.json()["results"]]


def _follow(api: Api, url: str) -> Any:
    return api.client.get(url, headers=api.headers)


def test_pages_go_forth_and_back(engineer: Api) -> None:
    for number in range(5):
        a_part(f"R-{number}")
    first = engineer.get("/parts/", limit=2)
    assert _numbers(first) == ["R-0", "R-1"]
    assert first.json()["previous"] is None
    second = _follow(engineer, first.json()["next"])
    assert _numbers(second) == ["R-2", "R-3"]
    last = _follow(engineer, second.json()["next"])
    assert (_numbers(last), last.json()["next"]) == (["R-4"], None)
    assert _numbers(_follow(engineer, last.json()["previous"])) == ["R-2", "R-3"]


def test_count_on_request(engineer: Api) -> None:
    a_part()
    a_part()
    assert "count" not in engineer.get("/parts/").json()
    assert engineer.get("/parts/", with_count=1, limit=1).json()["count"] == 2


def test_order_with_missing_values_last(engineer: Api) -> None:
    a_product("B", monthly_volume=5)
    a_product("A")
    a_product("C", monthly_volume=9)
    ordered = engineer.get("/products/", ordering="-monthly_volume", limit=1)
    codes = []
    while True:
        codes += [row["code"] for row in ordered.json()["results"]]
        if not ordered.json()["next"]:
            break
        ordered = _follow(engineer, ordered.json()["next"])
    assert codes == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("limit", "0", "out_of_range"),
        ("limit", "501", "out_of_range"),
        ("limit", "false", "out_of_range"),
        ("limit", "٣", "out_of_range"),
        ("with_count", "maybe", "not_a_flag"),
        ("ordering", "colour", "unknown_ordering"),
        ("ordering", "", "unknown_ordering"),
        ("cursor", "broken", "bad_cursor"),
        ("cursor", "end", "bad_cursor"),
        ("fields", "colour", "unknown_field"),
        ("lifecycle", "perhaps", "invalid_choice"),
        ("search", "a\x00b", "null_characters_not_allowed"),
        ("colour", "red", "unknown_parameter"),
    ],
)
def test_bad_parameter_is_named(engineer: Api, name: str, value: str, code: str) -> None:
    a_part()
    answer = engineer.get("/parts/", **{name: value})
    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(f"/{name}", code)]


def test_a_cursor_of_another_order_is_refused(engineer: Api) -> None:
    a_part()
    a_part()
    url = engineer.get("/parts/", limit=1).json()["next"]
    assert _follow(engineer, f"{url}&ordering=-ipn").status_code == 400


def test_only_the_wanted_fields(engineer: Api) -> None:
    a_part("R-1")
    assert engineer.get("/parts/", fields="ipn,unit").json()["results"] == [
        {"ipn": "R-1", "unit": "pcs"}
    ]
    assert engineer.get("/parts/R-1/", fields="ipn").json() == {"ipn": "R-1"}


def test_search_by_an_inner_piece_of_any_number(engineer: Api) -> None:
    a_source(a_part("R-1"), "TPS62130RGTR")
    a_part("R-2")
    assert _numbers(engineer.get("/parts/", search="62130")) == ["R-1"]


def test_filter_by_state_of_the_sources(engineer: Api) -> None:
    an_incumbent(a_part("R-1", given_demand=12))
    a_part("R-2", given_demand=12)
    assert _numbers(engineer.get("/parts/", sources="none")) == ["R-2"]


@pytest.mark.parametrize("path", LISTS)
def test_as_many_queries_for_12_rows_as_for_one(engineer: Api, path: str) -> None:
    LISTS[path]()
    engineer.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert engineer.get(path).status_code == 200
    for _ in range(11):
        LISTS[path]()
    with CaptureQueriesContext(connection) as many:
        answer = engineer.get(path, limit=30)
    assert answer.status_code == 200
    assert len(many) == len(few), [query["sql"] for query in many.captured_queries]
    assert len(many) <= MOST_QUERIES.get(path, 12), [q["sql"] for q in many.captured_queries]


def test_offers_take_as_many_queries_for_12_rows_as_for_one(buyer: Api) -> None:
    an_offer()
    buyer.get("/offers/")
    with CaptureQueriesContext(connection) as few:
        buyer.get("/offers/")
    for _ in range(11):
        an_offer()
    with CaptureQueriesContext(connection) as many:
        assert len(buyer.get("/offers/").json()["results"]) == 12
    assert len(many) == len(few)
