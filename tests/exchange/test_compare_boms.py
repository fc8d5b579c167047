"""Two states of a BOM beside each other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parts.models import Part
from secondsource.core.actors import Actor
from secondsource.exchange.boms import effects
from secondsource.exchange.boms.compare import Comparison, Item, compare
from secondsource.exchange.boms.plan import positions
from secondsource.exchange.services import result_of
from secondsource.exchange.views.preview import preview_of
from suppliers.names import normal_mpn
from tests import factories
from tests.exchange.bom.real_files import imported
from tests.exchange.imports import BOM, HEAD, upload


def item(places: str, mpn: str = "", quantity: int | None = None, **fields: Any) -> Item:
    names = tuple(places.split())
    count = Decimal(len(names) if quantity is None else quantity)
    return Item(designators=names, quantity=count, mpn=mpn, **fields)


def differences(found: Comparison) -> list[tuple[str, str, str]]:
    return [(d.kind, d.before, d.after) for change in found.changed for d in change.differences]


def test_nothing_changed() -> None:
    lines = [item("R1 R2", "A"), item("C1", "B", alternates=("X",))]
    found = compare(lines, list(reversed(lines)))
    assert (found.differs, found.same) == (False, 2)


def test_added_and_removed() -> None:
    found = compare([item("R1", "A"), item("R2", "B")], [item("R1", "A"), item("R3", "C")])
    assert [one.name for one in found.added] == ["C"]
    assert [one.name for one in found.removed] == ["B"]
    assert found.counts == {
        "added": 1, "removed": 1, "quantity": 0, "places": 0, "mpn": 0, "alternates": 0,
        "fitted": 0, "same": 1,
    }  # fmt: skip


def test_another_number_in_the_same_place() -> None:
    found = compare([item("U1", "A")], [item("U1", "B")])
    assert differences(found) == [("mpn", "A", "B")]


def test_two_numbers_that_swap_places() -> None:
    found = compare([item("U1", "A"), item("U2", "B")], [item("U1", "B"), item("U2", "A")])
    assert differences(found) == [("mpn", "A", "B"), ("mpn", "B", "A")]


def test_fewer_of_the_same_number() -> None:
    found = compare([item("R1 R2 R3", "A")], [item("R1 R2", "A"), item("R3", "B")])
    assert differences(found) == [("quantity", "3", "2"), ("places", "R3", "")]
    assert [one.name for one in found.added] == ["B"]


def test_another_number_in_most_of_the_places() -> None:
    found = compare(
        [item("R1 R2 R3", "A"), item("R4", "B")], [item("R1 R2", "C"), item("R4 R3", "D")]
    )
    assert differences(found) == [
        ("quantity", "3", "2"), ("places", "R3", ""), ("mpn", "A", "C"),
        ("quantity", "1", "2"), ("places", "", "R3"), ("mpn", "B", "D"),
    ]  # fmt: skip


def test_alternates_come_and_go() -> None:
    found = compare(
        [item("U1", "A", alternates=("X", "Y"))], [item("U1", "A", alternates=("Y", "Z"))]
    )
    assert differences(found) == [("alternates", "X", "Z")]


def test_a_line_is_no_longer_fitted() -> None:
    found = compare([item("R1", "A")], [item("R1", "A", not_fitted=Decimal(1))])
    assert differences(found) == [("fitted", "0", "1")]


def test_lines_without_places_and_numbers_are_told_by_their_look() -> None:
    before = [item("", quantity=2, value="screw", description="M3")]
    after = [item("", quantity=4, value="screw", description="M3"), item("", quantity=1)]
    found = compare(before, after)
    assert differences(found) == [("quantity", "2", "4")]
    assert len(found.added) == 1


def items_of(name: str) -> list[Item]:
    return [
        Item(
            designators=line.designators,
            quantity=line.quantity or Decimal(0),
            not_fitted=line.quantity_not_fitted,
            mpn=normal_mpn(line.primary.mpn) if line.primary else "",
            alternates=tuple(normal_mpn(one.part.mpn) for one in line.alternates),
            value=line.value,
            footprint=line.footprint,
            description=line.description,
            row=line.row,
        )
        for line in positions(imported(name))
    ]


@pytest.mark.parametrize(
    ("old", "new", "places_added", "places_removed"),
    [
        ("limesdr_usb_1v4_r4.xls", "limesdr_usb_1v4_r7.xls", 0, 0),
        ("microbit_v2.00.csv", "microbit_v2.21.csv", 10, 4),
        ("fomu_evt3.csv", "fomu_pvt1.csv", 16, 23),
        ("speeduino_m52tu_L9637D_utf16.csv", "speeduino_m52tu_MAX13020_utf16.csv", 3, 1),
    ],
)
def test_real_revisions(old: str, new: str, places_added: int, places_removed: int) -> None:
    before, after = items_of(old), items_of(new)
    found = compare(before, after)
    paired = found.same + len(found.changed)
    assert (len(found.added) + paired, len(found.removed) + paired) == (len(after), len(before))
    gone, new_places = _places(found)
    assert len(new_places - gone) == places_added
    assert len(gone - new_places) == places_removed
    assert compare(after, after).same == len(after)
    back = compare(after, before)
    assert (len(back.added), len(back.removed)) == (len(found.removed), len(found.added))


def _places(found: Comparison) -> tuple[set[str], set[str]]:
    """Places that went and came, over all lines; one that changed its line is in both."""
    gone = {place for one in found.removed for place in one.designators}
    new = {place for one in found.added for place in one.designators}
    for change in found.changed:
        gone |= set(change.before.designators) - set(change.after.designators)
        new |= set(change.after.designators) - set(change.before.designators)
    return gone, new


def test_the_effect_on_sources_and_open_cases(run: Any, engineer: Actor) -> None:
    run(BOM)
    leaving = Part.objects.get(value="STM32")
    team = factories.Team(leaving.sources.get(role="alternate"))
    text = HEAD + "C1 C2,2,100n,0402,Murata,GRM155R71C104KA88D,,\n"
    next_one = upload(text, engineer, "PUMP")
    result = result_of(next_one)
    assert result is not None
    assert engineer.user is not None
    preview = preview_of(next_one, result, engineer.user)
    shown = preview.comparison()
    assert shown is not None
    assert (shown["next"], shown["cases"]) == (2, 1)
    told = [(e.part.value, e.leaves, e.change, e.approved, e.sources) for e in shown["effects"]]
    assert told[0] == ("STM32", True, "1 → not used", 1, 2)
    assert shown["effects"][0].cases == (team.case,)
    assert sorted(told[1:]) == [
        ("100n", False, "1 → 2 pieces", 1, 1), ("10k", True, "2 → not used", 1, 2)
    ]  # fmt: skip


def test_stored_revisions_compare_as_their_files(run: Any) -> None:
    first = run(BOM)
    second = run(BOM.replace("C1,1,", "C1 C2,2,"))
    found = effects.revisions(first.revision, second.revision)
    assert differences(found) == [("quantity", "1", "2"), ("places", "", "C2")]
    assert found.same == 2
