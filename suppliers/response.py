"""Corrective actions in time: containment (D3), root cause (D5) and closure (D8) of 8D reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from secondsource.core import inputs
from secondsource.core.calendar import add_days
from secondsource.core.provenance import Method
from suppliers.house_rules import ResponsePolicy

DEFAULTS = ResponsePolicy()


@dataclass(frozen=True, kw_only=True)
class Report:
    """An 8D report: the day of the request and the days on which its disciplines were done."""

    opened: date
    contained: date | None = None
    cause_found: date | None = None
    closed: date | None = None


@dataclass(frozen=True, kw_only=True)
class Response:
    """Reports in time ÷ reports that count; None without any."""

    share: float | None
    judged: int
    in_time: int
    method: Method


def response(
    reports: Sequence[Report], *, as_of: date, policy: ResponsePolicy = DEFAULTS
) -> Response:
    """The share of 8D reports whose every discipline came in time.

    A discipline that is open after its day makes the report late; an open report without a due
    discipline does not count. Dates before the request are refused.
    """
    inputs.sequence("reports", reports, least=0, most=inputs.MAX_SERIES)
    verdicts = [_in_time(f"reports.{i}", r, as_of, policy) for i, r in enumerate(reports)]
    judged = [verdict for verdict in verdicts if verdict is not None]
    return Response(
        share=sum(judged) / len(judged) if judged else None,
        judged=len(judged),
        in_time=sum(judged),
        method=Method(name="8D reports in time ÷ reports due", design_choice=True),
    )


def _in_time(field: str, report: Report, as_of: date, policy: ResponsePolicy) -> bool | None:
    steps = (
        ("contained", report.contained, policy.contain_days),
        ("cause_found", report.cause_found, policy.cause_days),
        ("closed", report.closed, policy.close_days),
    )
    for name, done, allowed in steps:
        if done is not None and done < report.opened:
            inputs.refuse(
                f"{field}.{name}", "impossible_date", f"must not be before {report.opened}"
            )
        if (done or as_of) > add_days(report.opened, allowed):
            return False
    return True if report.closed is not None and report.closed <= as_of else None
