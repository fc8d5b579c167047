"""The demonstration's component tests: invented reports of invented manufacturers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from qualification import linked_work
from qualification import services as qualification
from qualification.component_tests import standard_for
from qualification.differences import what_is_new
from qualification.models import Case, ComponentTest
from secondsource.core import clock, traces
from secondsource.workspace.demo.people import Cast

#: Days between the report of a test and its entry.
_AGE = {"manufacturer": 210, "generic": 800, "own": 6}
#: Tests that the company runs itself, and those that a family stands for.
_OWN, _GENERIC = ("PD", "SD", "WBP"), ("ELFR", "EDR", "HTSL")
_FAMILY = "0.18 µm CMOS, copper wire, same assembly site"


def enter(case: Case, cast: Cast, *, whole: bool) -> None:
    """Every test that the candidate's novelty requires, with data that pass.

    Not ``whole``: one report is too old, one lot of three is tested, one test has no data.
    """
    tests = _proposed(case, cast)
    if whole:
        _enter(tests, cast)
        linked_work.refresh(case, cast["engineer"])
        return
    by_code = {test.code: test for test in tests}
    _enter([test for test in tests if test.code != "LU"], cast)
    actor = cast["engineer"]
    if early := by_code.get("ELFR"):
        old = {"data_date": clock.business_day() - dt.timedelta(days=2200)}
        qualification.record_result(test=early, values=old, actor=actor)
    if life := by_code.get("HTOL"):
        one_lot = {"lots_tested": 1, "units_tested": 77, "note": "Two lots follow in six weeks."}
        qualification.record_result(test=life, values=one_lot, actor=actor)


def _proposed(case: Case, cast: Cast) -> list[ComponentTest]:
    path = case.part.category.path
    qualification.propose_tests(
        case=case, standard=standard_for(path), changes=what_is_new(case), actor=cast["engineer"],
        features=["memory"] if path in ("mcu", "memory") else [],
    )  # fmt: skip
    return list(case.component_tests.all())


def _enter(tests: list[ComponentTest], cast: Cast) -> None:
    """Enter passing data for all of them by one statement."""
    for test in tests:
        origin = "own" if test.code in _OWN else "manufacturer"
        origin = "generic" if test.code in _GENERIC else origin
        test.origin = origin
        test.family = _FAMILY if origin == "generic" else ""
        test.data_date = clock.business_day() - dt.timedelta(days=_AGE[origin])
        test.lots_tested = test.lots or 1
        test.units_tested = test.asked_units or 30
        test.failures = 0
        test.cpk = None if test.cpk_above is None else test.cpk_above + Decimal("0.21")
    traces.attribute(cast["engineer"], "data")
    names = ("origin", "family", "data_date", "lots_tested", "units_tested", "failures", "cpk")
    ComponentTest.objects.bulk_update(tests, names)
