"""The parts list: tabs, filters, search, export, bulk; and what it costs."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parts.models import Part
from secondsource.accounts.models import Plant
from tests import factories as make

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str = "") -> list[str]:
    """Part numbers in the order shown."""
    response = client.get(f"/parts/{query}")
    assert response.status_code == 200
    return re.findall(r'<a class="mpn" href="/parts/([^/"]+)/"', response.content.decode())


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_it_shows_a_part_with_incumbent_pips_and_cover(reader: Any, shown: Any) -> None:
    page = reader("procurement").get("/parts/").content.decode()
    assert "STM32F407VGT6" in page
    assert 'aria-label="Single source, nothing started: 1 approved, 1 candidate"' in page
    assert "Cover / lead" in page
    assert "20 wk" in page


def test_spend_is_absent_for_those_who_do_not_see_prices(reader: Any, shown: Any) -> None:
    make.receipt(shown.incumbent, 100, "2.50")
    assert "$250" in reader("procurement").get("/parts/").content.decode()
    for role in ("engineer", "quality", "viewer"):
        page = reader(role).get("/parts/?sort=-spend").content.decode()
        assert "Spend" not in page
        assert "$" not in page


def test_a_spend_filter_of_one_who_does_not_see_prices_narrows_nothing(
    reader: Any, shown: Any
) -> None:
    make.receipt(shown.incumbent, 100, "2.50")
    assert listed(reader("procurement"), "?spend_min=1000") == []
    assert listed(reader("engineer"), "?spend_min=1000") == ["410-00217"]


@pytest.mark.parametrize("text", ["0021", "32F407V", "mcu", "gd32 mcu", "stm32f407"])
def test_any_inner_piece_finds_the_part(reader: Any, shown: Any, text: str) -> None:
    make.part(ipn="OTHER-1", description="resistor")
    assert listed(reader("engineer"), f"?search={text}") == ["410-00217"]


def test_a_percent_sign_is_looked_for_as_such(reader: Any, shown: Any) -> None:
    make.part(ipn="OTHER-1", description="resistor 1 % 0603")
    assert listed(reader("engineer"), "?search=%25") == ["OTHER-1"]


def test_tabs_count_and_narrow(reader: Any, shown: Any) -> None:
    client = reader("engineer")
    double = make.part(ipn="DOUBLE-1", owner=client.user, lifecycle="nrnd")
    make.incumbent(double)
    make.approved(double)
    make.product("KC-2", uses={double: 1})
    page = client.get("/parts/").content.decode()
    tab = r'<a class="tab" href="[^"]*"[^>]*>([^<]+?) ?<span class="n">(\d+)'
    tabs = dict(re.findall(tab, page))
    assert tabs == {
        "All parts": "2",
        "No approved source": "0",
        "Single source": "1",
        "In qualification": "0",
        "Two or more": "1",
        "Life ending": "1",
        "My parts": "1",
    }
    assert listed(client, "?owner=me") == ["DOUBLE-1"]
    assert listed(client, "?lifecycle=ending") == ["DOUBLE-1"]


def test_filters_by_category_product_and_criticality(reader: Any, shown: Any) -> None:
    client = reader("engineer")
    below = make.category("risk-medium/mcu")
    make.part(ipn="MCU-2", category=below, criticality="a")
    make.part(ipn="LOW-1", risk_class="low")
    assert listed(client, "?category=risk-medium") == ["410-00217", "MCU-2"]
    assert listed(client, "?category=risk-medium/mcu") == ["MCU-2"]
    assert listed(client, "?criticality=a") == ["MCU-2"]
    assert listed(client, "?product=KC-210") == ["410-00217"]
    assert listed(client, "?risk_class=low") == ["LOW-1"]


def test_a_filter_that_leaves_nothing_says_which_to_drop(reader: Any, shown: Any) -> None:
    page = reader("engineer").get("/parts/?criticality=c").content.decode()
    assert "Nothing matches 1 filter" in page


def test_parts_out_of_scope_are_absent(reader: Any, shown: Any) -> None:
    plant = Plant.objects.create(code="BRQ", name="Brno")
    other = make.part(ipn="OURS-1")
    make.product("KC-9", uses={other: 1}, plants=[plant])
    client = reader("engineer")
    client.user.plants.add(plant)
    free = make.part(ipn="FREE-1")
    assert listed(client) == [free.ipn, "OURS-1"]


def test_the_export_holds_what_the_reader_sees(reader: Any, shown: Any) -> None:
    make.receipt(shown.incumbent, 100, "2.50")
    head, row = rows_of(reader("engineer").get("/parts/?export=csv"))
    assert head == [
        "Part", "Incumbent", "Manufacturer, description", "Lifecycle", "Sources", "Counts as",
        "Cover / lead", "Qualification", "Owner",
    ]  # fmt: skip
    assert (row[0], row[1], row[4]) == ("410-00217", "STM32F407VGT6", "1 approved, 1 candidate")
    assert row[5] == "Single source, nothing started"
    head, row = rows_of(reader("procurement").get("/parts/?export=csv"))
    assert dict(zip(head, row, strict=True))["Spend"] == "250.000000"


def test_selected_rows_get_the_reader_as_owner(reader: Any, shown: Any) -> None:
    other = make.part(ipn="OTHER-1")
    client = reader("engineer")
    response = client.post("/parts/selected/take/", {"selected": [shown.part.pk, "x", "9" * 30]})
    assert (response.status_code, response["Location"]) == (302, "/parts/")
    owners = dict(Part.objects.values_list("ipn", "owner"))
    assert owners == {"410-00217": client.user.pk, other.ipn: None}


def test_who_may_not_write_parts_cannot_take_them(reader: Any, shown: Any) -> None:
    client = reader("procurement")
    response = client.post("/parts/selected/take/", {"selected": [shown.part.pk]})
    assert response.status_code == 403
    assert Part.objects.get().owner is None


def test_selected_rows_can_be_exported(reader: Any, shown: Any) -> None:
    make.part(ipn="OTHER-1")
    response = reader("viewer").post("/parts/selected/csv/", {"selected": [shown.part.pk]})
    assert [row[0] for row in rows_of(response)] == ["Part", "410-00217"]


def test_it_costs_the_same_for_one_row_and_for_thirty(reader: Any, shown: Any) -> None:
    client = reader("procurement")
    client.get("/parts/")
    with CaptureQueriesContext(connection) as one:
        client.get("/parts/")
    for number in range(30):
        make.incumbent(make.part(ipn=f"MANY-{number}", owner=client.user))
    with CaptureQueriesContext(connection) as many:
        client.get("/parts/")
    assert len(many) == len(one)
    assert len(many) <= 15
