"""Component tests that a second source requires, by what is new about it.

Tests, references and sample sizes: AEC-Q100 Rev H (later revisions exist: keep the revision with
each result), JESD201, IPC-9701, JESD22-B111. Which change requires which test is our own choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from secondsource.core import inputs
from secondsource.core.provenance import Method

STANDARD = "AEC-Q100 Rev H; JESD201; IPC-9701; JESD22-B111"


@dataclass(frozen=True)
class ComponentTest:
    """A test: units a lot and lots (None where the standard counts otherwise), 0 failures."""

    key: str
    name: str
    reference: str
    sample: int | None = None
    lots: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeltaPlan:
    """Tests in the order of the table; ``units`` is their sum where counted by units and lots."""

    changes: tuple[str, ...]
    tests: tuple[ComponentTest, ...]
    units: int
    method: Method


TESTS = (
    ComponentTest("PC", "Preconditioning", "J-STD-020, JESD22-A113"),
    ComponentTest("HAST", "Biased humidity", "JESD22-A101/A110", 77, 3),
    ComponentTest("UHAST", "Unbiased humidity", "JESD22-A102/A118/A101", 77, 3),
    ComponentTest("TC", "Temperature cycling", "JESD22-A104", 77, 3),
    ComponentTest("HTSL", "High-temperature storage", "JESD22-A103", 45, 1),
    ComponentTest("HTOL", "High-temperature operating life", "JESD22-A108", 77, 3),
    ComponentTest("ELFR", "Early life failure rate", "AEC-Q100-008", 800, 3),
    ComponentTest("EDR", "Endurance and retention", "AEC-Q100-005", 77, 3),
    ComponentTest("WBP", "Wire bond pull", "MIL-STD-883 M2011"),
    ComponentTest("SD", "Solderability", "J-STD-002", 15, 1),
    ComponentTest("PD", "Physical dimensions", "JESD22-B100/B108", 10, 3),
    ComponentTest("ESD", "Electrostatic discharge", "JS-001, JS-002"),
    ComponentTest("LU", "Latch-up", "JESD78"),
    ComponentTest("WHISKER", "Tin whiskers", "JESD201"),
    ComponentTest("BOARD_TC", "Board level temperature cycling", "IPC-9701"),
    ComponentTest("DROP", "Board level drop", "JESD22-B111"),
)

ASKED_BY = {
    "die": ("HTOL", "ELFR", "ESD", "LU", "EDR"),
    "fab": ("HTOL", "ELFR", "ESD", "LU", "EDR"),
    "package": ("PC", "TC", "UHAST", "HAST", "HTSL", "WBP", "SD", "PD"),
    "assembly": ("PC", "TC", "UHAST", "HAST", "HTSL", "WBP", "SD", "PD"),
    "lead_finish": ("WHISKER", "SD"),
    "board_level": ("BOARD_TC", "DROP"),
}
"""What is new → keys of the tests that it requires."""


def delta_tests(changes: Iterable[str], *, has_memory: bool = True) -> DeltaPlan:
    """The tests that the changes require together, each once, in the order of the table.

    ``changes`` are words of ``ASKED_BY``, at least one. Without non-volatile memory
    (``has_memory`` False) endurance and retention is left out. Parametric and functional
    characterisation is always added.
    """
    words = [inputs.choice(f"changes.{i}", word, ASKED_BY) for i, word in enumerate(changes)]
    if not words:
        inputs.refuse("changes", "too_few", "must name at least one of " + ", ".join(ASKED_BY))
    asked = {key for word in words for key in ASKED_BY[word]}
    if not inputs.flag("has_memory", has_memory):
        asked.discard("EDR")
    tests = tuple(test for test in TESTS if test.key in asked)
    return DeltaPlan(
        changes=tuple(dict.fromkeys(words)),
        tests=tests,
        units=sum((test.sample or 0) * (test.lots or 0) for test in tests),
        method=Method(
            name="Delta matrix of a second source", standard=STANDARD, design_choice=True
        ),
    )
