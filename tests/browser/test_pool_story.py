"""From three offers to a bonus and back: buyer, engineer, quality, finance and executive.

There is a case that is closed. Everything else is typed and clicked; the hourly job is run here.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from incentives import services as ledger
from incentives.models import (
    Allocation,
    BonusPool,
    Negotiation,
    Payout,
    SavingLine,
    SplitProposal,
)
from qualification.models.cases import State
from secondsource.core import clock, jobs
from secondsource.core.models import Job
from suppliers.models import Offer, QuoteLine, Rfq
from tests import factories
from tests.browser.desk import day, fill, in_dialog, look
from tests.factories import JOB, Team
from tests.incentives.pooling import SPLIT, month
from tests.incentives.world import offer

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from suppliers.models import Source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Desks = dict[str, "Page"]


def shown(page: Page, *texts: str) -> None:
    """The page shows each text."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


def send(page: Page, address: str, **values: Any) -> None:
    """Open a form, fill it in and send it."""
    page.goto(address)
    fill(page, "main", values)
    with page.expect_navigation():
        page.click("main .form .foot .pri")
    expect(page.locator("main [role=alert]")).to_have_count(0)


def make_case() -> tuple[Team, Source]:
    """A closed case of a part that was paid 100.00 when it opened, with three offers."""
    with clock.at(factories.days_ago(150)):
        part = factories.part()
        incumbent = factories.incumbent(part)
        factories.receipt(incumbent, 1000, "100")
        team = Team(factories.alternate(part))
        team.jump_to(State.TRANSITION)
    team.finish_transition()
    offer(incumbent, (1, "99"))
    return team, incumbent


def ask(page: Page, team: Team, incumbent: Source) -> None:
    """Three suppliers are asked, each quotes, the least one is accepted."""
    alternate = team.source.manufacturer_part
    broker = factories.manufacturer("Broker", kinds=["distributor"])
    made = {incumbent.manufacturer_part.manufacturer: (incumbent.manufacturer_part, "99"),
            alternate.manufacturer: (alternate, "75"), broker: (alternate, "80")}  # fmt: skip
    send(page, reverse("rfq_create"), title="Second source", due=day(9), currency="USD")
    press(page, {"lines-0-ipn": incumbent.part.ipn, "lines-0-volumes": "1000"})
    rfq = Rfq.objects.get()
    page.goto(reverse("rfq_suppliers", args=[rfq.public_id]))
    for supplier in made:
        page.check(f"main [name=suppliers][value='{supplier.pk}']")
    press(page)
    move(page, rfq, "send")
    for supplier, (number, price) in made.items():
        invitation = rfq.invitations.get(supplier=supplier)
        page.goto(reverse("quote_create", args=[rfq.public_id, invitation.public_id]))
        press(page, {
            "q-currency": "USD", "q-incoterm": "DDP", "q-valid_to": day(60), "l1-mpn": number.mpn,
            "l1-manufacturer": number.manufacturer.name, "l1-quantity_0": "1",
            "l1-price_0": price,
        })  # fmt: skip
    move(page, rfq, "close")
    page.goto(reverse("rfq_matrix", args=[rfq.public_id]))
    shown(page, "Broker", "1 of 1 counted, 1 least")
    look(page)
    line = QuoteLine.objects.get(breaks__price=75)
    page.goto(f"{reverse('rfq_award', args=[rfq.public_id])}?line={line.key}")
    press(page, {"note": "The least total cost."})
    assert Offer.objects.filter(manufacturer_part=alternate).count() == 1


def press(page: Page, values: dict[str, Any] | None = None) -> None:
    """Fill the form of this page in and send it."""
    fill(page, "main", values or {})
    with page.expect_navigation():
        page.click("main form .pri")
    expect(page.locator("main [role=alert]")).to_have_count(0)


def move(page: Page, rfq: Rfq, name: str) -> None:
    """Move the request on."""
    page.goto(reverse("rfq_move", args=[rfq.public_id, name]))
    press(page)


def divide(engineer: Page, buyer: Page, incumbent: Source, alternate: Source) -> None:
    """The engineer proposes 30 to 70, the buyer accepts."""
    engineer.goto(f"/parts/{incumbent.part.ipn}/split/?demand=4000")
    press(engineer, {f"share_{incumbent.pk}": "30", f"share_{alternate.pk}": "70",
                     "reason": "The second source carries the volume."})  # fmt: skip
    split = SplitProposal.objects.get()
    buyer.goto(reverse("split_accept", args=[split.public_id]))
    press(buyer)
    alternate.refresh_from_db()
    assert alternate.share == Decimal("0.7")
    look(buyer)


