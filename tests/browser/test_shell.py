"""The frame in a real browser: keyboard, swaps, themes, small screens, policy, accessibility."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from secondsource.accounts.models import User
from secondsource.core.models import Event
from tests.application_role import owner
from tests.browsers import PATIENCE_MS, is_wider_than_screen
from tests.browsers import accessibility_faults as faults

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.core.list_site"),
]
PASSWORD = "a long demo password"
Open = Callable[..., "Page"]


@pytest.fixture
def open_as(page: Page, live_server: LiveServer) -> Open:
    """Sign in through the form, then open an address."""

    def go(path: str, *, role: str = "procurement", theme: str = "light") -> Page:
        User.objects.create_user(
            "p@example.com", PASSWORD, name="Demo Person", roles=[role], theme=theme
        )
        page.goto(f"{live_server.url}/accounts/login/?next={quote(path)}")
        page.fill("[name=login]", "p@example.com")
        page.fill("[name=password]", PASSWORD)
        page.click("text=Sign in >> nth=-1")
        page.wait_for_url(f"{live_server.url}{path}")
        return page

    return go


def add(count: int) -> None:
    with owner():
        Event.objects.bulk_create(
            Event(
                origin="api" if n % 3 else "web",
                action="test.made",
                subject_type="test",
                subject_key=f"K{n:04d}",
                subject_id=n,
                job="tests",
            )
            for n in range(count)
        )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_component_is_accessible(open_as: Open, theme: str, width: int) -> None:
    page = open_as("/styleguide/", theme=theme)
    page.set_viewport_size({"width": width, "height": 844})
    assert (faults(page), is_wider_than_screen(page)) == ([], False)


def test_sign_in_is_accessible(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    assert faults(page) == []


def test_a_list_is_accessible_and_fits_a_phone(open_as: Open) -> None:
    add(12)
    page = open_as("/events/?origin=web&sort=-key")
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert (faults(page), is_wider_than_screen(page)) == ([], False)


def test_auto_follows_the_system(open_as: Open) -> None:
    page = open_as("/keys/", theme="auto")
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(245, 246, 248)", "rgb(13, 17, 23)"]


def test_the_theme_switches_at_once_and_stays(open_as: Open) -> None:
    page = open_as("/keys/")
    with page.expect_response("**/theme/"):
        page.click("header [data-theme-switch] .to-dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_sorting_swaps_the_region_and_says_so(open_as: Open) -> None:
    add(3)
    page = open_as("/events/")
    page.evaluate("window.kept = true")
    page.click("th >> text=Key")
    page.wait_for_url("**/events/?sort=-key")
    expect(page.locator("td.m-title")).to_have_text(["K0002", "K0001", "K0000"])
    assert page.evaluate("window.kept") is True
    expect(page.locator("#live")).to_have_text("3 events")


def test_of_two_orders_asked_for_at_once_the_later_is_shown(open_as: Open) -> None:
    add(3)
    page = open_as("/events/?q=K000")
    held: list[Route] = []
    page.route("**/events/?*sort=*", lambda route: held.append(route))
    for head in ("Key", "Origin"):
        with page.expect_request("**/events/?*sort=*"):
            page.click(f"th >> text={head}")
    while len(held) < 2:  # both were asked for: both come
        page.wait_for_timeout(20)
    for route in held:
        route.continue_()
    page.wait_for_url("**sort=origin*")
    expect(page.locator("th[aria-sort]")).to_have_text("Origin")


def test_going_back_shows_the_list_as_it_was(open_as: Open) -> None:
    add(2)
    page = open_as("/events/")
    page.click("th >> text=Key")
    page.wait_for_url("**/events/?sort=-key")
    page.go_back()
    expect(page.locator("td.m-title").first).to_have_text("K0000")
    assert page.locator(".side").count() == 1


def test_typing_filters_and_keeps_the_focus(open_as: Open) -> None:
    add(12)
    page = open_as("/events/")
    page.keyboard.press("/")
    page.keyboard.type("K0011")
    page.wait_for_url("**q=K0011*")
    expect(page.locator("td.m-title")).to_have_text(["K0011"])
    assert page.evaluate("document.activeElement.name") == "q"
    expect(page.locator("#list-total")).to_have_text("1 event")


def test_chips_follow_the_filter_menu(open_as: Open) -> None:
    add(6)
    page = open_as("/events/")
    page.click("summary:has-text('Filter')")
    page.select_option("[name=origin]", "web")
    page.click("button:has-text('Show')")
    page.wait_for_selector("#filter-chips .fchip")
    expect(page.locator("td.m-title")).to_have_text(["K0000", "K0003"])
    page.click("#filter-chips a")
    expect(page.locator("td.m-title")).to_have_count(6)


def test_rows_are_walked_and_chosen_by_keys(open_as: Open) -> None:
    add(4)
    page = open_as("/events/")
    for key in "jjx":
        page.keyboard.press(key)
    assert page.inner_text("[data-selected]") == "1 selected"
    assert page.locator("tr[aria-selected=true] td.m-title").all_inner_texts() == ["K0001"]
    page.keyboard.press("Escape")
    assert page.locator(".bulk").is_hidden()


def test_all_rows_of_the_page_and_a_stretch_of_them(open_as: Open) -> None:
    add(5)
    page = open_as("/events/")
    page.check("[data-all]")
    assert page.inner_text("[data-selected]") == "5 selected"
    page.click("[data-clear]")
    boxes = page.locator("[name=selected]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert page.inner_text("[data-selected]") == "3 selected"
    assert page.evaluate("document.querySelector('[data-all]').indeterminate") is True


def test_ctrl_k_jumps(open_as: Open) -> None:
    page = open_as("/keys/")
    page.keyboard.press("Control+k")
    page.keyboard.type("par")
    expect(page.locator("#jump-list [aria-selected=true]")).to_have_text("Parts")
    assert faults(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/")


def test_letters_typed_before_the_script_of_the_jump_has_come_are_kept(open_as: Open) -> None:
    page = open_as("/keys/")
    held: list[Route] = []
    page.route("**/combobox-nav*.js", lambda route: held.append(route))
    with page.expect_request("**/combobox-nav*.js"):
        page.keyboard.press("Control+k")
    page.keyboard.type("pa")
    while not held:  # it was asked for: it comes
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("#jump-list [aria-selected=true]")).to_have_text("Parts")
    page.keyboard.type("r")
    assert page.input_value("#jump-q") == "par"


def test_escape_closes_the_jump(open_as: Open) -> None:
    page = open_as("/keys/")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert page.locator("#jump").is_hidden()


def test_g_and_a_letter_go_to_a_page(open_as: Open) -> None:
    page = open_as("/keys/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/events/")


def test_single_keys_do_nothing_in_a_field(open_as: Open) -> None:
    page = open_as("/events/")
    page.focus("[data-search]")
    page.keyboard.type("?gp")
    assert (page.input_value("[data-search]"), page.locator("#keys").is_hidden()) == ("?gp", True)


def test_single_keys_can_be_switched_off(open_as: Open) -> None:
    page = open_as("/keys/")
    User.objects.update(shortcuts_enabled=False)
    page.reload()
    page.keyboard.press("?")
    assert page.locator("#keys").is_hidden()


def test_the_question_mark_shows_the_keys(open_as: Open) -> None:
    page = open_as("/events/")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_a_dialog_opens_closes_and_returns_the_focus(open_as: Open) -> None:
    page = open_as("/styleguide/")
    page.click("a.search")
    assert page.locator("#jump").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#jump").is_hidden()
    assert page.evaluate("document.activeElement.className") == "search"


def test_the_first_tab_stop_skips_to_the_content(open_as: Open) -> None:
    page = open_as("/events/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_refused_form_puts_the_focus_on_its_summary(open_as: Open) -> None:
    from secondsource.accounts.models import Plant

    Plant.objects.create(code="TLL", name="Tallinn")
    page = open_as("/plants/TLL/price/")
    page.fill("[name=price]", "0,98")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-focus]")).to_be_focused()
    assert page.input_value("[name=price]") == "0,98"


def test_a_toast_tells_of_success_and_can_be_closed(open_as: Open) -> None:
    from secondsource.accounts.models import Plant

    Plant.objects.create(code="TLL", name="Tallinn")
    page = open_as("/plants/TLL/price/")
    page.fill("[name=price]", "5")
    page.click("button:has-text('Save')")
    page.wait_for_url("**/events/")
    assert page.inner_text("#toasts .toast .grow") == "Price kept"
    page.click("#toasts [data-close]")
    assert page.locator("#toasts .toast").count() == 0


def test_the_phone_has_its_bar_and_no_side(open_as: Open) -> None:
    page = open_as("/events/")
    page.set_viewport_size({"width": 390, "height": 844})
    assert (page.locator(".side").is_hidden(), page.locator(".mobnav > a").all_inner_texts()) == (
        True,
        ["My work", "Parts", "Alerts"],
    )
    page.click(".mobnav summary")
    assert page.locator(".mobnav .menu-list").is_visible()


def test_paper_shows_the_table_without_the_frame(open_as: Open) -> None:
    add(2)
    page = open_as("/events/")
    page.emulate_media(media="print")
    hidden = [
        page.locator(selector).first.is_hidden() for selector in (".side", ".top", ".fbar", ".tabs")
    ]
    assert (hidden, page.locator("table.dt").is_visible()) == ([True] * 4, True)


def test_everything_works_without_script(browser: object, live_server: LiveServer) -> None:
    add(12)
    User.objects.create_user("p@example.com", PASSWORD, name="Demo Person", roles=["viewer"])
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/events/")
    page.fill("[name=login]", "p@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("button.wide")
    page.click("text=Next")
    expect(page.locator("td.m-title")).to_have_text(["K0010", "K0011"])
    page.fill("[name=q]", "K0003")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=K0003*")
    expect(page.locator("td.m-title")).to_have_text(["K0003"])
    page.click("a.search")
    page.wait_for_url("**/jump/")
    page.click("header [data-theme-switch] .to-dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()
