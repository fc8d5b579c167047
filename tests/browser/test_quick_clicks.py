"""Clicks that come before the answer to the one before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from qualification.models import HoldPoint
from qualification.models.cases import State
from secondsource.core import clock
from tests.factories import Team

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHEN_SWAPPED = """() => { window.swapped = new Promise((done) => {
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target.id === "inbox") requestAnimationFrame(done);
  });
}); }"""


@pytest.fixture
def page(live_server: LiveServer, sign_in: Callable[..., Page]) -> Page:
    """The work of quality, whose first task is a hold point that is due."""
    team = Team()
    team.jump_to(State.TRANSITION)
    first = team.case.hold_points.order_by("due")[0]
    HoldPoint.objects.filter(pk=first.pk).update(due=clock.business_day())
    opened: Page = sign_in(team.people["quality"], "/work/")
    opened.evaluate(WHEN_SWAPPED)
    return opened


def choose_slowly(page: Page) -> Route:
    """Click the task; its answer waits in the route that is returned."""
    held: list[Route] = []
    page.route("**/work/?item=*", lambda route: held.append(route))
    with page.expect_request("**/work/?item=*"):
        page.click("a:has-text('Judge the hold point of')")
    while not held:
        page.wait_for_timeout(10)
    return held[0]


def test_a_button_pressed_while_the_task_arrives_is_not_lost(page: Page) -> None:
    answer = choose_slowly(page)
    page.hover("a.pri:has-text('Judge hold point')")
    page.mouse.down()
    answer.continue_()
    page.evaluate("() => window.swapped")
    page.mouse.up()
    expect(page.locator("#dialog [name=verdict]").first).to_be_visible()


def test_a_dialog_opened_before_the_task_arrives_stays(page: Page) -> None:
    answer = choose_slowly(page)
    page.click("a.pri:has-text('Judge hold point')")
    page.check("#dialog [name=verdict][value=pass]")
    answer.continue_()
    page.evaluate("() => window.swapped")
    expect(page.locator("#dialog [name=verdict][value=pass]")).to_be_checked()
    expect(page.locator("#dialog")).to_be_visible()


def test_a_dialog_asked_for_before_the_task_arrives_opens_behind_it(page: Page) -> None:
    held: list[Route] = []
    page.route("**/hold-points/*/", lambda route: held.append(route))
    answer = choose_slowly(page)
    with page.expect_request("**/hold-points/*/"):
        page.click("a.pri:has-text('Judge hold point')")
    answer.continue_()
    page.evaluate("() => window.swapped")
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    expect(page.locator("#dialog [name=verdict]").first).to_be_visible()
