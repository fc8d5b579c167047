"""Sources side by side: what is said of a value, and that missing is never a pass."""

from __future__ import annotations

from typing import Any

import pytest

from parts.models import Requirement
from suppliers import spec_sheet
from suppliers.models import Parameter


def need(parameter: str, rule: str, **fields: Any) -> Requirement:
    return Requirement(parameter=parameter, rule=rule, **fields)


def value(name: str = "Clock", **fields: Any) -> Parameter:
    return Parameter(name=name, **fields)


def cells(
    requirements: list[Requirement], *sources: list[Parameter], incumbent: int | None = 0
) -> list[tuple[str, ...]]:
    sheet = spec_sheet.sheet(requirements=requirements, sources=sources, incumbent=incumbent)
    return [tuple(cell.verdict for cell in row.cells) for row in sheet.rows]


CLOCK = need("Clock", "at_least", minimum=150.0, unit="MHz")


@pytest.mark.parametrize(
    ("given", "verdict", "note"),
    [
        ({"minimum": 240.0, "unit": "MHz"}, "better", "43 % higher."),
        ({"minimum": 168.0, "unit": "MHz"}, "equal", ""),
        ({"minimum": 160.0, "unit": "MHz"}, "deviation", "5 % lower."),
        ({"minimum": 120.0, "unit": "MHz"}, "blocks", "Required: at least 150 MHz."),
        ({"minimum": 0.24, "unit": "GHz"}, "better", "43 % higher."),
        ({"minimum": 240.0}, "unknown", "Cannot be compared, unit missing or different"),
        (
            {"minimum": 240.0, "unit": "V"},
            "unknown",
            "Cannot be compared, unit missing or different",
        ),
    ],
)
def test_it_judges_an_alternate_by_requirement_and_incumbent(
    given: dict[str, Any], verdict: str, note: str
) -> None:
    theirs = [value(minimum=168.0, unit="MHz")]
    sheet = spec_sheet.sheet(requirements=[CLOCK], sources=[theirs, [value(**given)]], incumbent=0)
    cell = sheet.rows[0].cells[1]
    assert (cell.verdict, cell.note.replace("\u202f", " ")) == (verdict, note)


def test_a_missing_value_is_unknown_and_not_a_pass() -> None:
    sheet = spec_sheet.sheet(
        requirements=[CLOCK], sources=[[value(minimum=168.0, unit="MHz")], []], incumbent=0
    )
    missing = sheet.rows[0].cells[1]
    assert (missing.value, missing.verdict, missing.note) == ("", "unknown", "Not on record")
    assert sheet.count("unknown") == 1


def test_the_incumbent_itself_can_miss_what_we_require() -> None:
    assert cells([CLOCK], [value(minimum=100.0, unit="MHz")]) == [("blocks",)]
    assert cells([CLOCK], []) == [("unknown",)]
    assert cells([CLOCK], [value(minimum=168.0, unit="MHz")]) == [("",)]


def test_without_an_incumbent_the_requirement_alone_judges() -> None:
    found = cells([CLOCK], [value(minimum=160.0, unit="MHz")], incumbent=None)
    assert found == [("equal",)]


def test_a_parameter_that_nobody_requires_never_blocks() -> None:
    sheet = spec_sheet.sheet(
        requirements=[], sources=[[value(typical=5.0)], [value(typical=0.0)]], incumbent=0
    )
    assert sheet.rows[0].group == spec_sheet.OTHER
    assert [cell.verdict for cell in sheet.rows[0].cells] == ["", "deviation"]
    assert sheet.count("blocks") == 0


def test_a_rule_without_its_limit_is_a_note() -> None:
    bare = need("Clock", "at_least", unit="MHz")
    assert cells([bare], [value(minimum=1.0, unit="MHz")]) == [("",)]


def test_words_must_be_among_the_allowed() -> None:
    rule = need("USB", "one_of", text="OTG FS, OTG HS", consequence="KC-340 needs host mode.")
    sheet = spec_sheet.sheet(
        requirements=[rule],
        sources=[[value("USB", text="OTG HS")], [value("usb", text="FS device")]],
        incumbent=0,
    )
    refused = sheet.rows[0].cells[1]
    assert refused.verdict == "blocks"
    assert refused.note == "Required: one of OTG FS, OTG HS. KC-340 needs host mode."


def test_the_end_of_a_range_that_moved_is_named() -> None:
    rail = need("Supply", "informational", unit="V", consequence="Rail is 3.3 V.")
    sheet = spec_sheet.sheet(
        requirements=[rail],
        sources=[
            [value("Supply", minimum=1.8, maximum=3.6, unit="V")],
            [value("Supply", minimum=2.6, maximum=3.4, unit="V")],
        ],
        incumbent=0,
    )
    note = sheet.rows[0].cells[1].note.replace("\u202f", " ")
    assert note == "Floor 0.8 V higher, top 0.2 V lower. Rail is 3.3 V."


def test_conditions_are_rows_of_their_own_under_one_requirement() -> None:
    current = need("Current", "at_most", maximum=100.0, unit="mA")
    theirs = [
        value("Current", maximum=87.0, unit="mA", condition="168 MHz"),
        value("Current", maximum=40.0, unit="mA", condition="84 MHz"),
    ]
    mine = [value("Current", maximum=120.0, unit="mA", condition="168 MHz")]
    sheet = spec_sheet.sheet(requirements=[current], sources=[theirs, mine], incumbent=0)
    assert [row.label for row in sheet.rows] == ["Current, 168 MHz", "Current, 84 MHz"]
    assert [row.cells[1].verdict for row in sheet.rows] == ["blocks", "unknown"]


