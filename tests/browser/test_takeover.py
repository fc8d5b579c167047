"""An approved manufacturer list of 500 rows, proposed by file and taken over by two people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from parts import services as catalogue
from parts.models import PartFigures
from secondsource.core import outbox
from secondsource.exchange.models import Import
from suppliers.models import Approval, Source, Takeover
from tests import factories
from tests.browsers import accessibility_faults
from tests.exchange.imports import do
from tests.workers import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., "Page"]
ROWS = 500


def aml() -> str:
    """One row a part; the last one the list itself speaks against."""
    category = factories.category()
    lines = ["IPN,Manufacturer,MPN,Status,Valid to"]
    for number in range(ROWS):
        catalogue.add_part(category=category, ipn=f"A-{number:03d}", actor=factories.JOB)
        status = "Do not use" if number == ROWS - 1 else "Approved"
        lines.append(
            f"A-{number:03d},Manufacturer {number % 20},M-{number:03d},{status},2099-12-31"
        )
    return "\n".join(lines)


def test_two_people_take_500_rows_over(sign_in: SignIn) -> None:
    engineer, quality, buyer = (
        sign_in(factories.person(role)) for role in ("engineer", "quality", "procurement")
    )
    engineer.goto("/takeovers/")
    assert accessibility_faults(engineer) == []
    engineer.click("text=Propose by file")
    file = {"name": "aml.csv", "mimeType": "text/csv", "buffer": aml().encode()}
    engineer.locator("input[type=file]").set_input_files(file)
    engineer.click("main button.pri")
    engineer.wait_for_url("**/imports/*-*/")
    expect(engineer.locator("main")).to_contain_text("Rows that are called approved: 499.")
    expect(engineer.locator("main")).to_contain_text("Do not use")
    engineer.click("button:has-text('Import 499 rows')")
    wait_until(lambda: Import.objects.filter(job__isnull=False).exists())
    do(Import.objects.get())
    engineer.reload()
    engineer.click("a.pri:has-text('Take-overs')")

    takeover = Takeover.objects.get()
    quality.goto(takeover.get_absolute_url())
    assert accessibility_faults(quality) == []
    first = quality.locator("[name=selected]").first
    first.check()
    quality.click("button:has-text('Refuse selected')")
    quality.fill("[name=note]", "returned last year")
    quality.click("button:has-text('Refuse 1 row')")
    expect(quality.locator("#toasts")).to_contain_text("Refused.")
    quality.click("a.pri:has-text('Confirm all')")
    expect(quality.locator("main")).to_contain_text("498")
    quality.click("button:has-text('Confirm 498 rows')")
    expect(quality.locator("#toasts")).to_contain_text("is confirmed.")
    assert Source.objects.filter(status="approved").count() == 0

    buyer.goto(takeover.get_absolute_url())
    buyer.click("a.pri:has-text('Approve all')")
    assert accessibility_faults(buyer) == []
    buyer.click("button:has-text('Approve 498 rows')")
    expect(buyer.locator("#toasts")).to_contain_text("is done.")
    outbox.work_off()
    takeover.refresh_from_db()
    assert takeover.state == "done"
    assert Approval.objects.filter(kind="takeover").count() == 498
    assert Source.objects.filter(status="approved").count() == 498
    assert PartFigures.objects.filter(approved_sources=1).count() == 498

    quality.goto("/to-review/?approval=takeover")
    assert accessibility_faults(quality) == []
    expect(quality.locator("#list")).to_contain_text("Taken over")
