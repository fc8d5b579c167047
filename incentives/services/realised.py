"""Realised savings from receipts: in SQL for all cases at once, which can be run again.

A receipt counts in one case. On the source whose price is the baseline, it is *negotiated*; on the
candidate, *volume shift*. Where the windows of two cases overlap on a source, the earlier one has
the receipt. A closed month keeps its lines: what its receipts say now beyond them is a correction
in the present month.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from incentives.services.baselines import COUNTS, LEDGER, SAVING_KINDS
from parts.house_rules import CompanyPolicy
from secondsource.core import clock, jobs, policies, queries, traces
from secondsource.core.actors import Actor
from secondsource.core.money import minor_units

#: Budget rates to the company's currency; its own is worth 1 in every year.
BUDGET = """
budget AS (
    SELECT year::int AS year, currency, rate FROM incentives_budgetrate
     WHERE quote = %(currency)s
     UNION ALL
    SELECT y, %(currency)s, 1 FROM generate_series(2000, 2100) y
), frozen AS (
    SELECT b.id, b.case_id, b.source_id AS paid_source_id, c.source_id AS new_source_id, b.price,
           b.currency, b.window_start, b.window_months, c.state, c.part_id,
           (c.opened_at AT TIME ZONE %(zone)s)::date AS opened
      FROM incentives_baseline b JOIN qualification_case c ON c.id = b.case_id
     WHERE b.superseded_at IS NULL AND c.kind = ANY(%(kinds)s)
       AND c.state NOT IN ('draft', 'rejected', 'withdrawn')
)"""
#: The budget rates of a receipt ``r`` and of its baseline. The table is joined, and not ``budget``,
#: because nearly all receipts are in the company's currency and find no row of it.
RATES = """LEFT JOIN incentives_budgetrate x ON x.quote = %(currency)s AND x.currency = r.currency
       AND x.year = extract(year FROM r.received_date)::int
      LEFT JOIN incentives_budgetrate y ON y.quote = %(currency)s AND y.currency = {base}
       AND y.year = extract(year FROM r.received_date)::int"""
PAID = "CASE r.currency WHEN %(currency)s THEN 1 ELSE x.rate END"
BASE = "CASE {base} WHEN %(currency)s THEN 1 ELSE y.rate END"
EARNED = BASE.format(base="c.currency")
#: The window begins with the first production receipt at a new price: of the candidate, or of the
#: other source below the baseline. It stays once a month of the case is closed.
_WINDOWS = f"""
CREATE TEMP TABLE saving_window ON COMMIT DROP AS
WITH {BUDGET}, moving AS (
    SELECT * FROM frozen f
     WHERE (%(cases)s::bigint[] IS NULL OR f.case_id = ANY(%(cases)s::bigint[]))
       AND NOT EXISTS (SELECT FROM incentives_savingline l
                         JOIN incentives_closedmonth m ON m.month = l.month
                        WHERE l.case_id = f.case_id AND l.origin IN ('receipts', 'correction'))
), found AS (
    SELECT f.id, min(r.received_date) AS day
      FROM moving f
     CROSS JOIN LATERAL (VALUES (true, f.new_source_id), (false, f.paid_source_id))
                        s(is_new, source_id)
      JOIN suppliers_receipt r ON r.source_id = s.source_id AND r.received_date >= f.opened
      {RATES.format(base="f.currency")}
     WHERE r.received_qty > 0 AND r.unit_price IS NOT NULL AND {COUNTS}
       AND (s.is_new OR r.unit_price * {PAID} < f.price * {BASE.format(base="f.currency")})
     GROUP BY f.id
)
SELECT f.id, d.day FROM moving f LEFT JOIN found d ON d.id = f.id
"""  # noqa: S608  (constants of this module)
_BEGIN = """
UPDATE incentives_baseline b
   SET window_start = w.day, version = b.version + 1, updated_at = %(now)s
  FROM saving_window w WHERE w.id = b.id AND b.window_start IS DISTINCT FROM w.day
