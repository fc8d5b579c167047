"""No text in a request makes a page fail."""

from __future__ import annotations

import pytest

from tests.security.world import World

pytestmark = pytest.mark.django_db
LONG = "9" * 5000


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("address", ["/jump/?q=%00", "/parts/?search=%00", "/q/?q=a%00b"])
def test_nul_in_a_query_is_refused(world: World, address: str) -> None:
    assert world.client("engineer").get(address).status_code == 400


@pytest.mark.parametrize("address", ["/parts/%00/", "/products/a%00b/", "/suppliers/%00/"])
def test_nul_in_an_address_leads_nowhere(world: World, address: str) -> None:
    assert world.client("engineer").get(address).status_code == 404


def test_nul_in_a_form_is_refused(world: World) -> None:
    ipn = world.values["ipn"]
    answer = world.client("engineer").post(f"/parts/{ipn}/comments/", {"text": "a\x00b"})
    assert answer.status_code == 400


def test_an_endless_version_is_refused(world: World) -> None:
    supplier = world.codes["suppliers"]
    sent = {"name": "Renamed", "kinds": ["manufacturer"], "country": "", "expected": LONG}
    answer = world.client("quality").post(f"/suppliers/{supplier}/edit/", sent)
    assert answer.status_code == 422
    moved = world.client("quality").post(
        f"/q/{world.case.key}/moves/hold/", {"note": "x", "expected": LONG}
    )
    assert moved.status_code == 422


def test_endless_row_numbers_select_nothing(world: World) -> None:
    answer = world.client("engineer").post("/parts/selected/csv/", {"selected": [LONG, "9" * 18]})
    assert b"".join(answer).decode().count("\n") == 1
