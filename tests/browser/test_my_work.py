"""My work on a phone, and by keys at a desk."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qualification.models import CostEntry
from tests.browsers import is_wider_than_screen
from tests.factories import Team

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]


def test_on_a_phone_a_tap_opens_the_item_and_a_link_leads_back(sign_in: SignIn) -> None:
    team = Team()
    page = sign_in(team.people["engineering"], "/work/")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#preview")).to_be_hidden()
    page.click(f"#task-move-{team.case.number}")
    expect(page.locator("#preview h2")).to_have_text(f"Submit {team.case.key}")
    expect(page.locator(f"#task-move-{team.case.number}")).to_be_hidden()
    assert not is_wider_than_screen(page)
    page.click("text=All of my work")
    expect(page.locator(f"#task-move-{team.case.number}")).to_be_visible()


def test_one_key_logs_half_an_hour_and_undo_takes_it_back(sign_in: SignIn) -> None:
    team = Team()
    page = sign_in(team.people["engineering"], "/work/")
    page.keyboard.press("l")
    expect(page.locator("#toasts, .toasts").first).to_contain_text("Logged 0.5 h on")
    assert CostEntry.objects.get(case=team.case).hours == Decimal("0.5")
    page.click("button:has-text('Undo')")
    expect(page.locator("#effort")).to_contain_text("You logged 0 h on")
