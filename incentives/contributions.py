"""The proposal of contributions: the acts behind a case by one statement, and shares from them.

The points are those of the policy ``contribution``. Finance and sponsor decide about pools, so
their functions take no share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings

from incentives import shares
from incentives.house_rules import ContributionPolicy
from incentives.models import BonusPool
from qualification.house_rules import EffortPolicy
from secondsource.accounts.rights import Function
from secondsource.core import clock, policies, queries
from secondsource.core.calendar import add_months
from secondsource.core.errors import RuleRefused

#: Functions that carry qualification work, in the order in which a person's is chosen.
WORKING = (
    Function.ENGINEERING, Function.QUALITY, Function.PROCUREMENT, Function.MANUFACTURING,
    Function.TEST,
)  # fmt: skip

#: Every act of a case that earns points: person, kind, row, words, day, quantity. Hours count
#: unless they were corrected, a gate for who led the case when it passed (the person of its event,
#: else the lead), a pilot lot once, a signature unless it was voided.
_ACTS = """
acts AS (
    SELECT e.entered_by_id AS person_id, 'hours' AS kind, e.id AS act,
           left(e.note, 120) AS label, e.day, e.hours AS quantity
      FROM qualification_costentry e
     WHERE e.case_id = %(case)s AND e.kind = 'hours' AND e.corrects_id IS NULL
       AND e.day >= %(hours_since)s
       AND NOT EXISTS (SELECT FROM qualification_costentry k WHERE k.corrects_id = e.id)
    UNION ALL
    SELECT coalesce(led.actor_id, c.lead_id), 'gate', p.id, p.gate,
           (p.left_at AT TIME ZONE %(zone)s)::date, 1
      FROM (SELECT DISTINCT ON (gate) id, gate, case_id, left_at
              FROM qualification_gatepassage
             WHERE case_id = %(case)s AND passed
             ORDER BY gate, id DESC) p
      JOIN qualification_case c ON c.id = p.case_id
      LEFT JOIN LATERAL (
           SELECT v.actor_id FROM core_event v
            WHERE v.subject_type = 'qualification.case' AND v.subject_id = c.id
              AND v.action IN ('qualification.case.pass', 'qualification.case.close')
              AND v.data->>'from' = p.gate AND v.actor_id IS NOT NULL
            ORDER BY v.id DESC LIMIT 1) led ON true
    UNION ALL
    SELECT b.entered_by_id, 'pilot_lot', min(b.id), b.lot, min(b.built_on), 1
      FROM qualification_pilotbuild b
      JOIN qualification_pilotplan pl ON pl.id = b.plan_id AND pl.case_id = %(case)s
     WHERE b.corrects_id IS NULL
       AND NOT EXISTS (SELECT FROM qualification_pilotbuild k WHERE k.corrects_id = b.id)
     GROUP BY b.entered_by_id, b.lot
    UNION ALL
    SELECT r.held_by_id, 'round', r.id,
           'NEG-' || lpad(n.number::text, greatest(4, length(n.number::text)), '0')
               || ' R' || r.number, r.sent_on, 1
      FROM incentives_negotiationround r
      JOIN incentives_negotiation n ON n.id = r.negotiation_id AND n.case_id = %(case)s
    UNION ALL
    SELECT r.author_id, 'fmea_row', r.id, left(r.failure_mode, 120),
           (r.created_at AT TIME ZONE %(zone)s)::date, 1
      FROM qualification_fmearow r
      JOIN qualification_fmea f ON f.id = r.fmea_id AND f.case_id = %(case)s
    UNION ALL
    SELECT s.signed_by_id, 'sign_off', s.id, s.gate || ' for ' || s.function,
           (s.signed_at AT TIME ZONE %(zone)s)::date, 1
      FROM qualification_signoff s
     WHERE s.case_id = %(case)s AND s.voided_at IS NULL AND s.function = ANY(%(working)s)
)"""

#: The function of each person: of the team, else of a signature, else of a role.
_WORKERS = """
held AS (
    SELECT DISTINCT ON (h.person_id) h.person_id, h.function
      FROM (SELECT t.user_id AS person_id, t.function::text AS function, 0 AS rank
              FROM qualification_teammember t WHERE t.case_id = %(case)s
            UNION ALL
            SELECT s.signed_by_id, s.function::text, 1
              FROM qualification_signoff s WHERE s.case_id = %(case)s AND s.voided_at IS NULL
            UNION ALL
            SELECT u.id, CASE WHEN 'engineer' = ANY(u.roles) THEN 'engineering'
                              WHEN 'quality' = ANY(u.roles) THEN 'quality'
                              WHEN 'procurement' = ANY(u.roles) THEN 'procurement' END, 2
              FROM accounts_user u
             WHERE u.id IN (SELECT person_id FROM acts)) h
     WHERE h.function = ANY(%(working)s)
     ORDER BY h.person_id, h.rank, array_position(%(working)s, h.function)
), worked AS (
    SELECT a.*, a.quantity * CASE a.kind
                    WHEN 'hours' THEN %(per_hour)s WHEN 'gate' THEN %(per_gate)s
                    WHEN 'pilot_lot' THEN %(per_pilot_lot)s WHEN 'round' THEN %(per_round)s
                    WHEN 'fmea_row' THEN %(per_fmea_row)s ELSE %(per_sign_off)s END AS points,
           h.function
      FROM acts a
      JOIN held h ON h.person_id = a.person_id
      JOIN accounts_user u ON u.id = a.person_id AND (u.is_active OR %(leavers)s)
)"""

_POINTS = f"""
WITH {_ACTS}, {_WORKERS}
SELECT person_id, function, sum(points) AS points,
       sum(quantity) FILTER (WHERE kind = 'hours') AS hours,
       count(*) FILTER (WHERE kind = 'gate') AS gates_led,
       count(*) FILTER (WHERE kind = 'pilot_lot') AS pilot_lots,
       count(*) FILTER (WHERE kind = 'round') AS negotiation_rounds,
       count(*) FILTER (WHERE kind = 'fmea_row') AS fmea_rows,
       count(*) FILTER (WHERE kind = 'sign_off') AS sign_offs
  FROM worked
 GROUP BY person_id, function
