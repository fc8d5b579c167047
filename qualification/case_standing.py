"""Where a case stands at its gate, computed once for all people of its team."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from qualification import guards, overdue
from qualification.models import Case, ChecklistItem
from qualification.models.cases import GATES, State
from qualification.next_move import unmet
from secondsource.accounts.rights import Function
from secondsource.core.errors import Reason


class Standing:
    """What people of the team ask of a case loaded ``with_work``."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def url(self) -> str:
        """The page of the case."""
        return self.case.get_absolute_url()

    @cached_property
    def missing(self) -> list[Function]:
        """Functions whose signature the present gate needs."""
        if self.case.state not in GATES:
            return []
        return guards.missing_signatures(self.case, State(self.case.state))

    @cached_property
    def open_items(self) -> list[ChecklistItem]:
        """Required steps of the present gate that are not done."""
        if self.case.state not in GATES:
            return []
        return guards.open_items(self.case, self.case.state)

    @cached_property
    def can_be_signed(self) -> bool:
        """Whether the work of the gate is done."""
        return not self.open_items and not guards.open_hold_points(self.case)

    @cached_property
    def unmet(self) -> list[Reason]:
        """All reasons against the next move."""
        return unmet(self.case)

    @cached_property
    def due(self) -> dt.date | None:
        """The planned day of the gate, else the due day of the case."""
        return gate_due(self.case) or self.case.due_date


def gate_due(case: Case) -> dt.date | None:
    """The planned day of the gate at which a case ``with_work`` stands; None for none.

    The day of approval is that of the case.
    """
    found = overdue.gate_day(case) if case.state != State.DRAFT else None
    return None if found == case.due_date else found
