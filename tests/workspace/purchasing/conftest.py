"""Browsers in which people are signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """``signed_in("finance")``: a browser of such a person, who is its ``person``."""
    from tests import factories  # models need settings, which come after this module

    def as_role(*roles: str) -> Client:
        client = Client()
        client.person = factories.person(*roles)  # type: ignore[attr-defined]
        client.force_login(client.person)  # type: ignore[attr-defined]
        return client

    return as_role


@pytest.fixture
def buyer(signed_in: Callable[..., Client]) -> Client:
    return signed_in("procurement")


@pytest.fixture
def source() -> Any:
    from tests import factories

    return factories.incumbent(factories.part(), "TPS62130")
