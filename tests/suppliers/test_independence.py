"""Independence of sources: what they share decides, and what is not on record is not known."""

from __future__ import annotations

from typing import Any

import pytest

from suppliers import services as sourcing
from suppliers.models import Site, Source
from tests import factories

pytestmark = pytest.mark.django_db


def site(name: str, activity: str, country: str) -> Site:
    return sourcing.add_site(
        supplier=factories.manufacturer(), name=name, activity=activity, country=country,
        actor=factories.JOB,
    )  # fmt: skip


def fab(name: str = "Fab 1", country: str = "TW") -> Site:
    return site(name, "fab", country)


def read(source: Source) -> Source:
    source.refresh_from_db()
    return source


@pytest.mark.parametrize(
    ("mine", "theirs", "word"),
    [
        (("Fab 1", "fab", "TW"), ("Fab 1", "fab", "TW"), "nominal"),
        (("Line", "assembly", "MY"), ("Line", "assembly", "MY"), "nominal"),
        (("Fab 1", "fab", "TW"), ("Fab 2", "fab", "TW"), "partly"),
        (("Fab 1", "fab", "TW"), ("Fab 2", "fab", "US"), "independent"),
        (("Line", "assembly", "MY"), ("Mill", "assembly", "DE"), "independent"),
    ],
)
def test_what_two_sources_share_decides(
    mine: tuple[str, str, str], theirs: tuple[str, str, str], word: str
) -> None:
    part, first = factories.part(), site(*mine)
    second = first if mine == theirs else site(*theirs)
    dies = ("D1", "D2") if mine[1] == "fab" else ("", "")
    factories.incumbent(part, sites=[first], die=dies[0])
    other = factories.approved(part, sites=[second], die=dies[1])
    assert read(other).independence == word


def test_the_same_die_in_another_package_is_nominal() -> None:
    part = factories.part()
    factories.incumbent(part, "FIRST", die="D42")
    other = read(factories.approved(part, die="D42"))
    assert other.independence == "nominal"
    assert "same die D42 as FIRST" in other.shared


def test_the_same_legal_group_is_nominal() -> None:
    part, head = factories.part(), factories.manufacturer()
    factories.incumbent(part, "FIRST", manufacturer=head)
    other = read(factories.approved(part, manufacturer=factories.manufacturer(group=head)))
    assert (other.independence, other.shared[0]) == ("nominal", "same legal group as FIRST")


@pytest.mark.parametrize(
    ("mine", "theirs", "missing"),
    [
        ({}, {}, ["sites of FIRST not on record", "sites of SECOND not on record"]),
        ({"die": "D1", "sites": "fab"}, {"sites": "fab"}, ["die of SECOND not on record"]),
        (
            {"die": "D1", "sites": "fab"},
            {"die": "D2", "sites": "assembly"},
            ["fab of SECOND not on record"],
        ),
    ],
)
def test_what_is_not_on_record_makes_it_unknown(
    mine: dict[str, Any], theirs: dict[str, Any], missing: list[str]
) -> None:
    part = factories.part()
    given = []
    for country, fields in (("TW", mine), ("US", theirs)):
        made = fields.get("sites")
        sites = [site(f"{made} {country}", made, country)] if made else []
        given.append(fields | {"sites": sites})
    factories.incumbent(part, "FIRST", **given[0])
    other = read(factories.approved(part, "SECOND", **given[1]))
    assert (other.independence, other.shared) == ("unknown", missing)


def test_a_candidate_beside_no_approved_source_is_unknown_without_facts() -> None:
    other = read(factories.alternate(factories.part(), "ALONE"))
    assert (other.independence, other.shared) == ("unknown", ["sites of ALONE not on record"])


def test_candidates_that_share_a_die_are_nominal_and_it_is_said() -> None:
    part = factories.part()
    factories.incumbent(part, die="D1", sites=[fab()])
    first = factories.alternate(part, "A", die="D2", sites=[fab("Fab 2", "US")])
    second = factories.alternate(part, "B", die="D2", sites=[fab("Fab 3", "DE")])
    assert read(first).independence == read(second).independence == "nominal"
    assert first.shared == ["same die D2 as B, not approved"]
    assert second.shared == ["same die D2 as A, not approved"]


def test_candidates_at_one_site_are_not_compared_by_it() -> None:
    part, place = factories.part(), fab("Fab 2", "US")
    first = factories.alternate(part, die="D2", sites=[place])
    factories.alternate(part, die="D3", sites=[place])
    assert read(first).independence == "independent"


def test_a_case_on_one_of_two_equal_candidates_would_count() -> None:
    part = factories.part()
    factories.incumbent(part, die="D1", sites=[fab()])
    first = factories.alternate(part, die="D2", sites=[fab("Fab 2", "US")])
    second = factories.alternate(part, die="D2", sites=[fab("Fab 3", "DE")])
    factories.Team(first)
    assert (read(first).independence, first.would_count) == ("nominal", True)
    assert read(second).would_count is False
