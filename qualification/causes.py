"""The causes that cases give to ``suppliers.resolve``.

Up to the approval gate the source is in qualification, and the pilot build permits the pilot's
quantity. In transition the ramp's share of the month applies. A rejected or withdrawn case leaves
its reason. A case on hold counts as on the day on which it was put on hold: its gate, its pilot
quantity and the ramp's month of that day.
"""

from __future__ import annotations

from qualification import case_key
from suppliers import causes

SQL = f"""
WITH c AS (
    SELECT c.*, {case_key.SQL} AS key,
           CASE c.state WHEN 'on_hold' THEN c.held_from ELSE c.state END AS gate
      FROM qualification_case c WHERE c.part_id = ANY(%(parts)s)
)
SELECT c.source_id, 'in_qualification' AS cause, 'case' AS code,
       c.key || ' qualifies it.' AS detail, NULL::numeric AS share,
       CASE c.gate WHEN 'pilot_build' THEN p.quantity END::numeric AS quantity,
       CASE c.gate WHEN 'pilot_build' THEN g.began END AS since
  FROM c
  LEFT JOIN LATERAL (
      SELECT quantity FROM qualification_pilot p
       WHERE p.case_id = c.id AND (c.state <> 'on_hold' OR p.created_at <= c.held_at)
       ORDER BY p.id DESC LIMIT 1) p ON true
  LEFT JOIN LATERAL (
      SELECT min(entered_at) AS began FROM qualification_gatepassage g
       WHERE g.case_id = c.id AND g.gate = 'pilot_build') g ON true
 WHERE c.gate IN ('draft', 'business_case', 'spec_review', 'fmea', 'pilot_build', 'approval')
UNION ALL
SELECT c.source_id, 'capped', CASE WHEN b.day IS NULL THEN 'ramp' ELSE 'trigger_breached' END,
       c.key || ' is in transition' || CASE WHEN b.day IS NULL THEN '.'
       ELSE '; a rollback trigger is breached, so its share does not rise.' END, r.share, NULL, NULL
  FROM c
  JOIN qualification_transition t ON t.case_id = c.id AND t.ended_on IS NULL
   AND t.started_on IS NOT NULL
 CROSS JOIN LATERAL (
      SELECT min((x.breached_at AT TIME ZONE %(zone)s)::date) AS day
        FROM qualification_triggerbreach x
       WHERE x.transition_id = t.id AND x.ended_at IS NULL) b
 CROSS JOIN LATERAL (
      SELECT least(%(day)s, b.day, CASE c.state WHEN 'on_hold'
                   THEN (c.held_at AT TIME ZONE %(zone)s)::date END) AS day) d
 CROSS JOIN LATERAL (
      SELECT share FROM qualification_rampstep s
       WHERE s.transition_id = t.id AND (s.month = 1
             OR t.started_on + make_interval(months => s.month - 1) <= d.day)
       ORDER BY s.month DESC LIMIT 1) r
 WHERE c.gate = 'transition'
UNION ALL
SELECT c.source_id, 'given_up', c.state, c.key || ' was ' || c.state
       || CASE WHEN e.note <> '' THEN ': ' || e.note ELSE '.' END, NULL, NULL, NULL
  FROM (SELECT DISTINCT ON (source_id) * FROM c ORDER BY source_id, number DESC) c
  LEFT JOIN LATERAL (
      SELECT note FROM core_event e
       WHERE e.subject_type = 'qualification.case' AND e.subject_id = c.id
         AND e.action IN ('qualification.case.reject', 'qualification.case.withdraw')
       ORDER BY e.id DESC LIMIT 1) e ON true
 WHERE c.state IN ('rejected', 'withdrawn')
"""  # noqa: S608  (constants of this module)

causes.provide("qualification", SQL)
