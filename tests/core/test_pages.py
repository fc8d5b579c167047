"""Access, details and forms of the page bases."""

from __future__ import annotations

import pytest
import rules
from django.contrib.messages import get_messages
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from secondsource.accounts.models import Plant, User
from secondsource.core.views import Page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.list_site")]


@pytest.fixture
def client() -> Client:
    signed = Client()
    signed.force_login(
        User.objects.create_user("a@example.com", None, name="Demo", roles=["engineer"])
    )
    return signed


@pytest.fixture
def plant() -> Plant:
    return Plant.objects.create(code="TLL", name="Tallinn", country="EE")


@pytest.fixture
def estonia_only() -> object:
    """A permission that looks at the object."""
    rules.add_perm("tests.view_plant", rules.predicate(lambda user, plant: plant.country == "EE"))
    yield
    rules.remove_perm("tests.view_plant")


def test_a_page_without_permission_cannot_be_routed() -> None:
    class Forgotten(Page):
        pass

    with pytest.raises(ImproperlyConfigured, match="Forgotten declares no permission_required"):
        Forgotten.as_view()


@pytest.mark.usefixtures("estonia_only")
def test_a_detail_is_found_by_its_key(client: Client, plant: Plant) -> None:
    response = client.get("/plants/TLL/")
    assert (response.status_code, response.context["object"]) == (200, plant)
    assert "<h1>Tallinn</h1>" in response.content.decode()


@pytest.mark.usefixtures("estonia_only")
def test_the_permission_is_asked_on_the_object(client: Client) -> None:
    Plant.objects.create(code="BRQ", name="Brno", country="CZ")
    response = client.get("/plants/BRQ/")
    assert response.status_code == 403
    assert "tests.view_plant" not in response.content.decode()


@pytest.mark.usefixtures("estonia_only")
def test_what_is_not_visible_does_not_exist(client: Client) -> None:
    Plant.objects.create(code="HID", name="Hidden", country="XX")
    response = client.get("/plants/HID/")
    assert response.status_code == 404
    assert "No plant HID." in response.content.decode()


@pytest.mark.usefixtures("estonia_only")
@pytest.mark.parametrize(
    ("target", "whole"), [("div#part", False), ("div#other", True), ("part", False)]
)
def test_the_asking_element_decides_the_fragment(
    client: Client, plant: Plant, target: str, whole: bool
) -> None:
    response = client.get("/plants/TLL/", headers={"HX-Request": "true", "HX-Target": target})
    assert ("<html" in response.content.decode()) is whole


def test_a_form_saves_and_goes_on(client: Client, plant: Plant) -> None:
    response = client.post("/plants/TLL/price/", {"price": "0.98"})
    plant.refresh_from_db()
    assert (response.status_code, response["Location"], plant.name) == (302, "/events/", "0.98")
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Price kept"]


def test_a_form_posted_by_htmx_moves_the_whole_page(client: Client, plant: Plant) -> None:
    response = client.post("/plants/TLL/price/", {"price": "0.98"}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/events/")


def test_a_bad_value_stays_typed_and_is_explained(client: Client, plant: Plant) -> None:
    response = client.post("/plants/TLL/price/", {"price": "0,98"})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="0,98"' in text
    assert 'aria-describedby="id_price_error"' in text
    assert 'id="id_price_error"' in text
    assert "Use a point: 0.98" in text
    assert '<a class="lk" href="#id_price">Unit price</a>' in text
    plant.refresh_from_db()
    assert plant.name == "Tallinn"


@pytest.mark.parametrize(
    ("price", "status", "sentence"),
    [
        ("1", 422, "The round is closed. Open a new one."),
        ("2", 422, "Above the baseline."),
        ("3", 409, "Somebody changed this since you opened it"),
    ],
)
def test_a_refusal_of_the_service_is_shown_in_the_form(
    client: Client, plant: Plant, price: str, status: int, sentence: str
) -> None:
    response = client.post("/plants/TLL/price/", {"price": price})
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert f'value="{price}"' in response.content.decode()


def test_a_post_without_token_is_explained(plant: Plant) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        User.objects.create_user("b@example.com", None, name="B", roles=["engineer"])
    )
    response = strict.post("/plants/TLL/price/", {"price": "1"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()
