"""The main job in a real browser by four people: a BOM in, an alternate through every gate, the
dashboard moved. The work of the gates is clicked in ``test_story`` and done by services here; the
rest but the passing of time is done by people.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import time_machine
from playwright.sync_api import expect

from parts import services as catalogue
from parts.models import Product
from qualification import services
from qualification.guards import required_functions
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.core import clock, outbox
from secondsource.core.actors import Actor
from secondsource.exchange.models import Import
from secondsource.workspace import figures
from suppliers.models import Receipt, Source
from tests import factories
from tests.browsers import accessibility_faults, is_wider_than_screen
from tests.exchange.imports import do
from tests.factories import Team

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
    """The page as a phone sees it, by the accessibility checker, then as wide as a desk again."""
    page.set_viewport_size({"width": 390, "height": 844})
    seen = (accessibility_faults(page), is_wider_than_screen(page))
    page.set_viewport_size({"width": 1440, "height": 900})
    assert (*seen, is_wider_than_screen(page)) == ([], False, False), page.url


#: Function → role of the person who holds it.
FUNCTIONS = {
    "engineering": "engineer", "quality": "quality", "procurement": "procurement",
    "sponsor": "executive", "manufacturing": "engineer", "test": "engineer",
}  # fmt: skip


def make_people() -> dict[str, User]:
    """A person for each function."""
    return {
        function: factories.person(role, name=function.title())
        for function, role in FUNCTIONS.items()
    }


def import_bom(page: Page) -> None:
    """Upload, preview, confirm; the worker's part is done here."""
    page.set_input_files(
        "input[type=file]", {"name": "pump.csv", "mimeType": "text/csv", "buffer": BOM.encode()}
    )
    page.fill("[name=product]", "PUMP-1")
    page.fill("[name=product_name]", "Pump")
    page.click("button:has-text('Read the file')")
    page.select_option("[name=phase]", "mass_production")
    page.click("button:has-text('Import 2 lines')")
    expect(page.locator("#progress, progress, [role=progressbar]").first).to_be_attached()
    do(Import.objects.get())
    page.reload()


def open_case(page: Page, people: dict[str, User]) -> Case:
    """From the parts list over the part to an open case with its team."""
    part = Source.objects.get(manufacturer_part__mpn="YP7805").part
    page.goto("/parts/")
    page.click(f"a:has-text('{part.ipn}')")
    page.wait_for_url(f"**/parts/{part.ipn}/")
    look(page)
    page.click("a.pri:has-text('Open a case')")
    page.select_option("[name=lead]", label="Engineering")
    for function in ("engineering", "quality", "procurement", "sponsor"):
        page.select_option(f"[name={function}]", label=people[function].name)
    page.fill("[name=start_reason]", "The line stops without it.")
    look(page)
    page.click("button:has-text('Open case')")
    page.wait_for_url("**/q/SSQ-*/")
    case = Case.objects.get()
    members = [(people[one], one) for one in FUNCTIONS if one != "sponsor"]
    services.set_team(case=case, members=members, actor=Actor(user=people["engineering"]))
    return case


def confirm(page: Page) -> None:
    """What the dialog asks; the page comes back with what changed.

    A change of the address's fragment is no new page: only one that was loaded counts.
    """
    with page.expect_event("load"):
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


NOTHING = "0\u202f%"
#: Gate → its button, then what the case page says of an order: the answer, the source's status,
#: its share of a month's demand and the units left.
GATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "business case": (
        "Pass to Spec review", ("Blocked", "In qualification", NOTHING, "0"),
    ),
    "spec review": (
        "Pass to FMEA", ("Blocked", "In qualification", NOTHING, "0"),
    ),
    "FMEA": (
        "Pass to Pilot build", ("Blocked", "In qualification", NOTHING, "0"),
    ),
    "pilot build": (
        "Pass to Approval", ("Allowed", "In qualification", NOTHING, "300"),
    ),
    "approval": (
        "Pass to Transition", ("Blocked", "In qualification", NOTHING, "0"),
    ),
}  # fmt: skip
TRANSITION = ("Allowed", "Approved", "40\u202f%", "no cap")
CLOSED = ("Allowed", "Approved", "no cap", "no cap")


def orders(page: Page, case: Case) -> tuple[str, ...]:
    """What the case page says of an order today."""
    page.goto(case.get_absolute_url())
    terms = page.locator("#orders dd").all_inner_texts()[:3]
    return (page.inner_text("#orders .chip"), *terms)


def signers_of(case: Case) -> list[str]:
    """The functions that sign the present gate, the sponsor last."""
    case.refresh_from_db()
    return sorted(required_functions(case, case.state), key=lambda one: one == "sponsor")


