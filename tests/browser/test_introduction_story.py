"""An approved alternate comes into production, safely back, and in again, by four people.

The engineer introduces it with a cut-in and records the lots; the buyer records what arrives;
quality judges and rolls back; the executive signs and sees the alarm. Repaired, it is built anew,
approved and brought to its end; its lesson is shown where the next case begins. The work of earlier
gates is done before, and the worker's jobs are run here.
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
from tests.browser.desk import day, fill, follow_step, home, in_dialog, look, on_page
from tests.browser.test_story import ROLES, Desks, sign_and_pass
from tests.browsers import is_wider_than_screen
from tests.exchange.imports import do
from tests.factories import Team
from tests.rollback_work import rehearse, step

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from parts.models import Product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CAUSE = "Solder voids of one reflow profile; corrected by the manufacturer"
CORRECTED = "X-ray three lots of the corrected profile"
LESSON = "Ask for the reflow profile of each lot before the pilot build."
LOTS = "Product,Lot,Built on,Units,Failed,MPN,First serial,Last serial\n"


def make_team() -> tuple[Team, Product]:
    """A case at its approval: all done but the introduction, of a part that one product uses."""
    people = {what: factories.person(role, name=what.title()) for what, role in ROLES.items()}
    bucks = factories.category("dcdc", "low")
    part = factories.part(
        category=bucks, description="Buck converter 3 A", given_demand=Decimal(24_000)
    )
    factories.incumbent(part, "DWB62130")
    team = Team(factories.alternate(part, "ASB3017"), people=people)
    pump = factories.product("PUMP", uses={part: 1}, monthly_volume=2000, phase="mass_production")
    team.plan(ramp=[(1, Decimal("0.1")), (2, Decimal("0.3"))], start_reason="One factory.")
    step(team, "Block the reels in stock")
    rehearse(team)
    team.go_to(State.APPROVAL)
    next_part = factories.part(category=bucks, description="Buck converter 1 A", stock_qty=100,
                               lifecycle="mature")  # fmt: skip
    factories.receipt(factories.incumbent(next_part, "DWB62110"), 5000, "1.40")
    factories.alternate(next_part, "ASB3011")
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


def judge(quality: Page, case: Case, received: str = "1,000") -> None:
    """The next hold point, from the list of one's work; its receipts propose the verdict."""
    asked = case.hold_points.filter(verdict="").earliest("due")
    quality.goto("/work/")
    quality.click("a:has-text('Judge the hold point of')")
    quality.click("a.pri:has-text('Judge hold point')")
    dialog = quality.locator("#dialog")
    expect(dialog).to_contain_text(f"DPPM 0 (0 of {received})")
    expect(dialog).to_contain_text("Proposed: Pass")
    assert not is_wider_than_screen(quality)
    quality.check("#dialog [name=verdict][value=pass]")
    with quality.expect_event("load"):
        quality.click("#dialog .foot .pri")
    asked.refresh_from_db()
    assert (asked.verdict, asked.figures.dppm) == ("pass", 0)


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
    """One action with its reason, on a phone; the page names the units, then come the hours."""
    quality.set_viewport_size(PHONE)
    quality.goto(f"{case.get_absolute_url()}rollback/")
    quality.click("#breaches a:has-text('Roll back')")
    quality.fill("#dialog [name=note]", "Reset at 70 °C in one lot")
    expect(quality.locator("#dialog .foot .dng")).to_be_in_viewport()
    with quality.expect_event("load"):
        quality.click("#dialog .foot .dng")
    quality.set_viewport_size(DESK)
    quality.goto(f"{case.get_absolute_url()}rollback/")
    expect(quality.locator("#done")).to_contain_text("260 units hold it")
    in_dialog(quality, "#done a:has-text('Record the')", hours="31.5")
    expect(quality.locator("#done")).to_contain_text("It took 31.5 h, planned 48 h")
    look(quality)


