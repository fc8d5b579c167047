"""The worksheet by keyboard: cell after cell, the priority from the server, 11 in its cell."""

from __future__ import annotations

import re
from typing import Any

import pytest

from qualification.models import FmeaRow
from tests.browsers import accessibility_faults, is_wider_than_screen
from tests.factories import Team
from tests.fmea_work import fmea_row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(transactional_db: None) -> Team:
    return Team()


def open_grid(sign_in: Any, team: Team) -> Any:
    return sign_in(team.people["engineering"], f"/q/{team.case.key}/fmea/")


def cell(page: Any, name: str) -> Any:
    return page.locator(f'tbody tr [data-cell="{name}"]').first


def test_a_row_is_rated_by_keyboard(sign_in: Any, team: Team) -> None:
    fmea_row(team, severity=8, occurrence=None, detection=None)
    page = open_grid(sign_in, team)
    cell(page, "occurrence").locator("a").focus()
    page.keyboard.press("6")
    page.keyboard.press("Tab")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    page.locator('tbody [data-part="ap"] .ap.H').wait_for()
    row = FmeaRow.objects.get()
    assert (row.occurrence, row.detection, row.action_priority) == (6, 6, "H")
    assert cell(page, "detection").locator("a").evaluate("e => e === document.activeElement")
    page.keyboard.press("ArrowLeft")
    assert cell(page, "occurrence").locator("a").evaluate("e => e === document.activeElement")


def test_eleven_stays_in_its_cell_and_the_rest_is_saved(sign_in: Any, team: Team) -> None:
    fmea_row(team, occurrence=5)
    page = open_grid(sign_in, team)
    cell(page, "occurrence").locator("a").click()
    page.keyboard.type("11")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.locator("#fmea-faults:not([hidden])").wait_for()
    assert page.locator("#fmea-faults").inner_text() == "1 cell needs a fix"
    assert cell(page, "occurrence").locator("a").inner_text() == "11"
    page.locator("tbody tr[data-version='2']").wait_for()
    row = FmeaRow.objects.get()
    assert (row.occurrence, row.detection) == (5, 2)
    cell(page, "occurrence").locator("a").click()
    told = page.locator(".pop .why").inner_text()
    assert told == "11 is above 10. Enter 1 to 10. The saved value is still 5."
    assert accessibility_faults(page) == []
    page.keyboard.press("Escape")
    assert cell(page, "occurrence").locator("a").inner_text() == "5"
    assert page.locator("#fmea-faults").is_hidden()


def test_n_adds_a_row_and_ctrl_d_duplicates_it(sign_in: Any, team: Team) -> None:
    fmea_row(team)
    page = open_grid(sign_in, team)
    page.keyboard.press("n")
    page.locator("tbody tr:nth-child(2) textarea").wait_for()
    page.keyboard.type("Keep time")
    page.keyboard.press("Enter")
    page.locator("tbody tr:nth-child(2)[data-version='2']").wait_for()
    page.keyboard.press("Control+d")
    page.locator("tbody tr:nth-child(3)").wait_for()
    functions = FmeaRow.objects.order_by("position").values_list("function", flat=True)
    assert list(functions) == ["", "Keep time", "Keep time"]


def test_escape_keeps_the_saved_text(sign_in: Any, team: Team) -> None:
    fmea_row(team)
    page = open_grid(sign_in, team)
    cell(page, "failure_mode").locator("a").click()
    page.keyboard.type("Typed over")
    page.keyboard.press("Escape")
    assert cell(page, "failure_mode").locator("a").inner_text() == "Boot hangs"
    assert FmeaRow.objects.get().version == 1


def test_it_fits_a_phone(sign_in: Any, team: Team) -> None:
    fmea_row(team)
    page = open_grid(sign_in, team)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not is_wider_than_screen(page)
    assert accessibility_faults(page) == []
    assert re.match(r"FMEA", page.locator("h1").inner_text())
