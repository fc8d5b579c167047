"""Error pages name who can grant, what was meant, and the reference."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db


def client_of(role: str) -> Client:
    signed = Client()
    signed.force_login(factories.person(role))
    return signed


def test_a_refusal_names_the_roles_and_who_gives_them() -> None:
    factories.person("admin", name="Ada Admin", email="ada@example.com")
    answer = client_of("viewer").get("/parts/new/")
    text = answer.content.decode()
    assert answer.status_code == 403
    words = " ".join(re.sub(r"<[^>]+>", "", text).split())
    assert "No access" in words
    assert "This is for the role engineer. Nothing was changed." in words
    assert "Ada Admin can give you the role." in words
    assert 'href="mailto:ada@example.com"' in text
    assert "parts.write_part" not in text
    assert re.search(r"[0-9a-f]{32}", text.partition("<main")[2]) is None


def test_a_refusal_keeps_the_frame_and_leads_to_the_start_page() -> None:
    for path, status in (("/parts/new/", 403), ("/nowhere/", 404)):
        answer = client_of("quality").get(path)
        text = answer.content.decode()
        assert answer.status_code == status
        assert ('aria-label="Main"' in text, "Go to My work" in text) == (True, True)


def test_a_fragment_is_refused_in_the_place_of_its_target() -> None:
    asked = {"HX-Request": "true", "HX-Target": "div#list"}
    answer = client_of("viewer").get("/parts/new/", headers=asked)
    text = answer.content.decode()
    assert (answer.status_code, "<html" in text) == (403, False)
    assert '<section id="list" role="alert">' in text
    dialog = client_of("viewer").get("/nowhere/", headers=asked | {"HX-Target": "dialog#dialog"})
    assert (dialog.status_code, "<html" in dialog.content.decode()) == (404, False)


def test_without_an_administrator_the_sentence_stays_whole() -> None:
    text = client_of("viewer").get("/parts/new/").content.decode()
    assert "An administrator can give you the role." in " ".join(text.split())


def test_somebody_who_left_gives_no_role() -> None:
    gone = factories.person("admin", name="Gone Admin")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert "Gone Admin" not in client_of("viewer").get("/parts/new/").content.decode()


@pytest.mark.parametrize("typed", ["{ipn}-X", "{ipn}9", "{ipn}/nowhere"])
def test_a_missing_address_leads_to_what_was_meant(typed: str) -> None:
    part = factories.part()
    answer = client_of("engineer").get(f"/parts/{typed.format(ipn=part.ipn)}/")
    assert answer.status_code == 404
    assert f'href="{part.get_absolute_url()}"' in answer.content.decode()


def test_a_key_that_only_addresses_have_is_searched_for_nowhere() -> None:
    signed, key = client_of("engineer"), str(uuid.uuid4())
    with CaptureQueriesContext(connection) as asked:
        assert signed.get(f"/imports/{key}/").status_code == 404
    assert not [row["sql"] for row in asked if f"{key}%" in row["sql"]]


def test_near_matches_are_the_reader_s_own() -> None:
    part = factories.part()
    factories.product(uses={part: 1}, plants=[factories_plant("HERE")])
    signed = client_of("engineer")
    stranger: Any = factories.person("engineer")
    stranger.plants.add(factories_plant("THERE"))
    signed.force_login(stranger)
    text = signed.get(f"/parts/{part.ipn}-X/").content.decode()
    assert part.get_absolute_url() not in text


def factories_plant(code: str) -> Any:
    from secondsource.accounts.models import Plant

    return Plant.objects.create(code=code, name=code)


@pytest.mark.parametrize("path", ["/x/", "/parts/%00/", "/" + "a" * 300 + "/"])
def test_odd_addresses_are_only_not_found(path: str) -> None:
    assert client_of("engineer").get(path).status_code == 404


def test_a_stranger_is_told_of_nothing() -> None:
    part = factories.part()
    text = Client().get(f"/nowhere/{part.ipn}/").content.decode()
    assert "Did you mean" not in text


def test_a_missing_case_is_named_by_its_key() -> None:
    case = factories.Team().case
    client = client_of("engineer")
    assert "No case SSQ-9999." in client.get("/q/SSQ-9999/").content.decode()
    missing = client.get(f"{case.get_absolute_url()}steps/{uuid.uuid4()}/")
    assert (missing.status_code, f"{case.key} has no such" in missing.content.decode()) == (
        404,
        True,
    )