"""

#: The present rates of the days of receipts in other currencies. The function is not called where
#: there are none, because PostgreSQL reads the receipts in parallel only without it.
_FOREIGN = """
), days AS (
    SELECT DISTINCT r.currency AS paid, c.currency AS base, r.received_date AS day
      FROM chosen c JOIN suppliers_receipt r ON r.source_id = c.source_id
       AND r.received_date >= c.since AND r.received_date < c.until
     WHERE (r.currency <> %(currency)s OR c.currency <> %(currency)s)
       AND r.unit_price IS NOT NULL
), worth AS (
    SELECT code AS currency, day, x.rate
      FROM (SELECT paid AS code, day FROM days UNION SELECT base, day FROM days) n,
           LATERAL parts_rate(n.code, %(currency)s, n.day) x
     WHERE n.code <> %(currency)s
"""
_NO_FOREIGN = """
), worth AS (
    SELECT NULL::varchar AS currency, NULL::date AS day, NULL::numeric AS rate WHERE false
"""
#: What receipts say now, in a table of the transaction: a statement that also writes is not run in
#: parallel. ``spans``: the days of a case on a source, each source's days in one case only.
_EARNED = f"""
CREATE TEMP TABLE saving_earned ON COMMIT DROP AS
WITH {BUDGET}, asked AS (
    SELECT case_id FROM frozen
     WHERE %(cases)s::bigint[] IS NULL OR case_id = ANY(%(cases)s::bigint[])
), sides AS (
    SELECT f.*, s.kind, s.source_id, f.window_start AS first,
           (f.window_start + make_interval(months => f.window_months))::date AS until
      FROM frozen f, LATERAL (VALUES ('negotiated', f.paid_source_id),
                                     ('volume_shift', f.new_source_id)) s(kind, source_id)
     WHERE f.window_start IS NOT NULL
), spans AS (
    SELECT *, greatest(first, max(until) OVER (
               PARTITION BY source_id ORDER BY first, case_id, kind
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS since
      FROM sides
), chosen AS (
    SELECT s.*, back.since AS back_since, back.until AS back_until
      FROM spans s
      LEFT JOIN LATERAL (
           SELECT min(v.since) AS since, max(v.until) AS until FROM incentives_reversal v
            WHERE v.case_id = s.case_id AND v.rollback_id IS NOT NULL) back ON true
     WHERE s.since < s.until AND s.case_id IN (SELECT case_id FROM asked)
{{worth}}), earned AS (
    SELECT c.case_id, c.source_id, c.kind, date_trunc('month', r.received_date)::date AS earned_in,
           min(c.price * {EARNED}) AS base, sum(r.received_qty) AS quantity,
           coalesce(-sum(r.received_qty) FILTER (WHERE r.received_qty < 0), 0) AS returned,
           sum(r.received_qty * r.unit_price * {PAID}) AS paid,
           min(c.price * {EARNED}) * sum(r.received_qty)
             - sum(r.received_qty * r.unit_price * {PAID}) AS amount,
           sum(r.received_qty * (
                   c.price * (CASE c.currency WHEN %(currency)s THEN 1 ELSE q.rate END - {EARNED})
                   - r.unit_price
                     * (CASE r.currency WHEN %(currency)s THEN 1 ELSE p.rate END - {PAID})))
             FILTER (WHERE r.currency <> %(currency)s OR c.currency <> %(currency)s) AS by_rate,
           count(*) FILTER (WHERE r.currency <> %(currency)s AND p.rate IS NULL
                               OR c.currency <> %(currency)s AND q.rate IS NULL) AS unknown,
           count(*) AS receipts
      FROM chosen c
      JOIN suppliers_receipt r ON r.source_id = c.source_id
       AND r.received_date >= c.since AND r.received_date < c.until
      {RATES.format(base="c.currency")}
      LEFT JOIN worth p ON p.currency = r.currency AND p.day = r.received_date
      LEFT JOIN worth q ON q.currency = c.currency AND q.day = r.received_date
     WHERE r.unit_price IS NOT NULL AND {COUNTS}
       AND {PAID} IS NOT NULL AND {EARNED} IS NOT NULL
       AND (c.back_since IS NULL OR r.received_date < c.back_since
            OR c.state <> 'rolled_back'
               AND r.received_date >= c.back_until + interval '1 month')
     GROUP BY 1, 2, 3, 4
)
SELECT e.case_id, e.source_id, e.kind, e.earned_in, round(e.base, 6) AS base,
       round(e.paid / nullif(e.quantity, 0), 6) AS paid, e.quantity, e.returned,
       round(e.amount, %(places)s) AS amount,
       CASE WHEN e.unknown = 0
            THEN round(e.amount + coalesce(e.by_rate, 0), %(places)s)
                 - round(e.amount, %(places)s) END AS fx,
       e.receipts, round(100 * e.quantity / nullif(sum(e.quantity) OVER (
           PARTITION BY e.case_id, e.earned_in), 0)) AS share
  FROM earned e
"""  # noqa: S608
#: ``settled``: what lines in closed months say, and keys that were reversed. ``due``: the one open
#: line of each key.
_LINES = f"""
WITH {BUDGET}, asked AS (
    SELECT case_id FROM frozen
     WHERE %(cases)s::bigint[] IS NULL OR case_id = ANY(%(cases)s::bigint[])
), own AS (
    SELECT l.*, m.id IS NOT NULL AS settled
      FROM incentives_savingline l LEFT JOIN incentives_closedmonth m ON m.month = l.month
     WHERE l.origin IN ('receipts', 'correction')
       AND l.case_id IN (SELECT case_id FROM asked)
), settled AS (
    SELECT case_id, source_id, kind, earned_in, min(id) AS line_id, sum(quantity) AS quantity,
           sum(returned) AS returned, sum(amount) AS amount, sum(fx_effect) AS fx
      FROM own WHERE settled GROUP BY 1, 2, 3, 4
), reversed AS (
    SELECT DISTINCT case_id, source_id, kind, earned_in FROM incentives_savingline
     WHERE origin = 'reversal' AND case_id IN (SELECT case_id FROM asked)
), due AS (
    SELECT case_id, source_id, kind, earned_in, p.base, p.paid, s.line_id,
           coalesce(p.quantity, 0) - coalesce(s.quantity, 0) AS quantity,
           coalesce(p.returned, 0) - coalesce(s.returned, 0) AS returned,
           coalesce(p.amount, 0) - coalesce(s.amount, 0) AS amount,
           CASE WHEN s.line_id IS NULL THEN p.fx
                ELSE coalesce(p.fx, 0) - coalesce(s.fx, 0) END AS fx, p.receipts, p.share
      FROM saving_earned p FULL JOIN settled s USING (case_id, source_id, kind, earned_in)
      LEFT JOIN reversed v USING (case_id, source_id, kind, earned_in)
     WHERE v.case_id IS NULL
), placed AS (
    SELECT d.*, CASE WHEN incentives_closed(d.earned_in)
                     THEN coalesce(o.month, %(month)s) ELSE d.earned_in END AS month
      FROM due d
      LEFT JOIN own o ON NOT o.settled AND o.case_id = d.case_id AND o.source_id = d.source_id
       AND o.kind = d.kind AND o.earned_in = d.earned_in
     WHERE d.line_id IS NULL OR d.amount <> 0 OR d.quantity <> 0 OR d.fx IS DISTINCT FROM 0
), gone AS (
    DELETE FROM incentives_savingline l USING own o
     WHERE o.id = l.id AND NOT o.settled AND NOT EXISTS (
           SELECT FROM placed n WHERE n.case_id = o.case_id AND n.source_id = o.source_id
              AND n.kind = o.kind AND n.earned_in = o.earned_in AND n.month = o.month)
 RETURNING 1
), written AS (
    INSERT INTO incentives_savingline AS l (case_id, source_id, kind, earned_in, month, stage,
           origin, baseline_price, paid_price, quantity, returned, amount, currency, fx_effect,
           reason, evidence, corrects_id, created_at, updated_at)
    SELECT case_id, source_id, kind, earned_in, month, 'realised',
           CASE WHEN line_id IS NULL THEN 'receipts' ELSE 'correction' END, base, paid, quantity,
           returned, amount, %(currency)s, fx,
           CASE WHEN line_id IS NOT NULL
                THEN 'Receipts of ' || to_char(earned_in, 'FMMon YYYY') || ' changed'
                ELSE coalesce(share || ' %% share', 'returned') END,
           CASE coalesce(receipts, 0) WHEN 1 THEN '1 receipt'
                ELSE coalesce(receipts, 0) || ' receipts' END,
           line_id, %(now)s, %(now)s
      FROM placed
    ON CONFLICT (case_id, source_id, kind, earned_in, month)
       WHERE origin IN ('receipts', 'correction')
    DO UPDATE SET baseline_price = excluded.baseline_price, paid_price = excluded.paid_price,
       quantity = excluded.quantity, returned = excluded.returned, amount = excluded.amount,
       currency = excluded.currency, fx_effect = excluded.fx_effect, reason = excluded.reason,
       evidence = excluded.evidence, origin = excluded.origin, corrects_id = excluded.corrects_id,
       version = l.version + 1, updated_at = excluded.updated_at
     WHERE (l.baseline_price, l.paid_price, l.quantity, l.returned, l.amount, l.currency,
            l.fx_effect, l.reason, l.evidence, l.origin, l.corrects_id)
           IS DISTINCT FROM
           (excluded.baseline_price, excluded.paid_price, excluded.quantity, excluded.returned,
            excluded.amount, excluded.currency, excluded.fx_effect, excluded.reason,
            excluded.evidence, excluded.origin, excluded.corrects_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM gone)
"""  # noqa: S608


@dataclass(frozen=True)
class Recomputed:
    """How many lines were written and removed; nothing when no fact changed."""

    written: int
    removed: int


@transaction.atomic
def recompute_realised(*, actor: Actor, case_ids: Collection[int] | None = None) -> Recomputed:
    """Compute the realised lines of these cases, or of all, from receipts.

    A second run changes nothing. Receipts without price or budget rate are left out; the ledger of
    the case counts them (``ledger_page.unpriced``).
    """
    jobs.take_turns(LEDGER)
    traces.attribute(actor, "computed from receipts")
    currency = policies.active(CompanyPolicy)[0].currency
    asked = {
        "cases": None if case_ids is None else sorted(case_ids), "currency": currency,
        "places": minor_units(currency), "zone": str(settings.COMPANY_TIME_ZONE),
        "kinds": [str(kind) for kind in SAVING_KINDS], "now": clock.now(),
        "month": clock.business_day().replace(day=1),
    }  # fmt: skip
    queries.execute("DROP TABLE IF EXISTS saving_window, saving_earned")
    queries.execute(_WINDOWS, asked)
    queries.execute(_BEGIN, asked)
    foreign = queries.column("SELECT EXISTS (SELECT FROM incentives_budgetrate)")[0]
    queries.execute(_EARNED.format(worth=_FOREIGN if foreign else _NO_FOREIGN), asked)
    written, removed = queries.rows(_LINES, asked)[0]
    return Recomputed(written, removed)