def negotiate(page: Page, team: Team, incumbent: Source) -> None:
    """Two rounds after the pilot, and the award of 70 to 30."""
    alternate = team.source
    send(page, "/negotiations/new/", part=team.case.part.ipn, case=team.case.key, quantity="1000",
         currency="USD")  # fmt: skip
    home = Negotiation.objects.get().get_absolute_url()

    def of(source: Source, what: str) -> str:
        return f"{what}_{source.pk}_{source.manufacturer_part.manufacturer_id}"

    for days, told, first, second in ((100, "The pilot passed", "98", "72"),
                                      (90, "A year's volume", "97", "70")):  # fmt: skip
        typed = {of(incumbent, "price"): first, of(alternate, "price"): second}
        send(page, f"{home}rounds/new/", sent_on=factories.days_ago(days).isoformat(),
             put_on_table=told, **typed)  # fmt: skip
    typed = {of(incumbent, "share"): "30", of(alternate, "share"): "70"}
    send(page, f"{home}award/", reason="Cheaper, and a second source stays warm.", **typed)
    shown(page, "$70.00", "70", "The pilot passed")
    look(page)


def receive(page: Page, source: Source) -> None:
    """The deliveries of two months."""
    for ago, quantity, price in ((3, "3000", "68.84774"), (2, "1000", "70")):
        send(page, f"/parts/{source.part.ipn}/receipts/new/", source=str(source.pk),
             received_date=month(ago).replace(day=12).isoformat(), received_qty=quantity,
             lot=f"L{ago}", po=f"PO-{ago}", unit_price=price, currency="USD",
             purpose="production")  # fmt: skip


def on_lines(page: Page, stage: str, amount: str, button: str, reason: str) -> None:
    """Select the lines with this text and do something with them."""
    page.goto(f"/savings/?stage={stage}")
    rows = page.locator("tr").filter(has_text=amount)
    for box in rows.locator("input[name=selected]").all():
        box.check()
    with page.expect_navigation():
        page.click(f"button:has-text('{button}')")
    fill(page, "main", {"reason": reason})
    with page.expect_navigation():
        page.click("main .form .foot button")
    expect(page.locator("main [role=alert]")).to_have_count(0)


def validate(page: Page) -> None:
    """Finance closes both months and validates their lines."""
    ledger.recompute_realised(actor=JOB)
    for ago in (3, 2):
        send(page, "/savings/months/close/", month=f"{month(ago):%Y-%m}")
        jobs.run(str(Job.objects.latest("created_at").pk))
    on_lines(page, "realised", "Volume shift", "Validate", "Receipts and invoices agree.")
    assert set(SavingLine.objects.values_list("stage", "amount")) == {
        ("validated", Decimal("93456.78")), ("validated", Decimal(30000)),
    }  # fmt: skip


def share(desks: Desks, team: Team) -> BonusPool:
    """Finance proposes; everybody sees their own share and agrees."""
    finance = desks["finance"]
    finance.goto("/incentives/")
    in_dialog(finance, "a.pri:has-text('Propose a pool')", case=str(team.case.pk), rate="7 %")
    pool = BonusPool.objects.get()
    shown(finance, "$123,456.78", "$8,641.97")
    rows = Allocation.objects.filter(pool=pool)
    typed = {f"share-{row.pk}": f"{Decimal(SPLIT[row.function]) * 100} %" for row in rows}
    in_dialog(finance, "a:has-text('Set shares')", reason="As the team agreed", **typed)
    in_dialog(finance, "#release a.pri:has-text('Ask for agreement')")
    for function, amount in (("engineering", "$4,320.99"), ("procurement", "$2,592.59"),
                             ("quality", "$1,728.39")):  # fmt: skip
        person = desks[function]
        person.goto("/incentives/")
        shown(person, amount)
        in_dialog(person, "a.btn:has-text('Agree')")
        shown(person, "Agreed")
        look(person)
    return pool


def release(finance: Page, executive: Page) -> None:
    """Two persons release, finance pays with the payroll."""
    finance.goto("/incentives/")
    shown(finance, "Shares agreed, 3 of 3")
    look(finance)
    in_dialog(finance, "#release a.pri:has-text('Release for finance')")
    executive.goto("/incentives/")
    in_dialog(executive, "#release a.pri:has-text('Release')")
    finance.reload()
    in_dialog(finance, "#release a.pri:has-text('Pay with the payroll')")
    shown(finance, "Paid $8,641.97")
    assert {str(row.payroll) for row in Payout.objects.all()} == {"4320.99", "2592.59", "1728.39"}


def test_offers_become_a_bonus_that_a_reversal_takes_back(sign_in: Callable[..., Page]) -> None:
    team, incumbent = make_case()
    people = {name: team.people[name] for name in ("engineering", "procurement", "quality")}
    people |= {"finance": factories.person("finance"), "executive": factories.person("executive")}
    desks = {name: sign_in(person, "/keys/") for name, person in people.items()}
    ask(desks["procurement"], team, incumbent)
    negotiate(desks["procurement"], team, incumbent)
    divide(desks["engineering"], desks["procurement"], incumbent, team.source)
    receive(desks["procurement"], team.source)
    finance = desks["finance"]
    validate(finance)
    pool = share(desks, team)
    release(finance, desks["executive"])
    on_lines(finance, "validated", "30,000", "Take back", "The month was rolled back.")
    finance.goto(pool.get_absolute_url())
    shown(finance, "Clawed back", "$6,541.97", "was $8,641.97", "$2,100.00 clawed back",
          "− $30,000.00 taken back after the release")  # fmt: skip
    finance.goto("/incentives/payouts/")
    shown(finance, "−$1,050.00", "−$630.00", "−$420.00")
    look(finance)