def repair(desks: Desks, case: Case) -> None:
    """Quality reopens with the cause; the corrective step is proven and the FMEA reviewed."""
    quality, engineer = desks["quality"], desks["engineering"]
    home(quality, case)
    quality.click("summary:has-text('More')")
    quality.click(".menu-list a:has-text('Reopen')")
    quality.fill("#dialog [name=note]", CAUSE)
    with quality.expect_event("load"):
        quality.click("#dialog .foot .pri")
    expect(quality.locator("#history")).to_contain_text(CAUSE)

    home(engineer, case)
    on_page(engineer, "#work a.btn:has-text('Step')", {"text": CORRECTED})
    done = engineer.locator(f".ckl:has-text('{CORRECTED}')")
    done.locator("summary:has-text('Add evidence')").click()
    done.locator("input[type=file]").set_input_files(
        {"name": "x-ray.csv", "mimeType": "text/csv", "buffer": b"lot,voids\n"}
    )
    done.locator("button:has-text('Add file')").click()
    expect(done.locator(".files a")).to_have_text("x-ray.csv")
    done.get_by_role("button", name="mark as done").click()
    expect(engineer.locator(f".ckl.done:has-text('{CORRECTED}')")).to_be_visible()

    quality.goto(f"{case.get_absolute_url()}fmea/")
    in_dialog(quality, "a:has-text('Finish review')", note="Solder voids are rated.")


def build_again(desks: Desks, case: Case, pump: Product) -> None:
    """What was built before the rollback is history; a new build passes."""
    engineer = desks["engineering"]
    engineer.goto(f"{case.get_absolute_url()}pilot/")
    expect(engineer.locator("#builds")).to_contain_text("History")
    expect(engineer.locator("#verdict")).to_contain_text("PUMP was not built yet")
    units = str(case.pilot_quantity)
    on_page(engineer, "a:has-text('Enter result')", {"product": str(pump.pk), "lot": "GD-NEW",
            "started": units, "good": units})  # fmt: skip
    expect(engineer.locator("#verdict")).to_contain_text("Verdict: pass")
    look(engineer)
    sign_and_pass(desks, case, ["engineering", "quality"], "Pass to Approval")


def bring_to_its_end(sign_in: Callable[..., Page], team: Team) -> None:
    """Three months with good lots, judged on a phone; then all sign and the engineer closes."""
    for month, point in enumerate(team.case.hold_points.order_by("due"), 1):
        with time_machine.travel(dt.datetime.combine(point.due, dt.time(9), dt.UTC), tick=True):
            buyer, quality = (sign_in(team.people[w], "/keys/") for w in ("procurement", "quality"))
            receive(buyer, team.source, 1000 + month, 0)
            quality.set_viewport_size(PHONE)
            judge(quality, team.case, f"{1000 * month + month * (month + 1) // 2:,}")
            last = month == 3
            if last:
                desks = {what: sign_in(one, "/keys/") for what, one in team.people.items()}
                team.do_items()
                sign_and_pass(desks, team.case, ["quality", "procurement"], "Close case")
                teach(desks["engineering"], team.case)
                begin_the_next(desks["engineering"], team.case)


def teach(engineer: Page, case: Case) -> None:
    home(engineer, case)
    in_dialog(engineer, "#lessons a:has-text('Lesson')", gate="pilot_build", text=LESSON,
              step=CORRECTED)  # fmt: skip
    expect(engineer.locator("#lessons")).to_contain_text("Step proposed")
    look(engineer)


def begin_the_next(engineer: Page, taught: Case) -> None:
    """Start small proposes the next part of the category with the lesson; one click opens it."""
    engineer.goto("/start-small/")
    proposed = engineer.locator("article:has-text('ASB3011')")
    expect(proposed).to_contain_text(LESSON)
    look(engineer)
    with engineer.expect_navigation():
        proposed.get_by_role("button", name="Open case").click()
    opened = Case.objects.exclude(pk=taught.pk).get()
    assert engineer.url.endswith(opened.get_absolute_url())
    lessons = engineer.locator("#lessons")
    expect(lessons).to_contain_text(LESSON)
    expect(lessons.locator(f"a:has-text('{taught.key}')")).to_be_visible()
    assert opened.source.manufacturer_part.mpn == "ASB3011"


def test_into_production_safely_back_and_in_again(
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
        held = AsBuilt.objects.filter(source=source).values_list("quantity", flat=True)
        assert sum(held) == 260

        repair(desks, case)
        build_again(desks, case, pump)
        signers = ["engineering", "quality", "procurement", "sponsor"]
        team.do_items()
        sign_and_pass(desks, case, signers, "Pass to Transition")
        team.reload()
        assert (team.source.status, team.source.share_cap) == ("approved", Decimal("0.1"))

    bring_to_its_end(sign_in, team)
    team.reload()
    assert (team.case.state, team.source.status) == (State.CLOSED, "approved")
    outcomes = list(team.case.runs.values_list("outcome", flat=True))
    assert outcomes == ["rolled_back", "closed"]
