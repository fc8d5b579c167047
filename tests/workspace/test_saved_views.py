"""A list's query under a name: saved, shown as a tab, forgotten; and what is refused."""

from __future__ import annotations

import pytest
from django.test import Client

from secondsource.core.models import SavedView
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(factories.person("engineer"), backend=LOGIN)
    factories.part()
    return browser


def save(client: Client, name: str, query: str = "sources=single&cursor=x", **more: str) -> str:
    body = {"page": "part_list", "name": name, "query": query, **more}
    answer = client.post("/views/", body)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_query_is_kept_without_its_place(client: Client) -> None:
    assert save(client, "  My   risks ", "criticality=a&cursor=x") == "/parts/?criticality=a"
    view = SavedView.objects.get()
    assert (view.page, view.name, view.query) == ("part_list", "My risks", "criticality=a")


def test_it_is_a_tab_of_its_list_and_can_be_forgotten(client: Client) -> None:
    save(client, "My risks", "criticality=a")
    text = client.get("/parts/?criticality=a").content.decode()
    assert "My risks" in text
    assert "Remove this view" in text
    assert "Save this view" not in text
    save(client, "My risks", remove="1")
    assert not SavedView.objects.exists()


def test_only_a_query_of_its_own_can_be_saved(client: Client) -> None:
    assert "Save this view" not in client.get("/parts/").content.decode()
    assert "Save this view" not in client.get("/parts/?sources=single").content.decode()
    assert "Save this view" in client.get("/parts/?criticality=b").content.decode()


def test_the_same_name_replaces(client: Client) -> None:
    for query in ("criticality=a", "criticality=b"):
        save(client, "Mine", query)
    assert list(SavedView.objects.values_list("query", flat=True)) == ["criticality=b"]


def test_others_do_not_see_it(client: Client) -> None:
    save(client, "My risks", "criticality=a")
    other = Client()
    other.force_login(factories.person("engineer"), backend=LOGIN)
    assert "My risks" not in other.get("/parts/").content.decode()


@pytest.mark.parametrize(
    ("name", "query"), [("", "a=b"), ("x" * 61, "a=b"), ("x", ""), ("x", "a=" + "b" * 2000)]
)
def test_a_name_or_query_that_cannot_be(client: Client, name: str, query: str) -> None:
    save(client, name, query)
    assert not SavedView.objects.exists()


def test_a_view_too_many(client: Client) -> None:
    for number in range(21):
        save(client, f"View {number}", f"search={number}")
    assert SavedView.objects.count() == 20


def test_a_list_that_is_none(client: Client) -> None:
    assert (
        client.post("/views/", {"page": "nonsense", "name": "x", "query": "a=b"}).status_code == 404
    )


def test_a_removed_view_comes_back_by_undo(client: Client) -> None:
    save(client, "My risks", "criticality=a")
    gone = client.post("/views/", {"page": "part_list", "name": "My risks", "remove": "1"})
    assert SavedView.objects.count() == 0
    text = client.get(gone["Location"]).content.decode()
    assert '<input type="hidden" name="query" value="criticality=a">' in text
    save(client, "My risks", "criticality=a")
    assert SavedView.objects.get().query == "criticality=a"


def test_removing_what_is_not_there_says_nothing(client: Client) -> None:
    gone = client.post("/views/", {"page": "part_list", "name": "None", "remove": "1"})
    assert "removed" not in client.get(gone["Location"]).content.decode()
