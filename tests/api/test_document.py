"""The OpenAPI document, its page, and that every address names its permission."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from secondsource.accounts.rights import RIGHTS
from secondsource.core.api import document
from secondsource.core.api.permissions import PUBLIC, SIGNED_IN, SIGNED_IN_WRITE
from tests.api.callers import Api

METHODS = ("get", "post", "patch", "delete")


def test_the_document_is_valid_without_a_warning(tmp_path: Any) -> None:
    file = tmp_path / "schema.json"
    call_command(
        "spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(file)
    )
    assert '"openapi": "3.1.1"' in file.read_text()


def test_anybody_reads_the_document(db: None) -> None:
    answer = Client().get("/api/v1/schema/")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "SecondSource API"
    assert answer.json() == SchemaGenerator().get_schema(public=True)
    written = document._text.cache_info().misses
    assert Client().get("/api/v1/schema/").json() == answer.json()
    assert document._text.cache_info().misses == written
    refused = Client().put("/api/v1/schema/")
    assert (refused.status_code, refused.json()["status"]) == (405, 405)


def test_the_page_needs_no_inline_script_and_no_foreign_host(db: None) -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"<script(?! src=)|<style| style=|https?://", page) == []
    assert Client().get("/api/v1/docs/?script=").headers["Content-Type"] == "application/javascript"


def _views() -> list[tuple[str, Any]]:
    def walk(patterns: Any, prefix: str) -> Any:
        for entry in patterns:
            here = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                yield from walk(entry.url_patterns, here)
            elif here.startswith("api/v1/"):
                yield here, entry.callback

    return list(walk(get_resolver().url_patterns, ""))


def test_every_endpoint_names_a_permission_that_exists() -> None:
    from rules.permissions import permissions

    known = {PUBLIC, SIGNED_IN, SIGNED_IN_WRITE, *RIGHTS, *permissions}
    unnamed = []
    for address, callback in _views():
        declared = callback.initkwargs.get("permission") or callback.cls.permission
        names = [declared] if isinstance(declared, str) else list(declared.values())
        if not names or not set(names) <= known:
            unnamed.append((address, declared))
    assert unnamed == []


ROLES = ("engineer", "quality", "procurement", "finance", "executive", "viewer", "admin")
LISTS = (
    "parts", "products", "suppliers", "sources", "offers", "order-lines", "receipts", "cases",
    "imports",
)  # fmt: skip
SEES_NOT = {
    "engineer": {"offers"},
    "quality": {"offers"},
    "procurement": set(),
    "finance": set(),
    "executive": set(),
    "viewer": {"offers", "imports"},
    "admin": {"offers"},
}


@pytest.mark.parametrize("role", ROLES)
def test_lists_by_role(api: Any, role: str) -> None:
    caller: Api = api(role)
    refused = {name for name in LISTS if caller.get(f"/{name}/").status_code == 403}
    assert refused == SEES_NOT[role]


WRITES = {
    "parts": {"engineer"},
    "products": {"engineer"},
    "suppliers": {"quality", "procurement"},
    "manufacturer-parts": {"engineer", "quality", "procurement"},
    "sources": {"engineer", "quality", "procurement"},
    "offers": {"procurement"},
    "order-lines": {"procurement"},
    "receipts": {"procurement"},
    "cases": {"engineer", "quality", "procurement"},
    "exchange-rates": {"finance", "admin"},
    "imports": {"engineer", "quality", "procurement", "finance", "admin"},
}


@pytest.mark.parametrize("name", WRITES)
def test_writes_by_role(api: Any, name: str) -> None:
    allowed = {role for role in ROLES if api(role).post(f"/{name}/").status_code != 403}
    assert allowed == WRITES[name]


@pytest.mark.parametrize("name", LISTS)
def test_strangers_get_nothing(stranger: Api, name: str) -> None:
    assert stranger.get(f"/{name}/").status_code == 401
    assert stranger.post(f"/{name}/").status_code == 401
