"""What the reader offers of datasheets is right; figures in the help page “Datasheets”."""

from __future__ import annotations

import pytest

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
