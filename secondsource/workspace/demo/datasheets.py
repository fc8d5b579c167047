"""Requirements of some parts of the demonstration, and datasheets of manufacturers (invented)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parts import services as catalogue
from parts.models import Part
from secondsource.workspace.demo.people import Cast
from suppliers import services as sourcing
from suppliers.models import Source

#: (group, parameter, rule, minimum, maximum, text, unit, consequence) per part.
REQUIREMENTS: dict[str, list[tuple[Any, ...]]] = {
    "MCU-A": [
        ("Electrical", "Lowest supply", "at_most", None, 3.0, "", "V", "The rail is 3.3 V ±5 %."),
        ("Electrical", "Highest supply", "at_least", 3.6, None, "", "V", ""),
        ("Electrical", "Run current", "at_most", None, 95.0, "", "mA", ""),
        ("Electrical", "ADC rate", "at_least", 1.1, None, "", "MSPS", "DC-210 samples at 1.1."),
        ("Core and memory", "Clock", "at_least", 168.0, None, "", "MHz", ""),
        ("Core and memory", "Flash", "at_least", 1024.0, None, "", "KB", ""),
        ("Core and memory", "USB", "one_of", None, None, "host and device", "",
         "DC-340 needs host mode."),
        ("Mechanical", "Package", "equal", None, None, "LQFP-100", "", ""),
        ("Mechanical", "Lowest ambient", "at_most", None, -40.0, "", "°C", ""),
        ("Mechanical", "Highest ambient", "at_least", 85.0, None, "", "°C", ""),
    ],
    "BUCK": [
        ("Electrical", "Lowest input", "at_most", None, 4.5, "", "V", ""),
        ("Electrical", "Highest input", "at_least", 14.0, None, "", "V", ""),
        ("Electrical", "Output current", "at_least", 3.0, None, "", "A", ""),
        ("Electrical", "Quiescent current", "at_most", None, 25.0, "", "µA",
         "Standby of DC-118 draws on it."),
        ("Mechanical", "Package", "equal", None, None, "QFN-16", "", ""),
    ],
}  # fmt: skip

#: (parameter, minimum, typical, maximum, text, unit) per source of a part.
DATASHEETS: dict[tuple[str, int], list[tuple[Any, ...]]] = {
    ("MCU-A", 0): [
        ("Lowest supply", None, 1.8, None, "", "V"), ("Highest supply", None, 3.6, None, "", "V"),
        ("Run current", None, 87.0, 87.0, "", "mA"),
        ("ADC rate", 2.4, 2.4, None, "", "MSPS"), ("Clock", 168.0, 168.0, None, "", "MHz"),
        ("Flash", 1024.0, 1024.0, None, "", "KB"),
        ("USB", None, None, None, "host and device", ""),
        ("Package", None, None, None, "LQFP-100", ""),
        ("Lowest ambient", None, -40.0, None, "", "°C"),
        ("Highest ambient", None, 85.0, None, "", "°C"),
    ],
    ("MCU-A", 1): [
        ("Lowest supply", None, 2.6, None, "", "V"), ("Highest supply", None, 3.6, None, "", "V"),
        ("Run current", None, 64.0, 64.0, "", "mA"),
        ("ADC rate", 2.6, 2.6, None, "", "MSPS"), ("Clock", 168.0, 168.0, None, "", "MHz"),
        ("Flash", 1024.0, 1024.0, None, "", "KB"),
        ("USB", None, None, None, "host and device", ""),
        ("Package", None, None, None, "LQFP-100", ""),
        ("Lowest ambient", None, -40.0, None, "", "°C"),
        ("Highest ambient", None, 85.0, None, "", "°C"),
    ],
    ("MCU-A", 2): [
        ("Lowest supply", None, 2.6, None, "", "V"), ("Highest supply", None, 3.6, None, "", "V"),
        ("Run current", None, 71.0, 71.0, "", "mA"),
        ("ADC rate", 2.0, 2.0, None, "", "MSPS"), ("Clock", 240.0, 240.0, None, "", "MHz"),
        ("Flash", 1024.0, 1024.0, None, "", "KB"),
        ("USB", None, None, None, "device", ""), ("Package", None, None, None, "LQFP-100", ""),
        ("Lowest ambient", None, -40.0, None, "", "°C"),
        ("Highest ambient", None, 105.0, None, "", "°C"),
    ],
    ("BUCK", 0): [
        ("Lowest input", None, 3.0, None, "", "V"), ("Highest input", None, 17.0, None, "", "V"),
        ("Output current", 3.0, 3.0, None, "", "A"),
        ("Quiescent current", None, 17.0, 25.0, "", "µA"),
        ("Package", None, None, None, "QFN-16", ""),
    ],
    ("BUCK", 1): [
        ("Lowest input", None, 4.0, None, "", "V"), ("Highest input", None, 16.0, None, "", "V"),
        ("Output current", 3.0, 3.0, None, "", "A"),
        ("Package", None, None, None, "QFN-16", ""),
    ],
}  # fmt: skip


def write_datasheets(
    parts: Mapping[str, Part], sources: Mapping[tuple[str, int], Source], cast: Cast
) -> None:
    """Requirements of our parts and parameters of the manufacturer parts."""
    needs = ("group", "parameter", "rule", "minimum", "maximum", "text", "unit", "consequence")
    for key, rows in REQUIREMENTS.items():
        catalogue.set_requirements(
            part=parts[key],
            requirements=[dict(zip(needs, row, strict=True)) for row in rows],
            actor=cast["engineer"],
        )
    says = ("name", "minimum", "typical", "maximum", "text", "unit")
    for place, rows in DATASHEETS.items():
        sourcing.set_parameters(
            manufacturer_part=sources[place].manufacturer_part,
            parameters=[dict(zip(says, row, strict=True)) for row in rows],
            actor=cast["engineer"],
        )
