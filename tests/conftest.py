"""What every test stands on: a real PostgreSQL, a real Valkey, a worker and a browser.

The servers are started once, before Django reads its settings, and shared by all processes of
``pytest -n``. ``TEST_DATABASE_URL`` and ``TEST_REDIS_URL`` name servers of one's own instead; the
database role must be allowed to create databases.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.emptied_tables import delete_rows_instead_of_truncating
from tests.environment import TestServers, configure_django, migrated_database

pytest_plugins = ["tests.application_role", "tests.browsers", "tests.workers"]

SERVERS = pytest.StashKey[TestServers]()

# A busy machine is slow at times; how fast something is, is measured by `make bench` alone.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# New examples are looked for by `make test-long`; every day's tests try the same ones each time.
settings.register_profile("searching", UNHURRIED)
settings.register_profile("same", UNHURRIED, derandomize=True)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.help or config.option.version:
        return
    if not hasattr(config, "workerinput"):
        config.stash[SERVERS] = TestServers()
        config.stash[SERVERS].start()
    configure_django()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """This process's database is a copy of the one that is migrated for all."""
    from django.db import connection  # settings exist only after pytest_configure

    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """As pytest-django sets it up, with the rights that are wanted, and emptied faster."""
    from django.db import connection  # settings exist only after pytest_configure

    from tests.application_role import take_application_role  # a plugin, loaded later

    with django_db_blocker.unblock():
        delete_rows_instead_of_truncating(connection)
        take_application_role()


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        config.stash[SERVERS].stop()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test sees what another one left behind: rate limits, or a policy that was rolled back."""
    from django.core.cache import cache  # settings exist only after pytest_configure

    from secondsource.core import policies

    cache.clear()
    policies.version.cache_clear()
