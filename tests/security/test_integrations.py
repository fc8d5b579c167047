"""An integration reads in a browser and writes by its token alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parts.models import Part
from qualification.models import Case
from secondsource.accounts.rights import Role
from secondsource.accounts.services import issue_token
from secondsource.core.models import Comment
from tests import factories
from tests.factories import JOB
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db


def _browser(*roles: str) -> Client:
    user = factories.person("integration")
    user.roles = list(roles or ["integration"])
    user.save()
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def _token(*scopes: str) -> dict[str, str]:
    user = factories.person("integration")
    _, secret = issue_token(user=user, scopes=list(scopes), days=1, actor=JOB)
    return {"Authorization": f"Bearer {secret}"}


def _new_part(client: Client, headers: dict[str, str] | None = None) -> Any:
    body = {"category": factories.category().path, "ipn": "R-NEW"}
    return client.post("/api/v1/parts/", body, "application/json", headers=headers or {})


def test_it_reads_pages() -> None:
    part = factories.part()
    client = _browser()
    assert client.get("/parts/").status_code == 200
    assert client.get(f"/parts/{part.ipn}/").status_code == 200


@pytest.mark.parametrize("path", ["/parts/new/", "/products/new/", "/imports/new/"])
def test_no_form_in_a_browser(path: str) -> None:
    client = _browser()
    assert client.get(path).status_code == 403
    assert client.post(path, {"ipn": "R-NEW"}).status_code == 403
    assert not Part.objects.filter(ipn="R-NEW").exists()


def test_no_comment_in_a_browser() -> None:
    case: Case = factories.Team().case
    address = reverse("case_comment", kwargs={"number": case.number})
    assert _browser().post(address, {"text": "Seen."}).status_code == 403
    assert not Comment.objects.exists()


def test_no_button_that_leads_to_a_refusal() -> None:
    page = _browser().get("/parts/").content.decode()
    assert "/parts/new/" not in page
    assert "/imports/new/" not in page


def test_not_by_the_api_in_a_browser_s_session() -> None:
    assert _new_part(_browser()).status_code == 403
    assert not Part.objects.filter(ipn="R-NEW").exists()


def test_by_a_token_with_the_scope() -> None:
    assert _new_part(Client(), _token("read", "write")).status_code == 201
    assert Part.objects.filter(ipn="R-NEW").exists()


def test_not_by_a_token_without_it() -> None:
    assert _new_part(Client(), _token("read")).status_code == 403
    assert not Part.objects.filter(ipn="R-NEW").exists()


def test_a_person_of_two_roles_writes_by_the_other() -> None:
    client = _browser(Role.INTEGRATION, Role.ENGINEER)
    assert client.get("/parts/new/").status_code == 200
    assert _new_part(client).status_code == 201
