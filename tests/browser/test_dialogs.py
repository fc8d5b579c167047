"""Confirmations in the page's dialog: opened, refused, sent, left, and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from qualification import services
from qualification.models.cases import State
from tests.browsers import PATIENCE_MS, accessibility_faults
from tests.factories import Team
from tests.fmea_work import fmea_row

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]


@pytest.fixture
def team(transactional_db: None) -> Team:
    found = Team()
    found.jump_to(State.FMEA)
    return found


@pytest.fixture
def page(team: Team, sign_in: SignIn) -> Page:
    return sign_in(team.people["engineering"], team.case.get_absolute_url())


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def open_move(page: Page, label: str) -> None:
    page.click("#main summary:has-text('More')")
    page.click(f"#main .menu-list >> text={label}")
    page.wait_for_selector("#dialog .foot")


def test_a_grave_move_is_asked_in_place_with_the_focus_on_cancel(page: Page, team: Team) -> None:
    open_move(page, "Withdraw")
    assert (focused(page), page.url.endswith(team.case.get_absolute_url())) == ("Cancel", True)
    assert accessibility_faults(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_hidden()
    assert (focused(page), team.reload().state) == ("More", State.FMEA)


def test_a_refusal_stays_in_the_dialog_with_what_was_typed(page: Page, team: Team) -> None:
    open_move(page, "Put on hold")
    services.change_case(case=team.case, values={"summary": "Other"}, actor=team["quality"])
    page.fill("#dialog textarea", "line is down")
    page.click("#dialog .foot .pri")
    page.wait_for_selector("#dialog [role=alert]")
    assert page.input_value("#dialog textarea") == "line is down"
    page.click("#dialog .foot .pri")
    page.wait_for_selector("#toasts .toast")
    assert team.reload().state == State.ON_HOLD


def test_of_two_dialogs_asked_for_at_once_the_later_stays(page: Page) -> None:
    held: list[Route] = []
    page.route("**/moves/withdraw/", lambda route: held.append(route))
    page.click("#main summary:has-text('More')")
    with page.expect_request("**/moves/withdraw/"):
        page.click("#main .menu-list >> text=Withdraw")
    open_move(page, "Put on hold")
    page.fill("#dialog textarea", "line is down")
    while not held:  # it was asked for: it comes
        page.wait_for_timeout(20)
    with page.expect_response("**/moves/withdraw/") as late:
        held[0].continue_()
    late.value.finished()
    assert page.input_value("#dialog textarea") == "line is down"


def test_a_dialog_closed_while_it_is_sent_comes_back_when_that_fails(page: Page) -> None:
    open_move(page, "Put on hold")
    page.fill("#dialog textarea", "line is down")
    held: list[Route] = []
    page.route("**/moves/hold/", lambda route: held.append(route))
    with page.expect_request("**/moves/hold/"):
        page.click("#dialog .foot .pri")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    while not held:
        page.wait_for_timeout(20)
    held[0].abort()
    expect(page.locator("#dialog [role=alert]")).to_contain_text("The connection was lost")
    assert page.input_value("#dialog textarea") == "line is down"


def test_another_gate_is_compared_inside_the_dialog(page: Page) -> None:
    open_move(page, "Send back")
    page.click("#dialog >> text=Show Business case")
    expect(page.locator("#dialog tbody tr").first).to_contain_text("Business case")
    assert page.locator("#dialog").is_visible()


def test_a_lost_connection_keeps_what_was_typed(page: Page, team: Team) -> None:
    open_move(page, "Put on hold")
    page.fill("#dialog textarea", "line is down")
    page.context.set_offline(True)
    page.click("#dialog .foot .pri")
    expect(page.locator("#dialog [role=alert]")).to_contain_text("The connection was lost")
    assert page.input_value("#dialog textarea") == "line is down"
    page.context.set_offline(False)
    page.click("#dialog .foot .pri")
    page.wait_for_selector("#toasts .toast")
    assert team.reload().state == State.ON_HOLD


def test_a_file_goes_with_the_form_of_its_dialog(page: Page, team: Team) -> None:
    row = fmea_row(team)
    page.goto(f"{team.case.get_absolute_url()}fmea/")
    page.click("a:has-text('Add action')")
    page.click("#dialog summary:has-text('When it is completed')")
    page.select_option("#dialog [name=status]", "completed")
    proof = {"name": "soak.txt", "mimeType": "text/plain", "buffer": b"200 cycles"}
    page.set_input_files("#dialog [name=evidence]", proof)
    page.click("#dialog .foot .pri")
    expect(page.locator("#dialog [role=alert]")).to_be_visible()
    assert accessibility_faults(page) == []
    page.fill("#dialog [name=description]", "Port the driver")
    for name in ("revised_occurrence", "revised_detection"):
        page.select_option(f"#dialog [name={name}]", "2")
    page.click("#dialog .foot .pri")  # with the file that was chosen before the refusal
    expect(page.locator("[data-part=actions]")).to_contain_text("soak.txt")
    assert row.actions.get().evidence.name == "soak.txt"


def test_without_script_the_page_of_the_move_does_the_same(
    browser: Any, live_server: LiveServer, team: Team
) -> None:
    from django.test import Client

    client = Client()
    client.force_login(team.people["engineering"])
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.set_default_timeout(PATIENCE_MS)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(team.case.get_absolute_url())
    page.click("#main summary:has-text('More')")
    page.click("#main .menu-list >> text=Put on hold")
    page.fill("textarea", "line is down")
    page.click(".foot .pri")
    page.wait_for_url(f"**{team.case.get_absolute_url()}")
    assert team.reload().state == State.ON_HOLD
    context.close()
