"""Pages of people and tokens."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from secondsource.accounts import services
from secondsource.accounts.models import ApiToken, User
from secondsource.core.actors import Actor
from secondsource.core.models import Outbox
from tests import factories

pytestmark = pytest.mark.django_db
VALUES = {"name": "Nora New", "email": "nora@test.example", "roles": ["engineer", "quality"]}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(factories.person("admin", name="Ada Admin"))
    return client


def test_a_person_is_added_with_a_link_on_the_way(admin: Client) -> None:
    answer = admin.post("/people/new/", VALUES | {"send_link": "on"})
    person = User.objects.get(email="nora@test.example")
    assert (answer.status_code, answer["Location"]) == (302, person.get_absolute_url())
    assert (person.roles, person.has_usable_password()) == (["engineer", "quality"], False)
    assert Outbox.objects.filter(topic="password_link", payload__user=person.pk).exists()
    page = admin.get(person.get_absolute_url()).content.decode()
    assert "added the account: Quality, Engineer" in page


def test_what_is_typed_stays_beside_its_error(admin: Client) -> None:
    factories.person(email="nora@test.example")
    answer = admin.post("/people/new/", VALUES)
    text = answer.content.decode()
    assert (answer.status_code, 'value="Nora New"' in text) == (422, True)
    assert "nora@test.example exists already." in text


def test_the_list_finds_people_by_role_and_state(admin: Client) -> None:
    factories.person("quality", name="Quinn")
    factories.person("quality", name="Gone Person", is_active=False)
    factories.person("viewer", name="Vera Viewer")
    page = admin.get("/people/?role=quality&active=true").content.decode()
    found = [name in page for name in ("Quinn", "Gone Person", "Vera Viewer")]
    assert found == [True, False, False]


def test_an_edit_of_an_older_version_is_refused(admin: Client) -> None:
    person = factories.person()
    address = reverse("person_edit", args=[person.public_id])
    assert admin.post(address, VALUES | {"expected": "1"}).status_code == 302
    answer = admin.post(address, VALUES | {"name": "Other", "expected": "1"})
    assert answer.status_code == 409
    assert User.objects.get(pk=person.pk).name == "Nora New"


def test_a_refusal_is_said_on_the_person_s_page(admin: Client) -> None:
    own = User.objects.get(name="Ada Admin")
    answer = admin.post(reverse("person_deactivate", args=[own.public_id]), follow=True)
    assert "Nobody deactivates themselves." in answer.content.decode()
    assert User.objects.get(pk=own.pk).is_active


def test_deactivate_and_activate(admin: Client) -> None:
    person = factories.person()
    for act, active in (("person_deactivate", False), ("person_activate", True)):
        assert admin.post(reverse(act, args=[person.public_id])).status_code == 302
        assert User.objects.get(pk=person.pk).is_active is active


def test_a_link_is_shown_once(admin: Client) -> None:
    person = factories.person()
    address = reverse("person_link", args=[person.public_id])
    page = admin.post(address, {"how": "show"}).content.decode()
    assert "/accounts/password/reset/key/" in page
    assert admin.get(address).status_code == 405
    assert "/password/reset/key/" not in admin.get(person.get_absolute_url()).content.decode()


def test_a_token_of_one_s_own_is_shown_once_and_revoked() -> None:
    user, client = factories.person("procurement"), Client()
    client.force_login(user)
    page = client.post("/tokens/new/", {"scopes": ["read", "prices"], "days": "30"})
    secret = re.search(r"ss_[\w-]{43}", page.content.decode())
    token = ApiToken.objects.get()
    assert secret is not None
    assert token.digest == ApiToken.digest_of(secret[0])
    listed = client.get("/tokens/").content.decode()
    assert (str(token) in listed, secret[0] in listed) == (True, False)
    client.post(reverse("token_revoke", args=[token.public_id]))
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_an_administrator_sees_and_revokes_the_tokens_of_all(admin: Client) -> None:
    user = factories.person("integration", name="ERP")
    admin.post("/tokens/all/new/", {"person": user.email, "scopes": ["read"], "days": "30"})
    token = ApiToken.objects.get(user=user)
    assert "ERP" in admin.get("/tokens/all/").content.decode()
    assert admin.post(reverse("token_revoke", args=[token.public_id])).status_code == 302


def test_a_token_needs_a_chosen_person(admin: Client) -> None:
    answer = admin.post("/tokens/all/new/", {"person": "", "scopes": ["read"], "days": "30"})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_token_of_somebody_else_is_not_found() -> None:
    owner, client = factories.person(), Client()
    token, _ = services.issue_token(user=owner, scopes=["read"], days=1, actor=Actor(owner))
    client.force_login(factories.person("quality"))
    assert client.post(reverse("token_revoke", args=[token.public_id])).status_code == 404
    assert str(token) not in client.get("/tokens/").content.decode()
