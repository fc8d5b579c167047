"""8D reports in time: every discipline counts, an open one past its day is late."""

from datetime import date

import pytest

from secondsource.core.inputs import InputError
from suppliers.house_rules import ResponsePolicy
from suppliers.response import Report, response

OPENED = date(2026, 3, 2)
IN_TIME = Report(opened=OPENED, contained=date(2026, 3, 4), cause_found=date(2026, 3, 16),
                 closed=date(2026, 4, 1))  # fmt: skip
LATE_CAUSE = Report(opened=OPENED, contained=date(2026, 3, 3), cause_found=date(2026, 3, 17),
                    closed=date(2026, 3, 20))  # fmt: skip
TODAY = date(2026, 4, 10)


def test_it_works() -> None:
    found = response([IN_TIME, LATE_CAUSE], as_of=TODAY)
    assert (found.share, found.judged, found.in_time) == (0.5, 2, 1)


def test_the_last_day_is_in_time() -> None:
    assert response([IN_TIME], as_of=TODAY).share == 1


def test_an_open_discipline_past_its_day_is_late() -> None:
    found = response([Report(opened=OPENED)], as_of=date(2026, 3, 5))
    assert (found.share, found.judged) == (0, 1)


def test_an_open_report_not_yet_due_does_not_count() -> None:
    waiting = Report(opened=OPENED, contained=date(2026, 3, 3))
    found = response([waiting, IN_TIME], as_of=date(2026, 3, 10))
    assert (found.share, found.judged) == (None, 0)


def test_no_report_is_no_data() -> None:
    assert response([], as_of=TODAY).share is None


def test_the_policy_sets_the_days() -> None:
    assert response([LATE_CAUSE], as_of=TODAY, policy=ResponsePolicy(cause_days=21)).share == 1


def test_a_day_before_the_report_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        response([Report(opened=OPENED, contained=date(2026, 3, 1))], as_of=TODAY)
    assert refused.value.field == "reports.0.contained"
