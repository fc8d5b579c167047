"""What is cheap is checked first: the length of a list before its elements, all keys by a query."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parts.models import Product
from qualification.models import Case
from secondsource.accounts.models import Plant, User
from suppliers.models import Source
from tests import factories
from tests.api.callers import Api
from tests.api.data import a_part, a_product, a_source

pytestmark = pytest.mark.django_db


def errors(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.content
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def statements(caller: Api, method: str, path: str, body: Any) -> tuple[Any, int]:
    caller.get("/parts/")  # notes that the token is used
    with CaptureQueriesContext(connection) as caught:
        answer = caller.send(method, path, body)
    return answer, len(caught)


def test_a_list_that_is_too_long_costs_no_query_for_its_elements(engineer: Api) -> None:
    body = {"code": "X-1", "name": "n", "plants": ["BRNO"] * 20_000}
    answer, count = statements(engineer, "POST", "/products/", body)
    assert errors(answer) == [("/plants", "max_length")]
    assert count < 10
    assert not Product.objects.exists()


def test_a_scope_that_is_too_long_costs_no_query_for_its_elements(engineer: Api) -> None:
    source = a_source()
    answer, count = statements(
        engineer, "PATCH", f"/sources/{source.key}/", {"scope": ["PUMP"] * 20_000}
    )
    assert errors(answer) == [("/scope", "max_length")]
    assert count < 15
    assert Source.objects.get().version == source.version


def test_all_keys_of_a_list_are_one_query(engineer: Api) -> None:
    for number in range(1, 41):
        Plant.objects.create(code=f"P-{number}", name="Plant")
    codes = [f"P-{number}" for number in range(1, 41)]
    # All of a test is one transaction, in which the first change alone says who makes it.
    engineer.post("/products/", {"code": "FIRST", "name": "first"})
    one, few = statements(engineer, "POST", "/products/", {
        "code": "A", "name": "a", "plants": codes[:1]})  # fmt: skip
    many, same = statements(engineer, "POST", "/products/", {
        "code": "B", "name": "b", "plants": codes})  # fmt: skip
    assert (one.status_code, many.status_code, few) == (201, 201, same)
    assert sorted(many.json()["plants"]) == sorted(codes)


def test_an_unknown_key_stands_at_its_place(engineer: Api) -> None:
    Plant.objects.create(code="NORTH", name="North")
    body = {"code": "A", "name": "a", "plants": ["NORTH", "SOUTH", 3, "NORTH"]}
    assert errors(engineer.post("/products/", body)) == [
        ("/plants/1", "does_not_exist"), ("/plants/2", "not_a_key"),
    ]  # fmt: skip


def test_an_id_that_is_none_stands_at_its_place(quality: Api) -> None:
    body = {"manufacturer": "X", "mpn": "Y", "sites": [{"site": "abc"}]}
    found = errors(quality.post("/manufacturer-parts/", body))
    assert found == [("/sites/0/site", "does_not_exist")]


def test_the_keys_of_listed_objects_are_one_query(api: Any) -> None:
    team = factories.Team()
    people = [factories.person("engineer") for _ in range(30)]
    caller = api(user=team.people["engineering"])
    path = f"/cases/{team.case.key}/"

    def members(listed: list[User]) -> dict[str, Any]:
        return {"team": [{"person": one.email, "function": "nothing"} for one in listed]}

    _, few = statements(caller, "PATCH", path, members(people[:1]))
    answer, same = statements(caller, "PATCH", path, members(people))
    assert few == same
    assert errors(answer) == [(f"/team/{n}/function", "invalid_choice") for n in range(30)]


def test_the_errors_of_an_answer_are_bounded(engineer: Api) -> None:
    body = {"ipn": "R-1", "category": "x"} | {f"f{n}": 1 for n in range(30_000)}
    answer = engineer.post("/parts/", body)
    assert len(errors(answer)) == 100
    assert answer.json()["errors_total"] == 30_000
    assert len(answer.content) < 30_000


def test_a_few_errors_are_all_listed(engineer: Api) -> None:
    answer = engineer.post("/parts/", {"a": 1, "b": 2})
    assert errors(answer) == [("/a", "unknown_field"), ("/b", "unknown_field")]
    assert "errors_total" not in answer.json()


def test_a_long_name_is_cut_in_the_answer(engineer: Api) -> None:
    answer = engineer.post("/parts/", {"n" * 1_000_000: 1})
    assert answer.status_code == 422
    assert len(answer.content) < 2_000


def test_a_long_word_is_cut_in_the_answer(engineer: Api) -> None:
    part = a_part("R-1")
    answer = engineer.patch(f"/parts/{part.ipn}/", {"lifecycle": "w" * 1_000_000})
    assert errors(answer) == [("/lifecycle", "invalid_choice")]
    assert len(answer.content) < 2_000


def test_a_product_still_takes_its_scope(engineer: Api) -> None:
    source, product = a_source(), a_product("PUMP")
    answer = engineer.patch(f"/sources/{source.key}/", {"scope": ["PUMP"]})
    assert (answer.status_code, answer.json()["scope"]) == (200, ["PUMP"])
    assert list(Source.objects.get().scope.all()) == [product]
    assert not Case.objects.exists()


def test_many_unknown_names_are_counted_and_not_described(engineer: Api) -> None:
    body = {"ipn": "R-1"} | {f"field-{n}": 1 for n in range(300_000)}
    answer = engineer.post("/parts/", body)
    assert len(errors(answer)) == 100
    assert answer.json()["errors_total"] == 300_000
    assert answer.json()["detail"] == "300,000 values are refused."


def test_the_data_of_a_move_is_counted_first(api: Any) -> None:
    team = factories.Team()
    caller = api(user=team.people["engineering"])
    body = {"name": "submit", "data": {f"n{n}": 1 for n in range(100_000)}}
    assert errors(caller.post(f"/cases/{team.case.key}/moves/", body)) == [("/data", "too_many")]
    assert team.reload().state == "draft"
