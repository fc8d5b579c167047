"""Logged effort: by person for a limited time, as a sum for ever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qualification.house_rules import EffortPolicy
from secondsource.core import inputs
from secondsource.core.calendar import add_months

DEFAULTS = EffortPolicy()


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Hours that a person logged on a day."""

    person: str
    day: date
    hours: Decimal


@dataclass(frozen=True, kw_only=True)
class LoggedEffort:
    """Hours by person within the retention, and the sum of all hours."""

    by_person: dict[str, Decimal]
    total: Decimal


def logged_effort(
    entries: Iterable[Effort], *, today: date, policy: EffortPolicy = DEFAULTS
) -> LoggedEffort:
    """Hours by person for the policy's last months (24); older hours count in the sum only.

    Nobody is named when the policy switches personal effort off.
    """
    oldest = add_months(today, -policy.months)
    by_person: dict[str, Decimal] = {}
    total = Decimal(0)
    for place, entry in enumerate(entries):
        hours = inputs.decimal(f"entries.{place}.hours", entry.hours, low=0, high=100_000)
        total += hours
        if policy.by_person and entry.day >= oldest:
            by_person[entry.person] = by_person.get(entry.person, Decimal(0)) + hours
    return LoggedEffort(by_person=by_person, total=total)
