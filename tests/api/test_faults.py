"""A database, cache or lock that is in the way is 503 with ``Retry-After``, on pages and API."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection, connections, utils
from django.test import Client
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as Lost

from parts.models import Part
from secondsource.core import faults
from secondsource.core.cache import ShortClient
from tests import factories

CODES = {
    "55P03": "busy", "40P01": "busy", "40001": "busy",
    "57014": "too_slow", "53400": "too_slow", "53100": "unavailable",
    "53200": "unavailable", "53300": "unavailable", "57P01": "unavailable",
    "57P02": "unavailable", "57P03": "unavailable", "25006": "unavailable",
    "08006": "unavailable", "08001": "unavailable",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_each_fault_of_the_server_is_known_by_its_code(code: str) -> None:
    with pytest.raises(utils.Error) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
    fault = faults.fault_of(raised.value)
    assert fault is not None
    assert fault.code == CODES[code]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["23505", "22003", "42P01", "42501"])
def test_what_is_the_program_s_or_the_caller_s_is_no_fault(code: str) -> None:
    with pytest.raises(utils.Error) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
    assert faults.fault_of(raised.value) is None


@pytest.mark.parametrize(
    "error",
    [
        utils.OperationalError("server closed the connection unexpectedly"),
        utils.InterfaceError("connection already closed"),
        psycopg2.OperationalError("could not connect"),
        psycopg2.DatabaseError("server closed the connection unexpectedly"),
        Lost("away"),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        BrokerError("away"),
    ],
)
def test_a_lost_connection_is_a_fault(error: Exception) -> None:
    wrapped = ValueError("while a page was drawn")
    wrapped.__cause__ = error
    assert faults.fault_of(wrapped) is faults.AWAY
    assert faults.fault_of(ValueError("no fault")) is None
    assert faults.fault_of(FileNotFoundError(errno.ENOENT, "no fault")) is None


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(factories.person("engineer"))
    return client


@pytest.fixture
def away(settings: Any) -> Iterator[None]:
    """The address of the database leads nowhere, for this process's connection."""
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connection.settings_dict.update(before)
    connection.close()


def is_unavailable(answer: Any, media: str, code: str = "unavailable") -> bool:
    assert (answer.status_code, answer["Content-Type"]) == (503, media)
    assert int(answer["Retry-After"]) >= 1
    if media.endswith("json"):
        assert answer.json()["type"] == f"urn:secondsource:problem:{code}"
        assert answer.json()["status"] == 503
    else:
        assert "This cannot be done just now" in answer.content.decode()
    return True


PAGE, PROBLEM = "text/html; charset=utf-8", "application/problem+json"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "media"), [("/parts/", PAGE), ("/api/v1/parts/", PROBLEM)])
def test_a_database_that_is_gone(client: Client, away: None, path: str, media: str) -> None:
    began = time.monotonic()
    assert is_unavailable(client.get(path), media)
    assert is_unavailable(client.post(path, {}, content_type="application/json"), media)
    assert time.monotonic() - began < 3


def change(client: Client, path: str) -> Any:
    """Give the part A-1 another description by the page or by the API."""
    if path.startswith("/api/"):
        return client.patch(path, {"description": "after"}, content_type="application/json")
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in values.items() if value is not None}
    return client.post(path, given | {"description": "after"})


EDITS = pytest.mark.parametrize(
    ("path", "media"), [("/parts/A-1/edit/", PAGE), ("/api/v1/parts/A-1/", PROBLEM)]
)


@pytest.mark.django_db(transaction=True)
@EDITS
def test_a_database_that_takes_no_writes(client: Client, path: str, media: str) -> None:
    factories.part(ipn="A-1", description="before")
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        assert is_unavailable(change(client, path), media)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
    assert Part.objects.get().description == "before"


@pytest.mark.django_db(transaction=True)
@EDITS
def test_a_row_that_somebody_holds(client: Client, path: str, media: str) -> None:
    part = factories.part(ipn="A-1", description="before")
    other = connections.create_connection("default")
    with other.cursor() as held, connection.cursor() as cursor:
        held.execute("BEGIN")
        held.execute("SELECT FROM parts_part WHERE id = %s FOR UPDATE", [part.pk])
        cursor.execute("SET lock_timeout = 50")
        answer = change(client, path)
        cursor.execute("RESET lock_timeout")
        held.execute("ROLLBACK")
    other.close()
    assert is_unavailable(answer, media, "busy")
    assert Part.objects.get().description == "before"


@pytest.fixture
def no_cache() -> Iterator[None]:
    """Both caches lead to a port at which nobody listens."""
    pools = {name: caches[name]._cache for name in ("default", "optional")}
    for name in pools:
        caches[name]._servers = ["redis://127.0.0.1:1/0"]
        del caches[name].__dict__["_cache"]
    yield
    for name, pool in pools.items():
        caches[name].__dict__["_cache"] = pool
    ShortClient.away_until = 0


@pytest.mark.django_db
def test_a_cache_that_is_away_signs_nobody_out(client: Client, no_cache: None) -> None:
    assert client.get("/parts/").status_code == 200
    assert client.get("/api/v1/parts/").status_code == 200


@pytest.mark.django_db
def test_nobody_signs_in_while_the_limit_cannot_be_counted(no_cache: None) -> None:
    person = factories.person("engineer")
    fields = {"login": person.email, "password": factories.PASSWORD}
    answer = Client(raise_request_exception=False).post("/accounts/login/", fields)
    assert is_unavailable(answer, PAGE)


@pytest.mark.django_db
def test_a_cache_that_is_away_is_asked_once_in_a_while(no_cache: None) -> None:
    caches["optional"].set("a", 1)
    assert caches["optional"].get("a", "nothing") == "nothing"
    assert ShortClient.away_until > time.monotonic()
    with pytest.raises(Lost, match="a moment ago"):
        caches["default"].get("a")


@pytest.mark.django_db
def test_nobody_signs_out_by_halves(client: Client, no_cache: None) -> None:
    """A session that stayed in the cache would come back with it."""
    assert is_unavailable(client.post("/accounts/logout/"), PAGE)
    ShortClient.away_until = 0
    assert client.get("/parts/").status_code == 200


@pytest.mark.django_db
def test_a_session_that_was_ended_is_in_no_cache(client: Client) -> None:
    key = client.session.session_key
    assert client.get("/parts/").status_code == 200
    client.post("/accounts/logout/")
    assert caches["default"].get(f"django.contrib.sessions.cached_db{key}") is None
    assert not Session.objects.filter(pk=key).exists()
