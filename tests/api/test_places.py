"""Plants, product lines and teams by the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from secondsource.accounts.models import Plant, ProductLine, Team
from tests import factories

pytestmark = pytest.mark.django_db


def test_administrators_alone_write_them(api: Callable[..., Any]) -> None:
    admin, engineer = api("admin", scopes=("read", "write", "admin")), api("engineer")
    line = {"code": "NET", "name": "Network"}
    assert engineer.post("/product-lines/", line).status_code == 403
    assert admin.post("/product-lines/", line).status_code == 201
    assert admin.post("/plants/", {"code": "X", "name": "X", "country": "cz"}).status_code == 422
    assert admin.patch("/product-lines/NET/", {"name": "Networks"}).status_code == 200
    member = factories.person("engineer")
    assert admin.post("/teams/", {"code": "T", "name": "T"}).status_code == 201
    assert admin.patch("/teams/T/", {"members": [member.email]}).status_code == 200
    assert ProductLine.objects.get().name == "Networks"
    assert list(Team.objects.get().members.all()) == [member]
    assert not Plant.objects.exists()
