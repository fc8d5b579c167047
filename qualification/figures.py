"""Columns of cases in the list of parts, and the conversions that count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from qualification import case_key
from qualification.models import Case
from qualification.models.cases import OPEN_STATES
from secondsource.core import clock, queries

_CASE_OF_PART = f"""
WITH latest AS (
    SELECT DISTINCT ON (part_id) part_id, {case_key.SQL} AS key, state
      FROM qualification_case
     WHERE (%(parts)s::bigint[] IS NULL OR part_id = ANY(%(parts)s))
     ORDER BY part_id, state = ANY(%(open)s) DESC, number DESC
)
UPDATE parts_partfigures f SET case_key = l.key, case_state = l.state, computed_at = %(now)s
  FROM latest l
 WHERE f.part_id = l.part_id AND (f.case_key, f.case_state) IS DISTINCT FROM (l.key, l.state)
"""  # noqa: S608  (the expression of the key, no input)


def refresh_case_columns(part_ids: Iterable[int] | None = None) -> int:
    """Store the newest open case of these parts, else their newest case (None = all parts)."""
    ids = None if part_ids is None else sorted(set(part_ids))
    return queries.execute(
        _CASE_OF_PART, {"parts": ids, "open": [*OPEN_STATES], "now": clock.now()}
    )


def conversions(cases: QuerySet[Any] | None = None, *, year: int | None = None) -> QuerySet[Any]:
    """Cases that count: closed (in a year), with a production receipt since the transition."""
    base: Any = Case.objects.all() if cases is None else cases
    found: QuerySet[Any] = base.converted(year)
    return found


def counts_as_conversion(case: Case) -> bool:
    """Whether this case is one of the conversions."""
    return conversions(Case.objects.filter(pk=case.pk)).exists()
