"""The main job in a real browser by four people: a BOM in, an alternate approved, figures moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qualification import services as qualification
from qualification.models import Case
from qualification.models.cases import State
from secondsource.accounts.models import User
from secondsource.core import clock, outbox
from secondsource.core.calendar import add_months
from secondsource.exchange.models import Import
from secondsource.workspace import figures
from secondsource.workspace.models import CompanyFigures
from suppliers.models import Receipt, Source
from tests import factories
from tests.browsers import accessibility_faults, is_wider_than_screen
from tests.exchange.imports import do

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]
BOM = (
    "Designator,Qty,Manufacturer,MPN,Description,Alternate Manufacturer,Alternate MPN\n"
    "U1,1,Walnut Analog,WA7805-3,Regulator 5 V,Yew Power,YP7805\n"
    '"R1, R2",2,Elm Components,ER0603F1002,Resistor 10 kΩ,,\n'
)


def look(page: Page) -> None:
    """The page as a desk and a phone see it, by the accessibility checker."""
    seen = []
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        seen.append((accessibility_faults(page), is_wider_than_screen(page)))
    assert seen == [([], False), ([], False)], page.url


def make_people() -> dict[str, User]:
    roles = ("engineer", "quality", "procurement", "executive")
    return {role: factories.person(role, name=role.title()) for role in roles}


def import_bom(page: Page) -> None:
    """Upload, preview, confirm; the worker's part is done here."""
    look(page)
    page.set_input_files(
        "input[type=file]", {"name": "pump.csv", "mimeType": "text/csv", "buffer": BOM.encode()}
    )
    page.fill("[name=product]", "PUMP-1")
    page.fill("[name=product_name]", "Pump")
    page.click("button:has-text('Read the file')")
    page.click("button:has-text('Import 2 lines')")
    expect(page.locator("#progress, progress, [role=progressbar]").first).to_be_attached()
    do(Import.objects.get())
    page.reload()
    look(page)


def open_case(page: Page, people: dict[str, User]) -> Case:
    """From the parts list over the part to an open case with its team."""
    part = Source.objects.get(manufacturer_part__mpn="YP7805").part
    page.goto("/parts/")
    page.click(f"a:has-text('{part.ipn}')")
    page.wait_for_url(f"**/parts/{part.ipn}/")
    look(page)
    page.click("a:has-text('Open qualification')")
    page.select_option("[name=lead]", label="Engineer")
    page.select_option("[name=sponsor]", label="Executive")
    page.fill("[name=start_reason]", "The line stands still without it.")
    look(page)
    page.click("button:has-text('Open case')")
    page.wait_for_url("**/q/SSQ-*/")
    case = Case.objects.get()
    page.goto(f"{case.get_absolute_url()}team/")
    rows = page.locator("tbody tr")
    for index, role in enumerate(("engineer", "quality", "procurement")):
        function = "Engineering" if role == "engineer" else role.title()
        rows.nth(index).locator("select").first.select_option(label=function)
        rows.nth(index).locator("select").last.select_option(label=people[role].name)
    look(page)
    page.click("main button.pri")
    page.wait_for_url("**/q/SSQ-*/")
    return case


def do_steps(page: Page) -> None:
    """Give every open step its evidence and tick it."""
    while page.locator(".ckl:not(.done)").count():
        step = page.locator(".ckl:not(.done)").first
        if step.locator("text=Needs a file as evidence").count():
            step.locator("summary").click()
            step.locator("input[type=file]").set_input_files(
                {"name": "sheet.csv", "mimeType": "text/csv", "buffer": b"rail,3.3\n"}
            )
            step.locator("button:has-text('Add file')").click()
            expect(step.locator(".files a")).to_have_text("sheet.csv")
        if step.get_by_role("button", name="mark as done").count():
            open_steps = page.locator(".ckl:not(.done)").count()
            step.get_by_role("button", name="mark as done").click()
            expect(page.locator(".ckl:not(.done)")).to_have_count(open_steps - 1)


def confirm(page: Page) -> None:
    """What the dialog asks; the page comes back with what changed."""
    with page.expect_navigation():
        page.click("#dialog .foot .pri")


