"""``/people/`` and ``/tokens/``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from secondsource.accounts.models import ApiToken, Plant, User
from tests import factories
from tests.api.callers import EVERY_SCOPE, Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(api: Callable[..., Api]) -> Api:
    return api("admin", scopes=("read", "write", "admin"))


def test_a_person_is_added_changed_and_has_a_history(admin: Api) -> None:
    Plant.objects.create(code="BRNO", name="Brno")
    body = {"email": "n@x.example", "name": "Nora", "roles": ["engineer"], "plants": ["BRNO"]}
    made = admin.post("/people/", body)
    assert (made.status_code, made.json()["plants"]) == (201, ["BRNO"])
    address = f"/people/{made.json()['id']}/"
    changed = admin.patch(address, {"roles": ["quality"], "active": False}, If_Match='"1"')
    assert (changed.json()["roles"], changed.json()["active"]) == (["quality"], False)
    assert admin.patch(address, {"name": "X"}, If_Match='"1"').status_code == 412
    history = admin.get(f"{address}history/").json()["results"]
    fields = [change["field"] for entry in history for change in entry["changes"]]
    assert {"roles", "is_active", "plants"} <= set(fields)
    assert history[0]["by"]["email"] == "admin@example.com"


@pytest.mark.parametrize("role", ["engineer", "executive", "viewer"])
def test_people_are_an_administrator_s(api: Callable[..., Api], role: str) -> None:
    assert api(role, scopes=("read", "write", "admin")).get("/people/").status_code == 403


def test_the_scope_admin_is_needed(api: Callable[..., Api]) -> None:
    assert api("admin", scopes=EVERY_SCOPE).get("/people/").status_code == 403


def test_the_last_administrator_stays(admin: Api) -> None:
    own = User.objects.get(email="admin@example.com")
    answer = admin.patch(f"/people/{own.public_id}/", {"roles": ["viewer"]})
    codes = [reason["code"] for reason in answer.json()["reasons"]]
    assert (answer.status_code, codes) == (422, ["own_admin_role", "last_admin"])


def test_a_link_is_answered_once(admin: Api) -> None:
    person = factories.person()
    address = f"/people/{person.public_id}/password-link/"
    first = admin.post(address, {"how": "show"}, Idempotency_Key="k1")
    again = admin.post(address, {"how": "show"}, Idempotency_Key="k1")
    assert "/password/reset/key/" in first.json()["link"]
    assert (again.status_code, again.json()) == (200, {"link": None})
    assert admin.post(address, {"how": "mail"}).json() == {"link": None}


def test_a_token_is_issued_once_listed_and_revoked(api: Callable[..., Api]) -> None:
    caller = api("engineer")
    body = {"scopes": ["read"], "days": 5, "name": "bench"}
    first: Any = caller.post("/tokens/", body, Idempotency_Key="k1")
    again = caller.post("/tokens/", body, Idempotency_Key="k1")
    token = ApiToken.objects.get(name="bench")
    assert (first.status_code, token.digest) == (201, ApiToken.digest_of(first.json()["secret"]))
    assert (again.json()["id"], again.json()["secret"]) == (str(token.public_id), None)
    assert Api(None, first.json()["secret"]).get("/parts/").status_code == 200
    assert caller.send("DELETE", f"/tokens/{token.public_id}/").status_code == 204
    assert Api(None, first.json()["secret"]).get("/parts/").status_code == 401


def test_tokens_of_others_are_an_administrator_s(api: Callable[..., Api], admin: Api) -> None:
    other = factories.person("integration")
    caller = api("quality")
    body = {"person": other.email, "scopes": ["read"]}
    assert caller.post("/tokens/", body).status_code == 403
    made = admin.post("/tokens/", body)
    assert made.status_code == 201
    assert caller.get(f"/tokens/{made.json()['id']}/").status_code == 404
    assert admin.post("/tokens/", body | {"scopes": ["approve"]}).status_code == 422
