"""The demonstration's rollback plans: limits, steps with owners, rehearsals. All invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from qualification import services as qualification
from qualification.models import Case, Metric, Operator
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast

#: What is done, by whom, in how many hours.
STEPS = (
    ("Stop placing the alternate and block its lots in stock", "engineer2", "2"),
    ("Release the bill of materials with the incumbent", "engineer", "6"),
    ("Pick the incumbent from the held stock and set up the feeders", "engineer2", "8"),
    ("Call off the incumbent and cancel open orders of the alternate", "procurement", "4"),
    ("First article on each line, released by quality", "quality", "11"),
)
FAILED = (
    "The feeders of line 2 had no programme for the incumbent; it was written during the night."
)
PASSED = "One line changed over and back; first article good."


def write(case: Case, cast: Cast) -> None:
    """The whole plan: a limit on the yield, the steps, a failed rehearsal and one that passed."""
    engineer = cast["engineer"]
    qualification.add_trigger(
        case=case, metric=Metric.YIELD, operator=Operator.BELOW, threshold=Decimal(97),
        window_days=30, actor=engineer,
    )  # fmt: skip
    for text, owner, hours in STEPS:
        qualification.add_step(
            case=case, text=text, owner=cast.users[owner], hours=Decimal(hours), actor=engineer
        )
    today = clock.business_day()
    for ago, result, hours, note in ((3, "failed", "52", FAILED), (0, "passed", "29.5", PASSED)):
        qualification.record_rehearsal(
            case=case, held_on=today - dt.timedelta(days=ago), result=result,
            hours=Decimal(hours), note=note, held_by=cast.users["engineer2"], actor=engineer,
        )  # fmt: skip
