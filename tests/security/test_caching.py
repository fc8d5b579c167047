"""No cache keeps what a signed-in person gets."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
PRIVATE = "private, no-store"


@pytest.fixture
def buyer() -> Client:
    client = Client()
    client.force_login(factories.person("procurement"))
    return client


@pytest.mark.parametrize(
    "address",
    ["/parts/", "/parts/R-1/", "/dashboard/", "/parts/?export=csv", "/parts/?export=xlsx",
     "/parts/NOTHING/", "/imports/templates/receipts/"],
)  # fmt: skip
def test_pages_and_files_are_private(buyer: Client, address: str) -> None:
    factories.part(ipn="R-1")
    assert buyer.get(address)["Cache-Control"] == PRIVATE


def test_a_download_is_private() -> None:
    team = factories.Team()
    team.do_items()
    client = Client()
    client.force_login(team.people["engineering"])
    answer = client.get(team.case.get_absolute_url())
    assert answer["Cache-Control"] == PRIVATE


def test_the_api_is_kept_by_no_cache(buyer: Client) -> None:
    assert "no-store" in buyer.get("/api/v1/parts/")["Cache-Control"]


def test_a_stranger_gets_no_private_answer() -> None:
    assert "private, no-store" not in Client().get("/health/live/").get("Cache-Control", "")
