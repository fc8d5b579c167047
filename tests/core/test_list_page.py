"""A list page through the whole stack: filter, sort, pages, files, hidden fields, fragments."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secondsource.accounts.models import User
from secondsource.core.models import Event
from tests.application_role import owner

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.list_site")]
HTMX = {"HX-Request": "true", "HX-Target": "div#list"}


def signed_in(*roles: str) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_user("reader@example.com", None, name="Demo Reader", roles=list(roles))
    )
    return client


def add(count: int, **fields: Any) -> None:
    with owner():
        _add(count, **fields)


def _add(count: int, **fields: Any) -> None:
    Event.objects.bulk_create(
        Event(
            **{
                "origin": "web",
                "action": "test.made",
                "subject_type": "test",
                "subject_key": f"K{n:04d}",
                "job": "tests",
                "subject_id": n,
                "note": f"price {n}",
                **fields,
            }
        )
        for n in range(count)
    )


def keys(response: Any) -> list[str]:
    return re.findall(r'<td class="m-title">(K\d+)</td>', response.content.decode())


def test_a_stranger_is_sent_to_sign_in() -> None:
    response = Client().get("/events/?q=K1")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/events/%3Fq%3DK1",
    )


def test_a_stranger_asking_for_a_fragment_is_sent_there_as_a_whole() -> None:
    response = Client().get("/events/", headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (
        204,
        "/accounts/login/?next=/events/",
    )


def test_the_first_page_is_sorted_as_declared() -> None:
    add(12)
    assert keys(signed_in("viewer").get("/events/")) == [f"K{n:04d}" for n in range(10)]


def test_the_address_sorts() -> None:
    add(3)
    response = signed_in("viewer").get("/events/?sort=-key")
    assert keys(response) == ["K0002", "K0001", "K0000"]
    assert 'aria-sort="descending"' in response.content.decode()


def test_the_next_page_is_a_link() -> None:
    add(12)
    client = signed_in("viewer")
    link = re.search(r'rel="next" href="([^"]+)"', client.get("/events/").content.decode())
    assert link is not None
    assert keys(client.get("/events/" + link[1].replace("&amp;", "&"))) == ["K0010", "K0011"]


def test_a_broken_cursor_shows_the_first_page() -> None:
    add(2)
    assert keys(signed_in("viewer").get("/events/?cursor=broken")) == ["K0000", "K0001"]


def test_a_filter_narrows_and_can_be_removed() -> None:
    add(3)
    add(2, origin="api", subject_key="K9999")
    response = signed_in("viewer").get("/events/?origin=api&sort=-key")
    assert keys(response) == ["K9999", "K9999"]
    chips = [(chip.label, chip.value, chip.url) for chip in response.context["filter_chips"]]
    assert chips == [("Origin", "API", "?sort=-key")]


def test_an_unknown_filter_value_is_refused_and_shows_no_row() -> None:
    add(2)
    response = signed_in("viewer").get("/events/?origin=nowhere&sort=key")
    assert (response.status_code, keys(response)) == (400, [])
    problems = [(one.label, one.url) for one in response.context["filter_problems"]]
    assert problems == [("Origin", "?sort=key")]
    assert "nowhere is not one of the choices" in response.content.decode()


def test_no_file_is_made_of_an_unknown_filter_value() -> None:
    add(2)
    response = signed_in("viewer").get("/events/?origin=nowhere&export=csv")
    assert (response.status_code, response.headers.get("Content-Disposition")) == (400, None)


def test_an_address_holds_no_empty_parameters() -> None:
    response = signed_in("viewer").get("/events/?q=&origin=web&sort=")
    assert (response.status_code, response["Location"]) == (302, "/events/?origin=web")


def test_htmx_pushes_the_address_without_empty_parameters() -> None:
    add(1)
    response = signed_in("viewer").get("/events/?q=&origin=", headers=HTMX)
    assert (response.status_code, response["HX-Push-Url"]) == (200, "/events/")


def test_an_address_names_no_columns_if_all_are_shown() -> None:
    query = "columns=actor&columns=origin&columns=actor&columns=note&sort=key"
    reader = signed_in("procurement")
    response = reader.get(f"/events/?{query}", headers=HTMX)
    assert response["HX-Push-Url"] == "/events/?sort=key"
    response = reader.get("/events/?columns=actor&columns=actor", headers=HTMX)
    assert response["HX-Push-Url"] == "/events/?columns=actor"


def test_saved_views_are_tabs() -> None:
    tabs = signed_in("viewer").get("/events/?origin=web&sort=key").context["tabs"]
    assert [(tab.label, tab.count, tab.current) for tab in tabs] == [
        ("All events", None, False),
        ("From the web", 7, True),
    ]


def test_nothing_found_offers_to_drop_the_filter() -> None:
    add(1)
    text = signed_in("viewer").get("/events/?q=zzz").content.decode()
    assert "Nothing matches 1 filter" in text
    assert "Remove the search “zzz”" in text


def test_nothing_there_yet_says_what_it_is() -> None:
    assert "No events yet" in signed_in("viewer").get("/events/").content.decode()


def test_htmx_gets_the_region_alone() -> None:
    add(1)
    response = signed_in("viewer").get("/events/", headers=HTMX)
    text = response.content.decode()
    assert (text.count('id="list"'), "<html" in text, 'id="list-total" hx-swap-oob' in text) == (
        1,
        False,
        True,
    )
    assert response["Vary"] == "HX-Request, HX-Target, Cookie, Accept-Encoding"


def test_going_back_in_history_gets_the_whole_page() -> None:
    response = signed_in("viewer").get(
        "/events/", headers=HTMX | {"HX-History-Restore-Request": "true"}
    )
    assert "<html" in response.content.decode()


def test_a_hidden_column_is_nowhere() -> None:
    add(1)
    client = signed_in("engineer")
    page, file = client.get("/events/?sort=-note"), client.get("/events/?export=csv&sort=note")
    text = page.content.decode() + b"".join(file.streaming_content).decode()
    assert ("price 0" in text, "Price" in text) == (False, False)
    assert page.context["table"].sort.column.name == "key"


def test_the_same_column_is_shown_to_who_may_see_it() -> None:
    add(1)
    assert "price 0" in signed_in("procurement").get("/events/").content.decode()


def test_a_file_holds_all_filtered_rows_in_order() -> None:
    add(12)
    response = signed_in("viewer").get("/events/?export=csv&sort=-key&q=K000")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "Key",
        *(f"K{n:04d}" for n in range(9, -1, -1)),
    ]


def test_an_unknown_file_format_does_not_exist() -> None:
    assert signed_in("viewer").get("/events/?export=exe").status_code == 404


def test_every_length_of_list_costs_the_same_queries() -> None:
    client = signed_in("viewer")
    costs = []
    for more in (1, 29):
        add(more)
        with CaptureQueriesContext(connection) as asked:
            client.get("/events/")
        costs.append(len(asked))
    assert costs == [6, 6]


def test_what_people_typed_is_escaped() -> None:
    add(1, subject_key="<script>alert(1)</script>")
    text = signed_in("viewer").get('/events/?q="><script>').content.decode()
    assert "<script>alert" not in text
    assert '"><script>' not in text


def heads(response: Any) -> list[str]:
    return [head.column.name for head in response.context["table"].heads]


def test_the_columns_asked_for_are_shown_and_the_title_always() -> None:
    add(1)
    client = signed_in("procurement")
    assert heads(client.get("/events/?columns=origin")) == ["key", "origin"]
    assert heads(client.get("/events/?columns=nonsense")) == ["key", "actor", "origin", "note"]


def test_a_file_has_the_columns_that_are_shown() -> None:
    add(1)
    response = signed_in("procurement").get("/events/?columns=origin&export=csv")
    first = b"".join(response).decode("utf-8-sig").splitlines()[0]
    assert first == "Key,Origin"


def test_a_hidden_column_is_neither_offered_nor_shown_on_request() -> None:
    add(1)
    response = signed_in("viewer").get("/events/?columns=note&columns=origin")
    assert heads(response) == ["key", "origin"]
    assert [column.name for column, _ in response.context["column_choice"]] == ["actor", "origin"]


def test_the_list_stays_sorted_by_a_column_that_is_left_out() -> None:
    add(3)
    client = signed_in("procurement")
    assert keys(client.get("/events/?sort=-actor&columns=origin")) == ["K0002", "K0001", "K0000"]


def test_choosing_columns_keeps_the_filters_and_filtering_keeps_the_columns() -> None:
    add(1)
    text = signed_in("procurement").get("/events/?origin=web&columns=origin").content.decode()
    choice = text[text.index('<form id="columns"') :]
    assert '<input type="hidden" name="origin" value="web">' in choice[: choice.index("</form>")]
    bar = text[text.index('<form class="fbar"') :]
    assert 'type="hidden" name="columns" value="origin"' in bar[: bar.index("</form>")]


def test_an_empty_list_tells_what_each_filter_would_give_when_dropped() -> None:
    add(2), add(1, origin="api", subject_key="A0001")
    response = signed_in("viewer").get("/events/?q=A0001&origin=web")
    would = [(chip.name, count) for chip, count in response.context["without_each"]]
    assert would == [("origin", 1), ("q", 2)][::-1]
    text = response.content.decode()
    assert "2 match without the search “A0001”. 1 matches without Origin: Web." in text


def test_when_no_single_filter_is_to_blame_all_are_removed() -> None:
    add(2)
    text = signed_in("viewer").get("/events/?q=zzz&origin=api").content.decode()
    assert ("Dropping one of them is not enough." in text, "Remove all filters" in text) == (
        True,
        True,
    )
