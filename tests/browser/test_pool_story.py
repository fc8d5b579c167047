"""A bonus pool from its proposal to the payroll and back, by six people in the browser."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incentives import services as ledger
from incentives.models import Allocation, BonusPool, Payout
from tests.browser.desk import in_dialog, look
from tests.incentives.pooling import SPLIT, Pooled

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shown(page: Page, *texts: str) -> None:
    """The page shows each text."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


def test_a_pool_is_shared_paid_and_clawed_back(sign_in: Callable[..., Page]) -> None:
    case = Pooled()
    case.save("93456.78", ago=3)
    case.save("30000.00", ago=2)
    finance = sign_in(case.finance.user, "/incentives/")
    in_dialog(finance, "a.pri:has-text('Propose a pool')", case=str(case.team.case.pk), rate="7 %")
    pool = BonusPool.objects.get()
    shown(finance, "$123,456.78", "$8,641.97")
    rows = Allocation.objects.filter(pool=pool)
    typed = {f"share-{row.pk}": f"{Decimal(SPLIT[row.function]) * 100} %" for row in rows}
    in_dialog(finance, "a:has-text('Set shares')", reason="As the team agreed", **typed)
    in_dialog(finance, "#release a.pri:has-text('Ask for agreement')")
    for function, amount in (("engineering", "$4,320.99"), ("procurement", "$2,592.59"),
                             ("quality", "$1,728.39")):  # fmt: skip
        person = sign_in(case.team.people[function], "/incentives/")
        shown(person, amount)
        in_dialog(person, "a.btn:has-text('Agree')")
        shown(person, "Agreed")
        look(person)
    finance.reload()
    shown(finance, "Shares agreed, 3 of 3")
    look(finance)
    in_dialog(finance, "#release a.pri:has-text('Release for finance')")
    executive = sign_in(case.executive.user, "/incentives/")
    in_dialog(executive, "#release a.pri:has-text('Release')")
    finance.reload()
    in_dialog(finance, "#release a.pri:has-text('Pay with the payroll')")
    shown(finance, "Paid $8,641.97")
    assert {str(row.payroll) for row in Payout.objects.all()} == {"4320.99", "2592.59", "1728.39"}
    line = case.team.case.savings.get(amount=30000)
    ledger.reverse_lines(lines=[line], reason="the month was taken back", actor=case.finance)
    finance.reload()
    shown(finance, "Clawed back", "$6,541.97", "was $8,641.97", "$2,100.00 clawed back")
    finance.goto("/incentives/payouts/")
    shown(finance, "−$1,050.00", "−$630.00", "−$420.00")
    look(finance)
