"""How a person works in the browser: opens, fills in, confirms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from qualification.models import Case
from secondsource.core import clock
from tests.browsers import accessibility_faults, is_wider_than_screen

if TYPE_CHECKING:
    from playwright.sync_api import Page


def day(days: int = 0) -> str:
    return (clock.business_day() + timedelta(days)).isoformat()


def fill(page: Page, where: str, values: dict[str, Any]) -> None:
    """Type or choose each value in the field of this name."""
    for name, value in values.items():
        field = page.locator(f"{where} [name='{name}']")
        kind = field.first.evaluate("e => e.type")
        if kind == "radio":
            page.check(f"{where} [name='{name}'][value='{value}']")
        elif kind == "select-one":
            field.select_option(value)
        elif kind == "file":
            field.set_input_files({"name": value, "mimeType": "text/csv", "buffer": b"unit,1\n"})
        else:
            field.fill(value)


def in_dialog(page: Page, opener: str, **values: Any) -> None:
    """Open a dialog, fill it in and confirm; the page behind comes back with what changed."""
    page.click(opener)
    expect(page.locator("#dialog .foot .pri")).to_be_visible()
    fill(page, "#dialog", values)
    with page.expect_event("load"):
        page.click("#dialog .foot .pri")


def on_page(page: Page, opener: str, values: dict[str, Any]) -> None:
    """Follow a link to a form, fill it in and send it."""
    with page.expect_navigation():
        page.click(opener)
    fill(page, "main", values)
    with page.expect_navigation():
        page.click("main .form .foot .pri")
    expect(page.locator("main [role=alert]")).to_have_count(0)


def look(page: Page) -> None:
    """The page for the accessibility checker and as a phone has it."""
    page.set_viewport_size({"width": 390, "height": 844})
    seen = (accessibility_faults(page), is_wider_than_screen(page))
    page.set_viewport_size({"width": 1440, "height": 900})
    assert (*seen, is_wider_than_screen(page)) == ([], False, False), page.url


def home(page: Page, case: Case) -> None:
    page.goto(case.get_absolute_url())


def follow_step(page: Page, case: Case, text: str) -> None:
    """From the case to the work that a step stands for."""
    home(page, case)
    with page.expect_navigation():
        page.click(f".ckl a.ti:has-text('{text}')")
