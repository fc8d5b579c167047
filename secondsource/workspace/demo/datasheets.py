"""Requirements of some parts of the demonstration, and datasheets of manufacturers (invented)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parts import services as catalogue
from parts.models import Part
from secondsource.workspace.demo import case_specs, spec_review
from secondsource.workspace.demo.people import Cast
from suppliers import services as sourcing
from suppliers.models import Source

#: (group, parameter, rule, minimum, maximum, text, unit, consequence) per part.
REQUIREMENTS: dict[str, list[tuple[Any, ...]]] = {
    "MCU-A": [
        ("Electrical", "Supply", "covers", 3.1, 3.5, "", "V", "The rail is 3.3 V ±5 %."),
        ("Electrical", "Run current", "at_most", None, 95.0, "", "mA", ""),
        ("Electrical", "ADC rate", "at_least", 1.1, None, "", "MSPS", "DC-210 samples at 1.1."),
        ("Core and memory", "Clock", "at_least", 168.0, None, "", "MHz", ""),
        ("Core and memory", "Flash", "at_least", 1024.0, None, "", "KB", ""),
        ("Core and memory", "USB", "all_of", None, None, "host, device", "",
         "DC-340 needs host mode."),
        ("Mechanical", "Package", "equal", None, None, "LQFP-100", "", ""),
        ("Mechanical", "Ambient temperature", "covers", -40.0, 85.0, "", "°C", ""),
    ],
    "BUCK": [
        ("Electrical", "Input", "covers", 4.5, 14.0, "", "V", ""),
        ("Electrical", "Output current", "at_least", 3.0, None, "", "A", ""),
        ("Electrical", "Quiescent current", "at_most", None, 25.0, "", "µA",
         "Standby of DC-118 draws on it."),
        ("Mechanical", "Package", "equal", None, None, "QFN-16", "", ""),
    ],
}  # fmt: skip

#: (parameter, minimum, typical, maximum, text, unit) per source of a part.
DATASHEETS: dict[tuple[str, int], list[tuple[Any, ...]]] = {
    ("MCU-A", 0): [
        ("Supply", 1.8, None, 3.6, "", "V"), ("Run current", None, 71.0, 87.0, "", "mA"),
        ("ADC rate", 2.4, None, None, "", "MSPS"), ("Clock", 168.0, None, None, "", "MHz"),
        ("Flash", 1024.0, None, None, "", "KB"), ("USB", None, None, None, "host, device", ""),
        ("Package", None, None, None, "LQFP-100", ""),
        ("Ambient temperature", -40.0, None, 85.0, "", "°C"),
    ],
    ("MCU-A", 1): [
        ("Supply", 2.6, None, 3.6, "", "V"), ("Run current", None, 52.0, 64.0, "", "mA"),
        ("ADC rate", 2.6, None, None, "", "MSPS"), ("Clock", 168.0, None, None, "", "MHz"),
        ("Flash", 1024.0, None, None, "", "KB"), ("USB", None, None, None, "host, device", ""),
        ("Package", None, None, None, "LQFP-100", ""),
        ("Ambient temperature", -40.0, None, 85.0, "", "°C"),
    ],
    ("MCU-A", 2): [
        ("Supply", 2.6, None, 3.6, "", "V"), ("Run current", None, 71.0, None, "", "mA"),
        ("ADC rate", 2.0, None, None, "", "MSPS"), ("Clock", 240.0, None, None, "", "MHz"),
        ("Flash", 1024.0, None, None, "", "KB"), ("USB", None, None, None, "device", ""),
        ("Package", None, None, None, "LQFP-100", ""),
        ("Ambient temperature", -40.0, None, 105.0, "", "°C"),
    ],
    ("BUCK", 0): [
        ("Input", 3.0, None, 17.0, "", "V"), ("Output current", 3.0, None, None, "", "A"),
        ("Quiescent current", None, 17.0, 25.0, "", "µA"),
        ("Package", None, None, None, "QFN-16", ""),
    ],
    ("BUCK", 1): [
        ("Input", 4.0, None, 16.0, "", "V"), ("Output current", 3.0, None, None, "", "A"),
        ("Package", None, None, None, "QFN-16", ""),
    ],
}  # fmt: skip


def write_datasheets(
    parts: Mapping[str, Part], sources: Mapping[tuple[str, int], Source], cast: Cast
) -> None:
    """Requirements of our parts and parameters of the manufacturer parts."""
    needs = ("group", "parameter", "rule", "minimum", "maximum", "text", "unit", "consequence")
    for key, rows in (REQUIREMENTS | spec_review.REQUIREMENTS | case_specs.REQUIREMENTS).items():
        catalogue.set_requirements(
            part=parts[key],
            requirements=[dict(zip(needs, row, strict=True)) for row in rows],
            actor=cast["engineer"],
        )
    says = ("name", "minimum", "typical", "maximum", "text", "unit")
    for place, rows in (DATASHEETS | spec_review.DATASHEETS | case_specs.DATASHEETS).items():
        sourcing.set_parameters(
            manufacturer_part=sources[place].manufacturer_part,
            parameters=[dict(zip(says, row, strict=True)) for row in rows],
            actor=cast["engineer"],
        )
