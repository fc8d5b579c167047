"""What the data of a component test show."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qualification.component_verdicts import Judge
from qualification.models import ComponentTest

JUDGE = Judge(oldest=dt.date(2021, 11, 30), months=60, confidence=0.9)


def verdict(**values: Any) -> tuple[str, str]:
    data = {
        "code": "HTOL", "sample_size": 77, "lots": 3, "origin": "manufacturer", "failures": 0,
        "data_date": dt.date(2026, 1, 5), "lots_tested": 3, "units_tested": 231,
    }  # fmt: skip
    found = JUDGE.verdict(ComponentTest(**data | values))
    return found.word, found.detail.replace("\u202f", " ")


def test_enough_units_without_failure_pass_and_say_what_they_show() -> None:
    assert verdict() == (
        "pass", "231 tested, none failed: at 90 % confidence at most 0.99 % fail.",
    )  # fmt: skip


def test_no_data_is_no_verdict() -> None:
    assert verdict(origin="")[0] == "no_data"


def test_one_failure_fails_unless_it_is_allowed() -> None:
    assert verdict(failures=1) == ("fail", "1 of 231 failed, 0 allowed.")
    assert verdict(failures=1, allowed_failures=1)[0] == "pass"


def test_fewer_units_or_lots_are_not_enough() -> None:
    assert verdict(units_tested=77, lots_tested=1) == (
        "not_enough",
        "Only 77 of 231 units and 1 of 3 lots. "
        "77 tested, none failed: at 90 % confidence at most 2.95 % fail.",
    )
    assert verdict(units_tested=231, lots_tested=2)[0] == "not_enough"
    assert verdict(units_tested=230)[0] == "not_enough"


def test_where_the_standard_counts_otherwise_any_unit_is_enough() -> None:
    assert verdict(sample_size=None, lots=None, units_tested=5, lots_tested=1)[0] == "pass"


@pytest.mark.parametrize(
    ("cpk", "word"), [(None, "not_enough"), ("1.67", "fail"), ("1.68", "pass"), ("-0.2", "fail")]
)
def test_an_index_must_be_above_its_limit(cpk: str | None, word: str) -> None:
    index = None if cpk is None else Decimal(cpk)
    assert verdict(cpk_above=Decimal("1.67"), cpk=index)[0] == word


def test_generic_data_grow_too_old_but_own_data_do_not() -> None:
    assert verdict(origin="generic", data_date=dt.date(2021, 11, 30))[0] == "pass"
    assert verdict(origin="generic", data_date=dt.date(2021, 11, 29)) == (
        "too_old", "Generic data of 29 Nov 2021 are older than 60 months.",
    )  # fmt: skip
    assert verdict(data_date=dt.date(2011, 1, 1))[0] == "pass"


def test_a_failure_in_old_data_is_a_failure() -> None:
    assert verdict(origin="generic", data_date=dt.date(2011, 1, 1), failures=2)[0] == "fail"


def test_a_waiver_outweighs_the_data() -> None:
    assert verdict(failures=3, waived_by_id=1, waived_reason="Handling, see 8D.") == (
        "waived", "Handling, see 8D.",
    )  # fmt: skip
