"""Specifications of the demonstration's parts in a case, and the decisions on their differences."""

from __future__ import annotations

from typing import Any

from qualification import services as qualification
from qualification.models import Case
from qualification.services import ChosenLine
from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.people import Cast
from suppliers import services as sourcing

_AMBIENT = ("Mechanical", "Ambient temperature", "covers", -40.0, 85.0, "", "°C", "")


def _ambient(low: float, high: float) -> tuple[Any, ...]:
    return ("Ambient temperature", low, None, high, "", "°C")


#: (group, parameter, rule, minimum, maximum, text, unit, consequence) per part.
REQUIREMENTS: dict[str, list[tuple[Any, ...]]] = {
    "MCU-B": [
        ("Electrical", "Supply", "covers", 3.0, 3.6, "", "V", ""),
        ("Core and memory", "Flash", "at_least", 256.0, None, "", "KB", ""),
        ("Core and memory", "Wake-up time", "at_most", None, 20.0, "", "us", ""),
        _AMBIENT,
    ],
    "LDO": [
        ("Electrical", "Output current", "at_least", 500.0, None, "", "mA", ""),
        ("Electrical", "Dropout", "at_most", None, 250.0, "", "mV",
         "Wanted where the input is a battery."),
        ("Electrical", "Ripple rejection", "at_least", 60.0, None, "", "dB", ""),
    ],
    "FLASH": [
        ("Electrical", "Supply", "covers", 3.0, 3.6, "", "V", ""),
        ("Memory", "Erase time of a sector", "at_most", None, 400.0, "", "ms", ""),
        ("Memory", "Endurance", "at_least", 100.0, None, "", "kcycles", ""),
    ],
    "EEPROM": [
        ("Memory", "Write time", "at_most", None, 5.0, "", "ms", ""),
        ("Memory", "Retention", "at_least", 40.0, None, "", "year", ""),
        _AMBIENT,
    ],
    "CAN": [
        ("Electrical", "Bus fault voltage", "at_least", 36.0, None, "", "V", ""),
        ("Electrical", "Standby current", "at_most", None, 15.0, "", "uA", ""),
        _AMBIENT,
    ],
    "PHY": [
        ("Electrical", "Supply", "covers", 3.1, 3.5, "", "V", ""),
        ("Electrical", "Power", "at_most", None, 350.0, "", "mW", ""),
    ],
    "MLCC": [
        ("Electrical", "Capacitance", "within", 90.0, 110.0, "", "nF", ""),
        ("Electrical", "Capacitance at 5 V", "at_least", 60.0, None, "", "nF",
         "X7R loses capacitance with DC bias."),
        ("Electrical", "Rated voltage", "at_least", 16.0, None, "", "V", ""),
    ],
    "RES": [
        ("Electrical", "Tolerance", "at_most", None, 1.0, "", "%", ""),
        ("Electrical", "Drift after soldering", "at_most", None, 0.5, "", "%", ""),
    ],
    "SWITCH": [
        ("Electrical", "Output current", "at_least", 2.0, None, "", "A", ""),
        ("Electrical", "On resistance", "at_most", None, 70.0, "", "mohm", ""),
    ],
    "XTAL": [
        ("Electrical", "Load capacitance", "equal", 18.0, 18.0, "", "pF", ""),
        ("Electrical", "Frequency tolerance", "at_most", None, 30.0, "", "ppm", ""),
        ("Electrical", "ESR", "at_most", None, 80.0, "", "ohm", "The oscillator may not start."),
    ],
}  # fmt: skip

