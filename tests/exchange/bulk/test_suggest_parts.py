"""An unknown number names those that are close to it, as far as its sender may see them."""

from __future__ import annotations

from secondsource.accounts.models import Plant
from secondsource.core.actors import Actor
from tests import factories
from tests.exchange.bulk.files import send
from tests.exchange.bulk.world import Sourcing

HEAD = "Received date,Our part number,Qty\n"


def details(text: str, sourcing: Sourcing, kind: str = "receipts") -> list[str]:
    return [one["detail"] for one in send(text, kind, sourcing.buyer).errors]


def test_close_numbers_are_named(sourcing: Sourcing) -> None:
    assert details(HEAD + "2026-03-28,470-0O019,5\n2026-03-28,470-00018,5\n", sourcing) == [
        "No source of ours goes by this number. Did you mean 470-00019?",
        "No source of ours goes by this number. Did you mean 470-00019 or 470-00020?",
    ]


def test_nothing_is_named_for_a_number_like_no_other(sourcing: Sourcing) -> None:
    assert details(HEAD + "2026-03-28,XYZ,5\n", sourcing) == [
        "No source of ours goes by this number."
    ]


def test_a_known_part_without_a_source_is_itself(sourcing: Sourcing) -> None:
    factories.part(ipn="470-00021")
    assert details(HEAD + "2026-03-28,470-00021,5\n", sourcing) == [
        "No source of ours goes by this number."
    ]


def test_unknown_parts_of_other_files(sourcing: Sourcing) -> None:
    found = send("Our part number,Stock\n470-0001,5\n", "stock", factories.actor("engineer"))
    assert [one["detail"] for one in found.errors] == [
        "There is no part with this number. Did you mean 470-00019 or 470-00020?"
    ]


def test_parts_of_other_plants_are_not_named(sourcing: Sourcing) -> None:
    part = factories.part(ipn="X-1000")
    factories.product("FAN", uses={part: 1}, plants=[Plant.objects.create(code="S", name="South")])
    person = factories.person("engineer")
    person.plants.add(Plant.objects.create(code="N", name="North"))
    found = send("Our part number,Stock\nX-1001,5\nX-1000,5\n", "stock", Actor(user=person))
    assert [one["detail"] for one in found.errors] == ["There is no part with this number."] * 2
