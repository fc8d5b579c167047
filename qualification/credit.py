"""Who brought an approved alternate in: the credit line of a source.

It is of the case that first passed approval for the source: its lead, sponsor and team on that day,
who signed until then, and who logged effort on it until then. It stays when the team changes later,
in later cases on the source, and when somebody leaves: lead, sponsor and team are read from the
history of the case. People are kept by id and shown by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from qualification.case_key import case_key
from qualification.house_rules import EffortPolicy
from secondsource.accounts.rights import Function
from secondsource.core import clock, policies, queries
from secondsource.core.calendar import add_months

#: The name of somebody who was erased.
FORMER = "former colleague"
LEAD, EFFORT = "lead", "effort"
_ORDER = [LEAD, *map(str, Function), EFFORT]

_CREDITS = """
WITH brought AS (
    SELECT DISTINCT ON (c.source_id) c.source_id, c.id, c.number, p.left_at
      FROM qualification_gatepassage p
      JOIN qualification_case c ON c.id = p.case_id
      JOIN suppliers_source s ON s.id = c.source_id AND s.role = 'alternate'
     WHERE p.gate = 'approval' AND p.passed AND c.source_id = ANY(%(sources)s)
     ORDER BY c.source_id, p.left_at, c.id
), taking_part AS (
    SELECT b.source_id, x.user_id, x.function
      FROM brought b
     CROSS JOIN LATERAL (
           SELECT h.lead_id, h.sponsor_id FROM qualification_historicalcase h
            WHERE h.id = b.id AND h.history_date <= b.left_at
            ORDER BY h.history_date DESC, h.history_id DESC LIMIT 1) h
     CROSS JOIN LATERAL (VALUES (h.lead_id, 'lead'), (h.sponsor_id, 'sponsor')) x(user_id, function)
     WHERE x.user_id IS NOT NULL
    UNION
    SELECT b.source_id, (r.after ->> 'user_id')::bigint, r.after ->> 'function'
      FROM brought b
      JOIN core_rowchange r ON r."table" = 'qualification_teammember' AND r.owner_id = b.id
       AND r.kind = '+' AND r.at <= b.left_at
     WHERE NOT EXISTS (
           SELECT FROM core_rowchange g
            WHERE g."table" = r."table" AND g.owner_id = r.owner_id AND g.row_id = r.row_id
              AND g.kind = '-' AND g.at <= b.left_at)
    UNION
    SELECT b.source_id, s.signed_by_id, s.function
      FROM brought b JOIN qualification_signoff s ON s.case_id = b.id
       AND s.signed_at <= b.left_at AND (s.voided_at IS NULL OR s.voided_at > b.left_at)
    UNION
    SELECT b.source_id, e.entered_by_id, 'effort'
      FROM brought b JOIN qualification_costentry e ON e.case_id = b.id AND e.kind = 'hours'
     WHERE e.entered_by_id IS NOT NULL AND e.corrects_id IS NULL AND e.day >= %(since)s
       AND e.day <= (b.left_at AT TIME ZONE %(zone)s)::date
       AND NOT EXISTS (SELECT FROM qualification_costentry k WHERE k.corrects_id = e.id)
)
SELECT b.source_id, b.number, b.left_at, p.user_id, u.name, u.email,
       array_agg(p.function::text) AS functions
  FROM brought b
  JOIN taking_part p ON p.source_id = b.source_id
  LEFT JOIN accounts_user u ON u.id = p.user_id
 GROUP BY b.source_id, b.number, b.left_at, p.user_id, u.name, u.email
 ORDER BY b.source_id, p.user_id
"""


@dataclass(frozen=True)
class Credited:
    """A person with their functions; ``email`` is None once the person was erased."""

    name: str
    email: str | None
    functions: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """``lead, engineering``."""
        return ", ".join(map(_word, self.functions))


@dataclass(frozen=True)
class Credit:
    """The case that brought a source in, its day, and its people by function."""

    number: int
    on: dt.date
    people: tuple[Credited, ...]

    @property
    def case(self) -> str:
        """The key of the case."""
        return case_key(self.number)


def _word(function: str) -> str:
    if function in (LEAD, EFFORT):
        return "logged effort" if function == EFFORT else LEAD
    return str(Function(function).label).lower()


def of_sources(ids: Collection[int]) -> dict[int, Credit]:
    """The credit lines of these sources, by id; sources that no case approved have none."""
    if not ids:
        return {}
    rules, _ = policies.active(EffortPolicy)
    today = clock.business_day()
    # Personal effort is shown for some months, or not at all.
    since = add_months(today, -rules.months) if rules.by_person else dt.date.max
    found: dict[int, Credit] = {}
    people: dict[int, list[Credited]] = {}
    asked = {"sources": sorted(ids), "since": since, "zone": str(settings.COMPANY_TIME_ZONE)}
    rows = queries.records(_CREDITS, asked)
    for row in rows:
        people.setdefault(row["source_id"], []).append(_credited(row))
    for row in rows:
        pk = row["source_id"]
        if pk not in found:
            listed = tuple(sorted(people[pk], key=_place))
            on = clock.day_of(row["left_at"])
            found[pk] = Credit(row["number"], on, listed)
    return found


def of_source(pk: int) -> Credit | None:
    """The credit line of one source."""
    return of_sources([pk]).get(pk)


def _credited(row: dict[str, Any]) -> Credited:
    functions: list[str] = sorted(row["functions"], key=_ORDER.index)
    if len(functions) > 1:
        functions = [one for one in functions if one != EFFORT]
    name, email = row["name"], row["email"]
    erased = not name
    return Credited(
        FORMER if erased else str(name), None if erased else str(email), tuple(functions)
    )


def _place(one: Credited) -> tuple[int, str]:
    return _ORDER.index(one.functions[0]), one.name