HAVING sum(points) > 0
 ORDER BY array_position(%(working)s, function), person_id
"""  # noqa: S608  (constants of this module)

_KEEP = f"""
WITH {_ACTS}, {_WORKERS}
INSERT INTO incentives_contribution (allocation_id, kind, act, label, day, quantity, points)
SELECT a.id, w.kind, w.act, w.label, w.day, w.quantity, w.points
  FROM worked w JOIN incentives_allocation a ON a.person_id = w.person_id AND a.pool_id = %(pool)s
 ORDER BY w.day, w.kind, w.act
"""  # noqa: S608  (constants of this module)


@dataclass(frozen=True)
class Proposed:
    """The proposed share of a person, with the points behind it."""

    person: int
    function: str
    points: Decimal
    share: Decimal


def propose(pool: BonusPool, *, leavers: bool) -> list[Proposed]:
    """Shares by person from the acts of the case; raises ``RuleRefused`` when there are none."""
    rules, _ = policies.active(ContributionPolicy)
    rows = queries.records(_POINTS, _parameters(pool, rules, leavers=leavers))
    if not rows:
        raise RuleRefused.one(
            "no_work",
            f"Nobody logged, led, built, wrote or signed anything on {pool.case.key}.",
            "Log the hours of the case first.",
        )
    work = [
        shares.Work(
            person=str(row["person_id"]), function=row["function"],
            hours=row["hours"] or Decimal(0), gates_led=row["gates_led"],
            pilot_lots=row["pilot_lots"], negotiation_rounds=row["negotiation_rounds"],
            fmea_rows=row["fmea_rows"], sign_offs=row["sign_offs"],
        )
        for row in rows
    ]  # fmt: skip
    found = shares.propose_shares(work, policy=rules)
    return [
        Proposed(row["person_id"], row["function"], row["points"], found[str(row["person_id"])])
        for row in rows
    ]


def keep_acts(pool: BonusPool, *, leavers: bool) -> None:
    """Store the acts behind the shares of a pool, which were proposed in this transaction."""
    rules, _ = policies.active(ContributionPolicy)
    queries.execute(_KEEP, {**_parameters(pool, rules, leavers=leavers), "pool": pool.pk})


def _parameters(pool: BonusPool, rules: ContributionPolicy, *, leavers: bool) -> dict[str, object]:
    effort, _ = policies.active(EffortPolicy)
    today = clock.business_day()
    return {
        "case": pool.case_id,
        "zone": str(settings.COMPANY_TIME_ZONE),
        "working": [str(one) for one in WORKING],
        "hours_since": add_months(today, -effort.months) if effort.by_person else date.max,
        "leavers": leavers,
        "per_hour": rules.per_hour,
        "per_gate": rules.per_gate,
        "per_pilot_lot": rules.per_pilot_lot,
        "per_round": rules.per_negotiation_round,
        "per_fmea_row": rules.per_fmea_row,
        "per_sign_off": rules.per_sign_off,
    }
