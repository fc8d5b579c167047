"""Callers by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.api.callers import Api


@pytest.fixture
def api(db: None) -> Callable[..., Api]:
    """``api("engineer")``: a caller with that role and every scope; ``api()``: a stranger."""

    # Models can be imported only once the settings exist, which is after this file is read.
    from secondsource.accounts.models import User
    from secondsource.accounts.services import issue_token
    from tests.api.callers import EVERY_SCOPE, SYSTEM, Api, add_user

    def make(role: str = "", *, scopes: tuple[str, ...] = EVERY_SCOPE, user: Any = None) -> Api:
        if not role and user is None:
            return Api(None, "")
        user = user or User.objects.filter(email=f"{role}@example.com").first() or add_user(role)
        _, secret = issue_token(user=user, scopes=scopes, days=700, actor=SYSTEM)
        return Api(user, secret)

    return make


@pytest.fixture
def engineer(api: Callable[..., Api]) -> Api:
    return api("engineer")


@pytest.fixture
def costing(api: Callable[..., Api]) -> Api:
    """An engineer who also sees costs and margins, without which nobody writes one."""
    from tests.api.callers import add_user  # models can be imported only once settings exist

    both = add_user("engineer")
    both.roles.append("finance")
    both.save()
    return api(user=both)


@pytest.fixture
def buyer(api: Callable[..., Api]) -> Api:
    return api("procurement")


@pytest.fixture
def quality(api: Callable[..., Api]) -> Api:
    return api("quality")


@pytest.fixture
def viewer(api: Callable[..., Api]) -> Api:
    return api("viewer")


@pytest.fixture
def stranger(api: Callable[..., Api]) -> Api:
    return api()
