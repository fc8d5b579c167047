"""A case with its team, and browsers of its people."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.conftest import api  # noqa: F401  (a fixture)
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from tests.factories import Team


@pytest.fixture(scope="module")
def first_team(django_db_setup: None, django_db_blocker: Any) -> Iterator[Team]:
    """The case that the tests of a module start with."""
    from tests import factories  # models can be imported once the settings exist

    with shared_rows(django_db_blocker):
        yield factories.Team()


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