#: (parameter, minimum, typical, maximum, text, unit) per source of a part.
DATASHEETS: dict[tuple[str, int], list[tuple[Any, ...]]] = {
    ("MCU-B", 0): [
        ("Supply", 1.7, None, 3.6, "", "V"), ("Flash", 256.0, None, None, "", "KB"),
        ("Wake-up time", None, None, 5.0, "", "us"), _ambient(-40.0, 85.0),
    ],
    ("MCU-B", 1): [
        ("Supply", 1.7, None, 3.6, "", "V"), ("Flash", 256.0, None, None, "", "KB"),
        ("Wake-up time", None, 9.0, None, "", "us"), _ambient(-40.0, 85.0),
    ],
    ("LDO", 0): [
        ("Output current", 500.0, None, None, "", "mA"), ("Dropout", None, 150.0, 220.0, "", "mV"),
        ("Ripple rejection", 65.0, None, None, "", "dB"),
    ],
    ("LDO", 1): [
        ("Output current", 500.0, None, None, "", "mA"), ("Dropout", None, 210.0, 300.0, "", "mV"),
        ("Ripple rejection", 70.0, None, None, "", "dB"),
    ],
    ("FLASH", 0): [
        ("Supply", 2.7, None, 3.6, "", "V"), ("Endurance", 100.0, None, None, "", "kcycles"),
        ("Erase time of a sector", None, 45.0, 240.0, "", "ms"),
    ],
    ("FLASH", 1): [
        ("Supply", 2.7, None, 3.6, "", "V"), ("Endurance", 100.0, None, None, "", "kcycles"),
        ("Erase time of a sector", None, 60.0, 400.0, "", "ms"),
    ],
    ("EEPROM", 0): [
        ("Write time", None, None, 5.0, "", "ms"), ("Retention", 100.0, None, None, "", "year"),
        _ambient(-40.0, 85.0),
    ],
    ("EEPROM", 1): [
        ("Write time", None, None, 5.0, "", "ms"), ("Retention", 200.0, None, None, "", "year"),
        _ambient(-40.0, 85.0),
    ],
    ("CAN", 0): [
        ("Bus fault voltage", 40.0, None, None, "", "V"),
        ("Standby current", None, 5.0, 10.0, "", "uA"), _ambient(-40.0, 125.0),
    ],
    ("CAN", 1): [
        ("Bus fault voltage", 42.0, None, None, "", "V"),
        ("Standby current", None, 7.0, 12.0, "", "uA"), _ambient(-40.0, 125.0),
    ],
    ("PHY", 0): [("Supply", 3.0, None, 3.6, "", "V"), ("Power", None, 210.0, 280.0, "", "mW")],
    ("PHY", 1): [("Supply", 3.0, None, 3.6, "", "V"), ("Power", None, 190.0, 310.0, "", "mW")],
    ("MLCC", 0): [
        ("Capacitance", 90.0, 100.0, 110.0, "", "nF"), ("Rated voltage", 16.0, None, None, "", "V"),
        ("Capacitance at 5 V", 72.0, None, None, "", "nF"),
    ],
    ("MLCC", 1): [
        ("Capacitance", 90.0, 100.0, 110.0, "", "nF"), ("Rated voltage", 25.0, None, None, "", "V"),
        ("Capacitance at 5 V", 66.0, None, None, "", "nF"),
    ],
    ("RES", 0): [
        ("Tolerance", None, None, 1.0, "", "%"), ("Drift after soldering", None, 0.1, 0.3, "", "%"),
    ],
    ("RES", 1): [
        ("Tolerance", None, None, 1.0, "", "%"), ("Drift after soldering", None, 0.6, 1.2, "", "%"),
    ],
    ("SWITCH", 0): [
        ("Output current", 2.0, None, None, "", "A"),
        ("On resistance", None, 48.0, 65.0, "", "mohm"),
    ],
    ("SWITCH", 1): [
        ("Output current", 2.0, None, None, "", "A"),
        ("On resistance", None, 41.0, 58.0, "", "mohm"),
    ],
    ("XTAL", 0): [
        ("Load capacitance", 18.0, 18.0, 18.0, "", "pF"), ("ESR", None, None, 60.0, "", "ohm"),
        ("Frequency tolerance", None, None, 20.0, "", "ppm"),
    ],
    ("XTAL", 1): [
        ("Load capacitance", 18.0, 18.0, 18.0, "", "pF"), ("ESR", None, None, 50.0, "", "ohm"),
        ("Frequency tolerance", None, None, 30.0, "", "ppm"),
    ],
}  # fmt: skip

