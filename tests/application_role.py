"""With ``TEST_AS_APPLICATION`` set, tests have the rights of the application's database role.

The running product has no others. What only the owner of the tables may do, such as migrating, a
test does within ``owner()``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from secondsource.embedded.postgres import APPLICATION

_WANTED = "TEST_AS_APPLICATION" in os.environ


def take_application_role() -> None:
    """Let every connection of this process to its database, open or new, take the role."""
    if not _WANTED:
        return
    from django.db import connection  # settings exist only after pytest_configure
    from django.db.backends.signals import connection_created
    from django.test import TransactionTestCase

    name = connection.settings_dict["NAME"]

    def on_connect(connection: Any, **_: Any) -> None:
        if connection.settings_dict["NAME"] == name:
            _set_role(connection, APPLICATION)

    connection_created.connect(on_connect, weak=False)
    on_connect(connection)
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_as_owner(self: Any) -> None:
        with owner():
            empty(self)

    TransactionTestCase._fixture_teardown = empty_as_owner  # type: ignore[attr-defined]


@contextmanager
def owner() -> Iterator[None]:
    """Work as the owner of the tables, on this thread's connection."""
    from django.db import connection  # settings exist only after pytest_configure

    if not _WANTED:
        yield
        return
    _set_role(connection, "NONE")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set_role(connection, APPLICATION)


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """The whole test works as the owner."""
    with owner():
        yield


def _set_role(connection: Any, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
