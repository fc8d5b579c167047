"""Guessing of tokens is slowed down by address, before a token is looked up."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.callers import Api

pytestmark = pytest.mark.django_db
LIMIT = 60


def ask(secret: str, **options: Any) -> Any:
    return Client().get("/api/v1/parts/", headers={"Authorization": f"Bearer {secret}"}, **options)


def test_beyond_the_limit_no_token_is_looked_up() -> None:
    first = [ask(f"ss_{number}").status_code for number in range(LIMIT)]
    with CaptureQueriesContext(connection) as caught:
        answer = ask("ss_one_more")
    assert first == [401] * LIMIT
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert len(caught) == 0


def test_another_address_is_not_slowed_down(engineer: Api) -> None:
    for number in range(LIMIT + 1):
        ask(f"ss_{number}")
    secret = engineer.headers["Authorization"].removeprefix("Bearer ")
    assert ask(secret, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert ask("ss_x", REMOTE_ADDR="192.0.2.7").status_code == 401


def test_known_tokens_are_not_counted(engineer: Api) -> None:
    assert {engineer.get("/parts/").status_code for _ in range(LIMIT + 5)} == {200}
