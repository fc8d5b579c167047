"""Pages and endpoints of house rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from secondsource.core import policies
from secondsource.core.models import PolicyVersion
from secondsource.workspace.policies.registry import POLICIES
from suppliers.house_rules import SpendPolicy
from tests import factories
from tests.api.conftest import api  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(factories.person(role))
    return client


def test_every_rule_has_its_page() -> None:
    client = client_of("viewer")
    listed = client.get("/policies/").content.decode()
    for name, policy in POLICIES.items():
        page = client.get(f"/policies/{name}/")
        assert (page.status_code, f'href="/policies/{name}/"' in listed) == (200, True)
        assert policy.title in page.content.decode()
        assert "Draft a version" not in page.content.decode()


def test_a_version_is_drafted_seen_and_activated_by_two() -> None:
    finance, executive = client_of("finance"), client_of("executive")
    form = finance.get("/policies/spend/new/").content.decode()
    assert 'value="12"' in form
    done = finance.post("/policies/spend/new/", {"months": "6", "note": "a shorter window"})
    assert done["Location"] == "/policies/spend/1/"
    own = finance.get("/policies/spend/1/").content.decode()
    assert ("You drafted it" in own, "Activate version 1" in own) == (True, False)
    page = executive.get("/policies/spend/1/").content.decode()
    assert "a shorter window" in page
    assert '<td class="r num">12</td>' in page
    executive.post("/policies/spend/1/activate/", {"expected": "0"})
    assert policies.active(SpendPolicy) == (SpendPolicy(months=6), 1)
    assert "Version 1" in finance.get("/policies/").content.decode()


def test_who_activates_a_version_that_is_in_force_reads_so() -> None:
    values = {"months": "6", "note": "a shorter window"}
    client_of("finance").post("/policies/spend/new/", values)
    executive, address = client_of("executive"), "/policies/spend/1/activate/"
    executive.post(address, {"expected": "0"})
    answer = executive.post(address, {"expected": "0"}, follow=True)
    assert "Version 1 is in force already." in answer.content.decode()


def test_a_wrong_value_stands_at_its_field_with_what_was_typed() -> None:
    answer = client_of("finance").post("/policies/spend/new/", {"months": "900", "note": "x"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="900"' in text
    assert "Write a number from 1 to 120." in text
    assert not PolicyVersion.objects.exists()


def test_who_may_not_is_refused() -> None:
    PolicyVersion.objects.create(name="spend", number=1, values={"months": 6})
    for role in ("engineer", "quality", "viewer"):
        client = client_of(role)
        assert client.get("/policies/spend/new/").status_code == 403
        assert client.post("/policies/spend/1/activate/").status_code == 403
    assert PolicyVersion.objects.get().state == "draft"
    assert client_of("viewer").get("/policies/nothing/").status_code == 404


def test_an_integration_drafts_and_an_executive_activates(api: Callable[..., object]) -> None:  # noqa: F811
    integration, executive = api("integration"), api("executive")
    made = integration.post(  # type: ignore[attr-defined]
        "/policies/spend/versions/", {"values": {"months": 6}, "note": "by the ERP"}
    )
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    moves = "/policies/spend/versions/1/moves/"
    refused = integration.post(moves, {"name": "activate"})  # type: ignore[attr-defined]
    assert refused.status_code == 403
    offers = executive.get(moves).json()  # type: ignore[attr-defined]
    assert [(o["name"], o["allowed"]) for o in offers] == [("activate", True), ("discard", True)]
    readers = api("viewer").get(moves).json()  # type: ignore[attr-defined]
    assert [o["allowed"] for o in readers] == [False, False]
    stale = executive.post(moves, {"name": "activate", "expected": 1})  # type: ignore[attr-defined]
    assert stale.status_code == 409
    done = executive.post(moves, {"name": "activate", "expected": 0})  # type: ignore[attr-defined]
    assert (done.status_code, done.json()["version"]) == (200, 1)
    wrong = executive.post(  # type: ignore[attr-defined]
        "/policies/spend/versions/", {"values": {"months": 0}, "note": "x"}
    )
    assert wrong.json()["errors"][0]["pointer"] == "/values/months"
    assert executive.get("/policies/spend/").json()["values"][0]["value"] == 6  # type: ignore[attr-defined]
