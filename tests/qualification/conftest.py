"""A case with its team, and browsers of its people."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.factories import Team


@pytest.fixture(scope="module")
def first_team(django_db_setup: None, django_db_blocker: Any) -> Iterator[Team]:
    """A case that the tests of a module share: each starts from a savepoint behind it.

    Through its doors a team takes 180 statements; most tests here begin with one.
    """
    from django.db import transaction  # models can be imported once the settings exist

    from tests import factories

    with django_db_blocker.unblock(), transaction.atomic():
        yield factories.Team()
        transaction.set_rollback(True)


@pytest.fixture
def team(first_team: Team, db: None) -> Team:
    """A fresh case in draft with a whole team and plan."""
    return copy.deepcopy(first_team)


@pytest.fixture
def browse(db: None, settings: Any) -> Callable[[Any], Any]:
    """``browse(user)``: a signed-in test client."""
    from django.test import Client

    def make(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        return client

    return make
