"""The figures of hold points in one statement, for a few or for all running transitions.

They count from the start of the run to the day of the hold point; of the pilot all builds. A
verdict is only proposed: a person judges. Figures of a judged hold point stay; where the present
ones differ, the hold point says so.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from qualification import run_measures
from qualification.house_rules import HoldPointPolicy
from secondsource.core import clock, policies, queries

_COUNTED = """received, rejected, returned, lines_due, lines_on_time, started, good"""
_COLUMNS = f"""since, until, {_COUNTED}, dppm, otd, pilot_yield, dppm_most, otd_least,
       yield_least, received_least, proposal"""
_JUDGED = f"""
WITH w AS (
    SELECT h.id AS hold_point_id, c.source_id, c.id AS case_id, t.started_on AS since,
           least(h.due, %(day)s) AS until, NULL::date AS built_since,
           {run_measures.LAST_ROLLBACK} AS after
      FROM qualification_holdpoint h
      JOIN qualification_transition t ON t.id = h.transition_id
       AND t.started_on <= %(day)s AND t.ended_on IS NULL
      JOIN qualification_case c ON c.id = t.case_id
     WHERE (%(sources)s::bigint[] IS NULL OR c.source_id = ANY(%(sources)s::bigint[]))
), counted AS (
    SELECT w.hold_point_id, w.since, w.until, r.received, r.rejected, r.returned,
           o.due AS lines_due, o.on_time AS lines_on_time, b.started, b.good,
           round(1000000 * r.rejected / nullif(r.received, 0), 2) AS dppm,
           round(100.0 * o.on_time / nullif(o.due, 0), 2) AS otd,
           round(100.0 * b.good / nullif(b.started, 0), 2) AS pilot_yield,
           %(dppm_most)s::numeric AS dppm_most, %(otd_least)s::numeric AS otd_least,
           %(yield_least)s::numeric AS yield_least, %(received_least)s::numeric AS received_least
      FROM w
      LEFT JOIN LATERAL ({run_measures.RECEIVED}) r ON true
      LEFT JOIN LATERAL ({run_measures.DELIVERED}) o ON true
      LEFT JOIN LATERAL ({run_measures.BUILT}) b ON true
), judged AS (
    SELECT c.*, CASE WHEN 1000000 * rejected > dppm_most * received
                       OR 100 * lines_on_time < otd_least * lines_due
                       OR 100 * good < yield_least * started
                     THEN 'fail'
                     WHEN received < received_least OR otd IS NULL OR pilot_yield IS NULL
                     THEN 'not_enough' ELSE 'pass' END AS proposal
      FROM counted c
)
"""  # noqa: S608  (constants)
_STORE = f"""{_JUDGED}
INSERT INTO qualification_holdpointfigures AS f (hold_point_id, {_COLUMNS}, computed_at)
SELECT hold_point_id, {_COLUMNS}, %(now)s FROM judged ORDER BY hold_point_id
ON CONFLICT (hold_point_id) DO UPDATE
   SET ({_COLUMNS}, computed_at) = (SELECT {
    ", ".join(f"excluded.{name.strip()}" for name in _COLUMNS.split(","))
}, %(now)s)
 WHERE f.frozen_at IS NULL AND (f.since, f.until, f.received, f.rejected, f.returned, f.lines_due,
       f.lines_on_time, f.started, f.good, f.dppm_most, f.otd_least, f.yield_least,
       f.received_least) IS DISTINCT FROM (excluded.since, excluded.until, excluded.received,
       excluded.rejected, excluded.returned, excluded.lines_due, excluded.lines_on_time,
       excluded.started, excluded.good, excluded.dppm_most, excluded.otd_least,
       excluded.yield_least, excluded.received_least)
"""  # noqa: S608
_OUTDATE = f"""{_JUDGED}
UPDATE qualification_holdpointfigures f SET outdated_at = %(now)s
  FROM judged j
 WHERE f.hold_point_id = j.hold_point_id AND f.frozen_at IS NOT NULL AND f.outdated_at IS NULL
   AND (f.received, f.rejected, f.returned, f.lines_due, f.lines_on_time, f.started, f.good)
       IS DISTINCT FROM (j.received, j.rejected, j.returned, j.lines_due, j.lines_on_time,
       j.started, j.good)
RETURNING f.hold_point_id
"""  # noqa: S608


def _parameters(source_ids: Collection[int] | None) -> dict[str, Any]:
    policy, _ = policies.active(HoldPointPolicy)
    return run_measures.parameters() | {
        "sources": None if source_ids is None else sorted(source_ids), "now": clock.now(),
        "dppm_most": policy.dppm_most, "otd_least": policy.otd_least,
        "yield_least": policy.yield_least, "received_least": policy.received_least,
    }  # fmt: skip


def store(source_ids: Collection[int] | None = None) -> int:
    """Compute and store the figures of open hold points (None = all); returns changed rows."""
    return queries.execute(_STORE, _parameters(source_ids))


def outdate(source_ids: Collection[int] | None = None) -> list[int]:
    """Mark judged hold points whose present figures differ; returns their keys, once each."""
    return queries.column(_OUTDATE, _parameters(source_ids))