def test_differences_come_first_when_wanted() -> None:
    rules = [
        need("Package", "equal", text="LQFP-100", group="Mechanical"),
        need("Clock", "at_least", minimum=150.0, unit="MHz", group="Core"),
    ]
    theirs = [value("Package", text="LQFP-100"), value(minimum=168.0, unit="MHz")]
    mine = [value("Package", text="LQFP-100"), value(minimum=120.0, unit="MHz")]
    sheet = spec_sheet.sheet(requirements=rules, sources=[theirs, mine], incumbent=0)
    listed = [label for label, _ in sheet.groups(differences_first=False)]
    first = [label for label, _ in sheet.groups(differences_first=True)]
    assert listed == ["Mechanical", "Core"]
    assert first == ["Core", "Mechanical"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"minimum": 1.8, "maximum": 3.6, "unit": "V"}, "1.8–3.6 V"),
        ({"minimum": -40.0, "maximum": 85.0, "unit": "degC"}, "−40 to 85 °C"),
        ({"maximum": 87.0, "unit": "mA"}, "≤ 87 mA"),
        ({"minimum": 3.0}, "≥ 3"),
        ({"typical": 64.0, "maximum": 80.0, "unit": "mA"}, "64 mA typ., ≤ 80 mA"),
        ({"typical": 64.0, "maximum": 64.0, "unit": "mA"}, "≤ 64 mA"),
        ({"typical": 3.2, "unit": "A"}, "3.2 A typ."),
        ({"minimum": 5.0, "maximum": 5.0}, "5"),
        ({"text": "LQFP-100"}, "LQFP-100"),
    ],
)
def test_values_are_written_as_people_write_them(line: dict[str, Any], words: str) -> None:
    assert spec_sheet.words_of(value(**line)).replace("\u202f", " ") == words


@pytest.mark.parametrize(("limit", "shown"), [(3.4e38, "3.4e38"), (2e-9, "2e−9")])
def test_limits_beyond_all_measure_are_shown(limit: float, shown: str) -> None:
    asked = need("Leakage", "at_least", minimum=limit, unit="A")
    sheet = spec_sheet.sheet(
        requirements=[asked], sources=[[value("Leakage", minimum=limit, unit="A")]], incumbent=0
    )
    assert f"{shown}\u202fA" in sheet.rows[0].required


def noted(asked: Requirement, theirs: dict[str, Any], mine: dict[str, Any]) -> tuple[str, str]:
    """Verdict and note of an alternate."""
    sheet = spec_sheet.sheet(
        requirements=[asked],
        sources=[[value(asked.parameter, **theirs)], [value(asked.parameter, **mine)]],
        incumbent=0,
    )
    cell = sheet.rows[0].cells[1]
    return str(cell.verdict), cell.note.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("unit", "mine", "note"),
    [
        ("degC", (-40.0, 105.0), ("better", "20 °C wider.")),
        ("°C", (-40.0, 105.0), ("better", "20 °C wider.")),
        ("K", (-40.0, 105.0), ("better", "20 K wider.")),
        ("degF", (-40.0, 103.0), ("better", "10 K wider.")),
        ("V", (-45.0, 80.0), ("deviation", "Floor 5 V lower, top 5 V lower.")),
    ],
)
def test_ranges_differ_in_their_unit(
    unit: str, mine: tuple[float, float], note: tuple[str, str]
) -> None:
    asked = need("Ambient", "covers", minimum=-30.0, maximum=70.0, unit=unit)
    theirs = {"minimum": -40.0, "maximum": 85.0, "unit": unit}
    assert noted(asked, theirs, {"minimum": mine[0], "maximum": mine[1], "unit": unit}) == note


@pytest.mark.parametrize(
    ("unit", "note"),
    [
        ("mA", "10 % lower."),
        ("V", "2 V lower."),
        ("°C", "2 °C lower."),
        ("dBm", "2 dBm lower."),
        ("%", "2 points lower."),
        ("", "2 lower."),
    ],
)
def test_only_a_magnitude_differs_in_per_cent(unit: str, note: str) -> None:
    asked = need("Ripple", "at_most", maximum=30.0, unit=unit)
    theirs = {"maximum": 20.0, "unit": unit}
    assert noted(asked, theirs, {"maximum": 18.0, "unit": unit}) == ("better", note)


def test_a_typical_value_alone_is_unknown_and_says_so() -> None:
    asked = need("Output", "at_least", minimum=3.0, unit="A")
    found = noted(asked, {"minimum": 3.0, "unit": "A"}, {"typical": 3.2, "unit": "A"})
    assert found == ("unknown", "Typical only, nothing is guaranteed")


def test_a_limit_that_is_missed_by_little_shows_the_digits_that_decide() -> None:
    asked = need("Output", "at_least", minimum=3.0, unit="A")
    lines = [value("Output", minimum=2.99999, unit="A")]
    sheet = spec_sheet.sheet(requirements=[asked], sources=[[], lines], incumbent=0)
    cell = sheet.rows[0].cells[1]
    assert (cell.verdict, cell.value) == ("blocks", "≥ 2.99999\u202fA")


def test_all_words_are_required_in_plain_words() -> None:
    asked = need("USB", "all_of", text="host, device")
    assert spec_sheet.in_words(asked) == "host and device"
