"""What is new about a second source decides which component tests it asks for."""

import pytest

from qualification.component_tests import (
    CHANGES,
    FEATURES,
    MATRIX,
    STANDARDS,
    delta_tests,
    standard_for,
)
from secondsource.core.inputs import InputError


def keys(*changes: str, **more) -> list[str]:
    return [test.key for test in delta_tests(changes, **more).tests]


def sizes(standard: str) -> dict[str, tuple[int, int]]:
    return {test.key: (test.sample, test.lots) for test in MATRIX[standard] if test.sample}


def test_a_new_fab_asks_for_life_and_robustness() -> None:
    assert keys("fab") == ["HTOL", "ELFR", "EDR", "HBM", "CDM", "LU"]
    assert keys("die") == keys("fab")


def test_a_new_package_asks_for_the_environment() -> None:
    assert keys("package") == ["PC", "HAST", "UHAST", "TC", "HTSL", "WBP", "SD", "PD"]
    assert keys("assembly") == keys("package")


def test_a_new_lead_finish_asks_for_whiskers() -> None:
    assert keys("lead_finish") == ["SD", "WHISKER"]


def test_our_board_asks_for_cycling_and_drop() -> None:
    assert keys("board_level") == ["BOARD_TC", "DROP"]


def test_changes_together_ask_for_each_test_once() -> None:
    both = keys("package", "lead_finish", "package")
    assert both.count("SD") == 1
    assert set(both) == set(keys("package")) | {"WHISKER"}


def test_units_are_samples_times_lots() -> None:
    plan = delta_tests(["fab"])
    assert plan.units == 77 * 3 + 800 * 3 + 77 * 3 + 3 + 3 + 6
    assert plan.method.design_choice
    assert "AEC-Q100 Rev H" in plan.method.standard


def test_sizes_of_integrated_circuits_for_cars() -> None:
    assert sizes("aec_q100") == {
        "HAST": (77, 3), "UHAST": (77, 3), "TC": (77, 3), "PTC": (45, 1), "HTSL": (45, 1),
        "HTOL": (77, 3), "ELFR": (800, 3), "EDR": (77, 3), "SD": (15, 1), "PD": (10, 3),
        "SBS": (10, 3), "HBM": (3, 1), "CDM": (3, 1), "LU": (6, 1),
    }  # fmt: skip


def test_sizes_of_commercial_integrated_circuits() -> None:
    assert sizes("jesd47") == {
        "HTOL": (77, 3), "LTOL": (32, 1), "HTSL": (25, 3), "HAST": (25, 3), "UHAST": (25, 3),
        "TC": (25, 3), "LU": (3, 1), "HBM": (3, 1), "CDM": (3, 1),
    }  # fmt: skip


def test_sizes_of_discretes_and_passives() -> None:
    stress = ("HTRB", "HTGB", "TC", "UHAST", "HAST", "IOL")
    assert sizes("aec_q101") == dict.fromkeys(stress, (77, 3))
    assert sizes("aec_q200") == dict.fromkeys(("HTS", "TC", "BH", "OL"), (77, 1)) | dict.fromkeys(
        ("MS", "VIB", "RSH"), (30, 1)
    )


def test_no_failure_is_allowed_and_bonds_and_dimensions_have_an_index() -> None:
    rows = [test for tests in MATRIX.values() for test in tests]
    assert {test.allowed for test in rows} == {0}
    assert {t.key for t in MATRIX["aec_q100"] if t.cpk_above == 1.67} == {"WBS", "WBP", "PD", "SBS"}


@pytest.mark.parametrize(
    ("feature", "test"), [("memory", "EDR"), ("power", "PTC"), ("wires", "WBS"), ("balls", "SBS")]
)
def test_a_test_of_a_feature_is_asked_for_with_it_only(feature: str, test: str) -> None:
    assert test in keys("die", "package", features=[feature])
    assert test not in keys("die", "package", features=set(FEATURES) - {feature})


@pytest.mark.parametrize("standard", MATRIX)
@pytest.mark.parametrize("change", CHANGES)
def test_every_change_asks_for_tests_of_every_standard(standard: str, change: str) -> None:
    asked = keys(change, standard=standard, features=FEATURES)
    assert asked
    assert len(asked) == len(set(asked))
    assert STANDARDS[standard][0] in delta_tests([change], standard=standard).method.standard


@pytest.mark.parametrize(
    ("category", "automotive", "standard"),
    [
        ("passives/capacitors", False, "aec_q200"),
        ("discretes/diodes", False, "aec_q101"),
        ("mcu", True, "aec_q100"),
        ("mcu", False, "jesd47"),
        ("timing", True, "aec_q200"),
    ],
)
def test_the_category_names_the_standard(category: str, automotive: bool, standard: str) -> None:
    assert standard_for(category, automotive=automotive) == standard


@pytest.mark.parametrize(
    ("changes", "more", "field"),
    [
        ([], {}, "changes"),
        (["colour"], {}, "changes.0"),
        (["die"], {"standard": "iso"}, "standard"),
        (["die"], {"features": ["gold"]}, "features.0"),
    ],
)
def test_an_unknown_word_or_none_is_refused(changes, more, field) -> None:
    with pytest.raises(InputError) as refused:
        delta_tests(changes, **more)
    assert refused.value.field == field
