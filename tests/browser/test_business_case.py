"""From a part's page to the first signature of its case, counted in clicks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qualification.models import Case, SignOff
from tests import factories
from tests.browsers import accessibility_faults, is_wider_than_screen
from tests.qualification.business_cases import priced_team

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 10


def test_a_draft_is_signed_within_ten_clicks(sign_in: Callable[..., Page]) -> None:
    earlier = priced_team()  # whose people are proposed
    source = factories.alternate(earlier.source.part, "THIRD")
    lead = earlier.people["engineering"]
    page, clicks = sign_in(lead), 0

    def click(what: str) -> None:
        nonlocal clicks
        clicks += 1
        page.click(what)

    page.goto(f"/parts/{source.part.ipn}/")
    click(f"a[href*='source={source.public_id}']")
    click("button:has-text('Open case')")
    page.wait_for_url("**/q/SSQ-*/")
    case = Case.objects.get(source=source)
    for move in ("a.pri:has-text('Submit case')", "#signatures a.pri"):
        click(move)
        expect(page.locator("#dialog .foot .pri")).to_be_visible()
        if move.startswith("#"):
            expect(page.locator("#dialog")).to_contain_text("Time to survive")
        with page.expect_event("load"):
            click("#dialog .foot .pri")
    assert SignOff.objects.get(case=case).function == "engineering"
    assert case.sponsor == earlier.people["sponsor"]
    assert clicks <= MOST_CLICKS

    page.goto(f"{case.get_absolute_url()}business-case/")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert (accessibility_faults(page), is_wider_than_screen(page)) == ([], False)
