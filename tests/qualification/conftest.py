"""A case with its team, and browsers of its people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.factories import Team


@pytest.fixture
def team(db: None) -> Team:
    """A fresh case in draft with a whole team and plan."""
    from tests import factories  # models can be imported once the settings exist

    return factories.Team()


@pytest.fixture
def browse(db: None, settings: Any) -> Callable[[Any], Any]:
    """``browse(user)``: a signed-in test client."""
    from django.test import Client

    def make(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        return client

    return make
