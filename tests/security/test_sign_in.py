"""Sign-in and sessions as an outsider tries them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str, **more: Any) -> Any:
    headers = more.pop("headers", {})
    return client.post(LOGIN, {"login": email, "password": password, **more}, headers=headers)


def is_slowed(answer: Any) -> bool:
    return "Too many failed" in answer.content.decode()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example",
     "javascript:alert(1)", "http:///evil.example"],
)  # fmt: skip
def test_sign_in_leads_to_no_other_house(target: str) -> None:
    user = factories.person("viewer")
    answer = sign_in(Client(), user.email, factories.PASSWORD, next=target)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_session_from_before_the_sign_in_is_worth_nothing_after() -> None:
    user, client = factories.person("viewer"), Client()
    client.cookies["sessionid"] = "chosen-by-somebody-else"
    sign_in(client, user.email, factories.PASSWORD)
    assert client.cookies["sessionid"].value != "chosen-by-somebody-else"
    other = Client()
    other.cookies["sessionid"] = "chosen-by-somebody-else"
    assert other.get("/parts/").status_code == 302


def test_a_session_ends_with_its_sign_out() -> None:
    user, client = factories.person("viewer"), Client()
    client.force_login(user, backend=BACKEND)
    kept = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = kept
    assert client.get("/parts/").status_code == 302


def test_a_new_password_ends_the_other_sessions() -> None:
    user = factories.person("viewer")
    client, elsewhere = Client(), Client()
    for one in (client, elsewhere):
        one.force_login(user, backend=BACKEND)
    fresh = "another long password"
    client.post("/accounts/password/change/", {
        "oldpassword": factories.PASSWORD, "password1": fresh, "password2": fresh,
    })  # fmt: skip
    assert (client.get("/parts/").status_code, elsewhere.get("/parts/").status_code) == (200, 302)


def test_a_forged_address_escapes_no_limit() -> None:
    user = factories.person("viewer")
    answers = [
        sign_in(Client(), user.email, "wrong", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(7)
    ]
    assert (is_slowed(answers[0]), is_slowed(answers[-1])) == (False, True)


def test_behind_the_proxy_one_address_does_not_slow_down_the_others(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # what HTTPS=true sets
    for n in range(11):
        answer = sign_in(Client(), f"nobody{n}@test.example", "wrong",
                         headers={"X-Forwarded-For": f"192.0.2.{n}, 198.51.100.7"})  # fmt: skip
    assert is_slowed(answer)
    user = factories.person("viewer")
    other = sign_in(Client(), user.email, factories.PASSWORD,
                    headers={"X-Forwarded-For": "198.51.100.8"})  # fmt: skip
    assert other.status_code == 302


@pytest.mark.parametrize(
    ("address", "sent"),
    [("/parts/{ipn}/comments/", {"text": "x"}), ("/q/{case}/moves/hold/", {"note": "x"}),
     ("/theme/", {"theme": "dark"}), ("/accounts/logout/", {})],
)  # fmt: skip
def test_a_form_of_another_house_does_nothing(address: str, sent: dict[str, str]) -> None:
    team = factories.Team()
    client = Client(enforce_csrf_checks=True)
    client.force_login(team.people["engineering"], backend=BACKEND)
    path = address.format(ipn=team.source.part.ipn, case=team.case.key)
    assert client.post(path, sent).status_code == 403
    assert client.get("/parts/").status_code == 200


def test_the_browser_session_writes_nothing_over_the_api_without_its_token() -> None:
    team = factories.Team()
    client = Client(enforce_csrf_checks=True)
    client.force_login(team.people["engineering"], backend=BACKEND)
    sent = client.post(f"/api/v1/cases/{team.case.key}/moves/", {"name": "submit"},
                       content_type="application/json")  # fmt: skip
    assert (sent.status_code, team.reload().state) == (403, "draft")


@pytest.mark.parametrize("address", [LOGIN, "/parts/", "/api/v1/parts/", "/api/v1/docs/"])
def test_nothing_is_framed_and_no_type_is_guessed(address: str) -> None:
    client = Client()
    client.force_login(factories.person("viewer"), backend=BACKEND)
    headers = client.get(address).headers
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    policy = headers["Content-Security-Policy"]
    assert re.search(r"frame-ancestors 'none'", policy)
    assert re.search(r"script-src 'self'(;|$)", policy)
