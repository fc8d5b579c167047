"""Sign-in, reset and sign-out in our own look."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from secondsource.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.list_site")]
PASSWORD = "a long demo password"


@pytest.fixture
def user() -> User:
    return User.objects.create_user("p@example.com", PASSWORD, name="Demo Person", roles=["viewer"])


def sign_in(password: str, address: str = "P@Example.com") -> object:
    return Client().post(reverse("account_login"), {"login": address, "password": password})


def test_sign_in_by_address_in_any_case(user: User) -> None:
    response = sign_in(PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_wrong_password_keeps_the_address(user: User) -> None:
    response = sign_in("wrong")
    text = response.content.decode()
    assert 'value="P@Example.com"' in text
    assert 'role="alert"' in text
    assert "wrong" not in re.findall(r'value="([^"]*)"', text)


def test_an_inactive_person_does_not_get_in(user: User) -> None:
    User.objects.update(is_active=False)
    client = Client()
    response = client.post(
        reverse("account_login"), {"login": "p@example.com", "password": PASSWORD}
    )
    assert response["Location"] == reverse("account_inactive")
    assert client.get("/keys/").status_code == 302


def test_guessing_is_slowed_down(user: User) -> None:
    answers = [sign_in("wrong").content.decode() for _ in range(7)]
    assert ("Too many failed" in answers[0], "Too many failed" in answers[-1]) == (False, True)


def test_the_form_allows_password_managers() -> None:
    text = Client().get(reverse("account_login")).content.decode()
    assert re.findall(r'autocomplete="([^"]+)"', text) == ["email", "current-password"]


def test_a_reset_mails_a_link_that_sets_a_password(user: User) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "p@example.com"})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)
    assert link is not None
    page = client.get(link[1], follow=True)
    fresh = "another long password"
    client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    user.refresh_from_db()
    assert user.check_password(fresh)


def test_a_reset_does_not_tell_whether_an_address_is_known(user: User) -> None:
    known = Client().post(reverse("account_reset_password"), {"email": "p@example.com"})
    unknown = Client().post(reverse("account_reset_password"), {"email": "q@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_used_link_offers_a_new_one() -> None:
    text = (
        Client()
        .get(reverse("account_reset_password_from_key", args=["1", "set-password"]))
        .content.decode()
    )
    assert "This link no longer works" in text


def test_nobody_registers_alone() -> None:
    assert "No open registration" in Client().get(reverse("account_signup")).content.decode()


def test_signing_out_needs_a_post(user: User) -> None:
    client = Client()
    client.force_login(user)
    assert "Sign out" in client.get(reverse("account_logout")).content.decode()
    assert client.get("/keys/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/keys/").status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
    ],
)
def test_every_account_page_has_our_frame(name: str) -> None:
    text = Client().get(reverse(name)).content.decode()
    assert (
        text.count("<h1>"),
        "css/site.css" in text,
        re.findall(r"style=|<script>|\son\w+=", text),
    ) == (1, True, [])
