"""Every page: accessible in both themes, and whole on a narrow screen with long names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from parts.models import Part, Product
from qualification.models import Case
from secondsource.accounts.models import Plant, User
from suppliers.models import Site, Supplier
from tests.browsers import accessibility_faults, is_wider_than_screen
from tests.security.world import World, routes

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]
#: The roles that between them open every page; each page is looked at by the first that may.
ROLES = ("engineer", "quality", "procurement", "executive", "admin")
#: The routes are dealt out to this many tests, so that two processes share them.
SHARES = 4
LONG = "Unterbrechungsfreie" * 12


def with_long_names() -> None:
    """Names as long as the database takes them, without a place to break."""
    for model, name in (
        (Part, "description"), (Product, "name"), (Supplier, "name"), (Site, "name"),
        (Plant, "name"), (User, "name"), (Case, "summary"),
    ):  # fmt: skip
        most = min(model._meta.get_field(name).max_length or 200, 200)
        for row in model.objects.all():  # a number at the end keeps unique what has to be
            text = f"{LONG[: most - 6]}{row.pk}"
            model.objects.filter(pk=row.pk).update(**{name: text})


def pages(world: World, share: int) -> dict[str, list[str]]:
    """Role → addresses of a share of the routes that answer it with a page."""
    seen: set[str] = set()
    found: dict[str, list[str]] = {role: [] for role in ROLES}
    for role in ROLES:
        client = world.client(role)
        for route, _ in list(routes())[share::SHARES]:
            address = world.address(route)
            if route.startswith(("api/", "health/")) or address in seen or "logout" in route:
                continue
            answer: Any = client.get(address)
            is_page = answer.status_code == 200 and "html" in answer["Content-Type"]
            if is_page and not answer.streaming and b"<html" in answer.content:
                seen.add(address)
                found[role].append(address)
    return found


def looked_at(page: Page, address: str) -> list[Any]:
    """What is wrong with a page: at a desk in light, and 320 pixels wide in the dark."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    wrong: list[Any] = accessibility_faults(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    wrong += accessibility_faults(page)
    return [*wrong, "wider than the screen"] if is_wider_than_screen(page) else wrong


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_and_whole(share: int, sign_in: SignIn) -> None:
    world = World()
    with_long_names()
    wrong: dict[str, list[Any]] = {}
    for role, addresses in pages(world, share).items():
        if not addresses:
            continue
        page = sign_in(world.people[role], "/keys/")
        page.emulate_media(reduced_motion="reduce")  # no colour is measured on its way to another
        for address in addresses:
            if faults := looked_at(page, address):
                wrong[f"{role} {address}"] = faults
    assert wrong == {}
