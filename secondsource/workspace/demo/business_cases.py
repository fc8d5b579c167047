"""The demonstration's business cases: planned cost by risk class, and what was spent so far."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from qualification import services as qualification
from qualification.models import Case
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast

#: Risk class → kind, amount in USD, purpose of the cost beside working hours.
PLANNED = {
    "low": (("lab", "900", "Soldering and humidity test of three lots"),),
    "medium": (
        ("lab", "4200", "Temperature cycling and ESD at the test house"),
        ("samples", "650", "Samples of three lots"),
    ),
    "high": (
        ("lab", "14800", "Qualification at the test house, three lots"),
        ("samples", "1900", "Samples and programming"),
        ("requalification", "6400", "EMC measurement of two products"),
    ),
}
#: Who, kind, hours or amount, days after the opening, purpose.
SPENT = (
    ("engineer", "hours", "12", 9, "Datasheets and errata compared"),
    ("procurement", "hours", "3.5", 12, "Samples ordered"),
    ("procurement", "samples", "480", 20, "Samples, two lots"),
    ("quality", "hours", "6", 33, "Incoming inspection of the samples"),
    ("engineer", "hours", "21", 40, "Bench measurements"),
    ("engineer", "lab", "1250", 48, "First invoice of the test house"),
)


def plan_costs(case: Case, cast: Cast) -> None:
    """Plan what the risk class takes, beside the proposed working hours."""
    for kind, amount, note in PLANNED[case.risk_class]:
        qualification.plan_cost(
            case=case, kind=kind, amount=Decimal(amount), currency="USD", note=note,
            actor=cast["engineer"],
        )  # fmt: skip


def log_costs(case: Case, cast: Cast, *, start: dt.date, until: dt.date) -> None:
    """Log what was spent up to a day."""
    for who, kind, figure, days, note in SPENT:
        day = start + dt.timedelta(days=days)
        if day > until:
            continue
        is_hours, value = kind == "hours", Decimal(figure)
        with clock.at(day):
            qualification.log_cost(
                case=case, kind=kind, day=day, note=note, actor=cast[who],
                hours=value if is_hours else None, amount=None if is_hours else value,
            )  # fmt: skip
