"""Embedded PostgreSQL and Valkey: real ones, in a folder of their own."""

import contextlib
import os
import signal
import tempfile
from pathlib import Path

import psycopg2
import pytest
import redis

from secondsource.embedded.postgres import open_cursor
from secondsource.embedded.servers import Embedded, advertise, advertised
from tests.workers import wait_until


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "var"


@pytest.fixture
def data():
    with folder() as found:
        yield found


@pytest.fixture(scope="module")
def servers():
    """Running servers, which these tests only look at."""
    with folder() as found:
        running = Embedded(found, throwaway=True)
        running.start()
        yield running
        running.stop()


def pid(servers, name):
    return next(child.process.pid for child in servers.children if child.name == name)


def scalar(url, statement):
    with open_cursor(url) as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_both_answer(servers):
    assert scalar(servers.environment["DATABASE_URL"], "SELECT 1") == 1
    assert redis.Redis.from_url(servers.environment["REDIS_URL"]).ping() is True


def test_neither_runs_as_root(servers):
    for child in servers.children:
        assert os.stat(f"/proc/{child.process.pid}").st_uid != 0


def test_neither_is_reachable_over_the_network(servers):
    assert scalar(servers.environment["DATABASE_OWNER_URL"], "SHOW listen_addresses") == ""
    client = redis.Redis.from_url(servers.environment["REDIS_URL"])
    assert client.config_get("port") == {"port": "0"}


def test_no_password_stands_in_the_list_of_processes(servers):
    secrets = [path.read_text() for path in servers.data.glob("*.password")]
    assert len(secrets) == 3
    for child in servers.children:
        command = Path(f"/proc/{child.process.pid}/cmdline").read_text()
        assert [secret for secret in secrets if secret in command] == []


def test_a_full_server_forgets_the_cache_and_keeps_the_queue(servers):
    client = redis.Redis.from_url(servers.environment["REDIS_URL"])
    client.config_set("maxmemory", client.info("memory")["used_memory"] + 2 * 2**20)
    message = b"m" * 1000
    for _ in range(500):
        client.rpush("default", message)
    for number in range(5_000):
        client.set(f"cached-{number}", b"c" * 1000, ex=300)
    assert client.lrange("default", 0, -1) == [message] * 500
    assert len(client.keys("cached-*")) < 5_000
    client.config_set("maxmemory", 256 * 2**20)


def test_the_application_fills_no_disk_with_temporary_files(servers):
    url = servers.environment["DATABASE_URL"]
    assert scalar(url, "SHOW temp_file_limit") == "4GB"
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        scalar(url, "SELECT set_config('temp_file_limit', '-1', false)")


def test_wrong_password_is_refused(servers):
    wrong = servers.environment["DATABASE_URL"].replace("secondsource_app:", "secondsource_app:x")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        scalar(wrong, "SELECT 1")


def test_application_role_may_not_make_tables(servers):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        scalar(servers.environment["DATABASE_URL"], "CREATE TABLE t (a int)")


def test_order_is_by_code_point_and_case_is_known(servers):
    url = servers.environment["DATABASE_URL"]
    assert scalar(url, "SELECT upper('ä') || ('Z' < 'a')::text") == "Ätrue"


def test_rows_survive_a_restart(data):
    first = Embedded(data)
    url = first.start()["DATABASE_OWNER_URL"]
    with open_cursor(url) as cursor:
        cursor.execute("CREATE TABLE t AS SELECT 7 AS a")
    first.stop()
    second = Embedded(data)
    assert scalar(second.start()["DATABASE_OWNER_URL"], "SELECT a FROM t") == 7
    second.stop()


def test_start_after_a_killed_postmaster(data):
    first = Embedded(data, needs=frozenset({"DATABASE_URL"}))
    with open_cursor(first.start()["DATABASE_OWNER_URL"]) as cursor:
        cursor.execute("CREATE TABLE t AS SELECT 7 AS a")
    os.kill(pid(first, "postgres"), signal.SIGKILL)
    first.stop()
    second = Embedded(data, needs=frozenset({"DATABASE_URL"}))
    assert scalar(second.start()["DATABASE_OWNER_URL"], "SELECT a FROM t") == 7
    second.stop()


def test_queue_survives_a_killed_valkey(data):
    first = Embedded(data, needs=frozenset({"REDIS_URL"}))
    client = redis.Redis.from_url(first.start()["REDIS_URL"])
    client.lpush("queue", *range(100))
    wait_until(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    os.kill(pid(first, "valkey"), signal.SIGKILL)
    first.stop()
    second = Embedded(data, needs=frozenset({"REDIS_URL"}))
    assert redis.Redis.from_url(second.start()["REDIS_URL"]).llen("queue") == 100
    second.stop()


def test_addresses_are_advertised_privately(tmp_path):
    advertise(tmp_path, {"REDIS_URL": "unix:///x"})
    assert (tmp_path / "servers.json").stat().st_mode & 0o777 == 0o600
    assert advertised(tmp_path) == {"REDIS_URL": "unix:///x"}


def test_nothing_is_advertised_at_first(tmp_path):
    assert advertised(tmp_path) == {}
