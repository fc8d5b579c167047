"""An approved alternate comes into production and safely back, by four people.

The engineer introduces it with a cut-in and records the lots; the buyer records what arrives;
quality judges and rolls back; the executive signs and sees the alarm. The work of earlier gates is
done before, and the worker's jobs are run here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from playwright.sync_api import expect

from qualification.models import AsBuilt, Case, HoldPoint, Rollback, TriggerBreach
from qualification.models.cases import State
from secondsource.core import outbox
from secondsource.exchange.models import Import
from suppliers.models import Source
from tests import factories
from tests.browser.desk import day, fill, follow_step, home, in_dialog, look
from tests.browser.test_story import ROLES, Desks, sign_and_pass
from tests.exchange.imports import do
from tests.factories import Team
from tests.rollback_work import rehearse, step

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from parts.models import Product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOTS = "Product,Lot,Built on,Units,Failed,MPN,First serial,Last serial\n"


def make_team() -> tuple[Team, Product]:
    """A case at its approval: all done but the introduction, of a part that one product uses."""
    people = {what: factories.person(role, name=what.title()) for what, role in ROLES.items()}
    part = factories.part(description="Buck converter 3 A", given_demand=Decimal(24_000))
    factories.incumbent(part, "DWB62130")
    team = Team(factories.alternate(part, "ASB3017"), people=people)
    pump = factories.product("PUMP", uses={part: 1}, monthly_volume=2000, phase="mass_production")
    team.plan(ramp=[(1, Decimal("0.1")), (2, Decimal("0.3"))], start_reason="One factory.")
    step(team, "Block the reels in stock")
    rehearse(team)
    team.jump_to(State.APPROVAL)
    return team, pump


def introduce(engineer: Page, case: Case, pump: Product) -> None:
    """Change notice, cut-in by serial, old stock, and the revision of the product."""
    follow_step(engineer, case, "Plan the introduction")
    in_dialog(engineer, "#plan a:has-text('Edit')", change_notice="ECN-31", cut_in="serial",
              cut_in_serial="P-1000", run_out_quantity="400", run_out_by=day(20),
              **{f"revision_{pump.pk}": "rev 1"})  # fmt: skip
    expect(engineer.locator("#plan")).to_contain_text("P-1000")
    look(engineer)


def approve(desks: Desks, team: Team, pump: Product) -> None:
    introduce(desks["engineering"], team.case, pump)
    team.do_items()
    signers = ["engineering", "quality", "procurement", "sponsor"]
    sign_and_pass(desks, team.case, signers, "Pass to Transition")
    assert team.reload().state == State.TRANSITION
    assert (team.source.status, team.source.share_cap) == ("approved", Decimal("0.1"))


def import_lots(engineer: Page, case: Case, *rows: str) -> None:
    """The lots of the month by file, from the page of the introduction."""
    engineer.goto(f"{case.get_absolute_url()}introduction/")
    with engineer.expect_navigation():
        engineer.click("#built-in a:has-text('Import lots')")
    text = LOTS + "".join(f"{row}\n" for row in rows)
    engineer.set_input_files(
        "#id_file", {"name": "lots.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    engineer.click("text=Read the file")
    engineer.wait_for_selector("#confirm button.pri")
    engineer.click("#confirm button.pri")
    engineer.wait_for_selector("text=Import running")
    do(Import.objects.latest("pk"))
    engineer.wait_for_selector("text=Written")
    engineer.goto(f"{case.get_absolute_url()}introduction/")
    look(engineer)


def receive(buyer: Page, source: Source, quantity: int, rejected: int) -> None:
    """Against an order line that is due today."""
    line = factories.order_line(source, quantity, agreed_date=dt.date.fromisoformat(day()))
    buyer.goto(f"/parts/{source.part.ipn}/receipts/new/?order_line={line.key}")
    fill(buyer, "main", {"received_qty": str(quantity), "rejected_qty": str(rejected),
                         "lot": f"GD-{quantity}"})  # fmt: skip
    with buyer.expect_navigation():
        buyer.click("main .foot .pri")
    expect(buyer.locator("main [role=alert]")).to_have_count(0)


def judge(quality: Page, case: Case) -> None:
    """The first hold point, from the list of one's work; its receipts propose the verdict."""
    quality.goto("/work/")
    quality.click("a:has-text('Judge the hold point of')")
    quality.click("a.pri:has-text('Judge hold point')")
    dialog = quality.locator("#dialog")
    expect(dialog).to_contain_text("DPPM 0 (0 of 1,000)")
    expect(dialog).to_contain_text("Proposed: Pass")
    quality.check("#dialog [name=verdict][value=pass]")
    with quality.expect_event("load"):
        quality.click("#dialog .foot .pri")
    first = case.hold_points.order_by("due").first()
    assert first is not None
    assert (first.verdict, first.figures.dppm) == ("pass", 0)


