"""Component tests that a second source requires, by standard and by what is new about it.

Lots and sample sizes of AEC-Q100 Rev H, of the periodic table behind AEC-Q200, and of JESD47 Rev K
as published; AEC-Q101 and the references from knowledge. Later revisions exist: each result stores
the revision it was tested to. Which change requires which test is our own choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from secondsource.core import inputs
from secondsource.core.provenance import Method

#: Standard → its name and the revision that the matrix follows.
STANDARDS = {
    "aec_q100": ("AEC-Q100", "H"),
    "aec_q101": ("AEC-Q101", "E"),
    "aec_q200": ("AEC-Q200", "E"),
    "jesd47": ("JESD47", "K"),
}
#: What can be new about a second source.
CHANGES = {
    "die": "Die or element",
    "fab": "Wafer fab or plant of the element",
    "package": "Package",
    "assembly": "Assembly site",
    "lead_finish": "Lead finish",
    "board_level": "Stress on our board",
}
#: Properties of the part on which a test depends.
FEATURES = {
    "memory": "Non-volatile memory",
    "power": "Above 1 W, or junction 40 °C above ambient",
    "wires": "Wire bonds to shear",
    "balls": "Solder balls",
}

DIE = ("die", "fab")
PACKAGE = ("package", "assembly")
FINISH = ("lead_finish",)
BOARD = ("board_level",)
ALL = tuple(CHANGES)


@dataclass(frozen=True)
class RequiredTest:
    """A test: units a lot and lots (None where the standard counts otherwise), failures allowed.

    ``changes`` require it, in parts with the ``feature`` only. With ``cpk_above`` an index is
    judged besides failures. A test of another standard than the matrix names it.
    """

    key: str
    name: str
    reference: str
    condition: str
    sample: int | None
    lots: int | None
    changes: tuple[str, ...]
    feature: str = ""
    cpk_above: float | None = None
    standard: str = ""
    allowed: int = 0

    @property
    def units(self) -> int | None:
        """Units over all lots."""
        return None if self.sample is None or self.lots is None else self.sample * self.lots


@dataclass(frozen=True, kw_only=True)
class DeltaPlan:
    """Tests in the order of the matrix; ``units`` is their sum where counted by units and lots."""

    standard: str
    revision: str
    changes: tuple[str, ...]
    tests: tuple[RequiredTest, ...]
    units: int
    method: Method


_T = RequiredTest
_MSL = "Soak at the moisture level, then three reflows; before the environmental tests"
#: Tests of standards of their own, behind every matrix.
_COMMON = (
    _T("WHISKER", "Tin whiskers", "JESD22-A121", "Lead finish as delivered", None, None,
       FINISH, standard="JESD201"),
    _T("BOARD_TC", "Board level temperature cycling", "IPC-9701", "On our board and paste",
       None, None, BOARD, standard="IPC-9701"),
    _T("DROP", "Board level drop", "JESD22-B111", "On our board and paste", None, None,
       BOARD, standard="JESD22-B111"),
)  # fmt: skip

_Q100 = (
    _T("PC", "Preconditioning", "J-STD-020, JESD22-A113", _MSL, None, None, PACKAGE),
    _T("HAST", "Biased humidity", "JESD22-A101/A110", "85 °C/85 % 1000 h, or 130 °C/85 % 96 h, or "
       "110 °C/85 % 264 h", 77, 3, PACKAGE),
    _T("UHAST", "Unbiased humidity", "JESD22-A102/A118/A101", "121 °C 96 h, or 130 °C/85 % 96 h",
       77, 3, PACKAGE),
    _T("TC", "Temperature cycling", "JESD22-A104", "Grade 1: −55…150 °C 1000 cycles; grade 0: 2000;"
       " grade 2: −55…125 °C 1000; grade 3: 500", 77, 3, PACKAGE),
    _T("PTC", "Power temperature cycling", "JESD22-A105", "Above 1 W or ΔTj above 40 °C", 45, 1,
       PACKAGE, "power"),
    _T("HTSL", "High-temperature storage", "JESD22-A103", "Grade 1: 150 °C 1000 h, or 175 °C 500 h",
       45, 1, PACKAGE),
    _T("HTOL", "High-temperature operating life", "JESD22-A108", "1000 h at the grade's ambient, "
       "highest supply", 77, 3, DIE),
    _T("ELFR", "Early life failure rate", "AEC-Q100-008", "48 h, or 24 h at a higher temperature",
       800, 3, DIE),
    _T("EDR", "Endurance and retention", "AEC-Q100-005", "Non-volatile memory", 77, 3, DIE,
       "memory"),
    _T("WBS", "Wire bond shear", "AEC-Q100-001", "30 bonds of at least 5 parts", None, None,
       PACKAGE, "wires", 1.67),
    _T("WBP", "Wire bond pull", "MIL-STD-883 M2011", "30 bonds of at least 5 parts", None, None,
       PACKAGE, cpk_above=1.67),
    _T("SD", "Solderability", "J-STD-002", "More than 95 % covered", 15, 1, (*PACKAGE, *FINISH)),
    _T("PD", "Physical dimensions", "JESD22-B100/B108", "Every dimension of the outline", 10, 3,
       PACKAGE, cpk_above=1.67),
    _T("SBS", "Solder ball shear", "AEC-Q100-010", "5 balls of each part", 10, 3, PACKAGE, "balls",
       1.67),
    _T("HBM", "Electrostatic discharge, human body", "JS-001", "2 kV", 3, 1, DIE),
    _T("CDM", "Electrostatic discharge, charged device", "JS-002, AEC-Q100-011",
       "750 V at corner pins, 500 V at others", 3, 1, DIE),
    _T("LU", "Latch-up", "JESD78", "No latch-up", 6, 1, DIE),
)  # fmt: skip

_Q101 = (
    _T("TEST", "Electrical test before and after", "Data sheet", "Every stressed part", None, None,
       (*DIE, *PACKAGE)),
    _T("PC", "Preconditioning", "J-STD-020, JESD22-A113", _MSL, None, None, PACKAGE),
    _T("EV", "External visual", "JESD22-B101", "Every part", None, None, PACKAGE),
    _T("PV", "Parametric verification", "Data sheet", "Over the temperature range", None, None,
       DIE),
    _T("HTRB", "High-temperature reverse bias", "MIL-STD-750 M1038", "1000 h", 77, 3, DIE),
    _T("HTGB", "High-temperature gate bias", "JESD22-A108", "1000 h; parts with a gate", 77, 3,
       DIE),
    _T("TC", "Temperature cycling", "JESD22-A104", "−55 °C…Tj max, 1000 cycles", 77, 3, PACKAGE),
    _T("UHAST", "Unbiased humidity", "JESD22-A118/A102", "96 h", 77, 3, PACKAGE),
    _T("HAST", "Biased humidity", "JESD22-A110/A101", "96 h, or 1000 h at 85 °C/85 % (H3TRB)", 77,
       3, PACKAGE),
    _T("IOL", "Intermittent operating life", "MIL-STD-750 M1037, JESD22-A105",
       "ΔTj of at least 100 °C, or power temperature cycling", 77, 3, PACKAGE),
    _T("HBM", "Electrostatic discharge, human body", "AEC-Q101-001", "", None, None, DIE),
    _T("CDM", "Electrostatic discharge, charged device", "AEC-Q101-005", "", None, None, DIE),
    _T("DPA", "Destructive physical analysis", "AEC-Q101-004", "After the environmental tests",
       None, None, PACKAGE),
    _T("RSH", "Resistance to soldering heat", "JESD22-A111/B106", "", None, None, PACKAGE),
    _T("TR", "Thermal resistance", "JESD24", "", None, None, PACKAGE),
    _T("WBS", "Wire bond shear", "AEC-Q101-003", "", None, None, PACKAGE, "wires"),
    _T("WBP", "Wire bond pull", "MIL-STD-750 M2037", "", None, None, PACKAGE),
    _T("DS", "Die shear", "MIL-STD-750 M2017", "", None, None, PACKAGE),
    _T("SD", "Solderability", "J-STD-002", "", None, None, (*PACKAGE, *FINISH)),
)  # fmt: skip

_Q200 = (
    _T("HTS", "High-temperature storage", "MIL-STD-202 M108", "1000 h", 77, 1, DIE),
    _T("TC", "Temperature cycling", "JESD22-A104", "1000 cycles", 77, 1, (*DIE, *PACKAGE)),
    _T("BH", "Biased humidity", "MIL-STD-202 M103", "85 °C/85 % 1000 h", 77, 1, DIE),
    _T("OL", "Operational life", "MIL-STD-202 M108", "1000 h", 77, 1, DIE),
    _T("MS", "Mechanical shock", "MIL-STD-202 M213", "", 30, 1, PACKAGE),
    _T("VIB", "Vibration", "MIL-STD-202 M204", "10…2000 Hz, 5 g", 30, 1, PACKAGE),
    _T("RSH", "Resistance to soldering heat", "MIL-STD-202 M210", "", 30, 1, (*PACKAGE, *FINISH)),
    _T("ESD", "Electrostatic discharge", "AEC-Q200-002", "", None, None, DIE),
    _T("SD", "Solderability", "J-STD-002", "", None, None, (*PACKAGE, *FINISH)),
    _T("FLEX", "Board flex", "AEC-Q200-005", "", None, None, (*PACKAGE, *BOARD)),
    _T("TS", "Terminal strength", "AEC-Q200-006", "", None, None, PACKAGE),
    _T("FLAM", "Flammability", "UL 94", "", None, None, PACKAGE),
)  # fmt: skip

_JESD47 = (
    _T("PC", "Preconditioning", "J-STD-020, JESD22-A113", _MSL, None, None, PACKAGE),
    _T("HAST", "Biased humidity", "JESD22-A101/A110", "85 °C/85 % 1000 h, or 130 °C/85 % 96 h", 25,
       3, PACKAGE),
    _T("UHAST", "Unbiased humidity", "JESD22-A118", "130 °C/85 % 96 h", 25, 3, PACKAGE),
    _T("TC", "Temperature cycling", "JESD22-A104", "B: −55…125 °C 700 cycles; G: −40…125 °C 850; "
       "C: −65…150 °C 500", 25, 3, PACKAGE),
    _T("HTSL", "High-temperature storage", "JESD22-A103", "150 °C 1000 h", 25, 3, PACKAGE),
    _T("HTOL", "High-temperature operating life", "JESD22-A108", "1000 h at Tj of at least 125 °C",
       77, 3, DIE),
    _T("ELFR", "Early life failure rate", "JESD74", "48 h to 168 h; units by the target in ppm",
       None, None, DIE),
    _T("LTOL", "Low-temperature operating life", "JESD22-A108", "", 32, 1, DIE),
    _T("EDR", "Endurance and retention", "JESD22-A117", "Non-volatile memory", None, None, DIE,
       "memory"),
    _T("WBS", "Wire bond shear", "JESD22-B116", "30 bonds of at least 5 parts", None, None, PACKAGE,
       "wires"),
    _T("WBP", "Wire bond pull", "MIL-STD-883 M2011", "30 bonds of at least 5 parts", None, None,
       PACKAGE),
    _T("SD", "Solderability", "J-STD-002", "", None, None, (*PACKAGE, *FINISH)),
    _T("PD", "Physical dimensions", "JESD22-B100/B108", "", None, None, PACKAGE),
    _T("HBM", "Electrostatic discharge, human body", "JS-001", "", 3, 1, DIE),
    _T("CDM", "Electrostatic discharge, charged device", "JS-002", "", 3, 1, DIE),
    _T("LU", "Latch-up", "JESD78", "No latch-up", 3, 1, DIE),
)  # fmt: skip

MATRIX: dict[str, tuple[RequiredTest, ...]] = {
    "aec_q100": (*_Q100, *_COMMON),
    "aec_q101": (*_Q101, *_COMMON),
    "aec_q200": (*_Q200, *_COMMON),
    "jesd47": (*_JESD47, *_COMMON),
}

_PASSIVE = ("passiv", "resist", "capacit", "induct", "ferrite", "crystal", "timing", "connector")
_DISCRETE = ("discret", "diode", "transistor", "mosfet", "igbt")


def standard_for(category: str, *, automotive: bool = False) -> str:
    """The standard for parts of a category by its path: passive, discrete, else integrated circuit.

    AEC-Q101 and AEC-Q200 are proposed outside cars too: they are the published tables of their
    kind. Connectors and crystals go with the passives.
    """
    path = category.lower()
    if any(word in path for word in _DISCRETE):
        return "aec_q101"
    if any(word in path for word in _PASSIVE):
        return "aec_q200"
    return "aec_q100" if automotive else "jesd47"


def delta_tests(
    changes: Iterable[str], *, standard: str = "aec_q100", features: Iterable[str] = ("memory",)
) -> DeltaPlan:
    """The tests that the changes require together, each once, in the order of the matrix.

    ``changes`` are words of ``CHANGES``, at least one; ``features`` words of ``FEATURES``.
    Parametric and functional characterisation is always added.
    """
    words = [inputs.choice(f"changes.{i}", word, CHANGES) for i, word in enumerate(changes)]
    if not words:
        inputs.refuse("changes", "too_few", "must name at least one of " + ", ".join(CHANGES))
    standard = inputs.choice("standard", standard, MATRIX)
    has = {inputs.choice(f"features.{i}", word, FEATURES) for i, word in enumerate(features)}
    tests = tuple(
        test
        for test in MATRIX[standard]
        if set(words) & set(test.changes) and (not test.feature or test.feature in has)
    )
    name, revision = STANDARDS[standard]
    return DeltaPlan(
        standard=standard,
        revision=revision,
        changes=tuple(dict.fromkeys(words)),
        tests=tests,
        units=sum(test.units or 0 for test in tests),
        method=Method(
            name="Delta matrix of a second source",
            standard=f"{name} Rev {revision}; JESD201; IPC-9701; JESD22-B111",
            design_choice=True,
        ),
    )
