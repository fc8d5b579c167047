"""What is needed of the assortment's parts in a case, and what both datasheets say (invented)."""

from __future__ import annotations

from typing import Any

_COLD_TO_HOT = ("Mechanical", "Ambient temperature", "covers", -40.0, 85.0, "°C",
                (-40.0, None, 105.0), (-40.0, None, 105.0))  # fmt: skip

#: Part → (group, parameter, rule, minimum, maximum, unit, incumbent, candidate), where the two
#: say minimum, typical, maximum.
SPECS: dict[str, list[tuple[Any, ...]]] = {
    "GD three phase 60 V": [
        ("Electrical", "Peak current", "at_least", 1.5, None, "A", (1.8, 2.0, None),
         (2.0, 2.3, None)),
        ("Electrical", "Dead time", "at_most", None, 250.0, "ns", (None, 150.0, 220.0),
         (None, 140.0, 200.0)),
        _COLD_TO_HOT,
    ],
    "NF 64 Mb": [
        ("Electrical", "Supply", "covers", 3.0, 3.6, "V", (2.7, None, 3.6), (2.7, None, 3.6)),
        ("Memory", "Erase time of a sector", "at_most", None, 400.0, "ms", (None, 50.0, 300.0),
         (None, 45.0, 280.0)),
        ("Memory", "Endurance", "at_least", 100.0, None, "kcycles", (100.0, None, None),
         (100.0, None, None)),
    ],
    "CPY 22 µF": [
        ("Electrical", "Rated voltage", "at_least", 25.0, None, "V", (35.0, None, None),
         (35.0, None, None)),
        ("Electrical", "ESR", "at_most", None, 60.0, "mohm", (None, 34.0, 45.0),
         (None, 30.0, 40.0)),
    ],
    "SV watchdog": [
        ("Electrical", "Threshold", "within", 2.85, 3.0, "V", (2.88, 2.93, 2.97),
         (2.89, 2.93, 2.96)),
        ("Electrical", "Supply current", "at_most", None, 25.0, "uA", (None, 9.0, 16.0),
         (None, 7.0, 12.0)),
        _COLD_TO_HOT,
    ],
    "BK 5 A 18 V": [
        ("Electrical", "Input", "covers", 6.0, 15.0, "V", (4.5, None, 18.0), (4.5, None, 18.0)),
        ("Electrical", "Output current", "at_least", 4.0, None, "A", (5.0, None, None),
         (5.0, None, None)),
        ("Electrical", "Quiescent current", "at_most", None, 120.0, "uA", (None, 45.0, 70.0),
         (None, 60.0, 95.0)),
    ],
    "XO 20 MHz": [
        ("Electrical", "Frequency tolerance", "at_most", None, 25.0, "ppm", (None, None, 20.0),
         (None, None, 25.0)),
        ("Electrical", "Start-up time", "at_most", None, 5.0, "ms", (None, 1.0, 2.0),
         (None, 1.4, None)),
    ],
    "EE 64 Kb": [
        ("Memory", "Write time", "at_most", None, 5.0, "ms", (None, None, 5.0), (None, None, 5.0)),
        ("Memory", "Retention", "at_least", 40.0, None, "year", (100.0, None, None),
         (200.0, None, None)),
    ],
    "SD 60 V 2 A": [
        ("Electrical", "Forward voltage at 2 A", "at_most", None, 620.0, "mV", (None, 540.0, 600.0),
         (None, 520.0, 590.0)),
        ("Electrical", "Leakage at 85 °C", "at_most", None, 900.0, "uA", (None, 210.0, 400.0),
         (None, 820.0, 1600.0)),
    ],
}  # fmt: skip

REQUIREMENTS = {
    key: [(group, name, rule, low, high, "", unit, "")
          for group, name, rule, low, high, unit, *_ in rows]
    for key, rows in SPECS.items()
}  # fmt: skip
DATASHEETS = {
    (key, place): [(row[1], *row[6 + place], "", row[5]) for row in rows]
    for key, rows in SPECS.items()
    for place in (0, 1)
}
