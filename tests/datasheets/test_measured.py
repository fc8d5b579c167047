"""What the reader offers of datasheets is right; what is written down of it was measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from secondsource.core.tabular import read_parameters
from suppliers.datasheet_reading import lines_of
from tests.datasheets import measured, tried
from tests.datasheets.measure import measure, read
from tests.datasheets.sheet import Sheet


def test_precision_and_recall_on_the_measuring_set() -> None:
    found = measure(measured.SHEETS)
    assert len(measured.SHEETS) >= 10
    assert found.precision >= 0.95, found.wrong
    assert found.recall >= 0.9, found.missed


def test_what_is_written_down_was_measured() -> None:
    found, known = measure(measured.SHEETS), measure(tried.SHEETS)
    readme, page = written("README.md"), written("templates/suppliers/datasheets.html")
    for text in (readme, page):
        assert f"{found.right} of {found.right + len(found.missed)} lines" in text
        assert f"recall {round(100 * found.recall)} %" in text
        assert f"precision {round(100 * found.precision)} %" in text
    assert f"{known.right} of {known.right + len(known.missed)}, none wrong" in readme
    assert known.wrong == []


def written(place: str) -> str:
    return " ".join((Path(settings.BASE_DIR) / place).read_text().split())


@pytest.mark.parametrize("sheet", tried.SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_wrong_is_offered_of_a_tried_sheet(sheet: Sheet) -> None:
    assert measure([sheet]).wrong == []


@pytest.mark.parametrize(
    ("sheet", "name"),
    [
        (measured.EEPROM, "Clock frequency"),  # two modes beside each other
        (measured.EEPROM, "Low-level input voltage"),  # 0.3 VCC is no number
        (measured.EEPROM, "Endurance"),  # cycles are no unit
        (measured.OPTOCOUPLER, "Isolation resistance"),  # 10¹¹
        (measured.RELAY, "Coil resistance"),  # 1028 ±10 %
        (measured.TVS, "TV-12"),  # an order code
        (tried.REGULATOR, "Thermal resistance, junction to case"),  # typical or maximum?
        (tried.CONNECTOR, "A"),  # a dimension without a unit
        (tried.RESISTOR, "Temperature coefficient"),  # typically ±50
    ],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_what_is_not_clear_is_not_offered(sheet: Sheet, name: str) -> None:
    assert name not in {line.name for line in read(sheet)}


def test_a_name_in_use_is_taken_over() -> None:
    tables = read_parameters(tried.DIODE.pdf, "diode.pdf").tables
    names = {line.name for line in lines_of(tables, known=["FORWARD VOLTAGE (HOT)"])}
    assert {"FORWARD VOLTAGE (HOT)", "Leakage current"} <= names
