"""In how many sources parts count: the same words and figures wherever they stand."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from parts import services as catalogue
from parts.counts import COUNTS, word_of
from parts.models import Part, PartFigures
from secondsource.core import clock
from secondsource.workspace import figures
from secondsource.workspace.models import CompanyFigures
from suppliers import services as sourcing
from suppliers.models import Site
from tests import factories

pytestmark = pytest.mark.django_db


def site(country: str) -> Site:
    return sourcing.add_site(
        supplier=factories.manufacturer(), name=f"Mill {country}", activity="assembly",
        country=country, actor=factories.JOB,
    )  # fmt: skip


def word(part: Part) -> str:
    return word_of(PartFigures.objects.get(part=part))


def used(ipn: str = "") -> Part:
    return factories.part(given_demand=Decimal(1200), **({"ipn": ipn} if ipn else {}))


def test_a_part_that_nothing_uses_is_not_counted() -> None:
    part = factories.part()
    factories.incumbent(part)
    assert word(part) == "left_out"


def test_demand_a_receipt_or_an_active_product_makes_it_count() -> None:
    by_receipt, by_product = factories.part(), factories.part()
    factories.receipt(factories.incumbent(by_receipt), 5)
    factories.product(uses={by_product: 1})
    assert [word(used()), word(by_receipt), word(by_product)] == [
        "none_idle", "single_idle", "none_idle",
    ]  # fmt: skip


def test_the_end_of_its_product_takes_a_part_out() -> None:
    part = factories.part()
    product = factories.product(uses={part: 1})
    catalogue.change_product(product=product, values={"phase": "end_of_life"}, actor=factories.JOB)
    assert word(part) == "left_out"


def test_a_receipt_of_more_than_a_year_ago_is_no_use() -> None:
    part = factories.part()
    factories.receipt(factories.incumbent(part), 5, received_date=factories.days_ago(400))
    assert word(part) == "left_out"


def test_an_own_assembly_is_not_bought() -> None:
    board = used()
    made = factories.product(part=board)
    assert word(board) == "left_out"
    catalogue.change_product(product=made, values={"part": None}, actor=factories.JOB)
    assert word(board) == "none_idle"


def test_one_approved_source_is_single_and_a_second_makes_two() -> None:
    part = used()
    factories.incumbent(part, sites=[site("DE")])
    factories.alternate(part)
    assert word(part) == "single_idle"
    factories.approved(part, sites=[site("FR")])
    assert word(part) == "multiple"


def test_a_nominal_second_source_leaves_it_single() -> None:
    part, line = used(), site("DE")
    factories.incumbent(part, sites=[line])
    factories.approved(part, sites=[line])
    assert word(part) == "single_idle"


def test_an_unknown_second_source_counts_and_is_told_apart() -> None:
    part = used()
    factories.incumbent(part)
    factories.approved(part)
    row = PartFigures.objects.get(part=part)
    assert (word(part), row.counted_sources, row.independent_sources) == ("unknown", 2, 1)


def test_an_open_case_that_would_take_it_out_is_in_qualification() -> None:
    part = used()
    factories.incumbent(part)
    team = factories.Team(factories.alternate(part))
    assert word(part) == "single_underway"
    team.fire("submit")
    team.fire("withdraw", note="no need")
    assert word(part) == "single_idle"


def test_a_case_on_a_part_without_approved_source_is_in_qualification() -> None:
    part = used()
    factories.Team(factories.alternate(part))
    assert word(part) == "none_underway"


def test_the_case_of_a_nominal_candidate_starts_nothing() -> None:
    part, line = used(), site("DE")
    factories.incumbent(part, sites=[line])
    factories.Team(factories.alternate(part, sites=[line]))
    assert word(part) == "single_idle"


def test_a_rolled_back_case_starts_nothing() -> None:
    part = used()
    factories.incumbent(part)
    team = factories.Team(factories.alternate(part))
    team.jump_to("transition")
    assert word(part) == "unknown"
    team.fire("roll_back", note="field returns")
    assert word(part) == "single_idle"


def test_a_case_on_a_third_source_changes_no_count() -> None:
    part = used()
    factories.incumbent(part)
    factories.approved(part)
    factories.Team(factories.alternate(part))
    assert word(part) == "unknown"
    assert PartFigures.objects.get(part=part).in_qualification is False


#: word → parts of the world below for which it holds
WORLD = {
    "none": 2, "none_idle": 1, "none_underway": 1, "single": 3, "single_idle": 2,
    "single_underway": 1, "underway": 2, "candidate": 1, "multiple": 2, "unknown": 1,
    "counted": 7, "left_out": 1,
}  # fmt: skip


@pytest.fixture
def world() -> dict[str, Part]:
    """A product with a part of each kind, its own board among them."""
    parts = {name: factories.part(ipn=f"P-{name.upper()}") for name in (
        "none", "begun", "single", "candidate", "underway", "two", "unknown", "board",
    )}  # fmt: skip
    factories.product("BOX", uses=dict.fromkeys(parts.values(), 1), monthly_volume=10)
    factories.product("BOARD", part=parts["board"])
    for name in ("single", "candidate", "underway", "unknown", "board"):
        factories.incumbent(parts[name])
    factories.incumbent(parts["two"], sites=[site("DE")])
    factories.approved(parts["two"], sites=[site("FR")])
    factories.approved(parts["unknown"])
    factories.alternate(parts["candidate"])
    for name in ("begun", "underway"):
        factories.Team(factories.alternate(parts[name]))
    figures.refresh_company()
    return parts


def client(role: str) -> Client:
    signed_in = Client()
    signed_in.force_login(factories.person(role))
    return signed_in


def links(page: Any) -> dict[str, int]:
    """What a page lists of its counts: the address of each list → the count."""
    return {one["url"]: one["count"] for one in page.context["counts"]}


def test_the_count_is_the_same_everywhere(world: dict[str, Part]) -> None:
    reader = client("executive")
    api = reader.get("/api/v1/dashboards/executive/").json()
    row = CompanyFigures.objects.get()
    for name, count in WORLD.items():
        listed = reader.get("/parts/", {"sources": name}).context["table"].page
        exported = reader.get("/parts/", {"sources": name, "export": "csv"})
        told = reader.get("/api/v1/parts/", {"sources": name}).json()["results"]
        file = list(csv.reader(io.StringIO(_text(exported))))
        assert (len(listed.rows), len(file) - 1, len(told)) == (count,) * 3, name
    totals = {
        "parts": "counted", "left_out_parts": "left_out", "no_source_parts": "none",
        "no_source_underway_parts": "none_underway", "single_source_parts": "single",
        "single_source_underway_parts": "single_underway", "several_parts": "multiple",
        "several_unknown_parts": "unknown",
    }  # fmt: skip
    for column, name in totals.items():
        assert (getattr(row, column), api[column]) == (WORLD[name],) * 2, column
    for page in ("/dashboard/", "/products/BOX/"):
        for url, count in links(reader.get(page)).items():
            assert len(reader.get(url).context["table"].page.rows) == count, url
    (box,) = [
        one for one in reader.get("/products/").context["table"].page.rows if one.code == "BOX"
    ]
    assert (box.none, box.single) == (WORLD["none"], WORLD["single"])
    tabs = {tab.label: tab.count for tab in reader.get("/parts/").context["tabs"]}
    assert (tabs["No approved source"], tabs["Single source"], tabs["Two or more"]) == (
        "2", "3", "2",
    )  # fmt: skip


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8-sig"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("single", "Single source, nothing started"),
        ("begun", "No approved source, in qualification"),
        ("unknown", "Two or more, independence not known"),
        ("board", "Not counted: own assembly or not used"),
    ],
)
def test_the_parts_page_says_the_word(world: dict[str, Part], name: str, said: str) -> None:
    text = client("viewer").get(f"/parts/{world[name].ipn}/").content.decode()
    assert said in text
    assert said[0].lower() + said[1:] == COUNTS[word(world[name])].label


def test_every_link_of_the_dashboard_lists_as_many_as_it_says(world: dict[str, Part]) -> None:
    factories.receipt(world["single"].sources.get(), 10, "5")
    factories.receipt(world["two"].sources.first(), 10)
    with clock.at(clock.now()):
        row = figures.refresh_company()
    reader = client("executive")
    page = reader.get("/dashboard/")
    facts = [one for kpi in page.context["kpis"] for one in kpi.get("facts", ()) if one["url"]]
    assert len(facts) >= 6
    for one in facts:
        shown = reader.get(one["url"]).context["table"].page.rows
        assert f"{len(shown)} " == one["text"].partition(" ")[0] + " ", one
    assert (row.spend_parts_known, row.spend_parts_missing, row.unpriced_receipts) == (1, 6, 1)
    drawn = page.content.decode()
    assert "Of 1 part with known spend (14" in drawn
    assert "6 to complete" in drawn
    assert "1 receipt without price" in drawn