def is_refused_with_every_reason(page: Page, signers: list[str]) -> bool:
    """Whether the case page disables its button and names each open step and signature.

    A step that follows other work names every reason of that work.
    """
    reasons = page.locator("#why .li .b").count()
    steps = page.locator(".ckl:not(.done)").count()
    signatures = page.locator("#why .ghead:has-text('Signatures') .t3").inner_text()
    disabled = page.locator("button.pri[disabled]").count()
    return (disabled, signatures) == (1, str(len(signers))) and reasons >= steps + len(signers)


def plan(page: Page, case: Case, **values: str) -> None:
    page.goto(f"{case.get_absolute_url()}plan/")
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.click("main button.pri")
    page.wait_for_url(f"**{case.get_absolute_url()}*")


def dashboard(page: Page) -> dict[str, str]:
    """The figures that the executive reads, by their heading, once the worker was here."""
    outbox.work_off()
    figures.refresh_company()
    page.goto("/dashboard/")
    cells = [cell.splitlines() for cell in page.locator(".kpis > *").all_inner_texts()]
    return {lines[0]: lines[1] for lines in cells}


def pass_gates(desks: dict[str, Page], team: Team) -> None:
    """Every gate up to the transition: its work, its signatures, what it makes of the source."""
    engineer, case = desks["engineering"], team.case
    for gate, (button, answer) in GATES.items():
        assert orders(engineer, case) == answer, gate
        signers = signers_of(case)
        assert is_refused_with_every_reason(engineer, signers), gate
        team.do_items()
        for function in signers:
            sign(desks[function], case)
        pass_on(engineer, case, button)


def judge_hold_points(quality: Page, case: Case) -> None:
    """One after the other, from the list of one's work."""
    for _ in range(3):
        quality.goto("/work/")
        quality.click("a:has-text('Judge the hold point of')")
        quality.click("a.pri:has-text('Judge hold point')")
        quality.check("[name=verdict][value=pass]")
        confirm(quality)


def test_from_a_bom_file_through_every_gate_to_the_dashboard(sign_in: SignIn) -> None:
    people = make_people()
    desks = {function: sign_in(user) for function, user in people.items()}
    engineer = desks["engineering"]
    engineer.goto("/imports/new/")
    import_bom(engineer)
    sources = Source.objects.order_by("manufacturer_part__mpn")
    assert list(sources.values_list("manufacturer_part__mpn", "status")) == [
        ("ER0603F1002", "approved"), ("WA7805-3", "approved"), ("YP7805", "candidate"),
    ]  # fmt: skip
    catalogue.change_product(
        product=Product.objects.get(), values={"monthly_volume": 100}, actor=factories.JOB
    )
    for source in Source.objects.filter(status="approved"):
        factories.receipt(source, 100, "2.00")
    assert dashboard(desks["sponsor"])["Single-source spend"].startswith("$400 ")
    case = open_case(engineer, people)
    pass_on(engineer, case, "Submit case")
    look(engineer)
    plan(engineer, case, pilot_quantity="300", transition_share="40", rollback_hours="48",
         rollback_stock="600", rollback_rehearsed_on=clock.business_day().isoformat())  # fmt: skip
    team = Team.of(case, people)
    pass_gates(desks, team)
    assert orders(engineer, case) == TRANSITION
    assert dashboard(desks["sponsor"])["Single-source spend"].startswith("$200 ")
    look(desks["sponsor"])

    # Nobody but a signed-in person does anything; three months pass, and sessions with them.
    last = max(point.due for point in case.hold_points.all())
    with time_machine.travel(last, tick=True):
        desks = {function: sign_in(user) for function, user in people.items()}
        judge_hold_points(desks["quality"], case)
        close_and_receive(desks, team)


def close_and_receive(desks: dict[str, Page], team: Team) -> None:
    """The last gate's work, the closing, and the receipt that makes it count."""
    case = team.case
    engineer, procurement, executive = (
        desks[function] for function in ("engineering", "procurement", "sponsor")
    )
    team.do_items()
    for function in signers_of(case):
        sign(desks[function], case)
    pass_on(engineer, case, "Close case")
    assert orders(engineer, case) == CLOSED
    assert "Does not count as a conversion yet" in engineer.inner_text("#orders")
    assert dashboard(executive)["Conversions closed"] == "0 of 3 this year"

    procurement.goto(case.get_absolute_url())
    procurement.click("a:has-text('Record the first production receipt')")
    look(procurement)
    procurement.fill("[name=received_qty]", "250")
    procurement.fill("[name=unit_price]", "2.10")
    procurement.click("main button.pri")
    procurement.wait_for_url("**/q/SSQ-*/#orders")
    assert Receipt.objects.filter(source=case.source, received_qty=250).count() == 1
    orders(engineer, case)
    assert "Counts as a conversion" in engineer.inner_text("#orders")
    assert dashboard(executive)["Conversions closed"] == "1 of 3 this year"