#: MPN of the candidate → (parameter, decision, reason, condition). The quiescent current of the
#: buck converter and the wake-up time of the small MCU are left to decide.
DECISIONS: dict[str, list[tuple[str, str, str, str]]] = {
    "BM32F407VG": [("Supply", "accept", "The rail is 3.3 V ±5 %, 0.5 V above the new floor.", "")],
    "ASB3017Q": [("Input", "accept", "Our inputs are 5 V and 12 V, ±10 %.", "")],
    "BM7333": [
        ("Dropout", "accept_with_condition", "Measured at most 265 mV on 20 pieces at 500 mA.",
         "Only where the input is 3.8 V or more; DC-PSU feeds 5 V."),
    ],
    "GSQ128JV": [
        ("Erase time of a sector", "accept_with_condition", "Updates take 9 s longer.",
         "The updater waits 500 ms for a sector, from firmware 4.9 on."),
    ],
    "CDT1051": [("Standby current", "accept", "DC-210 has 60 µA in standby, uses 41.", "")],
    "FC0603X104K": [("Capacitance at 5 V", "accept", "Decoupling needs 47 nF a pin at 5 V.", "")],
    "FR0603-103F": [
        ("Drift after soldering", "reject", "The divider of DC-118 leaves 0.5 %.", ""),
    ],
    "HX25M18": [
        ("Frequency tolerance", "accept_with_condition", "Ethernet allows 50 ppm, USB is not used.",
         "Not for products with USB host."),
    ],
}  # fmt: skip


#: MPN of the candidate → searches: kind, subject, where, result, licence, months of validity.
SEARCHES: dict[str, list[tuple[str, str, str, str, str, int]]] = {
    "BM32F407VG": [
        ("clone", "Register map of the AS32F407VG", "Datasheets and header files, attorney",
         "clear", "", 24),
        ("licence", "Processor core", "Licensee list of the core's owner", "licensed",
         "Core licence of Birch, 2024", 12),
    ],
    "ASB3017Q": [
        ("claim", "Constant on-time control, EP 9 999 001", "Espacenet, DPMAregister", "open", "",
         0),
    ],
}  # fmt: skip
_USUAL = [("claim", "Circuit and package", "Espacenet and Google Patents", "clear", "", 36)]


def search(case: Case, cast: Cast) -> None:
    """Record the searches for rights of others."""
    mpn = case.source.manufacturer_part.mpn
    for kind, subject, where, result, licence, months in SEARCHES.get(mpn, _USUAL):
        today = clock.business_day()
        qualification.add_clearance(
            case=case, kind=kind, subject=subject, searched_in=where, result=result,
            licence=licence, valid_to=add_months(today, months) if months else None,
            actor=cast["engineer"],
        )  # fmt: skip


def declare(case: Case, cast: Cast) -> None:
    """Record the declarations of the candidate; that of solder with lead has an exemption."""
    today = clock.business_day()
    exempt = {"status": "exempt", "exemption": "7(a)", "exemption_expires": add_months(today, 14)}
    listed = {"status": "no_svhc", "list_date": add_months(today, -3)}
    is_power = case.source.manufacturer_part.mpn in ("ASB3017Q", "BM7333")
    for scheme, values in (
        ("rohs", exempt if is_power else {"status": "compliant"}),
        ("reach", listed),
        ("conflict_minerals", {"status": "conformant"}),
    ):
        sourcing.declare(
            manufacturer_part=case.source.manufacturer_part, scheme=scheme, actor=cast["quality"],
            values={"document": f"Declaration {case.key}-{scheme}", **values},
        )  # fmt: skip


def decide_all(case: Case, cast: Cast) -> None:
    """Decide on the differences of the candidate, with quality where a limit is missed."""
    for parameter, decision, reason, condition in DECISIONS.get(
        case.source.manufacturer_part.mpn, ()
    ):
        made = qualification.decide(
            case=case, chosen=[ChosenLine(parameter)], decision=decision, reason=reason,
            condition=condition, actor=cast["engineer"],
        )  # fmt: skip
        for one in made:
            if one.needs_confirmation:
                qualification.confirm(disposition=one, actor=cast["quality"])
