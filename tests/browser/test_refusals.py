"""After a refusal the focus is on its summary; a refused file leaves the page as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from qualification.models.cases import State
from tests import factories
from tests.factories import Team

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]


@pytest.fixture
def team(transactional_db: None) -> Team:
    found = Team()
    found.jump_to(State.SPEC_REVIEW)
    return found


@pytest.mark.parametrize(
    ("address", "field", "typed"),
    [
        ("{case}plan/#id_sponsor", "pilot_quantity", "many"),
        ("{case}plan/#id_rollback_hours", "rollback_hours", "many"),
        ("{case}steps/new/", "text", ""),
        ("/parts/new/", "ipn", "ä"),
    ],
)
def test_the_focus_is_on_the_summary(
    team: Team, sign_in: SignIn, address: str, field: str, typed: str
) -> None:
    page = sign_in(team.people["engineering"], address.format(case=team.case.get_absolute_url()))
    page.fill(f"[name={field}]", typed)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.click("main .foot .pri")
    assert answered.value.status == 422
    page.wait_for_load_state("load")
    expect(page.locator("main [data-focus]")).to_be_focused()


def test_a_refused_filter_takes_the_focus(team: Team, sign_in: SignIn) -> None:
    page = sign_in(team.people["engineering"], "/q/?lead=nobody#id_lead")
    expect(page.locator("main [data-focus]")).to_be_focused()


def choose(page: Page, name: str, content: bytes) -> None:
    page.click(".ckl summary:has-text('Add evidence') >> nth=0")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.set_input_files(".ckl input[type=file] >> nth=0", files=[file])
    page.click(".ckl button:has-text('Add file') >> nth=0")


def test_a_file_of_another_type_is_not_sent(team: Team, sign_in: SignIn) -> None:
    page = sign_in(team.people["engineering"], team.case.get_absolute_url())
    posts: list[str] = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    choose(page, "firmware.bin", b"MZ")
    problem = page.locator("[data-upload-problem]")
    expect(problem).to_contain_text("firmware.bin is no file of an allowed type: PDF")
    expect(problem).to_be_focused()
    assert posts == []


def test_evidence_of_a_cost_of_another_type_is_not_sent(team: Team, sign_in: SignIn) -> None:
    address = reverse("case_cost_create", args=[team.case.number])
    page = sign_in(team.people["procurement"], address)
    posts: list[str] = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    file = {"name": "firmware.bin", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    page.set_input_files("main input[type=file]", files=[file])
    page.click("main .foot .pri")
    problem = page.locator("[data-upload-problem]")
    expect(problem).to_contain_text("firmware.bin is no file of an allowed type: PDF")
    assert posts == []


def test_a_refused_file_leaves_the_case_and_the_choice(team: Team, sign_in: SignIn) -> None:
    page = sign_in(team.people["engineering"], team.case.get_absolute_url())
    choose(page, "sheet.pdf", b"\x89PNG\r\n\x1a\n")
    expect(page.locator("[data-upload-problem]")).to_have_text("The content is PNG, not .pdf.")
    expect(page.locator("h1")).to_contain_text(team.source.manufacturer_part.mpn)
    assert page.evaluate("document.querySelector('.ckl input[type=file]').files.length") == 1
    expect(page.locator("[data-toast]")).to_have_count(0)


def test_an_accepted_file_is_shown_where_it_was_attached(team: Team, sign_in: SignIn) -> None:
    address = reverse("datasheets", args=[team.source.manufacturer_part.public_id])
    page = sign_in(team.people["engineering"], address)
    file = {"name": "sheet.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}
    page.set_input_files("[data-upload] input[type=file]", files=[file])
    page.click("[data-upload] button:has-text('Attach datasheet')")
    expect(page.locator("#sheets")).to_contain_text("sheet.pdf")
    expect(page.locator("[data-upload-problem]")).to_have_count(0)


def test_suggestions_follow_what_is_typed(team: Team, sign_in: SignIn) -> None:
    factories.person("engineer", name="Zora Quist", email="zora@test.example")
    page = sign_in(team.people["engineering"], reverse("case_list"))
    page.click(".fbar summary:has-text('Filter')")
    page.locator("[name=lead]").focus()
    expect(page.locator("#id_lead-list option[value='zora@test.example']")).to_have_count(1)
    page.locator("[name=lead]").press_sequentially("quist")
    expect(page.locator("#id_lead-list option")).to_have_count(1)
    assert page.locator("#id_lead-list option").get_attribute("value") == "zora@test.example"
