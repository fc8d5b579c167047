"""Datasheet lines from headers and cells: numbers with units, bounds, ranges, words."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.exchange.bulk.parameters import Line, read_cell, read_header


@pytest.mark.parametrize(
    ("header", "name", "bound", "unit"),
    [
        ("Voltage", "Voltage", "", ""),
        ("Vin max [V]", "Vin", "maximum", "V"),
        ("Vin (min) (V)", "Vin", "minimum", "V"),
        ("VDS_MAX", "VDS", "maximum", ""),
        ("Max. current, A", "current", "maximum", "A"),
        ("Output current (A)", "Output current", "", "A"),
        ("Rds(on) typ [mΩ]", "Rds(on)", "typical", "mΩ"),
        ("max", "max", "", ""),
        ("Temperature range", "Temperature range", "", ""),
    ],
)
def test_a_header_tells_name_bound_and_unit(header: str, name: str, bound: str, unit: str) -> None:
    assert read_header(header) == (name, bound, unit)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("50V", {"typical": 50.0, "unit": "V"}),
        ("0.1 uF", {"typical": 0.1, "unit": "uF"}),
        ("10%", {"typical": 10.0, "unit": "%"}),
        ("3 … 17 V", {"minimum": 3.0, "maximum": 17.0, "unit": "V"}),
        ("-40 to 85 °C", {"minimum": -40.0, "maximum": 85.0, "unit": "°C"}),
        ("-40°C ~ 125°C", {"minimum": -40.0, "maximum": 125.0, "unit": "°C"}),
        ("X7R", {"text": "X7R"}),
        ("ADJ", {"text": "ADJ"}),
        ("0603", {"text": "0603"}),
        ("0.5", {"typical": 0.5}),
        ("±10 %", {"text": "±10 %"}),
        ("1,234", {"text": "1,234"}),
        ("17 ... 3 V", {"text": "17 ... 3 V"}),
        ("-12", {"typical": -12.0}),
        ("1.5e-3 A", {"typical": 0.0015, "unit": "A"}),
    ],
)
def test_a_cell_is_a_number_a_range_or_a_text(cell: str, line: dict[str, Any]) -> None:
    assert read_cell("P", cell) == Line("P", **line)


def test_header_gives_bound_and_unit_where_the_cell_has_none() -> None:
    assert read_cell("Vin", "17", bound="maximum", unit="V") == Line("Vin", maximum=17.0, unit="V")
    assert read_cell("Vin", "17 mV", bound="maximum", unit="V").unit == "mV"


def test_two_columns_make_one_line() -> None:
    low = read_cell("Vin", "3", bound="minimum", unit="V")
    high = read_cell("Vin", "17", bound="maximum", unit="V")
    assert low.merged(high) == Line("Vin", minimum=3.0, maximum=17.0, unit="V")