def see_the_alarm(desks: Desks, case: Case) -> None:
    """The case, the lead's work and the executive's overview tell of it; the share is held."""
    home(desks["quality"], case)
    expect(desks["quality"].locator("main")).to_contain_text("Trigger breached: DPPM above 1,000")
    look(desks["quality"])
    desks["engineering"].goto("/work/")
    expect(desks["engineering"].locator("#inbox")).to_contain_text("Decide on the breached trigger")
    desks["sponsor"].goto("/dashboard/")
    expect(desks["sponsor"].locator("main")).to_contain_text(f"{case.key}: trigger breached.")
    look(desks["sponsor"])


def roll_back(quality: Page, case: Case) -> None:
    """One action with its reason; the page names the units, then the hours are recorded."""
    quality.goto(f"{case.get_absolute_url()}rollback/")
    quality.click("#breaches a:has-text('Roll back')")
    quality.fill("#dialog [name=note]", "Reset at 70 °C in one lot")
    with quality.expect_event("load"):
        quality.click("#dialog .foot .dng")
    quality.goto(f"{case.get_absolute_url()}rollback/")
    expect(quality.locator("#done")).to_contain_text("260 units hold it")
    in_dialog(quality, "#done a:has-text('Record the')", hours="31.5")
    expect(quality.locator("#done")).to_contain_text("It took 31.5 h, planned 48 h")
    look(quality)


def test_into_production_and_safely_back(
    sign_in: Callable[..., Page], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    team, pump = make_team()
    case, source = team.case, team.source
    desks = {what: sign_in(person, "/keys/") for what, person in team.people.items()}
    approve(desks, team, pump)
    first = HoldPoint.objects.filter(transition__case=case).earliest("due").due

    # A month passes, and sessions with it.
    with time_machine.travel(dt.datetime.combine(first, dt.time(9), dt.UTC), tick=True):
        desks = {what: sign_in(person, "/keys/") for what, person in team.people.items()}
        today = day()
        import_lots(desks["engineering"], case, f"PUMP,B-1,{today},120,0,ASB3017,P-1000,P-1119",
                    f"PUMP,B-2,{today},140,1,ASB3017,P-1120,P-1259")  # fmt: skip
        receive(desks["procurement"], source, 1000, 0)
        judge(desks["quality"], case)
        receive(desks["procurement"], source, 1200, 30)
        outbox.work_off()
        breach = TriggerBreach.objects.get(ended_at=None)
        assert breach.in_words.startswith("DPPM above 1,000 within 30 days: 13,636")
        see_the_alarm(desks, case)
        roll_back(desks["quality"], case)

    team.reload()
    done = Rollback.objects.get()
    assert (case.pk, team.case.state) == (done.case.pk, State.ROLLED_BACK)
    assert (done.hours, done.planned_hours, done.units) == (Decimal("31.5"), Decimal(48), 260)
    assert (team.source.status, team.source.share_cap) == ("requalify", Decimal(0))
    assert sum(AsBuilt.objects.filter(source=source).values_list("quantity", flat=True)) == 260
