"""Rows that the tests of a module share: each test starts from a savepoint behind them.

Through the product's doors a case with its team takes 180 statements, and most tests of a module
begin with the same one. A fixture for a test hands out a copy (``copy.deepcopy``), for tests change
what they are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def shared_rows(django_db_blocker: Any) -> Iterator[None]:
    """What is written within goes at the end of the module. Not for transactional tests."""
    from django.db import transaction  # settings exist only after pytest_configure

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
