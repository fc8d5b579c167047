"""What Ctrl K finds: by a piece of a number, only what the reader may see."""

from __future__ import annotations

import pytest
from django.utils.http import urlencode

from secondsource.accounts.models import User
from secondsource.workspace import jump, jump_sources
from tests import factories

pytestmark = pytest.mark.django_db


def reader(*roles: str) -> User:
    return factories.person(*roles)


def labels(user: User, text: str) -> dict[str, list[str]]:
    return {heading: [hit.label for hit in hits] for heading, hits in jump.find(user, text)}


def test_a_part_is_found_by_a_piece_of_its_number() -> None:
    part = factories.part(ipn="410-00217")
    factories.incumbent(part, "STM32F407VGT6")
    (hit,) = dict(jump.find(reader("viewer"), "0021"))["Parts"]
    assert (hit.label, hit.url, hit.mono) == ("410-00217", part.get_absolute_url(), True)


def test_a_part_is_found_by_its_manufacturer_s_number() -> None:
    factories.incumbent(factories.part(ipn="410-00217"), "STM32F407VGT6")
    assert labels(reader("viewer"), "f407") == {"Parts": ["410-00217"]}


def test_a_supplier_is_found_by_its_name() -> None:
    factories.manufacturer("Winbond Electronics")
    assert labels(reader("viewer"), "winb") == {"Suppliers": ["Winbond Electronics"]}


def test_a_heading_shows_a_few_hits_only() -> None:
    for number in range(9):
        factories.manufacturer(f"Manufacturer {number}")
    assert len(labels(reader("viewer"), "manufacturer")["Suppliers"]) == jump.LIMIT


def test_a_page_in_two_menus_is_found_once() -> None:
    found = jump_sources.pages(reader("admin"), "jobs")
    assert [hit.url for hit in found] == ["/jobs/"]


def test_an_administrator_finds_parts_as_a_viewer_does() -> None:
    factories.part(ipn="410-00217")
    assert labels(reader("admin"), "410-0") == {"Parts": ["410-00217"]}


def test_calculators_are_found_by_words_of_their_title() -> None:
    assert "Pilot verdict" in labels(reader("viewer"), "verdict pilot")["Calculators"]


def test_people_lead_to_their_cases_and_for_an_administrator_to_their_page() -> None:
    person = factories.person("quality", name="Quinn Quality")
    factories.person("quality", name="Quinn Gone", is_active=False)
    (hit,) = dict(jump.find(reader("viewer"), "quinn"))["People"]
    assert (hit.label, hit.url) == ("Quinn Quality", f"/q/?{urlencode({'person': person.email})}")
    (hit,) = dict(jump.find(reader("admin"), person.email))["People"]
    assert hit.url == person.get_absolute_url()


def test_what_is_named_so_stands_first_and_parts_before_cases() -> None:
    part = factories.part(ipn="410-0021")
    factories.part(ipn="1410-0021")
    case = factories.Team(factories.alternate(part)).case
    found = labels(reader("engineer"), "410-0021")
    assert list(found) == ["Parts", "Qualifications"]
    assert found["Parts"][0] == "410-0021"
    assert next(iter(labels(reader("engineer"), case.key))) == "Qualifications"


def test_without_text_only_pages_are_offered() -> None:
    factories.part(ipn="410-00217")
    factories.manufacturer("Winbond")
    assert list(labels(reader("viewer"), "")) == ["Pages"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; DROP", "SSQ-99999999999999999999"])
def test_odd_text_finds_nothing_and_breaks_nothing(text: str) -> None:
    factories.part(ipn="410-00217")
    assert labels(reader("viewer"), text) == {}
