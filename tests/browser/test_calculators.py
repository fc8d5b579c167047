"""Calculators by hand: rows filled, a refusal at its box, without script too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from secondsource.accounts.models import User
from tests.browsers import PATIENCE_MS, accessibility_faults, is_wider_than_screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def viewer() -> User:
    return User.objects.create_user("v@example.com", None, name="Demo Person", roles=["viewer"])


def test_a_row_is_filled_and_the_address_holds_it(viewer: User, sign_in) -> None:
    page = sign_in(viewer, "/calculators/pilot-verdict/")
    for name, text in {"model": "M3", "passed": "90", "built": "120", "floor": "0.9"}.items():
        page.fill(f"[id='in-models.2.{name}']", text)
    page.get_by_role("button", name="Calculate").click()
    page.wait_for_selector("text=Fail.")
    assert "M3" in page.url
    page.reload()
    assert page.input_value("[id='in-models.2.model']") == "M3"
    assert accessibility_faults(page) == []


def test_a_refusal_stands_at_its_box(viewer: User, sign_in) -> None:
    page = sign_in(viewer, "/calculators/price-break/")
    page.fill("[id='in-breaks.1.1']", "-3")
    page.get_by_role("button", name="Calculate").click()
    page.wait_for_selector("[id='error-breaks.1.1']")
    assert page.input_value("[id='in-breaks.1.1']") == "-3"
    assert page.get_attribute("[id='in-breaks.1.1']", "aria-describedby") == "error-breaks.1.1"
    assert re.search(r"fix\.\s+Unit price, row 2", page.inner_text("[role=alert]"))
    assert accessibility_faults(page) == []


def test_it_works_without_script_on_a_phone(viewer: User, sign_in) -> None:
    signed_in = sign_in(viewer, "/calculators/time-to-survive/")
    context = signed_in.context.browser.new_context(
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        storage_state=signed_in.context.storage_state(),
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(signed_in.url)
    page.fill("#in-inventory", "2000, 100")
    page.fill("#in-demand_wk", "500, 50")
    page.get_by_role("button", name="Calculate").click()
    page.wait_for_url("**inventory=2000%2C+100*")
    assert page.locator("#answer svg[role=img]").count() == 1
    context.close()
    signed_in.set_viewport_size({"width": 390, "height": 844})
    assert not is_wider_than_screen(signed_in)


def test_the_list_is_searched_while_typing(viewer: User, sign_in) -> None:
    page = sign_in(viewer, "/calculators/")
    page.fill("#q", "pilot verdict")
    expect(page.locator("#calculators a")).to_have_text(["Pilot verdict"])
    assert page.url.endswith("?q=pilot+verdict")
    assert accessibility_faults(page) == []
