"""The part page: sources side by side, where used, history, and what stays hidden."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parts import services as catalogue
from qualification import services as qualification
from secondsource.accounts.models import Plant
from suppliers import services as sourcing
from suppliers.models import Source
from suppliers.resolve import resolve
from tests import factories as make

pytestmark = pytest.mark.django_db

PART = "/parts/410-00217/"
TABS = ("", "where-used/", "cases/", "files/", "history/")


def text(client: Any, path: str = PART) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode().replace("\u202f", " ")


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("role", ["engineer", "quality", "procurement", "executive", "viewer"])
def test_every_tab_opens_for_every_reader(reader: Any, shown: Any, role: str, tab: str) -> None:
    assert "410-00217" in text(reader(role), PART + tab)


def test_prices_are_absolute_for_procurement(reader: Any, shown: Any) -> None:
    page = text(reader("procurement"))
    assert "$11.20" in page
    assert "$6.944" in page
    assert "−38 %" in page


@pytest.mark.parametrize("role", ["engineer", "quality"])
def test_prices_are_relative_for_engineers_and_quality(reader: Any, shown: Any, role: str) -> None:
    page = text(reader(role))
    assert "−38 %" in page
    assert "reference" in page
    for absolute in ("11.2", "6.94", "$"):
        assert absolute not in page


def test_a_viewer_sees_no_price_at_all(reader: Any, shown: Any) -> None:
    page = text(reader("viewer"))
    assert "Price at" not in page
    assert "−38 %" not in page
    assert "20 wk" in page


def test_a_legacy_incumbent_is_marked(reader: Any, shown: Any) -> None:
    page = text(reader("engineer"))
    assert page.count("Legacy</span>") == 1


def test_the_scope_of_an_approval_is_shown(reader: Any, shown: Any) -> None:
    assert "For KC-210" not in text(reader("engineer"))
    sourcing.write_approval(
        source=shown.candidate, kind="case", evidence_ref="SSQ-1", actor=make.JOB,
        products=[shown.product], plants=[Plant.objects.create(code="BRNO", name="Brno")],
    )  # fmt: skip
    resolve([shown.part.pk], actor=make.JOB)
    assert text(reader("engineer")).count("For KC-210 in BRNO") == 1


def test_verdicts_stand_beside_the_values(reader: Any, shown: Any) -> None:
    for source, clock in ((shown.incumbent, 168.0), (shown.candidate, 120.0)):
        sourcing.set_parameters(
            manufacturer_part=source.manufacturer_part,
            parameters=[{"name": "Clock", "minimum": clock, "unit": "MHz"}],
            actor=make.JOB,
        )
    line = {"parameter": "Clock", "rule": "at_least", "minimum": 150.0, "unit": "MHz"}
    catalogue.set_requirements(part=shown.part, requirements=[line], actor=make.JOB)
    page = text(reader("engineer"))
    assert "1 parameter" in page
    assert "1 blocks" in page
    assert "Required: at least 150 MHz." in page
    assert '<td class="bk ' in page


def test_independence_without_facts_is_not_known(reader: Any, shown: Any) -> None:
    page = text(reader("engineer"))
    assert "Independence not known" in page
    assert "Partly independent" not in page
    assert "Sites not on record" in page
    Source.objects.filter(pk=shown.candidate.pk).update(shared=[])
    page = text(reader("engineer"))
    assert "Group, sites or die not on record." in page
    assert "Nothing in common" not in page


def test_a_policy_may_ask_for_more_than_nothing_in_common(reader: Any, shown: Any) -> None:
    Source.objects.filter(pk=shown.candidate.pk).update(shared=[], independence="partly")
    page = text(reader("engineer"))
    assert "Nothing in common; by the policy that is not enough." in page
    assert "die not on record" not in page


def test_a_candidate_offers_a_qualification_to_those_who_may_open_one(
    reader: Any, shown: Any
) -> None:
    opener = f"?source={shown.candidate.public_id}"
    assert text(reader("engineer")).count(opener) == 2  # of the part, and below the candidate
    assert opener not in text(reader("viewer"))
    qualification.open_case(source=shown.candidate, actor=make.actor("engineer"))
    page = text(reader("engineer"))
    assert opener not in page
    assert "SSQ-0001" in page
    assert "In qualification" in page


def test_where_used_shows_every_level(reader: Any, shown: Any) -> None:
    board = make.part(ipn="BOARD-1")
    catalogue.change_product(product=shown.product, values={"part": board}, actor=make.JOB)
    make.product("TOP-1", uses={board: 3}, monthly_volume=10)
    page = text(reader("engineer"), f"{PART}where-used/")
    assert "2 paths" in page
    assert page.index("KC-210") < page.index("TOP-1")
    assert '<td class="r num">6</td>' in page


def test_history_hides_costs_from_those_who_do_not_see_prices(reader: Any, shown: Any) -> None:
    catalogue.change_part(
        part=shown.part,
        values={
            "standard_cost": Decimal("98.76"),
            "standard_cost_currency": "USD",
            "safety_stock": Decimal(50),
        },
        actor=make.actor("engineer"),
    )
    seen = text(reader("procurement"), f"{PART}history/")
    hidden = text(reader("engineer"), f"{PART}history/")
    assert "standard cost from nothing to 98.76" in seen
    assert "safety stock from nothing to 50" in hidden
    assert "98.76" not in hidden
    assert "standard cost" not in hidden


def test_history_tells_the_moves_of_a_case_in_words(reader: Any, shown: Any) -> None:
    team = make.Team()
    team.go_to("fmea")
    case = team.case
    page = text(reader("engineer"), f"/parts/{case.part.ipn}/history/")
    assert f"moved {case.key} from Spec review to FMEA" in page
    assert f"completed a step of {case.key}" in page
    assert f"done {case.key}" not in page
    assert f"kept {team.source.manufacturer_part.mpn} in qualification" not in page
    assert "spec_review" not in page


def test_history_writes_days_as_the_pages_do(reader: Any, shown: Any) -> None:
    for day in (dt.date(2025, 3, 1), dt.date(2025, 4, 2)):
        catalogue.change_part(
            part=shown.part, values={"stock_as_of": day}, actor=make.actor("engineer")
        )
    page = text(reader("engineer"), f"{PART}history/")
    assert "changed day of the stock from 1 Mar 2025 to 2 Apr 2025" in page


def test_a_change_of_hidden_fields_alone_leaves_no_line(reader: Any, shown: Any) -> None:
    values = {"standard_cost": Decimal("98.76"), "standard_cost_currency": "USD"}
    before = text(reader("quality"), f"{PART}history/").count("<time")
    catalogue.change_part(part=shown.part, values=values, actor=make.JOB)
    assert text(reader("quality"), f"{PART}history/").count("<time") == before


@pytest.mark.parametrize("tab", [*TABS, "edit/", "sources/new/", "requirements/"])
def test_a_part_out_of_scope_does_not_exist(reader: Any, shown: Any, tab: str) -> None:
    client = reader("engineer")
    client.user.plants.add(Plant.objects.create(code="BRQ", name="Brno"))
    assert client.get(PART + tab).status_code == 404


def test_an_unknown_part_is_404(reader: Any) -> None:
    assert reader("engineer").get("/parts/NONE-1/").status_code == 404


def test_it_costs_the_same_with_two_sources_and_with_ten(reader: Any, shown: Any) -> None:
    client = reader("procurement")
    client.get(PART)
    with CaptureQueriesContext(connection) as few:
        client.get(PART)
    for _ in range(8):
        make.alternate(shown.part)
    with CaptureQueriesContext(connection) as many:
        client.get(PART)
    assert len(many) == len(few)
    assert len(many) <= 17


def test_a_rejected_source_says_why(reader: Any, shown: Any) -> None:
    team = make.Team()
    team.go_to("spec_review")
    team.fire("reject", "quality", note="the package is another")
    page = text(reader("engineer"), f"/parts/{team.case.part.ipn}/")
    assert f"{team.case.key} was rejected: the package is another" in page
