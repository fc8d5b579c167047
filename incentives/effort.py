"""Effort by person: how long it is kept by name, and whether at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from incentives.house_rules import EffortPolicy
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
class EffortTold:
    """What may be told: hours by person inside the retention, and the sum of everything."""

    by_person: dict[str, Decimal]
    total: Decimal


def effort_told(
    entries: Iterable[Effort], *, today: date, policy: EffortPolicy = DEFAULTS
) -> EffortTold:
    """Hours by person for the policy's months (24) back from today, older ones in the sum alone.

    With personal effort switched off nobody is named, whatever the age.
    """
    oldest = add_months(today, -policy.months)
    by_person: dict[str, Decimal] = {}
    total = Decimal(0)
    for place, entry in enumerate(entries):
        hours = inputs.decimal(f"entries.{place}.hours", entry.hours, low=0, high=100_000)
        total += hours
        if policy.by_person and entry.day >= oldest:
            by_person[entry.person] = by_person.get(entry.person, Decimal(0)) + hours
    return EffortTold(by_person=by_person, total=total)
