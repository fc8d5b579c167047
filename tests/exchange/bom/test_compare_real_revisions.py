"""Two revisions of a real BOM differ by what their owners changed."""

from decimal import Decimal

import pytest

from secondsource.exchange.boms.compare import Comparison, Item, compare

from .real_files import imported

# Designators added, removed, with another part number; lines that changed, by kind.
PAIRS = [
    ("limesdr_usb_1v4_r4.xls", "limesdr_usb_1v4_r7.xls", (0, 0, 2)),
    ("microbit_v2.00.csv", "microbit_v2.21.csv", (10, 4, 10)),
    ("fomu_evt3.csv", "fomu_pvt1.csv", (16, 23, 12)),
    ("speeduino_m52tu_L9637D_utf16.csv", "speeduino_m52tu_MAX13020_utf16.csv", (3, 1, 0)),
]


def items(name: str) -> list[Item]:
    return [
        Item(
            designators=line.designators,
            quantity=line.quantity or Decimal(0),
            not_fitted=line.quantity_not_fitted,
            mpn=line.primary.mpn.upper() if line.primary else "",
            alternates=tuple(other.part.mpn for other in line.alternates),
            value=line.value,
        )
        for line in imported(name).lines
    ]


def compared(old: str, new: str) -> Comparison:
    return compare(items(old), items(new))


@pytest.mark.parametrize(("old", "new", "places"), PAIRS)
def test_designators_added_removed_changed(old, new, places):
    found = compared(old, new).places
    assert (found.added, found.removed, found.mpn) == places


def test_lime_changes_one_part_and_the_fitting_of_two_lines():
    found = compared(*PAIRS[0][:2])
    assert found.counts == {
        "added": 0, "removed": 0, "quantity": 0, "places": 0, "mpn": 1, "alternates": 0,
        "fitted": 2, "same": 121,
    }  # fmt: skip
    change = next(change for change in found.changed if "mpn" in change.kinds)
    assert change.after.designators == ("IC2", "IC18")
    assert [(one.before, one.after) for one in change.differences] == [
        ("24FC64F-I/ST", "M24128-DRDW8TP/K")
    ]


def test_speeduino_swaps_a_transceiver():
    found = compared(*PAIRS[3][:2])
    assert [item.mpn for item in found.added] == ["MAX13020ASA+T"]
    assert [item.mpn for item in found.removed] == ["E-L9637D013TR"]
    assert [item.designators for item in found.added] == [("U6",)]


def test_fomu_changes_alternates():
    found = compared(*PAIRS[2][:2])
    assert found.counts["alternates"] == 1
    assert (len(found.added), len(found.removed)) == (16, 23)