def sign(page: Page, case: Case) -> None:
    page.goto(case.get_absolute_url())
    page.click("#signatures a.pri")
    confirm(page)


def pass_on(page: Page, case: Case, button: str) -> None:
    """The primary button of the case, then its confirmation."""
    page.goto(case.get_absolute_url())
    page.click(f"a.pri:has-text('{button}')")
    confirm(page)


def test_from_a_bom_file_to_the_second_gate(sign_in: SignIn) -> None:
    people = make_people()
    desks = {role: sign_in(user) for role, user in people.items()}
    engineer = desks["engineer"]
    engineer.goto("/imports/new/")
    import_bom(engineer)
    sources = Source.objects.order_by("manufacturer_part__mpn")
    assert list(sources.values_list("manufacturer_part__mpn", "status")) == [
        ("ER0603F1002", "approved"), ("WA7805-3", "approved"), ("YP7805", "candidate"),
    ]  # fmt: skip
    case = open_case(engineer, people)
    look(engineer)
    pass_on(engineer, case, "Submit case")
    do_steps(engineer)
    for role, page in desks.items():  # the sponsor last
        sign(page, case)
        assert case.sign_offs.filter(signed_by=people[role]).count() == 1
    pass_on(engineer, case, "Pass to Spec review")
    do_steps(engineer)
    look(engineer)
    case.refresh_from_db()
    assert (case.state, case.checklist.filter(gate=State.SPEC_REVIEW, done_at=None).count()) == (
        "spec_review", 0,
    )  # fmt: skip


def case_before_its_last_hold_point(people: dict[str, User]) -> factories.Team:
    """A case whose transition began three months ago, with two hold points passed."""
    part = factories.part()
    factories.incumbent(part, "OLD-1")
    factories.product("PUMP", uses={part: 1}, monthly_volume=100)
    today = clock.today()
    with clock.at(add_months(today, -3)):
        team = factories.Team(factories.alternate(part, "NEW-1"), people=people)
        team.jump_to(State.TRANSITION)
    for point in team.case.hold_points.filter(due__lt=today):
        with clock.at(point.due):
            qualification.judge_hold_point(
                hold_point=point, verdict="pass", note="good", actor=team["quality"]
            )
    return team


def conversions(page: Page) -> str:
    """The figure that the executive reads."""
    page.goto("/dashboard/")
    cell = page.locator(".kpi, .kpis > *").filter(has_text="Conversions closed")
    return str(cell.first.inner_text().splitlines()[1])


def test_from_the_last_hold_point_to_the_dashboard(sign_in: SignIn) -> None:
    people = make_people()
    by_function = {
        "engineering": people["engineer"], "quality": people["quality"],
        "procurement": people["procurement"], "sponsor": people["executive"],
    }  # fmt: skip
    team = case_before_its_last_hold_point(by_function)
    case = team.case
    figures.refresh_company()
    executive = sign_in(people["executive"])
    assert conversions(executive) == "0 of 3 this year"
    look(executive)

    engineer = sign_in(people["engineer"], case.get_absolute_url())
    do_steps(engineer)
    quality = sign_in(people["quality"])
    look(quality)
    quality.click("a:has-text('Judge the hold point of')")
    quality.click("a.pri:has-text('Judge hold point')")
    quality.check("[name=verdict][value=pass]")
    look(quality)
    confirm(quality)
    sign(quality, case)
    procurement = sign_in(people["procurement"])
    sign(procurement, case)
    pass_on(engineer, case, "Close case")
    assert "Does not count as a conversion yet" in engineer.inner_text("main")

    procurement.goto(case.get_absolute_url())
    procurement.click("a:has-text('Record a receipt')")
    look(procurement)
    procurement.fill("[name=received_qty]", "250")
    procurement.fill("[name=unit_price]", "2.10")
    procurement.click("main button.pri")
    procurement.wait_for_url("**/parts/*/")
    assert Receipt.objects.get().source == team.source
    outbox.work_off()
    figures.refresh_company()
    assert CompanyFigures.objects.get().conversions == 1
    assert conversions(executive) == "1 of 3 this year"
