"""Pages on paper: nothing of the frame, no empty page, the rollback plan on one."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from qualification import services
from qualification.models.cases import State
from secondsource.core import audit, clock
from tests import factories
from tests.factories import Team
from tests.introduction_work import introduce
from tests.rollback_work import rehearse, step

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: Characters of a page that is not empty, and of the last one.
LEAST, LAST = 120, 20


def on_paper(page: Page, address: str) -> list[str]:
    """The text of each printed page."""
    page.goto(address)
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return [" ".join(one.extract_text().split()) for one in reader.pages]


def test_what_people_take_along_is_whole(sign_in: Callable[..., Page]) -> None:
    team = Team()
    pump = factories.product("PUMP", uses={team.source.part: 1})
    for text in ("Block the reels", "Set up the feeders", "Call off the incumbent"):
        step(team, text)
    rehearse(team)
    introduce(team, change_notice="ECN-77")
    team.jump_to(State.TRANSITION)
    lots = [
        services.BuiltLot(product=pump, lot=f"B-{n}", source=team.source, quantity=10,
                          built_on=clock.business_day(), serial_from=10 * n, serial_to=10 * n + 9)
        for n in range(60)
    ]  # fmt: skip
    services.record_built(lots=lots, actor=team.lead)
    for n in range(40):
        services.add_item(
            case=team.case, gate=State.TRANSITION, text=f"Check line {n}", actor=team.lead
        )
    for _ in range(10):
        small = factories.part(risk_class="low", lifecycle="mature")
        factories.receipt(factories.incumbent(small), 100, "1.50")
        factories.alternate(small)
    factories.receipt(team.source, 1000, rejected_qty=Decimal(30))
    team.source.conditions = "Only for boards below 70 °C. " * 60
    audit.save_as(team.source, team.lead, "test")
    page, home = sign_in(team.people["engineering"], "/keys/"), team.case.get_absolute_url()

    [plan] = on_paper(page, f"{home}rollback/")
    for told in ("DPPM above 1,000", "Block the reels", "Call off the incumbent", "Passed"):
        assert told in plan
    kept = {
        f"{home}introduction/": ["ECN-77", "60 lots, 600 units"],
        "/built-in/": ["B-0", "B-59", "60 lots"],
        "/work/": ["Check line 0", "Check line 39", "Decide on the breached trigger"],
        "/start-small/": ["Begin with these"],
        home: ["Trigger breached", "Check line 39"],
        team.source.part.get_absolute_url(): ["Sources side by side", "below 70 °C"],
    }  # fmt: skip
    for address, words in kept.items():
        pages = on_paper(page, address)
        whole = " ".join(pages)
        assert [word for word in words if word not in whole] == [], address
        sizes = [len(one) for one in pages]
        assert min([LEAST, *sizes[:-1]]) == LEAST, (address, sizes)
        assert sizes[-1] > LAST, (address, sizes)
        assert "Team targets" not in whole, address  # of the navigation
