"""A move by page: confirmed, fired, and refused with every reason."""

from __future__ import annotations

import pytest
from django.test import Client

from qualification.models import Case
from tests.api.callers import add_user
from tests.api.data import a_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.move_site")]


@pytest.fixture
def case() -> Case:
    return a_case()


@pytest.fixture
def client() -> Client:
    signed = Client()
    signed.force_login(add_user("viewer"))
    return signed


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_the_confirmation_names_the_move_and_holds_the_version(client: Client, case: Case) -> None:
    text = client.get(f"/cases/{case.pk}/park/").content.decode()
    assert f'name="expected" value="{case.version}"' in text
    assert ('<button class="btn pri">Park</button>' in text, state_of(case)) == (True, "draft")


def test_it_works(client: Client, case: Case) -> None:
    response = client.post(f"/cases/{case.pk}/park/", {"note": "No need", "expected": case.version})
    assert (response.status_code, state_of(case)) == (302, "withdrawn")


def test_every_reason_is_shown_and_the_note_kept(client: Client, case: Case) -> None:
    response = client.post(f"/cases/{case.pk}/park/", {"note": "Why not", "day": "friday"})
    text = response.content.decode()
    assert (response.status_code, state_of(case)) == (422, "draft")
    assert "2 things stop this." in text
    assert ("Not on a Friday." in text, "Wait for Monday." in text, "Nobody is here." in text) == (
        True,
    ) * 3
    assert ">Why not</textarea>" in text


def test_a_needed_reason_is_asked_for(client: Client, case: Case) -> None:
    response = client.post(f"/cases/{case.pk}/park/", {"note": "  "})
    assert (response.status_code, state_of(case)) == (422, "draft")
    assert "A reason is needed." in response.content.decode()


def test_somebody_was_faster(client: Client, case: Case) -> None:
    response = client.post(f"/cases/{case.pk}/park/", {"note": "x", "expected": case.version + 1})
    assert (response.status_code, state_of(case)) == (409, "draft")
    assert "Somebody changed this" in response.content.decode()


def test_a_refused_move_can_be_tried_again_while_it_is_possible(client: Client, case: Case) -> None:
    text = client.post(f"/cases/{case.pk}/park/", {"note": ""}).content.decode()
    assert '<button class="btn pri">Park</button>' in text


def test_a_move_that_somebody_else_made_first_has_no_button(client: Client, case: Case) -> None:
    body = {"note": "No need", "expected": case.version}
    for status, closed in ((302, False), (409, True)):
        response = client.post(f"/cases/{case.pk}/park/", body)
        text = response.content.decode()
        assert (response.status_code, 'disabled aria-describedby="refusal"' in text) == (
            status, closed,
        )  # fmt: skip


def test_a_move_without_the_right_is_shown_disabled_and_refused(client: Client, case: Case) -> None:
    page = client.get(f"/cases/{case.pk}/seal/").content.decode()
    assert 'disabled aria-describedby="refusal"' in page
    assert client.post(f"/cases/{case.pk}/seal/", {}).status_code == 403
    assert state_of(case) == "draft"


def test_an_unknown_move_does_not_exist(client: Client, case: Case) -> None:
    assert client.get(f"/cases/{case.pk}/explode/").status_code == 404


def test_an_unknown_move_cannot_be_fired(client: Client, case: Case) -> None:
    response = client.post(f"/cases/{case.pk}/explode/")
    assert (response.status_code, state_of(case)) == (422, "draft")
    assert "There is no move &#x27;explode&#x27;." in response.content.decode()


def test_htmx_gets_the_reasons_alone(client: Client, case: Case) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#refusal"}
    response = client.post(f"/cases/{case.pk}/park/", {"note": ""}, headers=headers)
    text = response.content.decode()
    assert (response.status_code, "<html" in text, 'id="refusal"' in text) == (422, False, True)


def test_a_fired_move_is_told_in_a_toast(client: Client, case: Case) -> None:
    client.post(f"/cases/{case.pk}/park/", {"note": "No need"})
    assert f"Park: {Case.objects.get(pk=case.pk)}" in client.get("/keys/").content.decode()
