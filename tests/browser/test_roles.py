"""Where each role begins, what its navigation holds, and that hidden prices are nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from parts.models import Part
from secondsource.workspace import figures
from tests import factories
from tests.browsers import accessibility_faults, is_wider_than_screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]
PRICE = "7.31"
BEGINS = {
    "engineer": "/work/",
    "quality": "/work/",
    "procurement": "/work/",
    "finance": "/dashboard/",
    "executive": "/dashboard/",
    "viewer": "/dashboard/",
    "admin": "/people/",
}


@pytest.fixture
def part() -> Part:
    """A single-source part that was bought at a price which appears nowhere else."""
    part = factories.part(description="Regulator")
    source = factories.incumbent(part, "OLD-1")
    factories.alternate(part, "NEW-1")
    factories.product("PUMP", uses={part: 1}, monthly_volume=100)
    factories.receipt(source, 1000, PRICE)
    figures.refresh_company()
    return part


@pytest.mark.parametrize(("role", "path"), BEGINS.items())
def test_each_role_begins_at_its_page(sign_in: SignIn, part: Part, role: str, path: str) -> None:
    page = sign_in(factories.person(role))
    page.wait_for_url(f"**{path}")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert (accessibility_faults(page), is_wider_than_screen(page)) == ([], False)


def test_a_phone_offers_what_is_new(sign_in: SignIn) -> None:
    page = sign_in(factories.person("engineer"), "/parts/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.click(".top summary:has-text('New')")
    assert page.locator(".top a:has-text('Import a file')").is_visible()
    assert not is_wider_than_screen(page)


def test_zoomed_to_400_percent_no_bar_holds_the_screen(sign_in: SignIn, part: Part) -> None:
    page = sign_in(factories.person("engineer"), f"/parts/{part.ipn}/")
    page.set_viewport_size({"width": 320, "height": 225})
    page.evaluate("scrollTo(0, 400)")
    bars = page.locator(".top, .mobnav")
    in_sight = [
        0 <= bar.evaluate("bar => bar.getBoundingClientRect().top") < 225 for bar in bars.all()
    ]
    assert (in_sight, is_wider_than_screen(page)) == ([False, False], False)


def test_an_administrator_s_pages_are_in_the_navigation(sign_in: SignIn) -> None:
    page = sign_in(factories.person("admin"), "/imports/")
    for address in ("/imports/", "/jobs/", "/people/", "/policies/"):
        assert page.locator(f"aside a[href='{address}']").count() == 1, address
    assert "No imports yet" in page.inner_text("main")


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("engineer", False), ("quality", False), ("viewer", False), ("admin", False),
        ("procurement", True), ("finance", True), ("executive", True),
    ],
)  # fmt: skip
def test_spend_is_shown_to_those_who_see_prices(
    sign_in: SignIn, part: Part, role: str, sees: bool
) -> None:
    page = sign_in(factories.person(role), f"/parts/{part.ipn}/")
    shown = page.inner_text("main")
    page.goto("/parts/")
    listed = page.inner_text("main")
    assert ("$7,310" in shown, "$7,310" in listed, PRICE in shown) == (sees, sees, False)


def test_a_viewer_is_offered_nothing_to_write(sign_in: SignIn, part: Part) -> None:
    page = sign_in(factories.person("viewer"), f"/parts/{part.ipn}/")
    actions = page.locator("main form[method=post]").evaluate_all(
        "forms => forms.map(form => form.getAttribute('action'))"
    )
    assert actions == [f"/parts/{part.ipn}/watch/"]
    assert page.locator("header details:has-text('New')").count() == 0
