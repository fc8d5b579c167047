"""What is new about a second source decides which component tests it asks for."""

import pytest

from qualification.component_tests import ASKED_BY, TESTS, delta_tests
from secondsource.core.inputs import InputError


def keys(*changes: str, **more) -> list[str]:
    return [test.key for test in delta_tests(changes, **more).tests]


def test_a_new_fab_asks_for_life_and_robustness() -> None:
    assert keys("fab") == ["HTOL", "ELFR", "EDR", "ESD", "LU"]
    assert keys("die") == keys("fab")


def test_a_new_package_asks_for_the_environment() -> None:
    assert keys("package") == ["PC", "HAST", "UHAST", "TC", "HTSL", "WBP", "SD", "PD"]


def test_a_new_lead_finish_asks_for_whiskers() -> None:
    assert keys("lead_finish") == ["SD", "WHISKER"]


def test_changes_together_ask_for_each_test_once() -> None:
    both = keys("package", "lead_finish", "package")
    assert both.count("SD") == 1
    assert set(both) == set(keys("package")) | {"WHISKER"}


def test_units_are_samples_times_lots() -> None:
    plan = delta_tests(["fab"])
    assert plan.units == 77 * 3 + 800 * 3 + 77 * 3
    assert plan.method.design_choice
    assert "AEC-Q100 Rev H" in plan.method.standard


def test_without_memory_endurance_is_left_out() -> None:
    assert "EDR" not in keys("die", has_memory=False)


def test_every_test_that_is_asked_for_is_known() -> None:
    known = {test.key for test in TESTS}
    assert {key for asked in ASKED_BY.values() for key in asked} == known


@pytest.mark.parametrize("changes", [[], ["colour"]])
def test_no_or_an_unknown_change_is_refused(changes) -> None:
    with pytest.raises(InputError) as refused:
        delta_tests(changes)
    assert refused.value.field.startswith("changes")
