"""The frame: navigation by role, start page, theme, keyboard list, jump, error pages."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from secondsource.accounts import services
from secondsource.accounts.models import User
from secondsource.accounts.rights import roles_in_words
from secondsource.core.views import SIGNED_IN
from secondsource.workspace import errors, navigation
from secondsource.workspace.navigation import NavItem
from tests.factories import JOB

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.list_site")]


def person(*roles: str, **fields: str) -> User:
    fields.setdefault("name", "Demo Person")
    return User.objects.create_user("p@example.com", None, roles=list(roles), **fields)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_start_page_is_the_first_that_exists_for_the_role() -> None:
    response = client_of(person("viewer")).get("/")
    assert (response.status_code, response["Location"]) == (302, "/events/")


def test_somebody_without_a_role_lands_on_a_page_for_everybody() -> None:
    assert navigation.start(person()).permission == SIGNED_IN


def test_items_without_permission_or_address_are_absent() -> None:
    items = [
        NavItem("Parts", "cpu", "part_list", "parts.view_part"),
        NavItem("People", "users", "part_list", "accounts.manage_people"),
        NavItem("Nowhere", "x", "no_such_page"),
    ]
    assert [item.label for item in navigation.offered(items, person("viewer"), "/")] == ["Parts"]


def test_the_item_above_the_page_is_current() -> None:
    (item,) = navigation.offered([NavItem("Parts", "cpu", "part_list")], person(), "/events/K1/")
    assert (item.url, item.current) == ("/events/", True)


def test_the_navigation_marks_the_open_page() -> None:
    text = client_of(person("viewer")).get("/events/").content.decode()
    assert re.findall(r'<a href="(/events/)" aria-current="page" data-go="p"', text) == ["/events/"]


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (["engineer"], "Engineer"),
        (["engineer", "executive"], "Executive, Engineer"),
        ([], "No role"),
    ],
)
def test_roles_in_words_most_senior_first(roles: list[str], words: str) -> None:
    assert roles_in_words(roles) == words


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_server_sets_the_person_s_theme(theme: str) -> None:
    text = client_of(person(theme=theme)).get("/keys/").content.decode()
    assert f'<html lang="en" data-theme="{theme}">' in text


def test_before_sign_in_the_cookie_decides() -> None:
    client = Client()
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get(reverse("account_login")).content.decode()


def test_a_made_up_cookie_means_auto() -> None:
    client = Client()
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get(reverse("account_login")).content.decode()


def test_a_theme_is_kept_in_the_account_and_a_cookie() -> None:
    user = person()
    response = client_of(user).post("/theme/", {"theme": "dark", "next": "/keys/"})
    user.refresh_from_db()
    assert (user.theme, response.cookies["theme"].value, response["Location"]) == (
        "dark",
        "dark",
        "/keys/",
    )


def test_everybody_chooses_the_zone_of_the_times_they_see() -> None:
    user = person(time_zone="UTC")
    client = client_of(user)
    assert client.post("/time-zone/", {"time_zone": "Mars/Base"}).status_code == 422
    assert client.post("/time-zone/", {"time_zone": "Asia/Tokyo"}).status_code == 302
    user.refresh_from_db()
    assert user.time_zone == "Asia/Tokyo"


def test_a_new_person_sees_the_times_of_the_company(settings: Any) -> None:
    settings.COMPANY_TIME_ZONE = ZoneInfo("America/Los_Angeles")
    added = services.add_person(
        email="n@example.com", name="New", roles=["viewer"], password=None, actor=JOB
    )
    assert added.time_zone == "America/Los_Angeles"


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_the_theme_form_leads_nowhere_else(place: str) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": place})["Location"] == "/"


def test_an_unknown_theme_changes_nothing() -> None:
    user = person(theme="light")
    response = client_of(user).post("/theme/", {"theme": "pink"})
    user.refresh_from_db()
    assert (user.theme, "theme" in response.cookies) == ("light", False)


def test_the_theme_is_not_switched_by_a_link() -> None:
    assert Client().get("/theme/?theme=dark").status_code == 405


def test_single_keys_can_be_switched_off() -> None:
    user = person()
    client = client_of(user)
    assert " data-keys>" in client.get("/keys/").content.decode()
    User.objects.filter(pk=user.pk).update(shortcuts_enabled=False)
    assert " data-keys>" not in client.get("/keys/").content.decode()


def test_a_person_switches_the_single_keys_off_and_on() -> None:
    user = person()
    client = client_of(user)
    for value, on in (("0", False), ("1", True)):
        assert client.post("/keys/", {"on": value})["Location"] == "/keys/"
        user.refresh_from_db()
        assert user.shortcuts_enabled is on


def test_the_keyboard_list_names_the_pages_of_the_reader() -> None:
    text = client_of(person("viewer")).get("/keys/").content.decode()
    assert "<kbd>G</kbd> <kbd>P</kbd></span><span>Parts" in text


def test_jump_finds_pages_by_a_piece_of_their_name() -> None:
    found = client_of(person("viewer")).get("/jump/?q=P").context["found"]
    assert [(heading, [hit.label for hit in hits]) for heading, hits in found] == [
        ("Pages", ["Parts", "Change password", "Components", "Help"])
    ]


def test_jump_answers_the_dialog_with_options_alone() -> None:
    response = client_of(person("viewer")).get(
        "/jump/?q=change+pass", headers={"HX-Request": "true", "HX-Target": "div#jump-list"}
    )
    text = response.content.decode()
    assert (text.count('role="option"'), "<html" in text) == (1, False)


def test_enter_goes_straight_to_what_is_named_in_full() -> None:
    client = client_of(person("viewer"))
    assert client.get("/jump/?q=part").status_code == 200
    response = client.get("/jump/?q=parts")
    assert (response.status_code, response["Location"]) == (302, "/events/")
    asked = client.get("/jump/?q=parts", headers={"HX-Request": "true"})
    assert asked.status_code == 200


def test_jump_says_when_nothing_is_found() -> None:
    response = client_of(person("viewer")).get("/jump/?q=<b>zzz")
    assert (response.status_code, "Nothing found" in response.content.decode()) == (200, True)


@pytest.mark.parametrize("path", ["/", "/jump/", "/keys/", "/styleguide/"])
def test_the_frame_needs_sign_in(path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.urls("secondsource.urls")
def test_the_component_gallery_is_for_development_alone() -> None:
    client = client_of(person("engineer"))
    assert client.get("/styleguide/").status_code == 404
    assert "Components" not in client.get("/keys/").content.decode()


@pytest.mark.urls("secondsource.urls")
def test_take_overs_are_in_the_navigation_of_those_who_approve() -> None:
    def labels(user: User) -> set[str]:
        groups = navigation.shell_for(user, "/")["groups"]
        return {item.label for group in groups for item in group.items}

    user = person("quality")
    assert {"Take-overs", "To review"} <= labels(user)
    user.roles = ["finance"]
    assert labels(user).isdisjoint({"Take-overs", "To review", "People"})
    user.roles = ["admin"]
    assert {"Parts", "Jobs", "Dashboard"} <= labels(user)


def test_an_unknown_address_offers_a_search() -> None:
    response = client_of(person("viewer")).get("/nowhere/")
    assert (response.status_code, 'action="/jump/"' in response.content.decode()) == (404, True)


def test_a_failure_gives_a_reference_and_asks_no_database(
    django_assert_num_queries: object,
) -> None:
    request = RequestFactory().get("/parts/")
    request.META["request_id"] = "7f2a"
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = errors.server_error(request)
    assert (response.status_code, "7f2a" in response.content.decode()) == (500, True)


@pytest.mark.parametrize("view", [errors.bad_request, errors.forbidden, errors.not_found])
def test_the_api_keeps_its_own_problems(view: object) -> None:
    request = RequestFactory().get("/api/v1/parts/")
    response = view(request, Exception("secret"))  # type: ignore[operator]
    assert response["Content-Type"] == "application/problem+json"
