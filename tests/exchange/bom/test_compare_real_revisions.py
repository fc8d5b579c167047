"""Two revisions of a real BOM differ by what their owners changed."""

import pytest

from .real_files import imported

PAIRS = [
    ("limesdr_usb_1v4_r4.xls", "limesdr_usb_1v4_r7.xls", 0, 0, 2),
    ("microbit_v2.00.csv", "microbit_v2.21.csv", 10, 4, 10),
    ("fomu_evt3.csv", "fomu_pvt1.csv", 16, 23, 12),
    ("speeduino_m52tu_L9637D_utf16.csv", "speeduino_m52tu_MAX13020_utf16.csv", 3, 1, 0),
]


def parts_by_designator(name: str) -> dict[str, str | None]:
    return {
        designator: line.primary.mpn if line.primary else None
        for line in imported(name).lines
        for designator in line.designators
    }


@pytest.mark.parametrize(("old", "new", "added", "removed", "changed"), PAIRS)
def test_designators_added_removed_changed(old, new, added, removed, changed):
    before, after = parts_by_designator(old), parts_by_designator(new)
    assert len(after.keys() - before.keys()) == added
    assert len(before.keys() - after.keys()) == removed
    common = before.keys() & after.keys()
    assert sum(1 for name in common if before[name] != after[name]) == changed
