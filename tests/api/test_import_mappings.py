"""Mappings of imports as callers send them: what cannot be read is refused at its place."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.exchange.models import Import
from tests.api.callers import Api
from tests.api.test_bulk_imports import parts, send

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [{}, [], None, 3, "nothing"])
def test_a_role_that_is_no_word_is_refused(engineer: Api, role: Any) -> None:
    parts()
    shown = send(engineer, dry_run="true").json()
    body = {"mapping": {"columns": [{"header": "Stock", "role": role}]}}
    answer = engineer.patch(f"/imports/{shown['id']}/", body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/mapping"]
    assert Import.objects.get().version == shown["version"]


@pytest.mark.parametrize(
    "column", [{"index": {}}, {"index": 1e300, "number": 1}, {"header": "Stock", "number": "x"},
               {"header": "Stock", "number": None}, {"header": ["Stock"]}, {}],
)  # fmt: skip
def test_a_column_that_is_none_is_refused(engineer: Api, column: Any) -> None:
    parts()
    shown = send(engineer, dry_run="true").json()
    answer = engineer.patch(f"/imports/{shown['id']}/", {"mapping": {"columns": [column]}})
    assert answer.status_code == 422
    assert Import.objects.get().version == shown["version"]


def test_a_number_beyond_all_numbers_is_refused(engineer: Api) -> None:
    parts()
    shown = send(engineer, dry_run="true").json()
    body = '{"mapping": {"columns": [{"header": "Stock", "role": "stock", "number": 1e999}]}}'
    assert engineer.patch(f"/imports/{shown['id']}/", body).status_code == 422


@pytest.mark.parametrize("place", [{"header_row": 10**9}, {"header_row": -5}, {"sheet": 7},
                                   {"sheet": -9, "header_row": 0}, {"sheet": [], "header_row": 0},
                                   {"header_row": True}])  # fmt: skip
def test_a_header_that_is_not_there_is_refused(engineer: Api, place: Any) -> None:
    parts()
    shown = send(engineer, dry_run="true").json()
    body = {"mapping": {"columns": [], "sheet": 0, "header_row": 0, **place}}
    answer = engineer.patch(f"/imports/{shown['id']}/", body)
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert answer.json()["state"] in ("uploaded", "previewed")


def test_more_columns_than_a_file_has_are_refused(engineer: Api) -> None:
    parts()
    shown = send(engineer, dry_run="true").json()
    columns = [{"header": "Stock", "role": "stock"}] * 100_000
    answer = engineer.patch(f"/imports/{shown['id']}/", {"mapping": {"columns": columns}})
    assert [one["code"] for one in answer.json()["errors"]] == ["too_many"]


def test_a_change_without_a_mapping_changes_nothing(engineer: Api) -> None:
    parts()
    shown = send(engineer, dry_run="true").json()
    answer = engineer.patch(f"/imports/{shown['id']}/", {})
    assert (answer.status_code, answer.json()["version"]) == (200, shown["version"])


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{", "[]", "null", "3", '{"a": NaN}', '{"a": "\\ud800"}', '{"a": "\\u0000"}'],
)
def test_a_mapping_in_a_form_is_a_json_object(engineer: Api, text: str) -> None:
    answer = send(engineer, mapping=text)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/mapping"]
    assert not Import.objects.exists()
