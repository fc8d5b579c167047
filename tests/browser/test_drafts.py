"""What was typed survives a closed page and a lost connection, and goes once it was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from parts.models import Part
from parts.services import catalogue
from secondsource.accounts.models import User
from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]


@pytest.fixture
def part(transactional_db: None) -> Part:
    return factories.part()


@pytest.fixture
def engineer(part: Part) -> User:
    return factories.person("engineer")


@pytest.fixture
def page(engineer: User, part: Part, sign_in: SignIn) -> Page:
    return sign_in(engineer, f"{part.get_absolute_url()}edit/")


def type_words(page: Page, words: str) -> None:
    page.fill("[name=description]", words)
    page.locator("[name=description]").blur()


def test_a_draft_comes_back_and_can_be_discarded(page: Page, part: Part) -> None:
    type_words(page, "Half a thought")
    expect(page.locator(".draft")).to_contain_text("Draft saved")
    page.goto("/keys/")
    page.goto(f"{part.get_absolute_url()}edit/")
    expect(page.locator("[name=description]")).to_have_value("Half a thought")
    page.click("text=Discard it")
    expect(page.locator("[name=description]")).to_have_value(part.description)


def test_what_was_sent_is_no_draft_any_more(page: Page, part: Part) -> None:
    type_words(page, "Whole thought")
    page.click(".foot .pri")
    page.wait_for_selector("#toasts .toast")
    page.goto(f"{part.get_absolute_url()}edit/")
    assert page.locator("text=Your draft of").count() == 0
    assert Part.objects.get().description == "Whole thought"


def test_a_draft_on_an_old_version_meets_who_was_faster(page: Page, part: Part) -> None:
    type_words(page, "Mine")
    page.goto("/keys/")
    catalogue.change_part(part=part, values={"description": "Theirs"}, actor=factories.JOB)
    page.goto(f"{part.get_absolute_url()}edit/")
    page.click(".foot .pri")
    expect(page.locator("[role=alert]")).to_contain_text("you have Mine, saved is Theirs")
    page.click("text=Keep mine")
    page.wait_for_selector("#toasts .toast")
    assert Part.objects.get().description == "Mine"


@pytest.mark.parametrize("width", [390, 1440])
def test_no_button_moves_when_a_draft_is_kept(page: Page, part: Part, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.fill("[name=description]", "Typed on the line")
    button = page.locator(".foot .pri")
    before = button.bounding_box()
    page.locator("[name=description]").blur()
    expect(page.locator(".foot .draft")).to_contain_text("Draft saved")
    assert button.bounding_box() == before
    page.click(".foot .pri")
    page.wait_for_selector("#toasts .toast")
    assert Part.objects.get().description == "Typed on the line"


def test_another_person_gets_nobody_s_draft(page: Page, part: Part, sign_in: SignIn) -> None:
    type_words(page, "Mine alone")
    other = factories.person("engineer")
    kept = page.evaluate("Object.entries(localStorage)")
    theirs = sign_in(other, "/keys/")
    theirs.evaluate("kept => kept.forEach(([key, text]) => localStorage.setItem(key, text))", kept)
    theirs.goto(f"{part.get_absolute_url()}edit/")
    assert theirs.input_value("[name=description]") == part.description


def test_offline_nothing_is_sent_and_nothing_is_lost(page: Page, part: Part) -> None:
    page.context.set_offline(True)
    expect(page.locator(".offline")).to_contain_text("You are offline")
    type_words(page, "Typed in a tunnel")
    page.click(".foot .pri")
    assert page.input_value("[name=description]") == "Typed in a tunnel"
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_have_count(0)
    page.click(".foot .pri")
    page.wait_for_selector("#toasts .toast")
    assert Part.objects.get().description == "Typed in a tunnel"


def test_what_is_sent_after_the_session_has_ended_stays_a_draft(
    page: Page, part: Part, engineer: User
) -> None:
    type_words(page, "Typed before lunch")
    page.context.clear_cookies(name="sessionid")
    page.click(".foot .pri")
    page.wait_for_url("**/accounts/login/**")
    page.goto("/accounts/login/?next=/keys/")
    page.fill("[name=login]", engineer.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.click("button.pri")
    page.wait_for_url("**/keys/")
    page.goto(f"{part.get_absolute_url()}edit/")
    expect(page.locator("[name=description]")).to_have_value("Typed before lunch")
